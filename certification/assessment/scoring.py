"""The score of a case: pure, from what was reported, claimed, corrected and published. No queries, no writes.

points = weight × clamp((value − base) / (lead − base), 0, 1), in either direction: lead lies below base where
less is better. A scheme may score an indicator as a ratio to lead or in one step instead (``scale.share_of``).
The result is a range: what is computed, and what is claimed and awaits a person's judgement. The weight of what
does not apply, or has no published benchmark, leaves the total that the score is taken of. Of optional
indicators the best count (``results.picked``), a bonus comes on top, and gates with a formula are judged beside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from certification.assessment import wording
from certification.assessment.known import SHARES, Known, claim_in, inputs_of, known_of
from certification.assessment.limits import limit
from certification.assessment.results import Result, Score, Scored, Subtotal, picked, totalled
from certification.assessment.scale import ONE, ZERO, Scale, scale_of, share_of
from certification.assessment.wording import joined, named, number
from certification.scheme.definition import Definition, Indicator, Method
from certification.scheme.formula import Outcome, State
from certification.scheme.formula.outcome import Trace
from certification.scheme.formula.scalar import CONTEXT, written
from greenchain.languages import spoken
from greenchain.located import Texts
from suppliers.reporting.units import unit_texts

__all__ = ["Result", "Score", "Scored", "Subtotal", "inputs_of", "result_of", "score", "total_of"]

MAX_DIGITS = 17


def score(
    definition: Definition,
    *,
    values: Mapping[str, object],
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    claims: Mapping[str, object] | None = None,
    corrections: Mapping[str, Mapping[str, str]] | None = None,
    benchmarks: Mapping[str, tuple[Decimal, Decimal, str]] | None = None,
) -> Score:
    """The score of one case.

    ``values`` by metric key, ``tables`` by table key, as stored. ``claims`` by indicator code: "none", "half"
    or "full", or a mapping with ``claim`` and ``not_applicable``; without one the table ``cases`` speaks.
    ``corrections`` by code: ``value`` (a number), ``judgement`` (none, half, full or a share from 0 to 1),
    ``not_applicable`` (yes or no); by gate key ``value``, or ``veto`` (confirmed, cleared) where figures cannot
    tell. ``benchmarks`` by code: base, lead, source; they go before the scheme's.
    """
    known = known_of(
        values=values, tables=tables, claims=claims, corrections=corrections, benchmarks=benchmarks
    )
    return total_of(definition, [result_of(item, known) for item in definition.indicators], known)


def result_of(indicator: Indicator, known: Known, *, in_words: bool = True) -> Result:
    """One indicator's result: exact, and before anybody has asked whether it is among those that count.

    Without words it has no reason, which is most of the work where thousands are tried.
    """
    with localcontext(CONTEXT):
        return _Scoring(indicator, known, in_words=in_words).result()


def total_of(definition: Definition, results: Sequence[Result], known: Known) -> Score:
    """The score that the indicators' results, in the definition's order, make together."""
    with localcontext(CONTEXT):
        limits = [limit(gate, known.inputs, known.corrections) for gate in definition.thresholds]
        groups = {item.code: item.group for item in definition.indicators} if definition.pick else {}
        return totalled(
            picked(results, groups, definition.pick),
            hoped=picked(results, groups, definition.pick, hoping=True),
            limits=limits,
            bonus_max=definition.bonus_max,
        )


class _Scoring:
    """One indicator on its way to a result."""

    def __init__(self, indicator: Indicator, case: Known, *, in_words: bool = True) -> None:
        self.indicator = indicator
        self.case = case
        self.in_words = in_words
        self.correction = case.corrections.get(indicator.code, {})
        self.claim, self.said_not_to_apply = claim_in(case.claims.get(indicator.code))

    def result(self) -> Result:
        ruled = self.correction.get("not_applicable")
        if ruled == "yes":
            return self.make(Scored.NOT_APPLICABLE, self.say(wording.DOES_NOT_APPLY))
        settled = {"value", "judgement"} & self.correction.keys()
        if self.said_not_to_apply and ruled != "no" and not settled:
            return self.make(
                Scored.AWAITING,
                self.say(wording.SAID_NOT_TO_APPLY),
                awaiting=self.indicator.weight,
                idle=True,
            )
        return self.judged() if self.indicator.is_qualitative else self.measured()

    def make(self, state: Scored, reason: Texts, **details: object) -> Result:
        indicator = self.indicator
        return Result(
            code=indicator.code,
            block=indicator.block,
            stage=indicator.stage,
            weight=indicator.weight,
            state=state,
            reason=reason,
            must=indicator.must,
            bonus=indicator.bonus,
            **details,  # type: ignore[arg-type]
        )

    def say(self, message: str, **told: object) -> Texts:
        """A sentence in every language; nothing where no words are asked for."""
        if not self.in_words:
            return {}
        return spoken(message, **{key: _worded(each) for key, each in told.items()})

    def judged(self) -> Result:
        """A case: judged, claimed, or neither."""
        weight = self.indicator.weight
        if "judgement" in self.correction:
            points = weight * _share(self.correction["judgement"])
            reason = self.say(wording.JUDGED, points=points, weight=weight)
            return self.make(Scored.COMPUTED, reason, points=points, corrected=True)
        if self.claim not in SHARES:
            return self.make(Scored.MISSING, self.say(wording.UNCLAIMED))
        claimed = weight * SHARES[self.claim]
        if not claimed:
            return self.make(Scored.COMPUTED, self.say(wording.CLAIMED_NOTHING))
        reason = self.say(wording.CLAIMED, points=claimed, weight=weight)
        return self.make(Scored.AWAITING, reason, awaiting=claimed)

    def measured(self) -> Result:
        """A value against its scale."""
        method, outcome = self.outcome()
        by_product = method is self.indicator.by_product
        details: dict[str, object] = {"unit": method.unit, "by_product": by_product, "trace": outcome.trace}
        value, before = outcome.value, []
        if "value" in self.correction:
            value, before = Decimal(self.correction["value"]), [self.say(wording.CORRECTED)]
            details |= {"corrected": True, "trace": _corrected(value, outcome.trace)}
        if value is None:
            return self.unmeasured(outcome, details)
        if value.adjusted() > MAX_DIGITS:
            return self.make(Scored.MISSING, self.say(wording.OUT_OF_RANGE), **details)
        details["value"] = value
        scale = self.scale(method, by_product=by_product)
        after = [self.say(wording.BY_PRODUCT)] if by_product else []
        if scale.source:
            after.append(self.say(wording.ENTERED, source=scale.source))
        result = self.against(scale, method, value, details)
        return replace(result, reason=joined(*before, result.reason, *after)) if self.in_words else result

    def outcome(self) -> tuple[Method, Outcome]:
        """By product where a product has a limit, else the main method."""
        first, *rest = self.indicator.methods
        outcome = first.formula.evaluate(self.case.inputs)
        reported = any(self.case.inputs.rows(table) is not None for table in first.formula.tables)
        if rest and (not reported or outcome.state is State.NOT_APPLICABLE):
            return rest[0], rest[0].formula.evaluate(self.case.inputs)
        return first, outcome

    def unmeasured(self, outcome: Outcome, details: Mapping[str, object]) -> Result:
        """There is no value: say why."""
        if outcome.state is State.MISSING:
            reason = self.say(wording.UNREPORTED, what=outcome.about)
        elif outcome.state is State.UNDEFINED:
            reason = self.say(wording.DIVIDED_BY_ZERO, what=outcome.about)
        elif self.correction.get("not_applicable") == "no":
            reason = self.say(wording.STILL_NOTHING)
        else:
            details = {**details, "awaiting": self.indicator.weight, "idle": True}
            return self.make(Scored.AWAITING, self.say(wording.NOTHING_TO_MEASURE), **details)
        return self.make(Scored.MISSING, reason, **details)

    def scale(self, method: Method, *, by_product: bool) -> Scale:
        """What administrators entered goes before what the scheme says."""
        entered = self.case.benchmarks.get(self.indicator.code)
        if entered is not None and not by_product:
            return Scale(entered.base if method.has_base else None, entered.lead, entered.source)
        return scale_of(method, self.case.inputs)

    def against(self, scale: Scale, method: Method, value: Decimal, details: dict[str, object]) -> Result:
        """The points that the value earns on its scale."""
        base, lead, weight = scale.base, scale.lead, self.indicator.weight
        told = {"value": value, "unit": unit_texts(str(details["unit"])), "weight": weight}
        if scale.wanting:
            return self.make(Scored.MISSING, self.say(wording.UNREPORTED, what=scale.wanting), **details)
        if lead is None or (base is None and method.has_base):
            return self.make(Scored.NO_BENCHMARK, self.say(wording.UNPUBLISHED, **told), **details)
        details |= {"base": base, "lead": lead, "benchmark": scale.source}
        told |= {"lead": lead, **({} if base is None else {"base": base})}
        if base == lead:
            return self.make(Scored.NO_BENCHMARK, self.say(wording.FLAT, **told), **details)
        share = share_of(method, base, lead, value)
        points = weight * share
        told |= {"points": points, "percent": share * 100}
        reason = self.say(_message(method, share), **told)
        return self.make(Scored.COMPUTED, reason, points=points, **details)


def _worded(told: object) -> object:
    """A number, the keys of what is missing, or a text, as sentences take them."""
    if isinstance(told, Decimal):
        return number(told)
    return named(told) if isinstance(told, tuple) else told


def _message(method: Method, share: Decimal) -> str:
    if share >= ONE:
        return wording.AT_LEAD
    if method.scoring == "linear":
        return wording.BETWEEN if share > ZERO else wording.AT_BASE
    return wording.RATIO if method.scoring == "ratio" else wording.SHORT


def _share(judgement: str) -> Decimal:
    """A judgement as a share of the weight: none, half, full, or a number from 0 to 1."""
    return SHARES[judgement] if judgement in SHARES else min(max(Decimal(judgement), ZERO), ONE)


def _corrected(value: Decimal, was: Trace) -> Trace:
    return {
        "op": "correction",
        "text": "correction",
        "state": "value",
        "value": written(value),
        "children": [was],
    }
