"""Forms of the applicant: start, the form's own fields, claims, and the verbs."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.scheme.definition import Definition, FormField, Indicator
from certification.scheme.models import Round
from certification.scheme.subject import KEYS, owner_of, region_of
from certification.verbforms import ReasonsForm, VerbForm
from suppliers.enterprise.access import kept_by
from suppliers.enterprise.models import Enterprise, Park, Product, Site
from suppliers.place.models import Level, desk_of

SUBJECTS: Mapping[str, Any] = {"site": Site, "enterprise": Enterprise, "product": Product, "park": Park}
OWNERS = {"site": "enterprise", "enterprise": "pk", "product": "enterprise", "park": "manager"}
PLACED = {
    "site": ("enterprise", "region__desk"),
    "enterprise": ("region__desk",),
    "product": ("enterprise__region__desk", "site__region__desk"),
    "park": ("manager", "region__desk"),
}
"""What an owner's and a place's name need, so that a long list costs no query per row."""
MOST = 500
CLAIMS = [
    ("", gettext_lazy("no case yet")),
    ("none", gettext_lazy("none")),
    ("half", gettext_lazy("half")),
    ("full", gettext_lazy("full")),
]


class SubmitForm(VerbForm):
    """The truthfulness commitment, signed by name."""

    commitment = forms.BooleanField(
        label=gettext_lazy("I commit to the truth of this application as stated above.")
    )
    signed_by = forms.CharField(label=gettext_lazy("Name of the person who signs"), max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].initial = self.user.get_full_name()


class WithdrawForm(ReasonsForm):
    """Reasons, unless it is only a draft."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].required = self.case.status != "draft"


class StartForm(forms.Form):
    """For what, in which round and at which level."""

    subject = forms.ChoiceField(label=gettext_lazy("For what"))
    call = forms.ChoiceField(label=gettext_lazy("Round and level"), widget=forms.RadioSelect)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.subjects = dict(_subjects(user))
        homes = {desk_of(region_of(row)).path for row in self.subjects.values()}
        open_now = Round.objects.open_on().select_related("scheme_version__scheme", "authority")
        self.rounds = {
            row.pk: row
            for row in open_now.order_by("closes_on", "pk")
            if any(home.startswith(row.authority.path) for home in homes)
        }
        self.fields["subject"].choices = list(self._grouped())  # type: ignore[attr-defined]
        self.fields["call"].choices = list(self._calls())  # type: ignore[attr-defined]

    def _grouped(self) -> Iterator[tuple[str, Any]]:
        wanted = {row.scheme_version.scheme.subject for row in self.rounds.values()}
        for key in KEYS:
            rows = [
                (value, _named(row)) for value, row in self.subjects.items() if value.startswith(f"{key}:")
            ]
            if rows and key in wanted:
                yield str(SUBJECTS[key]._meta.verbose_name), rows

    def _calls(self) -> Iterator[tuple[str, str]]:
        for row in self.rounds.values():
            for level in row.level_choices:
                yield f"{row.pk}:{level:d}", f"{row.scheme_version.scheme} · {level.label} · {row}"

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The choices with what a person wants to know of each."""
        chosen = self["call"].value()
        return [
            {
                "value": f"{row.pk}:{level:d}",
                "round": row,
                "level": level,
                "notice": row.notice_term(level),
                "local": row.local,
                "chosen": chosen == f"{row.pk}:{level:d}",
            }
            for row in self.rounds.values()
            for level in row.level_choices
        ]

    def chosen(self) -> tuple[Round, Level, Any]:
        """Round, level and subject."""
        key, _colon, level = self.cleaned_data["call"].partition(":")
        return self.rounds[int(key)], Level(int(level)), self.subjects[self.cleaned_data["subject"]]


def _subjects(user: Any) -> Iterator[tuple[str, Any]]:
    kept = kept_by(user)
    for key, model in SUBJECTS.items():
        found = model.objects.filter(**{f"{OWNERS[key]}__in": kept}).order_by("name")
        found = found.select_related(*PLACED[key])
        for row in found[:MOST]:
            yield f"{key}:{row.pk}", row


def _named(subject: Any) -> str:
    owner = owner_of(subject)
    name = getattr(subject, "shown_name", subject)
    return str(name) if owner == subject else f"{name} · {owner.shown_name}"


class DossierForm(forms.Form):
    """The scheme's own form fields; what is missing may be filled in later, what is wrong may not be kept."""

    def __init__(self, *args: Any, definition: Definition, only: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in definition.form:
            if not only or field.key == only:
                self.fields[field.key] = _field(field)

    def labelled(self) -> Iterator[tuple[Any, bool]]:
        """Each field, and whether it must be filled in before submission."""
        for name in self.fields:
            yield self[name], self.fields[name].wanted  # type: ignore[attr-defined]


def _field(field: FormField) -> Any:
    limits: dict[str, Any] = {"label": str(field), "required": False, "max_length": field.max_length}
    made: Any
    match field.kind:
        case "choice":
            choices = [("", "–"), *((option.key, str(option)) for option in field.options)]
            made = forms.ChoiceField(label=str(field), required=False, choices=choices)
        case "email":
            made = forms.EmailField(**limits)
        case "paragraph":
            told = _("At most %(count)d characters.") % {"count": field.max_length}
            made = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), help_text=told, **limits)
        case kind:
            attrs = {"type": "tel"} if kind == "phone" else {}
            made = forms.CharField(widget=forms.TextInput(attrs=attrs), **limits)
    made.wanted = field.required
    return made


class ClaimsForm(forms.Form):
    """What the applicant claims: the share of a case's points, and which indicators do not apply."""

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = definition.indicators
        for item in self.indicators:
            if item.is_qualitative:
                self.fields[f"claim_{item.code}"] = forms.ChoiceField(
                    label=str(item), choices=CLAIMS, required=False
                )
            self.fields[f"na_{item.code}"] = forms.BooleanField(
                label=_("Does not apply to us; an auditor must confirm it."), required=False
            )
            self.fields[f"note_{item.code}"] = forms.CharField(
                label=_("Note"), required=False, max_length=300
            )

    def clean(self) -> dict[str, Any]:
        """Who says that something does not apply says why."""
        data = super().clean() or {}
        for item in self.indicators:
            if data.get(f"na_{item.code}") and not data.get(f"note_{item.code}"):
                self.add_error(f"note_{item.code}", _("Say why it does not apply."))
        return data

    def given(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The claims that differ from what is stored, as the action takes them; wrong ones are left out."""
        found = {item.code: self._claim(item) for item in self.indicators if not self._wrong(item)}
        return {code: claim for code, claim in found.items() if claim != read_claim(stored.get(code))}

    def _wrong(self, item: Indicator) -> bool:
        return any(f"{part}_{item.code}" in self.errors for part in ("claim", "na"))

    def _claim(self, item: Indicator) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "claim": data.get(f"claim_{item.code}", ""),
            "not_applicable": data[f"na_{item.code}"],
            "note": data.get(f"note_{item.code}", ""),
        }


def read_claim(given: Any) -> dict[str, Any]:
    """A stored claim, whichever way it was given, with all its parts."""
    claim = dict(given) if isinstance(given, Mapping) else {"claim": str(given or "")}
    waived = claim.get("not_applicable") in {True, "yes", "true"}
    return {
        "claim": str(claim.get("claim") or ""),
        "not_applicable": waived,
        "note": str(claim.get("note") or ""),
    }


def claims_initial(definition: Definition, claims: Mapping[str, Any]) -> dict[str, Any]:
    """The form's initial values."""
    initial: dict[str, Any] = {}
    for item in definition.indicators:
        claim = read_claim(claims.get(item.code))
        initial |= {
            f"claim_{item.code}": claim["claim"],
            f"na_{item.code}": claim["not_applicable"],
            f"note_{item.code}": claim["note"],
        }
    return initial


class CiteForm(forms.Form):
    """Files of the vault to cite under one requirement."""

    evidence = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Files"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: Mapping[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["evidence"].choices = [(key, str(proof)) for key, proof in offered.items()]  # type: ignore[attr-defined]

    def chosen(self) -> list[Any]:
        """The evidence chosen."""
        return [self.offered[key] for key in self.cleaned_data["evidence"]]
