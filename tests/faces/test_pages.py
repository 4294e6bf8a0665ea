"""Whole pages in three languages: the style guide, the frame, the pages for when something is wrong."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from greenchain.accounts.models import User
from greenchain.styleguide import GROUPS
from tests.faces.test_components import REFUSED

LANGUAGES = ("en", "zh-hans", "id")
WRONG = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")
SCRIPTS = re.compile(r'<script[^>]+src="([^"]+)"')


@pytest.fixture
def guide(client, db):  # noqa: ARG001 - the session's table
    def read(language="en"):
        return client.get(reverse("styleguide"), headers={"accept-language": language}).content.decode()

    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_style_guide_draws_everything(guide, language):
    html = guide(language)
    assert f'lang="{language}"' in html
    assert html.count('class="sample"') == sum(len(parts) for _title, parts in GROUPS)
    assert [
        what
        for what, pattern in REFUSED.items()
        if pattern.search(re.sub(r"<pre.*?</pre>", "", html, flags=re.DOTALL))
    ] == []


def test_every_script_is_our_own(guide):
    sources = SCRIPTS.findall(guide())
    assert sources
    assert all(source.startswith("/static/") for source in sources)


def test_htmx_is_told_to_obey_the_policy(guide):
    assert '{"includeIndicatorStyles":false,"allowEval":false}' in guide()


def test_the_frame_offers_way_languages_and_a_skip_link(guide):
    html = guide()
    for address in ("/progress/", "/register/", "/supply/", "/notices/", "/schemes/"):
        assert f'href="{address}"' in html
    assert html.index('href="#content"') < html.index("<header")
    assert [f'name="language" value="{language}"' in html for language in LANGUAGES] == [True] * 3


def test_the_place_in_the_site_is_marked():
    request = RequestFactory().get("/register/GF-1/")
    html = render_to_string("components/places.html", {"request": request})
    assert re.findall(r'href="([^"]+)" aria-current="page"', html) == ["/register/"]


@pytest.mark.django_db
def test_a_signed_in_person_finds_work_and_the_way_out(client):
    client.force_login(User.objects.create_user("ann", first_name="Ann", last_name="Example"))
    html = client.get(reverse("styleguide")).content.decode()
    assert "Ann Example" in html
    assert f'action="{reverse("account_logout")}"' in html
    assert "Sign in</a>" not in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRONG)
def test_pages_for_when_something_is_wrong_need_no_request(name, language):
    with override(language):
        html = render_to_string(name)
    assert f'<p class="code">{name[:3]}</p>' in html
    assert "csrfmiddlewaretoken" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_is_designed_for_the_first_day_too(language):
    with override(language):
        html = render_to_string("home.html", {"target": {"share": 40, "year": 2030, "forecast": None}})
    assert html.count('class="empty"') == 2
    assert html.count('class="door"') == 3


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_sign_in_pages_wear_the_frame(client, name):
    html = client.get(reverse(name)).content.decode()
    assert 'class="top"' in html
    assert 'class="btn btn-primary"' in html
    assert [what for what, pattern in REFUSED.items() if pattern.search(html)] == []
