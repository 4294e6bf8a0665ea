"""What is looked for among chains, suppliers and alerts."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from certification.chain.causes import CAUSES
from certification.chain.models import Alert, AlertQuerySet, Choice, Least
from certification.chain.reach import parts_of
from certification.chain.status import State
from certification.chain.tally import Row
from certification.chain.tiers import DEEPEST, LIMIT
from greenchain.accounts.models import Role, User
from greenchain.clock import today
from suppliers.enterprise.models import Enterprise
from suppliers.place.models import Region
from suppliers.supply.models import Standing, SupplyLink

ALL = ("", _("All"))
RUNNING = ("", _("in force"))


def asked(form: forms.Form) -> dict[str, Any]:
    """What was asked; what is not understood does not filter."""
    form.is_valid()
    return getattr(form, "cleaned_data", {})


class BuyerForm(forms.Form):
    """Find a buyer by name or identifier, and by region."""

    q = forms.CharField(label=_("Name or identifier"), required=False, max_length=100)
    region = forms.ModelChoiceField(
        label=_("Region"), queryset=Region.objects.none(), required=False, empty_label=_("All")
    )
    alerts = forms.ChoiceField(
        label=_("Alerts"), required=False, choices=[ALL, ("open", _("not yet seen by the buyer"))]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.authority is not None:
            self.fields["region"].queryset = parts_of(user.authority)  # type: ignore[attr-defined]
        else:
            del self.fields["region"]

    def among(self, buyers: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        """Those of ``buyers`` that were asked for."""
        wanted = asked(self)
        if text := (wanted.get("q") or "").strip():
            named = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(identifier__iexact=text)
            buyers = buyers.filter(named)
        if region := wanted.get("region"):
            buyers = buyers.filter(region__in=Region.objects.within(region))
        waiting = Alert.objects.unseen().filter(buyer=OuterRef("pk"))
        return buyers.filter(Exists(waiting)) if wanted.get("alerts") else buyers


class SupplierForm(forms.Form):
    """Find direct suppliers by name, state, kind and by how the link stands."""

    q = forms.CharField(label=_("Supplier or material"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *State.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *SupplyLink.Kind.choices])
    link = forms.ChoiceField(label=_("Link"), required=False, choices=[RUNNING, *Standing.choices])

    def among(self, rows: list[Row]) -> list[Row]:
        """Those of ``rows`` that were asked for."""
        wanted = asked(self)
        return [row for row in rows if all(_fits(row, name, value) for name, value in wanted.items())]


def _fits(row: Row, name: str, value: str) -> bool:
    link = row.link
    match name:
        case "q":
            texts = (link.supplier.name, link.supplier.name_en, link.supplier.identifier, link.material)
            return value.casefold() in "\n".join(texts).casefold()
        case "state":
            return not value or row.state == value
        case "kind":
            return not value or link.kind == value
        case _:
            return link.standing == value if value else link.is_current


class TiersForm(forms.Form):
    """How deep to look, and at which day."""

    tiers = forms.IntegerField(
        label=_("Tiers"), required=False, min_value=1, max_value=LIMIT, initial=DEEPEST
    )
    day = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def asked(self) -> dict[str, Any]:
        """What was asked for; a day to come is not known yet."""
        wanted = asked(self)
        day = wanted.get("day")
        return {"tiers": wanted.get("tiers") or DEEPEST, "day": day if day and day < today() else None}


class SupposeForm(forms.Form):
    """What is supposed, and of whom: keys of suppliers that are named to the reader."""

    what = forms.ChoiceField(
        label=_("If they were"),
        choices=[("certified", _("certified: every site holds a title")), ("lost", _("lost as suppliers"))],
        widget=forms.RadioSelect,
        initial="certified",
    )
    supplier = forms.TypedMultipleChoiceField(label=_("Suppliers"), coerce=int, required=False)

    def __init__(self, *args: Any, offered: Iterable[int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = [(key, key) for key in offered]  # type: ignore[attr-defined]


class PathForm(forms.Form):
    """The enterprise at the other end."""

    to = forms.CharField(label=_("To the supplier (identifier or registered name)"), max_length=100)

    def enterprise(self) -> Enterprise | None:
        """The enterprise meant, if there is exactly one."""
        return _meant(asked(self).get("to"))


class AlertForm(forms.Form):
    """Find alerts by name, by what happened, by tier, and whether they were seen.

    A supplier or title is found only where the reader may know whose it is.
    """

    q = forms.CharField(label=_("Enterprise or title"), required=False, max_length=100)
    cause = forms.ChoiceField(
        label=_("What happened"),
        required=False,
        choices=[ALL, *((verb, cause.words) for verb, cause in CAUSES.items())],
    )
    tier = forms.ChoiceField(
        label=_("Tier"), required=False, choices=[ALL, ("1", _("direct")), ("2", _("beyond"))]
    )
    seen = forms.ChoiceField(
        label=_("Seen"), required=False, choices=[ALL, ("no", _("not yet seen")), ("yes", _("seen"))]
    )

    hidden = forms.ChoiceField(
        label=_("Muted and turned off"),
        required=False,
        choices=[("", _("not shown")), ("yes", _("shown too"))],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.role != Role.ENTERPRISE:
            del self.fields["hidden"]

    def among(self, alerts: AlertQuerySet) -> AlertQuerySet:
        """Those of ``alerts`` that were asked for."""
        wanted = asked(self)
        everything = bool(wanted.get("hidden"))
        alerts = alerts.with_choices_of(self.user) if everything else alerts.shown_to(self.user)
        if text := (wanted.get("q") or "").strip():
            theirs = Q(designation__number__iexact=text) | _named("supplier", text)
            known = Alert.objects.named_to(self.user).filter(theirs)
            alerts = alerts.filter(_named("buyer", text) | Q(pk__in=known.values("pk")))
        if cause := wanted.get("cause"):
            alerts = alerts.filter(cause=cause)
        if tier := wanted.get("tier"):
            alerts = alerts.filter(tier=1) if tier == "1" else alerts.filter(tier__gt=1)
        if seen := wanted.get("seen"):
            alerts = alerts.filter(seen_at__isnull=seen == "no")
        return alerts


class SinceForm(forms.Form):
    """How far back to look."""

    days = forms.TypedChoiceField(
        label=_("Since"),
        required=False,
        coerce=int,
        choices=[(1, _("yesterday")), (7, _("a week ago")), (30, _("30 days ago")), (90, _("90 days ago"))],
        initial=7,
    )

    def since(self) -> dt.timedelta:
        """A week where nothing was asked for."""
        return dt.timedelta(days=asked(self).get("days") or 7)


class ChoiceForm(forms.ModelForm[Choice]):
    """What a person wants to be told of one buyer's suppliers."""

    least = forms.ChoiceField(label=_("Share of purchases"), choices=Least.choices, widget=forms.RadioSelect)

    class Meta:
        model = Choice
        fields = ("least", "lost", "violation", "given", "lifted", "mail")
        widgets = {"mail": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["least"] = f"{self.instance.least:g}"


class WatchForm(forms.Form):
    """Whom to watch."""

    supplier = forms.CharField(label=_("Supplier (identifier or registered name)"), max_length=100)

    def enterprise(self) -> Enterprise | None:
        """The enterprise meant, if there is exactly one."""
        return _meant(self.cleaned_data["supplier"])


class MuteForm(forms.Form):
    """Until when a supplier is muted."""

    until_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def _meant(given: str | None) -> Enterprise | None:
    text = (given or "").strip()
    found = Enterprise.objects.filter(Q(identifier__iexact=text) | Q(name=text) | Q(name_en__iexact=text))
    return found[0] if text and len(found[:2]) == 1 else None


def _named(party: str, text: str) -> Q:
    return Q(**{f"{party}__name__icontains": text}) | Q(**{f"{party}__name_en__icontains": text})
