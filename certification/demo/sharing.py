"""The core enterprise asks its suppliers; some join, answer and share, and it reads what is open to it."""

from certification.demo.firms import Firm
from certification.demo.links import CORE, direct_suppliers
from certification.demo.people import DOMAIN
from certification.demo.walks import World
from suppliers.evidence.models import Evidence
from suppliers.invitation import answering
from suppliers.invitation.actions import Whom, invite_many, prepare
from suppliers.invitation.models import Invitation
from suppliers.sharing import actions
from suppliers.sharing.shared import shared_with

STAR = "star"
INVITED, ANSWERED, SHARING = 14, 6, 4
"""How many of the direct suppliers are asked, of these answer, and of these share."""
NAMES = (("演示五金厂", "hardware"), ("演示包装社", "packing"), ("演示运输行", "haulage"))
"""Suppliers that nobody knows here: the last is still to be invited."""
SHOWN = ["ems_certificate", "enms_certificate"]
SAID = {
    "export": "below_half",
    "ems": "yes",
    "enms": "yes",
    "ohsms": "yes",
    "verified": "direct",
    "target": "30 % below 2020 by 2030 2030年比2020年下降30%",
    "labour": "yes",
    "law": "yes",
    "conduct": "no",
}
TYPED = {"energy": "820", "carbon": "2140"}
"""For who has not reported: figures of their own hand."""


def ask_suppliers(world: World) -> None:
    """Invitations leave: to firms here, and by mail to names that are not known."""
    core = world.firms[CORE]
    whom = [Whom(supplier=firm.enterprise) for firm in _asked(world)]
    whom += [Whom(name=name, contact=f"office@{mail}.{DOMAIN}") for name, mail in NAMES[:2]]
    invite_many(core.enterprise, whom, by=core.owner, language="zh-hans")
    name, mail = NAMES[2]
    prepare(core.enterprise, name, [{"kind": "carries"}], by=core.owner, contact=f"office@{mail}.{DOMAIN}")


def answer_buyers(world: World) -> None:
    """Most join; some answer, a few of these share, one declines, the others have not answered yet."""
    core = world.firms[CORE]
    rows = Invitation.objects.waiting().filter(buyer=core.enterprise, supplier__isnull=False)
    waiting = {row.supplier_id: row for row in rows.select_related("supplier")}
    for number, firm in enumerate(firm for firm in _asked(world) if firm.enterprise.pk in waiting):
        row = waiting[firm.enterprise.pk]
        if number == ANSWERED + 1:
            answering.decline_for(row, by=firm.owner)
        elif number < ANSWERED + 3:
            answering.accept(row, firm.enterprise, by=firm.owner)
        if number < ANSWERED:
            _answer(firm)
        if number < SHARING:
            files = SHOWN if number % 2 == 0 else []
            actions.consent(
                firm.enterprise, by=firm.owner, buyer=core.enterprise, answers=True, kinds=files, named=True
            )
    for firm in list(world.firms.values())[::9]:
        actions.consent(firm.enterprise, by=firm.owner, named=True)


def read_answers(world: World) -> None:
    """The core enterprise looks at what is shared with it; the suppliers see that it did."""
    core = world.firms[CORE]
    for firm in _asked(world)[:3]:
        shared = shared_with([core.enterprise.pk], firm.enterprise)
        if shared.answers is not None:
            actions.note_answers(shared.answers, by=core.owner, buyer=core.enterprise.pk)
        for file in shared.files()[:1]:
            actions.note_file(file, by=core.owner, buyer=core.enterprise.pk)


def _asked(world: World) -> list[Firm]:
    """The firm that visitors sign in for first, then the other direct suppliers."""
    others = [firm for firm in direct_suppliers(world.firms) if firm.plan.key != STAR]
    return [world.firms[STAR], *others][:INVITED]


def _answer(firm: Firm) -> None:
    held = Evidence.objects.current().filter(enterprise=firm.enterprise, kind__in=SHOWN)
    files = {f"{row.kind.removesuffix('_certificate')}_file": row.pk for row in held.order_by("pk")}
    trade = firm.plan.trade
    products = {"main_products": f"{trade.product_zh} {trade.product_en}", "people": "260"}
    actions.answer(firm.enterprise, {**SAID, **TYPED, **products, **files}, by=firm.owner)
    actions.confirm(firm.enterprise, by=firm.owner)
