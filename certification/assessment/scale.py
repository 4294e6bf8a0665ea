"""What a value is measured against, and what share of the weight it earns. Pure arithmetic."""

from decimal import Decimal
from typing import NamedTuple

from certification.scheme.definition import Method
from certification.scheme.formula import Inputs

ZERO, ONE = Decimal(0), Decimal(1)


class Scale(NamedTuple):
    """Base and lead value, the source of entered ones, and the metrics that are wanting to know them."""

    base: Decimal | None
    lead: Decimal | None
    source: str = ""
    wanting: tuple[str, ...] = ()


def scale_of(method: Method, inputs: Inputs) -> Scale:
    """The scheme's own scale: plain, or by the size that the inputs tell."""
    wanting = tuple(sorted(key for key in method.sized_by if inputs.value(key) is None))
    if wanting:
        return Scale(None, None, wanting=wanting)
    base, lead = method.base, method.lead
    if method.base_by:
        base = method.base_by.value(inputs.value(method.base_by.metric) or ZERO)
    if method.lead_by:
        lead = method.lead_by.value(inputs.value(method.lead_by.metric) or ZERO)
    return Scale(base, lead)


def share_of(method: Method, base: Decimal | None, lead: Decimal, value: Decimal) -> Decimal:
    """The share of the weight, from 0 to 1.

    Linear: where the value lies between base and lead, which must differ. Ratio: value / lead, or lead / value
    where less is better. Step: 1 at the lead value or beyond it, else 0.
    """
    if method.scoring == "linear":
        base = base or ZERO
        return min(max((value - base) / (lead - base), ZERO), ONE)
    if value <= lead if method.less_is_better else value >= lead:
        return ONE
    if method.scoring == "step" or lead <= 0:  # nothing is a ratio of an entered lead of 0 or less
        return ZERO
    return lead / value if method.less_is_better else max(value / lead, ZERO)
