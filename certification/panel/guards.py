"""Who may be on a panel, blind scoring, and a third expert where two differ."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of
from certification.panel.independence import REASONS, Matter, colleagues, tie
from certification.panel.models import Expert, PanelScore
from certification.panel.standing import dossier_of, standing
from certification.rules import guard
from certification.workflow import Case, Status
from greenchain.accounts.models import Role
from greenchain.refusals import Refused


@guard("fit_for_panel", asks=True)
def _fit(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    """An expert assigned by hand: field and pool are the desk's to judge, independence is not."""
    if inputs.get("part") != Role.EXPERT:
        return
    application, user = application_of(case), inputs.get("user")
    expert = Expert.objects.filter(user=user).select_related("user").prefetch_related("ties").first()
    if expert is None:
        words = _("This person is not in the register of experts.")
        raise Refused(words, code="expert", field="user")
    matter, now = Matter(application), standing(application)
    sitting = [row.expert_id for row in now.given] + [seat.user_id for seat in now.seated]
    others = Expert.objects.filter(user__in=sitting).exclude(user=user)
    why = tie(expert, matter) or ("colleague" if colleagues(expert, others) else "")
    why = why or ("part" if expert.user_id in matter.parts and expert.user_id not in sitting else "")
    if why:
        words = _("%(person)s cannot judge this case: %(why)s.") % {"person": expert, "why": REASONS[why]}
        raise Refused(words, code="independent", field="user")


@guard("short_of_experts")
def _short(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if not standing(application_of(case)).lacking:
        raise Refused(_("The panel is complete."), code="short_of_experts")


@guard("not_scored")
def _not_scored(case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    """Who has given points no longer declines; before the panel nobody has."""
    if case.status == Status.PANEL:
        _blind(case, by, inputs)


@guard("blind")
def _blind(case: Case, by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    mine = PanelScore.objects.filter(application=application, expert=by, dossier=dossier_of(application))
    if mine.exists():
        raise Refused(_("You have scored this case already; scores are not changed."), code="already_done")


@guard("all_scored")
def _all_scored(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    now = standing(application_of(case))
    if len(now.given) < min(now.wanted, 2):
        raise Refused(_("Two experts must have scored."), code="all_scored")


@guard("agreed")
def _agreed(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    now = standing(application_of(case))
    if not now.done:
        raise Refused(
            _("The two experts differ by more than %(threshold)s points; a third must score.")
            % {"threshold": f"{now.threshold:f}".rstrip("0").rstrip(".")},
            code="agreed",
        )
