"""The annual form as one PDF: what was filed and nothing else, with the places for seals, for those concerned."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from certification.models import Filing, Obligation
from certification.printing.annual import paper_of
from certification.surveillance.filing import file_form, keep_form
from greenchain.clock import today
from suppliers.reporting.actions import report
from tests.cast import YEAR
from tests.good_figures import VALUES


@pytest.fixture
def filing(cast):
    """Filed, with an explained swing and a declared change."""
    title = cast.granted()
    duty = Obligation.objects.get(designation=title)
    duty.year, duty.due_on = YEAR, today() + dt.timedelta(days=20)
    duty.save()
    report(cast.site, YEAR - 1, by=cast.owner, values={**VALUES, "energy_tce": "1000"})
    keep_form(
        duty,
        by=cast.owner,
        figures={"green_product_share": "80", "rd_share": "3"},
        explanations={"energy_tce": "A second line."},
        changes={"address": "New gate."},
    )
    file_form(duty, by=cast.owner)
    return Filing.objects.get()


def pages_of(content):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_it_says_what_was_filed_and_whose_seals_belong_on_it(cast, filing):
    first = paper_of(filing)
    pages = pages_of(first)
    digest = " ".join(re.findall(".{16}", filing.digest))
    title = filing.obligation.designation
    for number, page in enumerate(pages, start=1):
        assert digest in page
        assert f"{number} / {len(pages)}" in page
    whole = " ".join(pages)
    for said in ("Contents", "A second line.", "New gate.", "1,000", "+100 %", title.number, "none declared"):
        assert said in whole
    assert f"Filed by {cast.owner.get_full_name() or cast.owner.username}" in pages[-1]
    assert str(title.authority) in pages[-1]
    report(cast.site, YEAR, by=cast.owner, values={**VALUES, "energy_tce": "7"})
    assert paper_of(Filing.objects.get()) == first, "what changes later is not in it"
    with override("zh-hans"):
        assert "年度" in "".join(pages_of(paper_of(filing)))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 200),
        ("viewer", 200),
        ("auditor_3306", 200),
        ("approver_CN", 200),
        ("auditor_44", 404),
        ("stranger", 404),
        ("evaluator", 404),
        ("administrator", 404),
    ],
)
def test_who_reads_it(cast, filing, client, name, status):
    client.force_login(cast.people[name])
    duty = filing.obligation_id
    page = reverse("annual-form", args=[duty, 1])
    for address in (page, f"/api/v1/obligations/{duty}/filings/1/pdf"):
        answer = client.get(address)
        assert answer.status_code == status
        assert (answer.content[:5] == b"%PDF-") == (status == 200)
    if status == 200:
        assert page in client.get(reverse("obligation", args=[duty])).content.decode()
    assert client.get(reverse("annual-form", args=[duty, 2])).status_code == 404
