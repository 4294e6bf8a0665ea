"""Whether the figures fit one another, those of other sites, and those that were submitted."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile
from certification.assessment.checks.registry import Found, check
from certification.assessment.models import Severity
from certification.assessment.peers import ENOUGH, FAR, Peer, ratios
from certification.assessment.plausibility import ONE, RULES, Balance
from certification.assessment.scoring import inputs_of
from certification.assessment.wording import joined, listed, named, number
from certification.scheme.formula import Inputs
from greenchain.languages import spoken
from greenchain.located import Texts
from suppliers.reporting import units
from suppliers.reporting.entry import cells

HUNDRED = Decimal(100)
COMPARE = gettext_noop("Compare the figures with their statistical forms and correct what is wrong.")


@check("data.balance", gettext_noop("Parts are not more than their whole"))
def balance(case: CaseFile) -> Found | None:
    """Energy forms, products, water, waste and land against their totals."""
    inputs = inputs_of(case.values, case.tables)
    broken = [(each, *found) for each in RULES.balances if (found := _broken(each, inputs))]
    if not broken:
        return None
    blocks = any(each.grave == "blocks" for each, _part, _whole in broken)
    told = [
        spoken(
            gettext_noop("%(rule)s: %(part)s is more than %(whole)s %(unit)s."),
            rule=each.says,
            part=number(part),
            whole=number(whole),
            unit=units.unit_texts(each.unit),
        )
        for each, part, whole in broken
    ]
    return Found(
        Severity.BLOCKS if blocks else Severity.ASKS,
        joined(*told),
        spoken(COMPARE),
        about={each.key: f"{part} > {whole}" for each, part, whole in broken},
    )


def _broken(each: Balance, inputs: Inputs) -> tuple[Decimal, Decimal] | None:
    """Part and whole where the part is too great; what was not reported breaks nothing."""
    part, whole = each.part.evaluate(inputs).value, each.whole.evaluate(inputs).value
    if part is None or whole is None or part <= whole * (ONE + each.tolerance):
        return None
    return part, whole


@check("data.share", gettext_noop("Shares lie within 0–100 %"))
def share(case: CaseFile) -> Found | None:
    """Every indicator in per cent; a part that is greater than its whole means a wrong figure."""
    high = {
        result.code: result.value
        for result in case.score.results
        if result.unit == "%" and result.value is not None and not 0 <= result.value <= HUNDRED
    }
    if not high:
        return None
    items = {code: case.definition.indicator(code) for code in high}
    told = [
        spoken("%(code)s %(name)s: %(value)s %%", code=code, name=item.names, value=number(high[code]))
        for code, item in items.items()
        if item is not None
    ]
    return Found(
        Severity.ASKS,
        spoken(gettext_noop("Not between 0 and 100 %%: %(listed)s."), listed=listed(told)),
        spoken(COMPARE),
        about={code: f"{value.normalize():f}" for code, value in high.items()},
    )


@check("data.outlier", gettext_noop("Figures like those of similar sites"))
def outlier(case: CaseFile) -> Found | None:
    """Ratios against the median of other sites of the industry and size, by the modified z-score."""
    if case.site is None or not case.values:
        return None
    peers = case.facts.peers
    if not peers:
        few = gettext_noop(
            "Too few sites of this industry and size reported (%(least)s are needed) to compare with."
        )
        return Found(Severity.INFORMS, spoken(few, least=ENOUGH))
    own = dict(ratios(case.values))
    far = {key: peers[key] for key in own if key in peers and abs(peers[key].distance(own[key])) > FAR}
    if not far:
        return None
    return Found(
        Severity.ASKS,
        joined(*(_told(key, own[key], peer) for key, peer in far.items())),
        spoken(
            gettext_noop(
                "Check units and figures; if they are right, say in the narrative why this site differs."
            )
        ),
        about={key: f"{peer.distance(own[key]):+.1f}" for key, peer in far.items()},
    )


def _told(key: str, value: Decimal, peer: Peer) -> Texts:
    ratio, size = RULES.ratios[key], next(size for size in RULES.sizes if size.key == peer.size)
    return spoken(
        gettext_noop(
            "%(ratio)s: %(value)s %(unit)s, far from %(median)s, the middle of more than %(count)s %(size)s sites "
            "of industry %(industry)s."
        ),
        ratio=ratio.names,
        value=number(value),
        unit=units.unit_texts(ratio.unit),
        median=number(Decimal(f"{peer.median:.3g}")),
        count=peer.count,
        size=size.names,
        industry=peer.industry,
    )


UNSAID = gettext_noop(
    "It is not said whether electricity was turned into coal equivalent by its calorific value (当量值) or by its "
    "equivalent value (等价值)."
)
CONTRARY = gettext_noop(
    "Electricity: %(tce)s tce for %(quantity)s %(unit)s does not fit the coal factor that is stated (%(basis)s)."
)
SAY = gettext_noop("Fill in “Energy by form”: one row for electricity with its quantity and its coal factor.")
NEAR = (Decimal("0.9"), Decimal("1.1"))
ABOVE = (Decimal("2.0"), Decimal("3.2"))
"""How many times the calorific value a stated tonnage may be: about itself, or what thermal plants burn for it."""


@check("data.coal_factor", gettext_noop("The coal factor of electricity is stated"))
def coal_factor(case: CaseFile) -> Found | None:
    """当量值 or 等价值: the same electricity weighs two and a half times as much by the second."""
    if "energy_tce" not in case.values:
        return None
    rows = [cells("energy_forms", row) for row in case.tables.get("energy_forms", ())]
    electric = [row for row in rows if row["form"] == "electricity"]
    if not electric or any(not row["basis"] for row in electric):
        return Found(Severity.INFORMS, spoken(UNSAID), spoken(SAY))
    contrary = [row for row in electric if _contrary(row)]
    if not contrary:
        return None
    told = [
        spoken(
            CONTRARY,
            tce=number(Decimal(str(row["tce"]))),
            quantity=number(Decimal(str(row["quantity"]))),
            unit=str(row["unit"]),
            basis="当量值" if row["basis"] == "calorific" else "等价值",
        )
        for row in contrary
    ]
    return Found(Severity.ASKS, joined(*told), spoken(COMPARE))


def _contrary(row: Mapping[str, object]) -> bool:
    """Whether quantity, coal equivalent and stated factor contradict one another; unknown units say nothing."""
    tce, quantity, unit = row["tce"], row["quantity"], units.choice("tce", str(row["unit"] or ""))
    if not (isinstance(tce, Decimal) and isinstance(quantity, Decimal) and quantity) or unit is None:
        return False
    least, most = NEAR if row["basis"] == "calorific" else ABOVE
    return not least <= tce / (quantity * unit.factor) <= most


@check("data.changed_since", gettext_noop("The figures are those that were submitted"))
def changed_since(case: CaseFile) -> Found | None:
    """The dossier is frozen; figures that were changed after it was filed are shown to whoever examines it."""
    changed = case.facts.changed
    if not changed:
        return None
    keys = [key.partition(" ")[2] for key in changed]
    return Found(
        Severity.ASKS,
        spoken(gettext_noop("Changed since the submission: %(figures)s."), figures=named(keys)),
        spoken(
            gettext_noop(
                "Send the case back if the new figures should count; the dossier keeps the old ones."
            )
        ),
        about={key.partition(" ")[2]: _arrow(*values) for key, values in changed.items()},
    )


def _arrow(before: object, after: object) -> str:
    return "…" if isinstance(before or after, list) else f"{before or '–'} → {after or '–'}"
