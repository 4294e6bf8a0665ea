"""Gates that a formula's value decides: kept, not kept, or not to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from certification.assessment import wording
from certification.assessment.wording import listed, named, number
from certification.scheme.definition import Bands, Gate, Threshold
from certification.scheme.formula import Inputs, State
from certification.scheme.formula.outcome import Trace
from greenchain.languages import spoken
from greenchain.located import Texts
from suppliers.reporting.units import unit_texts

RULINGS = {"cleared": True, "confirmed": False}
"""What a person may decide where the figures cannot."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Whether a gate's limit is kept; ``kept`` is None where nobody can tell without a person.

    ``missing`` says that a figure is wanting or a division failed: then it is not kept.
    """

    key: str
    veto: bool
    kept: bool | None
    reason: Texts
    value: Decimal | None = None
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    missing: tuple[str, ...] = ()
    corrected: bool = False
    trace: Trace = field(default_factory=dict)


def limit(gate: Gate, inputs: Inputs, corrections: Mapping[str, Mapping[str, str]]) -> Kept:
    """One gate with a threshold, judged on a case's figures."""
    rule = gate.threshold
    assert rule is not None  # noqa: S101 - the caller passes gates with a threshold
    outcome = rule.formula.evaluate(inputs)
    ruled = corrections.get(gate.key, {})
    given = ruled.get("value")
    value = Decimal(given) if given is not None else outcome.value
    wanting = tuple(sorted(key for key in rule.sized_by if inputs.value(key) is None))

    def told(*, kept: bool | None, reason: Texts, missing: tuple[str, ...] = ()) -> Kept:
        minimum, maximum = (None, None) if wanting else limits_of(rule, inputs)
        return Kept(
            key=gate.key,
            veto=gate.is_veto,
            kept=RULINGS.get(ruled.get("veto", "")) if kept is None else kept,
            reason=reason,
            value=value,
            unit=rule.unit,
            minimum=minimum,
            maximum=maximum,
            missing=missing,
            corrected=given is not None,
            trace=outcome.trace,
        )

    if value is None and outcome.state is State.NOT_APPLICABLE:
        return told(kept=None, reason=spoken(wording.GATE_NOTHING))
    if value is None or wanting:
        about = outcome.about if value is None else wanting
        undefined = value is None and outcome.state is State.UNDEFINED
        message = wording.GATE_UNDEFINED if undefined else wording.GATE_UNREPORTED
        return told(kept=False, reason=spoken(message, what=named(about)), missing=about)
    minimum, maximum = limits_of(rule, inputs)
    shown = {"value": number(value), "unit": unit_texts(rule.unit)}
    if minimum is None and maximum is None:
        return told(kept=None, reason=spoken(wording.GATE_NO_LIMIT, **shown))
    kept = (minimum is None or value >= minimum) and (maximum is None or value <= maximum)
    message = wording.HELD if kept else wording.OVERSTEPPED
    return told(kept=kept, reason=spoken(message, **shown, limit=_shown(minimum, maximum, rule.unit)))


def limits_of(rule: Threshold, inputs: Inputs) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest value allowed for a subject of this size; None where there is no such limit."""
    minimum = _sized(rule.minimum_by, inputs) if rule.minimum_by else rule.minimum
    return minimum, _sized(rule.maximum_by, inputs) if rule.maximum_by else rule.maximum


def _sized(bands: Bands, inputs: Inputs) -> Decimal | None:
    size = inputs.value(bands.metric)
    return None if size is None else bands.value(size)


def _shown(minimum: Decimal | None, maximum: Decimal | None, unit: str) -> Texts:
    parts = []
    if minimum is not None:
        parts.append(spoken(wording.AT_LEAST, limit=number(minimum), unit=unit_texts(unit)))
    if maximum is not None:
        parts.append(spoken(wording.AT_MOST, limit=number(maximum), unit=unit_texts(unit)))
    return listed(parts)
