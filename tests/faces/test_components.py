"""Components as markup: what a screen reader gets, and nothing that a strict policy refuses."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
REFUSED = {
    "style attribute": re.compile(r"<[^>]+\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "script without a source": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "event attribute": re.compile(r"<[^>]+\son[a-z]+\s*=\s*[\"']"),
    "javascript address": re.compile(r"javascript:"),
}


def drawn(source, **context):
    with override("en"):
        return Template("{% load gc %}" + source).render(Context(context))


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates"))
)
def test_no_template_asks_for_what_the_policy_refuses(path):
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in REFUSED.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR / "templates"))
)
def test_templates_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 150


def test_a_badge_has_word_shape_and_colour():
    html = drawn('{% badge "suspended" %}')
    assert "tone-amber" in html
    assert "suspended" in html
    assert 'aria-hidden="true"' in html
    assert "4 days left" in drawn('{% badge "notice" "4 days left" %}')


def test_a_score_bar_says_its_numbers():
    html = drawn("{% score_bar 38.2 50 32 'kgce' %}")
    assert 'role="img"' in html
    assert "38.2 kgce; base value 50, lead value 32, lower is better" in html
    assert "no scale" in drawn("{% score_bar 5 None None %}")
    assert "no value yet" in drawn("{% score_bar None 80 100 %}")


def test_a_score_range_says_whether_it_passes():
    assert "can be reached" in drawn("{% score_range 61 73 70 %}")
    assert "is reached" in drawn("{% score_range 82 82 80 %}")
    assert "cannot be reached" in drawn("{% score_range 20 30 60 %}")


def test_the_way_here_ends_without_a_link():
    html = drawn("{% crumbs 'Queue' '/q/' 'GF-1' %}")
    assert '<a href="/q/">Queue</a>' in html
    assert '<span aria-current="page">GF-1</span>' in html


def test_the_stepper_marks_where_the_case_is():
    html = drawn(
        "{% stepper steps %}", steps=[{"name": "A", "state": "done"}, {"name": "B", "state": "back"}]
    )
    assert html.count('aria-current="step"') == 1


def test_texts_are_escaped_in_every_component():
    bad = "<script>x</script>"
    evidence = SimpleNamespace(title=bad, filename=bad, issuer=bad, certificate_number=bad, size=1, version=1)
    entries = [
        {"at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "words": bad, "by": bad, "note": bad, "digest": bad}
    ]
    calls = (
        "{% badge 'novel' bad %}{% badge bad %}{% crumbs bad '' %}{% stat bad bad bad bad %}"
        "{% hero bad bad %}"
        "{% finding 'asks' bad bad bad bad %}{% evidence_card evidence bad bad %}{% timeline entries %}"
        "{% empty_state bad bad bad bad %}{% door bad bad bad %}{% work bad %}{% flash 'error' bad %}"
        "{% score_bar 1 0 2 bad %}{% stepper steps %}{% provenance bad %}{% share_bar parts %}"
    )
    steps, parts = [{"name": bad, "when": bad}], [{"label": bad, "value": 1, "tone": "grey"}]
    html = drawn(calls, bad=bad, evidence=evidence, entries=entries, steps=steps, parts=parts)
    assert "<script>" not in html


def paged(page, request):
    with override("en"):
        return Template("{% load gc %}{% pages page %}").render(RequestContext(request, {"page": page}))


def test_pages_keep_the_search():
    page = Paginator(range(100), 10).page(2)
    request = RequestFactory().get("/register/", {"q": "steel", "page": "2"})
    html = paged(page, request)
    assert "?q=steel&amp;page=1" in html
    assert "11 to 20 of 100" in html
    cursor = paged({"previous": None, "next": "?cursor=abc"}, request)
    assert 'href="?cursor=abc"' in cursor
    assert "<nav" not in paged(Paginator(range(3), 10).page(1), request)


class Sample(forms.Form):
    output = forms.DecimalField(label="Gross output", help_text="In 10,000 CNY.")
    note = forms.CharField(required=False)
    true = forms.BooleanField(label="True", help_text="Read first.")
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "A")])


def test_help_and_error_are_tied_to_their_field():
    with override("en"):
        html = Sample({"output": "x"}).as_div()
    assert 'aria-describedby="id_output_helptext id_output_error"' in html
    assert 'id="id_output_helptext"' in html
    assert 'id="id_output_error"' in html
    assert 'aria-describedby="id_true_helptext id_true_error"' in html
    assert html.count('class="optional"') == 1
    assert html.count("<legend>") == 1
    assert 'style="' not in html


def test_a_qr_code_is_plain_svg():
    html = drawn("{% qr 'https://greenchain.example/register/GF-1/' %}")
    assert html.startswith("<svg")
    assert "style=" not in html
