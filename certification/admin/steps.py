"""The stepper: the route of desks, who has the case, since when and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.application.models import Application
from certification.assessment.models import Assessment
from certification.scheme.models import Evaluating
from certification.templatetags.figures import GLUE, day, seconds
from certification.workflow import OPEN, Status
from greenchain.audit.models import AuditEntry
from greenchain.languages import comma
from suppliers.place.models import Authority

STOPPED = frozenset({Status.REJECTED, Status.REFUSED, Status.NOT_SELECTED, Status.WITHDRAWN, Status.LAPSED})
DONE_BY = {"panel": "conclude", "selection": "select", "notice": "close", "evaluation": "evaluate"}


@dataclass(frozen=True, slots=True)
class Step:
    """One station: ``state`` is done, now, back, stopped or todo."""

    key: str
    name: str
    state: str
    when: str = ""


def left(days: int | None) -> str:
    """How many working days there are, or how many are over."""
    if days is None:
        return ""
    if days == 0:
        return _("last day")
    if days < 0:
        return ngettext("overdue by %(days)d working day", "overdue by %(days)d working days", -days) % {
            "days": -days
        }
    return ngettext("%(days)d working day left", "%(days)d working days left", days) % {"days": days}


def until(application: Application) -> str:
    """The day until which the case must be dealt with, and what is left; "" once the case is over."""
    if application.due_on is None or application.status not in OPEN.split():
        return ""
    told = {"day": day(application.due_on), "left": left(application.days_left)}
    return _("due %(day)s · %(left)s") % told


def steps(application: Application, entries: Sequence[AuditEntry], run: Assessment | None) -> list[Step]:
    """The stations from submission to decision."""
    desks = _desks(application)
    stations = list(_stations(application, desks))
    here = _here(application, entries)
    keys = [key for key, _name in stations]
    at = keys.index(here) if here in keys else len(keys)
    past = _Past(application, entries, run, {f"desk:{desk.pk}": desk.code for desk in desks})
    return [
        Step(key, name, *past.state(key, place, at, application))
        for place, (key, name) in enumerate(stations)
    ]


def _desks(application: Application) -> list[Authority]:
    """The route, and the desk where the case lies if an escalation took it off the route."""
    route = application.route()
    return route if application.desk in route else [*route, application.desk]


def _stations(application: Application, desks: Sequence[Authority]) -> Any:
    call = application.round
    yield "submitted", _("Submitted")
    yield "checked", _("Checked")
    if call.evaluation == Evaluating.REQUIRED or application.status == Status.EVALUATION:
        yield "evaluation", _("Evaluation")
    for desk in desks:
        yield f"desk:{desk.pk}", desk.name
    if call.panel:
        yield "panel", _("Panel")
    yield "selection", _("Selection")
    if call.notice_term(application.level).days:
        yield "notice", _("Public notice")
    yield "decision", _("Decision")


def _here(application: Application, entries: Sequence[AuditEntry]) -> str:
    status = application.status
    if status in STOPPED:
        last = next((entry for entry in reversed(entries) if entry.data.get("to") == status), None)
        status = last.data["from"] if last else Status.DECISION
    match status:
        case Status.DRAFT | Status.RETURNED:
            return "submitted"
        case Status.SUBMITTED:
            return "checked"
        case Status.EXAMINATION:
            return f"desk:{application.desk_id}"
        case Status.GRANTED:
            return ""
        case _:
            return str(status)


class _Past:
    """What the record says of the stations passed."""

    def __init__(
        self,
        application: Application,
        entries: Sequence[AuditEntry],
        run: Assessment | None,
        desks: dict[str, str],
    ) -> None:
        self.run = run
        self.desks = desks
        self.last: dict[str, AuditEntry] = {}
        for entry in entries:
            self.last[entry.verb] = entry
            if entry.verb in {"endorse", "escalate"}:
                self.last[f"{entry.verb}:{entry.data.get('desk')}"] = entry
        self.application = application

    def state(self, key: str, place: int, at: int, application: Application) -> tuple[str, str]:
        """The state of a station and its short text."""
        if place < at:
            return "done", self.when(key)
        if place > at:
            return ("done", self.when(key)) if self.passed(key) else ("todo", "")
        if application.status in STOPPED:
            return "stopped", f"{application.get_status_display()} · {day(application.status_since)}"
        if application.status == Status.RETURNED:
            return "back", " · ".join(filter(None, [_("returned"), until(application)]))
        if application.status == Status.SUBMITTED:
            return "now", _("running")
        return "now", until(application) or _("since %(day)s") % {"day": day(application.status_since)}

    def passed(self, key: str) -> bool:
        """A returned case keeps what was done before it went back."""
        return key == "checked" and self.application.status == Status.RETURNED and self.run is not None

    def when(self, key: str) -> str:
        """When the station was passed."""
        if key == "submitted":
            return self._day("submit")
        if key == "checked":
            return self._checked()
        if key == "decision":
            return self._day("grant")
        if key in self.desks:
            return self._desk(self.desks[key])
        return self._day(DONE_BY[key])

    def _desk(self, code: str) -> str:
        """When the desk endorsed, or that it was passed over because it did not act in time."""
        late = _("not in time") if f"escalate:{code}" in self.last else ""
        return self._day(f"endorse:{code}") or late

    def _day(self, verb: str) -> str:
        return day(self.last[verb].at) if verb in self.last else ""

    def _checked(self) -> str:
        if self.run is None:
            return ""
        return f"{day(self.run.ran_at)}{comma()}{seconds(self.run.duration_ms / 1000).replace(' ', GLUE)}"
