"""The pages of chains in a real browser: nothing runs over the edge, the policy refuses nothing."""

from decimal import Decimal
from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from certification.chain.actions import alert_buyers
from certification.delivery.actions import send_mails
from certification.delivery.models import Delivery
from greenchain.accounts.models import User
from suppliers.models import SupplyLink
from tests.chain.conftest import Chains
from tests.faces.test_browser import RUNS_OVER, page_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "一家名称特别长的化学纤维与印染助剂研究开发生产销售股份有限公司绍兴分公司"


def session_of(user: User) -> str:
    """Asked for before the browser starts: beside its loop Django answers no questions."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def enter(page: Page, home: str, session: str) -> None:
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": home}])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_pages_hold_together(
    chains: Chains, live_server, width: int, theme: Literal["light", "dark"]
) -> None:
    for life in ("current", "suspended", "revoked", "expired", "surrendered", ""):
        supplier = chains.supplier(life, "", name=LONG + life)
        chains.link(supplier, spend=Decimal(123456), share=Decimal("0.1"), material="polyester filament yarn")
    customer = chains.supplier()
    chains.link(chains.buyer, buyer=customer, declared_by=customer)
    alert_buyers()
    send_mails()
    link, mail = (
        SupplyLink.objects.latest("pk"),
        Delivery.objects.filter(addressee=chains.cast.owner).latest("pk"),
    )
    chain = f"/supply/{chains.buyer.pk}/"
    visits = (
        ("", ["/supply/"]),
        (
            session_of(chains.cast.reviewer_CN),
            ["/supply/", chain, f"{chain}picture/", "/supply/flows/", "/alerts/"],
        ),
        (
            session_of(chains.cast.owner),
            [
                chain,
                f"{chain}picture/",
                f"{chain}links/new/",
                f"/supply/links/{link.pk}/",
                "/supply/import/",
                "/alerts/",
                "/mails/",
                f"/mails/{mail.pk}/",
            ],
        ),
    )
    with page_of(width, theme) as (page, said):
        for session, addresses in visits:
            if session:
                enter(page, live_server.url, session)
            for language in ("en", "zh-hans"):
                page.context.add_cookies(
                    [{"name": "django_language", "value": language, "url": live_server.url}]
                )
                for address in addresses:
                    page.goto(live_server.url + address)
                    assert page.evaluate(RUNS_OVER) == [], (address, language)
                    assert said == [], (address, language)


def test_a_sheet_is_checked_and_imported_by_hand(chains: Chains, live_server, tmp_path) -> None:
    supplier = chains.supplier("current", name="绿色供应商")
    sheet = tmp_path / "suppliers.csv"
    sheet.write_text(f"supplier_name,spend\n{supplier.name},12\nnobody,1\n", encoding="utf-8")
    session = session_of(chains.cast.editor)
    with page_of(1440, "light") as (page, said):
        enter(page, live_server.url, session)
        page.goto(live_server.url + f"/supply/import/?buyer={chains.buyer.pk}")
        page.set_input_files("#id_file", sheet)
        page.get_by_role("button", name="Check the sheet").click()
        page.get_by_text("1 row has faults").wait_for()
        assert page.locator(".faulty tbody tr").count() == 1
        sheet.write_text(f"supplier_name,spend\n{supplier.name},12\n", encoding="utf-8")
        page.set_input_files("#id_file", sheet)
        page.get_by_role("button", name="Check the sheet").click()
        page.get_by_text("nothing has been changed yet").wait_for()
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("Imported: 1 new").wait_for()
        assert page.locator("#suppliers tbody th").inner_text().startswith(supplier.name)
        assert [each for each in said if "422" not in each] == []
    assert SupplyLink.objects.get().spend == 12


def test_the_picture_is_walked_by_keyboard(chains: Chains, live_server) -> None:
    for life in ("current", "suspended", ""):
        chains.link(chains.supplier(life), spend=Decimal(10))
    session = session_of(chains.cast.owner)
    with page_of(1440, "light") as (page, said):
        enter(page, live_server.url, session)
        page.goto(live_server.url + f"/supply/{chains.buyer.pk}/picture/")
        names = [one.get_attribute("aria-label") for one in page.locator(".chain-map a").all()]
        page.locator(".chain-map .scroll").focus()
        walked = []
        for _node in names:
            page.keyboard.press("Tab")
            walked.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        assert walked == names
        assert len(names) == 4
        assert said == []


def test_the_picture_prints_on_paper(chains: Chains, live_server) -> None:
    for life in ("current", "suspended", ""):
        chains.link(chains.supplier(life), spend=Decimal(10))
    session = session_of(chains.cast.reviewer_CN)
    with page_of(1000, "light") as (page, said):  # A4 in landscape
        enter(page, live_server.url, session)
        for address in (f"/supply/{chains.buyer.pk}/picture/", "/supply/flows/"):
            page.goto(live_server.url + address)
            page.emulate_media(media="print")
            assert page.evaluate(RUNS_OVER) == [], address
            assert page.locator(".chain-scope").is_visible()
            assert not page.locator("form.filters").is_visible()
            assert not page.locator("nav.tabs").first.is_visible()
        assert said == []
