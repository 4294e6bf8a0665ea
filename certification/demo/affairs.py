"""An enterprise's own affairs in the demo: a park with its tenants, products, a claim that waits for its desk."""

from django.core.files.base import ContentFile

from certification.demo.papers import pdf
from certification.demo.people import DOMAIN
from certification.demo.trades import TRADES, credit_code, firm_names
from certification.demo.walks import World
from suppliers.claim.actions import claim
from suppliers.enterprise.actions import add_park, add_product, house
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
