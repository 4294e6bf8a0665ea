"""Applications and titles in the admin: read within the scope, moved by the verbs of the table only."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from certification.verbs import BY_KIND, find_verb, perform
from certification.workflow import Case, Offer
from greenchain.audit.acts import Act, Button
from greenchain.audit.desk import Desk

C = TypeVar("C", bound=Case)
PUBLIC = "contest"
"""Officials answer objections; who has one makes it on the public page."""
SHOWN = 3
"""Moves that stand as buttons; the others, and those not open now, stand under "More"."""


class CaseDesk(Desk[C]):
    """A case's moves are its acts: the verb's form on a page of its own, made by ``perform``."""

    def act_names(self) -> list[str]:
        """The verbs of this kind of case."""
        return list(BY_KIND[self.model.kind])

    def act_named(self, row: C, name: str) -> Act:
        """The verb as an act."""
        verb = find_verb(row, name)
        return Act(verb.name, verb.label, verb.action, verb.form, verb.tone)

    def may(self, request: HttpRequest, row: C, act: Act) -> None:
        """Who may not make the move at all is told so before anything is asked."""
        row.may_try(act.name, request.user)

    def form_of(self, request: HttpRequest, row: C | None, act: Act) -> Any:
        """The verb's form, which knows the case and the person."""
        if request.method == "POST":
            return act.form(request.POST, request.FILES, case=row, user=request.user)  # type: ignore[call-arg]
        return act.form(initial=request.GET.dict(), case=row, user=request.user)  # type: ignore[call-arg]

    def do(self, request: HttpRequest, row: C, act: Act, form: Any) -> Any:
        """Through the one door."""
        try:
            return perform(row, act.name, by=request.user, data=request.POST, files=request.FILES)
        except ValidationError as wrong:  # it was right a moment ago: somebody else changed something
            form.add_error(None, list(wrong.messages))
            return None

    def done(self, request: HttpRequest, row: C, act: Act) -> HttpResponse:
        """Say where the case stands now."""
        fresh = type(row)._default_manager.get(pk=row.pk)
        told = {"move": act.label, "status": fresh.get_status_display(), "desk": fresh.acting()}
        if row.kind == "D":
            words = _("%(move)s: done. The title stands at “%(status)s”; %(desk)s keeps it.")
        else:
            words = _("%(move)s: done. The case is at “%(status)s” with %(desk)s.")
        messages.success(request, words % told)
        return HttpResponseRedirect(self.url_of(row))

    def buttons(self, request: HttpRequest, row: C) -> list[Button]:
        """The offers of the table to this person."""
        return self.buttons_from(row, row.offers(request.user))

    def buttons_from(self, row: C, offers: Sequence[Offer]) -> list[Button]:
        """Each offer as a button: what is open first, the primary one in front."""
        found = BY_KIND[row.kind]
        made = [
            Button(
                found[offer.verb].label,
                self.url_of(row, offer.verb),
                found[offer.verb].tone,
                offer.allowed,
                offer.why,
                offer.verb in RARE,
            )
            for offer in offers
            if offer.verb in found and offer.verb != PUBLIC
        ]
        return sorted(made, key=lambda button: (not button.allowed, _ORDER.index(button.tone), button.rare))


_ORDER = ("primary", "plain", "danger")
RARE = frozenset({"assign", "extend", "escalate", "waive", "amend"})
""""More" holds them, where there is something more common to do."""


def shown_and_more(buttons: list[Button]) -> tuple[list[Button], list[Button]]:
    """The few that stand open on the title line, and the rest with the reasons why not."""
    shown = [button for button in buttons if button.allowed][:SHOWN]
    return shown, [button for button in buttons if button not in shown]
