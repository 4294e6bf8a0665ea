"""The forms of a site-year's tables: rows of cells, or a list of words to tick."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from suppliers.reporting.catalogue import Column, Table
from suppliers.reporting.entry import Stored, read_cell, read_rows

BLANKS = 1
"""Blank rows under a table."""

MORE = 5
"""Blank rows after asking for more."""


class CellField(forms.Field):
    """One cell of a table; its clean value is what is stored."""

    def __init__(self, column: Column, year: int) -> None:
        self.column, self.year = column, year
        super().__init__(required=False, label=str(column), widget=_widget(column))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something stands in the cell; an empty tick is nothing."""
        return (
            bool(data) != bool(initial) if self.column.kind == "flag" else super().has_changed(initial, data)
        )

    def clean(self, value: Any) -> Stored:
        """As ``entry`` reads it."""
        return read_cell(self.column, value, self.year)


def _widget(column: Column) -> forms.Widget:
    if column.kind == "flag":
        return forms.CheckboxInput()
    if column.kind == "choice":
        return forms.Select(choices=[("", "–"), *((option.key, str(option)) for option in column.options)])
    if column.is_number:
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
    if column.max_length > 400:  # noqa: PLR2004 - longer than a line
        return forms.Textarea(attrs={"rows": 3, "maxlength": column.max_length})
    return forms.TextInput(attrs={"maxlength": column.max_length})


class RowForm(forms.Form):
    """One row; a blank one is no row."""

    def __init__(self, table: Table, year: int, **kwargs: Any) -> None:
        super().__init__(empty_permitted=True, use_required_attribute=False, **kwargs)
        for column in table.columns.values():
            self.fields[column.key] = CellField(column, year)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not self.has_changed()


class TableForm:
    """The rows of one table: those that stand, or those that were typed, and blank ones to go on."""

    def __init__(
        self,
        table: Table,
        year: int,
        *,
        data: QueryDict | None = None,
        stored: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.table, self.year, self.data = table, year, data
        self.errors: list[str] = []
        if data is None:
            self.rows = [self._row(place, initial=dict(row)) for place, row in enumerate(stored)]
            self._blank(BLANKS)
            return
        self.rows = [self._row(place, data=data) for place in range(self._count(data))]
        self.rows = [row for row in self.rows if not row.is_blank]

    @property
    def count_name(self) -> str:
        """The hidden field that says how many rows were shown."""
        return f"{self.table.key}-count"

    @property
    def columns(self) -> list[Column]:
        """In their order."""
        return list(self.table.columns.values())

    def blank_row(self, place: int) -> RowForm:
        """A row to add under the others."""
        return self._row(place)

    def _count(self, data: QueryDict) -> int:
        text = data.get(self.count_name, "0")
        return min(int(text), self.table.max_rows + MORE) if text.isascii() and text.isdigit() else 0

    def _row(self, place: int, **kwargs: Any) -> RowForm:
        return RowForm(self.table, self.year, prefix=f"{self.table.key}-{place}", **kwargs)

    def _blank(self, count: int) -> None:
        room = max(self.table.max_rows - len(self.rows), 0)
        self.rows += [self._row(len(self.rows) + extra) for extra in range(min(count, room))]

    def is_valid(self) -> bool:
        """Whether every row is sound, and all of them together."""
        judged = [row.is_valid() for row in self.rows]
        sound = all(judged)
        if sound:
            try:
                read_rows(self.table, self.given(), year=self.year)
            except ValidationError as error:
                self.errors = list(error.messages)
        return sound and not self.errors

    @property
    def is_faulty(self) -> bool:
        """Whether what was typed has a fault."""
        return self.data is not None and bool(self.errors or any(row.errors for row in self.rows))

    def given(self) -> list[dict[str, Any]]:
        """The rows as the action takes them."""
        return [dict(row.cleaned_data) for row in self.rows]

    def more(self, count: int) -> None:
        """Blank rows under what was typed, numbered on."""
        self.rows = [self._renumbered(place, row) for place, row in enumerate(self.rows)]
        self._blank(count)

    def _renumbered(self, place: int, row: RowForm) -> RowForm:
        """The same row under its new number, with what was typed and its faults."""
        return self._row(place, data=_moved(row, f"{self.table.key}-{place}"))


def _moved(row: RowForm, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}-{name}": row.data.get(row.add_prefix(name))
        for name in row.fields
        if row.add_prefix(name) in row.data
    }


class TicksForm(forms.Form):
    """A table of one column that takes each word once: a list of ticks."""

    is_ticks = True

    def __init__(
        self, table: Table, *, data: QueryDict | None = None, stored: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self.table, (self.column,) = table, table.columns.values()
        ticked = [row.get(self.column.key) for row in stored]
        super().__init__(data, initial={table.key: ticked})
        self.fields[table.key] = forms.MultipleChoiceField(
            label=str(table),
            choices=[(option.key, str(option)) for option in self.column.options],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    @property
    def ticks(self) -> Any:
        """The bound field."""
        return self[self.table.key]

    @property
    def is_faulty(self) -> bool:
        """Whether what was ticked has a fault."""
        return bool(self.errors)

    def given(self) -> list[dict[str, Any]]:
        """The rows as the action takes them."""
        return [{self.column.key: word} for word in self.cleaned_data[self.table.key]]

    def more(self, _count: int) -> None:
        """All there is is shown already."""


def is_ticks(table: Table) -> bool:
    """Whether a table is a list of words to tick."""
    columns = list(table.columns.values())
    return len(columns) == 1 and columns[0].kind == "choice" and columns[0].unique


def rows_of(
    table: Table, year: int, *, data: QueryDict | None = None, stored: Sequence[Mapping[str, Any]] = ()
) -> "TableForm | TicksForm":
    """The form that fits a table."""
    if is_ticks(table):
        return TicksForm(table, data=data, stored=stored)
    return TableForm(table, year, data=data, stored=stored)
