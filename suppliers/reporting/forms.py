"""The form of a year's figures, made from the metric catalogue: single values, and tables of rows.

Each field reads what is typed exactly as the import does (``entry``), so the words of a fault are the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.audit.canonical import canonical, digest, plain
from suppliers.reporting.catalogue import METRICS, Metric, metrics_for, tables_for
from suppliers.reporting.entry import Figure, parted, read_figure
from suppliers.reporting.rowforms import BLANKS, MORE, rows_of
from suppliers.reporting.units import choice, offered

FORMS = ("B204-1", "205-1", "205-4", "基101", "")
"""Statistical forms in the order in which they are filled; the last one is what stands on none."""


class FigureInput(forms.TextInput):
    """A number and, beside it, the unit that it is given in; a unit typed after the number goes first."""

    template_name = "suppliers/reporting/figure_input.html"

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        super().__init__()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Number and unit as one text, as a person would write them."""
        text, unit = super().value_from_datadict(data, files, name), data.get(f"{name}-unit") or ""
        apart = isinstance(text, str) and text.strip() and unit and unit != self.metric.unit
        return f"{text.strip()} {unit}" if apart and not parted(text)[1] else text

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The number apart from its unit, and the units to choose from."""
        number, unit = parted(value) if isinstance(value, str) else (value, "")
        chosen = choice(self.metric.unit, str(unit), self.metric.key) if unit else None
        context = super().get_context(name, number if chosen else value, attrs)
        shown = offered(self.metric.unit, self.metric.key)
        shown += [chosen] if chosen and chosen not in shown else []
        return {**context, "metric": self.metric, "units": shown, "chosen": chosen or shown[0]}


class MetricField(forms.CharField):
    """One figure; its clean value is a Decimal or None, ``given`` keeps the unit that it came in."""

    def __init__(self, metric: Metric, **kwargs: Any) -> None:
        self.metric = metric
        self.figure = Figure(None)
        super().__init__(
            required=False, label=str(metric), max_length=80, widget=FigureInput(metric), **kwargs
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A phone shows digits; the text stays as it was typed."""
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off", "class": "num"}

    def clean(self, value: Any) -> Any:
        """As ``entry`` reads it."""
        self.figure = Figure(None)
        self.figure = read_figure(self.metric, super().clean(value))
        return self.figure.value


class ValuesForm(forms.Form):
    """The single values of a site-year; ``keys`` limits it to those that matter somewhere."""

    def __init__(self, *args: Any, keys: Sequence[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in keys if keys is not None else METRICS:
            self.fields[key] = MetricField(METRICS[key])

    def given(self) -> dict[str, Any]:
        """The values that are sound, by key."""
        return {key: self.cleaned_data[key] for key in self.fields if key in self.cleaned_data}

    def as_typed(self) -> dict[str, Any]:
        """As ``given``, but what came in another unit still says so, for the record."""
        return {
            key: self[key].data if getattr(self.fields[key], "figure", Figure(None)).given else value
            for key, value in self.given().items()
        }


class SourceForm(forms.Form):
    """Where the figures come from."""

    source = forms.CharField(
        label=gettext_lazy("Source of these figures"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For example: statistical forms as filed in January."),
    )


def sections(form: ValuesForm, *years: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The form's fields by statistical form, each with its metric and what the given site-years say of it."""
    for name in FORMS:
        rows = [
            {
                "field": form[key],
                "metric": METRICS[key],
                "beside": [each and each.metric(key) for each in years],
            }
            for key in form.fields
            if METRICS[key].form == name
        ]
        if rows:
            yield _("Form %(name)s") % {"name": name} if name else _("On no statistical form"), rows


class FiguresForm:
    """A year's figures of one subject on one page: the values, where they come from, and the tables.

    ``kind`` is the kind of subject: site, enterprise, product or park.
    """

    def __init__(self, kind: str, year: int, *, data: QueryDict | None = None, stored: Any = None) -> None:
        self.year, self.stored = year, stored
        keys = list(metrics_for(kind))
        values = {key: stored.metric(key) for key in keys} if stored else {}
        tables = stored.tables() if stored else {}
        initial = {key: plain(value) for key, value in values.items()}
        self.values = ValuesForm(data, keys=keys, initial=initial)
        self.source = SourceForm(data, initial={"source": stored.source if stored else ""})
        self.tables = {
            key: rows_of(table, year, data=data, stored=tables.get(key, ()))
            for key, table in tables_for(kind).items()
        }
        self.refused = False
        self.said: list[str] = []

    @property
    def fields(self) -> Mapping[str, Any]:
        """The names that a refusal may point to."""
        return {**self.values.fields, **self.source.fields}

    def is_valid(self) -> bool:
        """Whether all parts are sound; every fault is told at once."""
        parts: list[Any] = [self.values, self.source, *self.tables.values()]
        judged = [part.is_valid() for part in parts]
        return all(judged)

    def add_error(self, field: str | None, message: str) -> None:
        """A refusal, beside its field or on top."""
        form = next((form for form in (self.values, self.source) if field in form.fields), None)
        if form is None:
            self.said.append(message)
        else:
            form.add_error(field, message)

    @cached_property
    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """The tables' rows as the action takes them."""
        return {key: table.given() for key, table in self.tables.items()}

    @property
    def errors(self) -> bool:
        """Whether there is any fault."""
        return bool(
            self.said
            or self.values.errors
            or self.source.errors
            or any(table.is_faulty for table in self.tables.values())
        )

    def more(self, key: str) -> None:
        """Blank rows for one table, and one for each of the others."""
        for name, table in self.tables.items():
            table.more(MORE if name == key else BLANKS)


def seen_of(stored: Any) -> str:
    """A mark of what is stored now: a form that was filled from something else is out of date."""
    if stored is None:
        return "new"
    values = {key: stored.metric(key) for key in METRICS}
    return digest("", canonical({"values": values, "tables": stored.tables(), "source": stored.source}))[:16]
