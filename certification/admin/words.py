"""What the record's verbs are called when people read them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.verbs import APPLICATION, DESIGNATION
from certification.workflow import Status
from greenchain.audit.models import AuditEntry

STATUSES = dict(Status.choices)
DONE: dict[str, Any] = {
    "start": gettext_lazy("Draft started"),
    "fill_in": gettext_lazy("Filled in"),
    "cite": gettext_lazy("Evidence cited"),
    "uncite": gettext_lazy("Evidence no longer cited"),
    "submit": gettext_lazy("Submitted"),
    "check": gettext_lazy("Checked"),
    "recheck": gettext_lazy("Checked again"),
    "assign": gettext_lazy("Assigned"),
    "declare": gettext_lazy("Independence declared"),
    "decline": gettext_lazy("Seat declined"),
    "fall_back": gettext_lazy("Fell back: its holder left"),
    "save_worksheet": gettext_lazy("Evaluator's draft kept"),
    "add_visit": gettext_lazy("Site visit recorded"),
    "time_out": gettext_lazy("Evaluator did not answer in time"),
    "expert_late": gettext_lazy("Expert did not score in time"),
    "evaluate": gettext_lazy("Evaluated"),
    "correct": gettext_lazy("Corrected"),
    "send_back": gettext_lazy("Sent back"),
    "ask": gettext_lazy("The applicant was asked"),
    "ask_again": gettext_lazy("The applicant was asked again"),
    "answer": gettext_lazy("The applicant answered"),
    "settle_question": gettext_lazy("Question settled"),
    "plan_visit": gettext_lazy("Visit planned"),
    "move_visit": gettext_lazy("Visit moved"),
    "cancel_visit": gettext_lazy("Visit cancelled"),
    "find_on_site": gettext_lazy("Found on site"),
    "sign_visit": gettext_lazy("Findings on site signed"),
    "finish_visit": gettext_lazy("Visit finished, findings told"),
    "raise_nonconformity": gettext_lazy("Nonconformity raised"),
    "respond": gettext_lazy("The applicant told of a correction"),
    "accept_correction": gettext_lazy("Correction accepted"),
    "reject_correction": gettext_lazy("Correction turned down"),
    "drop_nonconformity": gettext_lazy("Nonconformity dropped"),
    "extend": gettext_lazy("Time extended"),
    "waive": gettext_lazy("Finding waived"),
    "consult": gettext_lazy("Departments asked"),
    "hear": gettext_lazy("Department's reply entered"),
    "settle": gettext_lazy("Department's answer settled"),
    "recommend": gettext_lazy("Recommended to the level above"),
    "seal": gettext_lazy("Sealed recommendation attached"),
    "endorse": gettext_lazy("Endorsed"),
    "recall": gettext_lazy("Recalled"),
    "reject": gettext_lazy("Rejected"),
    "draw": gettext_lazy("Experts drawn"),
    "score": gettext_lazy("Scored by an expert"),
    "open_scores": gettext_lazy("Panel's points opened"),
    "conclude": gettext_lazy("Panel concluded"),
    "select": gettext_lazy("Selected"),
    "pass_over": gettext_lazy("Passed over"),
    "contest": gettext_lazy("Objection received"),
    "relay": gettext_lazy("Applicant told of an objection"),
    "comment": gettext_lazy("Applicant commented on an objection"),
    "dismiss": gettext_lazy("Objection dismissed"),
    "uphold": gettext_lazy("Objection upheld"),
    "close": gettext_lazy("Public notice closed"),
    "grant": gettext_lazy("Granted"),
    "refuse": gettext_lazy("Refused"),
    "withdraw": gettext_lazy("Withdrawn"),
    "lapse": gettext_lazy("Lapsed"),
    "escalate": gettext_lazy("Escalated"),
    "appeal": gettext_lazy("Appealed"),
    "confirm": gettext_lazy("Appeal lost, outcome confirmed"),
    "overturn": gettext_lazy("Appeal won, outcome overturned"),
    "issue": gettext_lazy("Title issued"),
    "propose": gettext_lazy("Removal proposed"),
    "reply": gettext_lazy("Holder answered"),
    "suspend": gettext_lazy("Suspended"),
    "reinstate": gettext_lazy("Reinstated"),
    "revoke": gettext_lazy("Revoked"),
    "surrender": gettext_lazy("Surrendered"),
    "expire": gettext_lazy("Expired"),
    "supersede": gettext_lazy("Superseded"),
    "amend": gettext_lazy("Amended"),
    "link": gettext_lazy("Linked with its subject"),
    "unlink": gettext_lazy("Link undone"),
    "file_form": gettext_lazy("Annual form filed"),
    "keep_form": gettext_lazy("Annual form filled in"),
    "rebenchmark": gettext_lazy("Measured by the new rules"),
    "give_opinion": gettext_lazy("Opinion of the annual form"),
    "remind_duty": gettext_lazy("Reminded of a duty"),
    "drop_proposal": gettext_lazy("Proposal dropped"),
    "invite": gettext_lazy("Invited to renew"),
    "hold": gettext_lazy("Suspended at once after an accident"),
    "hold_overdue": gettext_lazy("Suspension after an accident still to be confirmed"),
    "confirm_hold": gettext_lazy("Suspension after an accident confirmed"),
    "end": gettext_lazy("Ended without fault"),
    "restore_title": gettext_lazy("Restored: the change was undone"),
    "take_part": gettext_lazy("Takes part in the green code"),
    "stay_out": gettext_lazy("No longer takes part in the green code"),
    "prepare_codes": gettext_lazy("Dry run prepared"),
    "freeze_codes": gettext_lazy("Snapshot frozen and ranked"),
    "prove_codes": gettext_lazy("Made again and compared"),
    "publish_codes": gettext_lazy("Codes published"),
    "withdraw_codes": gettext_lazy("Codes withdrawn"),
    "give_up_codes": gettext_lazy("Broken off"),
}
SAID = (
    "substance",
    "reasons",
    "opinion",
    "note",
    "text",
    "description",
    "correction",
    "remark",
    "statement",
    "cured",
    "trigger",
)
"""What a verb recorded in words."""
_WENT_UP = {
    "took_part": gettext_lazy("went up: everybody who is left at %(desk)s took part"),
    "nobody": gettext_lazy("went up: nobody is left at %(desk)s"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    at: Any
    words: str
    by: str
    note: str
    digest: str
    verb: str
    times: int = 1


def done(verb: str) -> str:
    """The verb as something that happened; one that pages do not know stands as it is."""
    label = DONE.get(verb) or next(
        (found[verb].label for found in (APPLICATION, DESIGNATION) if verb in found), None
    )
    return str(label or verb.replace("_", " "))


def told(entries: Sequence[AuditEntry]) -> list[Line]:
    """The entries as lines in the given order; the same thing by the same person in a row is one line."""
    lines: list[Line] = []
    for entry in entries:
        line = _line(entry)
        if (
            lines
            and (lines[-1].verb, lines[-1].by) == (line.verb, line.by)
            and line.verb in {"fill_in", "cite", "uncite"}
        ):
            lines[-1] = _once_more(lines[-1], line.verb)
        else:
            lines.append(line)
    return lines


def _once_more(line: Line, verb: str) -> Line:
    times = line.times + 1
    note = ngettext("%(times)d time in a row", "%(times)d times in a row", times) % {"times": times}
    return replace(line, times=times, words=done(verb), note=note)


def _line(entry: AuditEntry) -> Line:
    content = entry.content
    who = (
        content.get("name"),
        content.get("role") if content.get("name") else _("the system"),
        content.get("authority"),
    )
    return Line(
        entry.at,
        done(entry.verb),
        " · ".join(filter(None, who)),
        _note(content["data"]),
        entry.digest,
        entry.verb,
    )


def _note(data: dict[str, Any]) -> str:
    before, after = str(data.get("from") or ""), str(data.get("to") or "")
    parts = (
        [f"{STATUSES.get(before, before)} → {STATUSES.get(after, after)}"]
        if before and before != after
        else []
    )
    if data.get("before") is not None and data.get("after") is not None:
        parts.append(
            _("%(code)s changed from %(before)s to %(after)s") % {"code": data.get("code", ""), **data}
        )
    if data.get("due_on"):
        parts.append(_("answer by %(day)s") % {"day": data["due_on"]})
    if data.get("standing_in_for"):
        parts.append(_("standing in for %(person)s") % {"person": data["standing_in_for"]})
    if data.get("went_up_from"):
        parts.append(_WENT_UP[data["because"]] % {"desk": data["went_up_from"]})
    parts += [str(data[key]) for key in SAID if data.get(key)]
    return " · ".join(parts)
