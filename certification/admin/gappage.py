"""The gap and the what-if of one case as a page: for its applicant and for officials alike."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.admin import trace
from certification.admin.gaprows import Cell, Part, Row, StepRow, WayRow, named
from certification.application.forms import ClaimsForm, claims_initial
from certification.application.models import Application
from certification.assessment.gap import IndicatorGap, Way
from certification.assessment.known import claimed_in
from certification.assessment.levers import Kind, Lever
from certification.assessment.whatif import EDITABLE, Upward, Verdict, WhatIf, what_if
from certification.scheme.definition import Indicator
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.forms import ValuesForm
from suppliers.reporting.views import figures_url

VERDICTS: Mapping[Verdict, tuple[str, Any]] = {
    Verdict.PASSES: ("passed", gettext_lazy("passes")),
    Verdict.POSSIBLE: ("asks", gettext_lazy("passes if what awaits judgement is confirmed")),
    Verdict.SHORT: ("blocks", gettext_lazy("not enough points")),
    Verdict.HELD_BACK: ("blocks", gettext_lazy("kept back: a must item or a limit is not met")),
}


class GapPage:
    """One case and what would become of it; ``data`` is what was typed, None where nothing was."""

    def __init__(self, application: Application, data: Any = None) -> None:
        self.application = application
        self.definition = application.scheme_version.definition
        self.is_typed = data is not None
        self.data = _tried(data) if data is not None else None

    @cached_property
    def stands(self) -> WhatIf:
        """The case as it stands."""
        return what_if(self.application)

    @cached_property
    def figures(self) -> ValuesForm:
        """The single values that the scheme reads."""
        keys = [key for key in METRICS if key in self.definition.metrics]
        values = self.stands.before.values
        form = ValuesForm(self.data, keys=keys, initial={key: values.get(key) for key in keys})
        form.is_valid()
        return form

    @cached_property
    def claims(self) -> ClaimsForm:
        """What is claimed."""
        initial = claims_initial(self.definition, self.claims_now)
        form = ClaimsForm(self.data, definition=self.definition, initial=initial)
        form.is_valid()
        return form

    @cached_property
    def claims_now(self) -> dict[str, Any]:
        """What is claimed as it stands, on the application or with the cases reported."""
        before = self.stands.before
        return {**claimed_in(before.tables.get("cases", ())), **before.claims}

    @cached_property
    def what(self) -> WhatIf:
        """The case as it would stand."""
        if self.data is None:
            return self.stands
        values, claims = self.figures.given(), self.claims.given(self.claims_now)
        return self.stands.with_(values=values, claims=claims)

    @property
    def score(self) -> Any:
        """As it would be."""
        return self.what.score

    @property
    def passing(self) -> Decimal:
        """The score that the level wants."""
        return self.what.passing

    @property
    def verdict(self) -> tuple[str, Any]:
        """A look and the words."""
        return VERDICTS[self.what.verdict]

    @property
    def held(self) -> list[str]:
        """Must items and limits that are not met."""
        gates = {gate.key: str(gate) for gate in self.definition.gates}
        items = [str(self.definition.indicator(code)) for code in self.score.unmet]
        return [*items, *(gates[key] for key in self.score.broken)]

    @property
    def change(self) -> Decimal:
        """By how much the confirmed score changes."""
        return self.what.score.low - self.what.was.low

    @property
    def figures_url(self) -> str:
        """Where tables are filled in; "" where they can no longer be changed."""
        if self.application.status not in EDITABLE:
            return ""
        here = reverse("application-gap", args=[self.application.pk])
        address = figures_url(self.application.subject, self.application.year)
        return f"{address}?{urlencode({'next': here})}"

    def parts(self) -> Iterator[Part]:
        """Each block with its figures and indicators, and what closes their gaps."""
        return self._parts({gap.indicator.code: gap for gap in self.what.gaps})

    def scored(self) -> Iterator[Part]:
        """The same without the ways on, which take longer."""
        return self._parts({})

    def _parts(self, gaps: Mapping[str, IndicatorGap]) -> Iterator[Part]:
        left = set(self.figures.fields)
        for block in self.definition.blocks:
            items = self.definition.in_block(block.code)
            names = [key for key in METRICS if key in left and any(key in item.metrics for item in items)]
            left.difference_update(names)  # a figure that several blocks read stands in the first of them
            figures = [{"field": self.figures[key], "metric": METRICS[key]} for key in names]
            yield Part(block, figures, [self._row(item, gaps.get(item.code)) for item in items])

    def _row(self, item: Indicator, gap: IndicatorGap | None) -> Row:
        return Row(
            item,
            self.score.result(item.code),
            gap,
            [self._way(way) for way in gap.ways] if gap else [],
            self.claims[f"claim_{item.code}"] if item.is_qualitative else None,
            self.claims[f"na_{item.code}"],
        )

    def _way(self, way: Way) -> WayRow:
        lever = way.lever
        typed = lever.kind is Kind.METRIC and lever.name in self.figures.fields
        cells = [
            Cell(target.mark, target, f"{lever.name}={target.enter:f}" if typed and target.enter else "")
            for target in way.targets
        ]
        return WayRow(way, self.words(lever), lever.unit, tuple(cells))

    def words(self, lever: Lever) -> str:
        """An input's name in the reader's language."""
        if lever.kind is Kind.METRIC:
            return str(METRICS[lever.name])
        table = TABLES[lever.table]
        if lever.kind is Kind.ROWS:
            said = trace.in_words(lever.name, [table])
            return _("rows that meet: %(what)s") % {"what": said} if lever.op == "share" else said
        rows = self.what.after.tables.get(lever.table, [])
        name = rows[lever.position - 1].get("name") or "" if len(rows) >= lever.position else ""
        told = {"table": table, "row": lever.position, "name": name, "column": table.columns[lever.column]}
        if name:
            return _("%(table)s, row %(row)d (%(name)s): %(column)s") % told
        return _("%(table)s, row %(row)d: %(column)s") % told

    def paths(self) -> Iterator[tuple[Upward, list[StepRow]]]:
        """The way to this level and to the next."""
        for upward in self.what.paths:
            yield upward, [StepRow(step, self.words(step.lever)) for step in upward.path.steps]

    @property
    def wanting(self) -> list[tuple[Indicator, list[str]]]:
        """Indicators that bring nothing until something is reported, the heaviest first."""
        rows = [(gap.indicator, [named(key) for key in gap.missing]) for gap in self.what.gaps if gap.missing]
        return sorted(rows, key=lambda row: -row[0].weight)

    def context(self) -> dict[str, Any]:
        """What the templates need."""
        return {"page": self, "application": self.application, "subject": self.application.subject}


def template_of(request: Any, page: str) -> str:
    """The whole page; while somebody types, its score at once and the ways on a little later."""
    if not request.headers.get("HX-Request"):
        return page
    return "certification/gap/further.html" if "further" in request.GET else "certification/gap/live.html"


def _tried(data: Any) -> Any:
    """What was typed, with the one figure put in that a button asks to try."""
    key, sign, amount = str(data.get("try", "")).partition("=")
    if not sign or key not in METRICS:
        return data
    changed = data.copy()
    changed[key] = amount
    changed[f"{key}-unit"] = METRICS[key].unit
    return changed
