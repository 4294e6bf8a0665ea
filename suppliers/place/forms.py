"""Fields in which people name a place or an industry: they type a code or a name, and pick from what fits."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suppliers.place.models import STAND_INS, Industry, Region

TYPE = gettext_lazy("Type a name or a code, then pick.")
MANY = 12
"""So many suggestions are shown."""


class NamedField(forms.CharField):
    """A code, or a name that only one row bears; the clean value is the row."""

    rows: ClassVar[type[Region] | type[Industry]]
    suggestions: ClassVar[str]
    default_error_messages = {
        "unknown": gettext_lazy("Nothing is called “%(text)s”. Type the code, or the beginning of the name."),
        "several": gettext_lazy("“%(text)s” may mean: %(listed)s. Please pick one."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 120, "help_text": TYPE, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The list of suggestions is filled while typing, where scripts run."""
        return {
            **super().widget_attrs(widget),
            "list": f"{self.suggestions}-options",
            "autocomplete": "off",
            "hx-get": reverse_lazy(f"{self.suggestions}-options"),
            "hx-trigger": "input changed delay:150ms",
            "hx-target": f"#{self.suggestions}-options",
            "hx-params": "*",
        }

    def prepare_value(self, value: Any) -> Any:
        """A row or its key as code and name."""
        if isinstance(value, models.Model):
            return label(value)
        row = self.candidates().filter(pk=value).first() if value and len(str(value)) <= 6 else None  # noqa: PLR2004
        return label(row) if row else value

    def to_python(self, value: Any) -> Any:
        """The row that was meant."""
        text = super().to_python(value)
        if not text:
            return None
        super().run_validators(text)
        exact = self.candidates().filter(pk=text.split()[0]).first()
        found = [exact] if exact else list(named(self.candidates(), text)[: MANY + 1])
        if len(found) == 1:
            return found[0]
        whole = [row for row in found if text in {row.name_zh, row.name_en}]
        if len(whole) == 1:
            return whole[0]
        if not found:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"text": text})
        listed = "; ".join(label(row) for row in found[:MANY])
        raise ValidationError(
            self.error_messages["several"], code="several", params={"text": text, "listed": listed}
        )

    def run_validators(self, value: Any) -> None:
        """The text was examined before anything was looked up."""

    def candidates(self) -> Any:
        """The rows that may be named."""
        return self.rows.objects.all()


class RegionField(NamedField):
    """A prefecture or county for which an authority answers."""

    rows = Region
    suggestions = "region"

    def candidates(self) -> Any:
        """Counties, and prefectures for those without."""
        return places()


class IndustryField(NamedField):
    """A four-digit class of GB/T 4754."""

    rows = Industry
    suggestions = "industry"

    def candidates(self) -> Any:
        """The classes."""
        return Industry.objects.classes()


def places() -> models.QuerySet[Region]:
    """Where a site may stand."""
    kinds = (Region.Kind.PREFECTURE, Region.Kind.COUNTY)
    return Region.objects.filter(kind__in=kinds, desk__isnull=False).select_related("parent__parent")


def named(rows: models.QuerySet[Any], text: str) -> models.QuerySet[Any]:
    """Rows whose code or name begins with ``text``, or whose name contains it."""
    return rows.filter(
        Q(pk__startswith=text) | Q(name_zh__contains=text) | Q(name_en__icontains=text)
    ).order_by("pk")


def label(row: models.Model) -> str:
    """Code and name, with what lies above it: ``330602 Yuecheng District, Shaoxing, Zhejiang``."""
    if isinstance(row, Industry):
        return f"{row.code} {row.name}"
    assert isinstance(row, Region)  # noqa: S101 - regions and industries are what may be named
    above, names = row.parent, [str(row)]
    while above is not None:
        names += [] if above.pk in STAND_INS else [above.name]
        above = above.parent
    return f"{row.code} {_(', ').join(names)}"
