"""An enterprise's own affairs in the demo: a park, products, a claim and a new name that wait for their desk."""

import datetime as dt

from django.core.files.base import ContentFile

from certification.demo.papers import pdf
from certification.demo.people import DOMAIN
from certification.demo.trades import TRADES, credit_code, firm_names
from certification.demo.walks import World
from greenchain.clock import today
from suppliers.claim.actions import claim
from suppliers.enterprise.actions import add_park, add_product, house
from suppliers.enterprise.changing import tell_change
from suppliers.evidence.actions import attach
from suppliers.place.models import Industry, Region

MANAGER = "core"
LAST_CODE = 99_999
TENANTS = 4


def open_park(world: World) -> None:
    """A demo park, managed by the core enterprise; the core's and the star's products."""
    manager, star = world.firms[MANAGER], world.firms["star"]
    park = add_park(
        manager.enterprise,
        by=manager.owner,
        name="杭州演示产业园",
        name_en="Hangzhou Demo Industrial Park",
        kind="industrial",
        region=manager.site.region,
        address=manager.site.address,
    )
    near = [firm for firm in world.firms.values() if firm.site.region_id == manager.site.region_id]
    for firm in near[:TENANTS]:
        house(park, firm.site, by=manager.owner)
    made = {
        "name": f"{manager.plan.trade.product_zh}绿色型",
        "name_en": f"{manager.plan.trade.product_en} Green",
    }
    add_product(manager.enterprise, by=manager.owner, site=manager.site, code="DEMO-G", **made)
    trade = star.plan.trade
    for number in range(1, 4):
        names = {"name": f"{trade.product_zh}{number}型", "name_en": f"{trade.product_en} {number}"}
        add_product(star.enterprise, by=star.owner, site=star.site, code=f"DEMO-{number}", **names)


def claim_pending(world: World) -> None:
    """A newcomer says that they act for an enterprise nobody has claimed; the desk has to decide."""
    person, region, trade = world.people["newcomer"], Region.objects.get(pk="330604"), TRADES["paper"]
    name, name_en = firm_names("绍兴市", "Shaoxing", trade, 1)
    fields = {
        "scheme": "uscc",
        "identifier": credit_code(LAST_CODE, region.pk),
        "name": name,
        "name_en": name_en,
        "region": region,
        "industry": Industry.objects.get(pk=trade.industry),
        "address": "绍兴市上虞区演示路9号",
        "legal_representative": "Demo Person 0",
        "contact_name": person.get_full_name(),
        "contact_email": f"office@newcomer.{DOMAIN}",
    }
    licence = ContentFile(pdf("Business licence", ["营业执照", name, name_en]), name="licence.pdf")
    claim(fields, by=person, licence=licence)


def rename_pending(world: World) -> None:
    """A city's enterprise has become a joint-stock company: its owner tells the desk, with the new licence."""
    firm = world.firms["other"]
    name = firm.enterprise.name.replace("有限公司", "股份有限公司")
    name_en = firm.enterprise.name_en.replace("Co., Ltd.", "Corp.")
    registered_on = today() - dt.timedelta(days=10)
    words = ["营业执照（变更后）", firm.enterprise.identifier, name, name_en, registered_on.isoformat()]
    licence = attach(
        firm.enterprise,
        by=firm.owner,
        upload=ContentFile(pdf("Business licence after the change", words), name="licence-new-name.pdf"),
        kind="business_licence",
        title="New business licence 变更后的营业执照",
        issued_on=registered_on,
    )
    tell_change(
        firm.enterprise,
        by=firm.owner,
        kind="rename",
        happened_on=registered_on,
        proof=licence,
        name=name,
        name_en=name_en,
        details="The limited company became a joint-stock company. 由有限责任公司整体变更为股份有限公司。",
    )
