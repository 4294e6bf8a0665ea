"""Every page of the portal in each language, with cases of each kind on it."""

import datetime as dt

import pytest
from django.urls import reverse

from certification.models import Seat
from certification.verbs import perform
from greenchain.clock import today
from suppliers.models import Evidence
from tests.cast import YEAR, Cast
from tests.portal.conftest import As


@pytest.mark.parametrize("language", ["en", "zh-hans", "id"])
def test_pages_render(cast: Cast, signed_in: As, language: str) -> None:
    draft = cast.draft(cast.another_site())
    returned = cast.examined(cast.draft(cast.another_site()))
    due = today() + dt.timedelta(days=9)
    perform(
        returned, "send_back", by=cast.auditor_3306, data={"codes": ["clarify"], "note": "?", "due_on": due}
    )
    case = cast.examined(cast.draft(cast.another_site(), round_=cast.round("e", evaluation="required")))
    perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    title = cast.granted(cast.draft(cast.another_site()))
    proof = Evidence.objects.filter(enterprise=cast.enterprise).order_by("pk").first()
    assert proof is not None
    pages = [
        *(reverse(name) for name in "work work-gaps application-list site-list evidence-list".split()),
        *(reverse(name) for name in ("enterprise-new", "application-new")),
        *(reverse("application", args=[row.pk]) for row in (draft, returned, case)),
        reverse("application-cite", args=[draft.pk, "E1"]),
        reverse("application-verb", args=[draft.pk, "submit"]),
        reverse("enterprise", args=[cast.enterprise.pk]),
        reverse("enterprise-edit", args=[cast.enterprise.pk]),
        reverse("admit", args=[cast.enterprise.pk]),
        reverse("site", args=[cast.site.pk]),
        reverse("site-year", args=[cast.site.pk, YEAR]),
        reverse("evidence", args=[proof.pk]),
        reverse("evidence-new", args=[cast.enterprise.pk]),
        reverse("holding", args=[title.number]),
    ]
    chosen = f"?subject=site:{cast.site.pk}&call={cast.round().pk}:1"
    browser = signed_in(cast.owner)
    browser.cookies["django_language"] = language
    for address in [*pages, reverse("application-new") + chosen]:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        if "<html" in text:
            assert f'<html lang="{language}"' in text
        assert ' style="' not in text, address
        assert "<script>" not in text, address
    seated = signed_in(cast.evaluator)
    seated.cookies["django_language"] = language
    assert seated.get(reverse("seat", args=[Seat.objects.get(application=case).pk])).status_code == 200
