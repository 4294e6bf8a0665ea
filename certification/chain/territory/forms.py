"""Whose purchases to look at, by what, and on which day."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.chain.forms import asked
from certification.chain.reach import parts_of
from certification.chain.territory.scope import INDUSTRY, REGION, Scope
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.place.models import Authority, Industry, Region

BY = [(REGION, _("regions")), (INDUSTRY, _("industries"))]


class ScopeForm(forms.Form):
    """What is not understood does not narrow; another territory cannot be chosen."""

    region = forms.ModelChoiceField(
        label=_("Buyers in"),
        queryset=Region.objects.none(),
        required=False,
        empty_label=_("the whole territory"),
    )
    industry = forms.ModelChoiceField(
        label=_("of the industry"), queryset=Industry.objects.none(), required=False, empty_label=_("All")
    )
    by = forms.ChoiceField(label=_("Counted by"), required=False, choices=BY)
    day = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authority = user.authority
        if authority is None:
            raise ValueError("a territory belongs to an authority")
        self.authority: Authority = authority
        divisions = Industry.objects.filter(kind=Industry.Kind.DIVISION).order_by("pk")
        self.fields["region"].queryset = parts_of(authority)  # type: ignore[attr-defined]
        self.fields["industry"].queryset = divisions  # type: ignore[attr-defined]

    @property
    def scope(self) -> Scope:
        """The buyers asked about."""
        wanted = asked(self)
        return Scope(self.authority, wanted.get("region"), wanted.get("industry"))

    @property
    def kind(self) -> str:
        """By regions, or by industries."""
        return asked(self).get("by") or REGION

    @property
    def as_of(self) -> dt.date:
        """The day asked about; a day to come is not known yet."""
        day = asked(self).get("day")
        return min(day, today()) if day else today()


class PartForm(ScopeForm):
    """Whose purchases to look at over the years."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["by"], self.fields["day"]
