"""The form of linking: to whom a title belongs."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.designation.linking import KINDS
from certification.designation.suggesting import Candidate, suggest
from certification.scheme.models import Subject
from certification.verbforms import VerbForm
from suppliers.enterprise.identifiers import normalise
from suppliers.enterprise.models import Enterprise

BY_HAND = "by_hand"
"""What spoke for a subject that nothing suggested."""


class LinkForm(VerbForm):
    """One of the suggested subjects, or those of an enterprise that is named by its identifier."""

    intro = _(
        "The title counts for the subject from its announcement on. Look at name, place and part of the enterprise "
        "before you link: the register shows it to everybody."
    )
    subject = forms.CharField(
        label=_("Whom the title belongs to, such as site:12"), max_length=30, required=False
    )
    identifier = forms.CharField(
        label=_("Identifier of another enterprise"),
        max_length=60,
        required=False,
        help_text=_("Where none of them is right: its unified social credit code."),
    )
    sometimes = ("subject", "identifier")

    @cached_property
    def candidates(self) -> list[Candidate]:
        """What the matcher suggests, and the subjects of the enterprise that was named."""
        found = suggest([self.case], self.user)[0].candidates  # type: ignore[list-item]
        there = {one.key for one in found}
        return [*found, *(one for one in self._named() if one.key not in there)]

    def _named(self) -> list[Candidate]:
        given = str((self.data if self.is_bound else self.initial).get("identifier") or "").strip()
        seen = Enterprise.objects.visible_to(self.user)
        enterprise = seen.filter(identifier=normalise("uscc", given)).first() if given else None
        if enterprise is None:
            return []
        return [_chosen(enterprise, subject) for subject in _subjects(enterprise, self.kind, self.user)]

    @property
    def kind(self) -> str:
        """What titles of this scheme are given to."""
        return str(self.case.scheme.subject)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The subject that was chosen, or the only one of the enterprise that was named."""
        given = super().clean() or {}
        found = self._found(str(given.get("subject") or ""), self._named())
        if found is None and not self.errors:
            self.add_error("subject", self._lacking(given))
        self.cleaned_data = {"subject": found}
        return self.cleaned_data

    def _found(self, key: str, named: list[Candidate]) -> Any:
        kind, _colon, number = key.partition(":")
        if kind in KINDS and number.isdecimal() and len(number) < 19:  # noqa: PLR2004 - a row's number
            return KINDS[kind].objects.visible_to(self.user).filter(pk=int(number)).first()
        return named[0].subject if not key and len(named) == 1 else None

    def _lacking(self, given: dict[str, Any]) -> Any:
        if given.get("subject"):
            return _("There is no such subject in your territory.")
        if given.get("identifier") and not self._named():
            return _(
                "No enterprise with this identifier in your territory has what such a title is given to."
            )
        return _("Choose whom the title belongs to.")

    def arguments(self) -> dict[str, Any]:
        """The subject, and what spoke for it."""
        subject = self.cleaned_data["subject"]
        how = next((one.how for one in self.candidates if one.subject == subject), BY_HAND)
        return {"subject": subject, "how": str(how)}


def _subjects(enterprise: Enterprise, kind: str, user: Any) -> list[Any]:
    """What of the enterprise such a title may belong to, as far as the person sees it."""
    if kind == Subject.ENTERPRISE:
        return [enterprise]
    owner = "manager" if kind == Subject.PARK else "enterprise"
    return list(KINDS[kind].objects.visible_to(user).filter(**{owner: enterprise}).order_by("pk"))


def _chosen(enterprise: Enterprise, subject: Any) -> Candidate:
    return Candidate(enterprise, subject, 0, BY_HAND, sure=False, why=())
