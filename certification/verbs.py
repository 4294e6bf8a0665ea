"""Each verb's action and form, once, for portal, admin and API alike.

The verb in the table = the function in ``actions`` = the address's last part = the audit verb.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certification.application import actions as application
from certification.application.forms import SubmitForm, WithdrawForm
from certification.decision import actions as decision
from certification.decision.forms import AppealForm
from certification.designation import actions as designation
from certification.designation import linking
from certification.designation.forms.linking import LinkForm
from certification.evaluation import actions as evaluation
from certification.evaluation.forms.findings import EvaluateForm
from certification.evaluation.forms.seats import AssignForm
from certification.examination import actions as examination
from certification.examination.forms import CorrectForm, EndorseForm, ExtendForm, SendBackForm, WaiveForm
from certification.notice import actions as notice
from certification.notice import selection
from certification.notice.forms import CommentForm, ContestForm, RelayForm
from certification.panel import actions as panel
from certification.panel.forms import ScoreForm
from certification.surveillance import actions as surveillance
from certification.surveillance.forms import AmendForm, ProposeForm, ReinstateForm, RevokeForm, SuspendForm
from certification.verbforms import OptionalReasonsForm, ReasonsForm, VerbForm
from certification.workflow import Case
from greenchain.refusals import Refused


@dataclass(frozen=True, slots=True)
class Verb:
    """A move as people and programs make it. ``tone``: primary, plain or danger."""

    name: str
    label: Any
    action: Callable[..., Any]
    form: type[VerbForm] = VerbForm
    tone: str = "plain"


def _one(action: Callable[..., Any]) -> Callable[..., Any]:
    """A batch action, for one case."""
    return lambda case, **inputs: action([case], **inputs)


def _by_name(*verbs: Verb) -> Mapping[str, Verb]:
    return {verb.name: verb for verb in verbs}


APPLICATION = _by_name(
    Verb("submit", _("Submit"), application.submit, SubmitForm, "primary"),
    Verb("assign", _("Assign"), evaluation.assign, AssignForm),
    Verb("decline", _("Decline"), evaluation.decline, ReasonsForm),
    Verb("evaluate", _("Evaluate"), evaluation.evaluate, EvaluateForm, "primary"),
    Verb("endorse", _("Endorse"), examination.endorse, EndorseForm, "primary"),
    Verb("send_back", _("Send back"), examination.send_back, SendBackForm),
    Verb("correct", _("Correct"), examination.correct, CorrectForm),
    Verb("extend", _("Extend"), examination.extend, ExtendForm),
    Verb("waive", _("Waive"), examination.waive, WaiveForm),
    Verb("recall", _("Recall"), application.recall),
    Verb("reject", _("Reject"), examination.reject, ReasonsForm, "danger"),
    Verb("draw", _("Draw experts"), panel.draw),
    Verb("score", _("Give points"), panel.score, ScoreForm, "primary"),
    Verb("conclude", _("Conclude"), panel.conclude, VerbForm, "primary"),
    Verb("select", _("Select"), _one(selection.select), OptionalReasonsForm, "primary"),
    Verb("pass_over", _("Pass over"), selection.pass_over, OptionalReasonsForm),
    Verb("contest", _("Object"), notice.lodge, ContestForm),
    Verb("relay", _("Tell the applicant"), notice.relay, RelayForm),
    Verb("comment", _("Comment on the objection"), notice.comment, CommentForm, "primary"),
    Verb("dismiss", _("Dismiss the objection"), notice.dismiss, ReasonsForm),
    Verb("uphold", _("Uphold the objection"), notice.uphold, ReasonsForm),
    Verb("grant", _("Grant"), decision.grant, OptionalReasonsForm, "primary"),
    Verb("refuse", _("Refuse"), decision.refuse, ReasonsForm, "danger"),
    Verb("escalate", _("Escalate"), application.escalate),
    Verb("appeal", _("Appeal"), decision.appeal, AppealForm),
    Verb("confirm", _("Confirm the outcome"), decision.confirm, ReasonsForm),
    Verb("overturn", _("Overturn the outcome"), decision.overturn, ReasonsForm),
    Verb("withdraw", _("Withdraw"), application.withdraw, WithdrawForm, "danger"),
)
DESIGNATION = _by_name(
    Verb("propose", _("Propose removal"), surveillance.propose, ProposeForm),
    Verb("suspend", _("Suspend"), designation.suspend, SuspendForm, "danger"),
    Verb("reinstate", _("Reinstate"), designation.reinstate, ReinstateForm, "primary"),
    Verb("revoke", _("Revoke"), designation.revoke, RevokeForm, "danger"),
    Verb("surrender", _("Surrender"), designation.surrender, ReasonsForm, "danger"),
    Verb("amend", _("Amend"), designation.amend, AmendForm),
    Verb("link", pgettext_lazy("verb", "Link"), linking.link, LinkForm, "primary"),
    Verb("unlink", _("Undo the link"), linking.unlink, ReasonsForm),
    Verb("appeal", _("Appeal"), decision.appeal, AppealForm),
    Verb("confirm", _("Confirm the outcome"), decision.confirm, ReasonsForm),
    Verb("overturn", _("Overturn the outcome"), decision.overturn, ReasonsForm),
)
BY_KIND = {"A": APPLICATION, "D": DESIGNATION}


def verbs_of(case: Case) -> Mapping[str, Verb]:
    """The verbs that people make on this kind of case."""
    return BY_KIND[case.kind]


def find_verb(case: Case, name: str) -> Verb:
    """The verb of that name; Refused with code unknown_verb when there is none."""
    try:
        return verbs_of(case)[name]
    except KeyError:
        raise Refused(_("There is no such move."), code="unknown_verb") from None


def perform(case: Case, name: str, *, by: Any, data: Any, files: Any = None) -> Any:
    """Validate the inputs with the verb's form and call its action.

    Raises ValidationError (a mapping of fields) for bad input, Refused for the rules' no. Who may not make
    the move at all is told so before the input is judged.
    """
    verb = find_verb(case, name)
    case.may_try(name, by)
    form = verb.form(data, files, case=case, user=by)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return verb.action(case, by=by, **form.arguments())
