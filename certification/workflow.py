"""The whole life of a case on one page: statuses, the table of moves, and the one door, ``Case.advance``.

A = application, D = designation. Roles read ``role@place``; places are the case's desk, its level, or above, and home:
the authority of the title's place and those above it.
"=" leaves the status unchanged; a word in parentheses names a route that computes where the case lands.
Rules marked ours (not the ministry's): suspension, recall, escalation. Guards and routes are registered
by key in the stages (``rules``).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.capacity import barred, capacity_of, is_above, stands_in, told_of, took_part, words_of
from certification.rules import ASKING, GUARDS, ROUTES, Landing
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history, record
from greenchain.clock import now
from greenchain.refusals import NotYours, Refused


class Status(models.TextChoices):
    """Where a case stands; the words of design, code, pages and API alike."""

    DRAFT = "draft", gettext_lazy("draft")
    SUBMITTED = "submitted", gettext_lazy("submitted")
    EVALUATION = "evaluation", gettext_lazy("evaluation")
    EXAMINATION = "examination", gettext_lazy("examination")
    RETURNED = "returned", gettext_lazy("returned")
    PANEL = "panel", gettext_lazy("panel")
    SELECTION = "selection", gettext_lazy("selection")
    NOTICE = "notice", gettext_lazy("public notice")
    DECISION = "decision", gettext_lazy("decision")
    GRANTED = "granted", gettext_lazy("granted")
    REFUSED = "refused", gettext_lazy("refused")
    REJECTED = "rejected", gettext_lazy("rejected")
    NOT_SELECTED = "not_selected", gettext_lazy("not selected")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")
    LAPSED = "lapsed", gettext_lazy("lapsed")
    CURRENT = "current", gettext_lazy("current")
    SUSPENDED = "suspended", gettext_lazy("suspended")
    REVOKED = "revoked", gettext_lazy("revoked")
    SURRENDERED = "surrendered", gettext_lazy("surrendered")
    EXPIRED = "expired", gettext_lazy("expired")
    SUPERSEDED = "superseded", gettext_lazy("superseded")


OPEN = "draft submitted evaluation examination returned panel selection notice decision"
NEW = "-"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    case: str
    verb: str
    source: frozenset[str]
    to: str
    roles: tuple[str, ...]
    apart_from: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


def _rows(table: str) -> Iterator[Move]:
    for line in filter(None, (line.strip() for line in table.splitlines())):
        case, verb, source, to, roles, apart_from, guards = (cell.strip() for cell in line.split("|"))
        yield Move(
            case,
            verb,
            frozenset((OPEN if source == "open" else source).split()),
            to,
            tuple(roles.split()),
            tuple(apart_from.split()),
            tuple(guards.split()),
        )


# case | verb | from | to | roles | apart from | guards
MOVES = tuple(
    _rows("""
A | start     | -                            | draft             | owner editor            |                | offered subject_free not_barred
A | submit    | draft                        | submitted         | owner                   |                | commitment round_open local_gates complete no_confirmed_veto titles_required
A | submit    | returned                     | submitted         | owner                   |                | commitment before_due local_gates only_named_changed
A | check     | submitted                    | (after_check)     | system                  |                | run_stored
A | assign    | evaluation examination panel | =                 | auditor@desk owner      |                | independent body_accepted within_cap fit_for_panel
A | draw      | panel                        | =                 | system auditor@desk     |                | short_of_experts
A | decline   | evaluation panel             | =                 | seat                    |                | not_scored reasons
A | evaluate  | evaluation                   | examination       | evaluator               |                | independent author_reviewer_signatory body_accepted all_points
A | correct   | examination                  | =                 | auditor@desk            |                | correction
A | send_back | evaluation examination       | returned          | evaluator auditor@desk  |                | reason_codes due_on tries_left
A | extend    | returned                     | =                 | auditor@desk            |                | new_due_on
A | waive     | examination decision         | =                 | approver@desk           | ALL -waive     | requested reasons until
A | endorse   | examination                  | (after_endorse)   | auditor@desk            | evaluate       | checks_fresh nothing_blocking pass_score consulted nonconformities_closed
A | recall    | examination panel selection  | (recalled)        | endorser                |                | nobody_acted_since
A | reject    | examination panel            | rejected          | auditor@desk            | evaluate score | reasons
A | score     | panel                        | =                 | expert                  | evaluate endorse | independent blind
A | conclude  | panel                        | selection         | auditor@level           | evaluate score | all_scored agreed pass_score
A | select    | selection                    | (after_select)    | approver@level          |                | within_quota rank_or_reasons
A | pass_over | selection                    | not_selected      | approver@level          |                | rank_shown rank_or_reasons
A | contest   | notice                       | =                 | anyone                  |                | notice_running identified
A | relay     | notice                       | =                 | approver@level          | ALL -relay     | objection_open comment_by
A | comment   | notice                       | =                 | owner editor            |                | comment_open
A | dismiss   | notice                       | =                 | approver@level          | ALL -relay     | objection_open reasons
A | uphold    | notice                       | (level_desk)      | approver@level          | ALL -relay     | objection_open reasons
A | close     | notice                       | decision          | system                  |                | notice_over no_open_objection
A | grant     | decision                     | granted           | approver@level          | ALL -select    | checks_fresh nothing_blocking no_confirmed_veto titles_required not_suspended within_quota
A | refuse    | decision                     | refused           | approver@level          | ALL -select    | reasons
A | withdraw  | open                         | withdrawn         | owner                   |                | reasons_unless_draft
A | lapse     | draft returned evaluation    | lapsed            | system                  |                | due_over
A | escalate  | examination panel notice decision | (one_level_up) | system auditor@desk    |                | overdue
A | appeal    | rejected refused lapsed      | =                 | owner                   |                | within_days first_time reasons
A | confirm   | rejected refused lapsed      | =                 | approver@up             | ALL            | appeal_open reasons
A | overturn  | rejected refused lapsed      | (where_it_was)    | approver@up             | ALL            | appeal_open reasons subject_free
D | issue     | -                            | current           | system                  |                | one_current
D | propose   | current suspended            | =                 | auditor@level system    |                | cause reasons reply_by
D | suspend   | current                      | suspended         | approver@level system   | propose        | hearing_over reasons until
D | reinstate | suspended                    | current           | approver@level          |                | cause_cured
D | revoke    | current suspended            | revoked           | approver@level          | propose        | cause heard
D | surrender | current suspended            | surrendered       | owner                   |                | reasons
D | end       | current suspended            | revoked           | system                  |                | no_fault
D | restore_title | revoked                  | (where_it_was)    | system                  |                | subject_free
D | expire    | current suspended            | expired           | system                  |                | validity_over no_renewal_in_grace
D | supersede | current                      | superseded        | system                  |                |
D | amend     | current suspended            | =                 | approver@level system   |                | amendment reasons
D | link      | current suspended            | =                 | auditor@home approver@home |             | not_linked
D | unlink    | current suspended            | =                 | auditor@home approver@home |             | linked_by_hand reasons
D | appeal    | suspended revoked            | =                 | owner                   |                | within_days first_time reasons
D | confirm   | suspended revoked            | =                 | approver@up             | ALL            | appeal_open reasons
D | overturn  | suspended revoked            | (where_it_was)    | approver@up             | ALL            | appeal_open reasons subject_free
""")
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as a person meets it on the case: open to them, or why not."""

    verb: str
    allowed: bool
    code: str = ""
    why: str = ""
    note: str = ""
    """In whose place, or from where, the person would make it."""


class Case(models.Model):
    """An application or a designation: a row whose status changes through ``advance`` and in no other way."""

    kind = ""
    known: dict[str, Any]
    """What was read of the case's posts and record, until it is read anew or moved."""
    status = models.CharField(gettext_lazy("status"), max_length=16, choices=Status)
    status_since = models.DateTimeField(default=now)

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {}

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read anew."""
        self.known = {}
        super().refresh_from_db(*args, **kwargs)

    def acting(self) -> Any:
        """The authority that must act: an application's desk, a designation's authority."""
        raise NotImplementedError

    def at_home(self) -> Any:
        """The authority of the place that the case is about."""
        return self.acting()

    def has_part(self, user: Any, part: str) -> bool:
        """Whether the person is this case's owner, editor, evaluator, expert, seat or endorser."""
        raise NotImplementedError

    def holds(self, by: Any, role: str) -> bool:
        """Whether ``by`` holds a role of the table on this case; None is the system."""
        name, _at, place = role.partition("@")
        if by is None or name in {"system", "anyone"}:
            return name == "anyone" or (name == "system" and by is None)
        if not place:
            return self.has_part(by, name)
        desk = self.at_home() if place == "home" else self.acting()
        if by.role != name or by.authority is None or desk is None:
            return False
        if place in {"up", "home"} or by.authority_id == desk.pk:
            return bool(desk.path.startswith(by.authority.path))
        return is_above(self, by) and stands_in(self, by, name)

    def acted(self) -> Any:
        """The entries so far."""
        return history(self).filter(actor__isnull=False).only("actor", "verb")

    def handed_to(self) -> Any:
        """The keys of the people to whom the case is handed."""
        return ()

    @transaction.atomic
    def advance(self, verb: str, *, by: Any = None, **inputs: Any) -> AuditEntry:
        """Move the case: lock, judge, write, record. ``by`` None is the system.

        Raises NotYours (403) for the wrong person, Refused (409) for the wrong status or a guard's no.
        """
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update(of=("self",)))
        move = self._move(verb, by)
        self._judge(move, by, inputs)
        told = told_of(self, move, by)
        landing = self._landing(move, by, inputs)
        before = self.status
        if landing.status != before:
            self.status, self.status_since = landing.status, now()
        for name, value in landing.changes.items():
            setattr(self, name, value)
        self.save()
        self.known = {}
        return record(verb, self, by=by, **{"from": before, "to": self.status}, **inputs, **told)

    @transaction.atomic
    def begin(self, verb: str, *, by: Any = None, **inputs: Any) -> AuditEntry:
        """Make a new case by its first move (from "-"); the row is saved and recorded."""
        move = next(move for move in table(self.kind) if move.verb == verb and NEW in move.source)
        if not self._held(move, by):
            raise NotYours(_("This move is not yours to make."), code="not_yours")
        self._judge(move, by, inputs)
        self.status, self.status_since = move.to, now()
        self.save(force_insert=True)
        return record(verb, self, by=by, **{"from": "", "to": self.status}, **inputs)

    def may_try(self, verb: str, by: Any) -> None:
        """Refuse now whom the table refuses in any case: the wrong person, status or earlier part."""
        self._judge(self._move(verb, by), by, {}, guards=False)

    def is_apart(self, verb: str, person: Any) -> bool:
        """Whether an earlier part in this case keeps the person from a move that their role could make."""
        rows = [move for move in table(self.kind) if move.verb == verb and move.apart_from]
        return any(person.pk in barred(self, move.apart_from) for move in rows)

    def offers(self, user: Any) -> list[Offer]:
        """The moves that this status knows and this person's part could make."""
        return [
            self._offer(move, user)
            for move in table(self.kind)
            if self.status in move.source and self._held(move, user)
        ]

    def offer(self, verb: str, user: Any, *, but: Collection[str] = ()) -> Offer | None:
        """One of the moves; None where this status or person has no part in it. Judges no other move.

        Guards named in ``but`` are left to the move itself.
        """
        for move in table(self.kind):
            if move.verb == verb and self.status in move.source and self._held(move, user):
                return self._offer(move, user, but)
        return None

    def _offer(self, move: Move, user: Any, but: Collection[str] = ()) -> Offer:
        try:
            self._judge(move, user, {}, but=ASKING.union(but))
        except Refused as no:
            return Offer(move.verb, allowed=False, code=no.code, why=str(no))
        return Offer(move.verb, allowed=True, note=words_of(self, move, user))

    def _move(self, verb: str, by: Any) -> Move:
        rows = [move for move in table(self.kind) if move.verb == verb]
        if not rows:
            raise Refused(_("There is no such move."), code="unknown_verb")
        if not any(self._held(move, by) for move in rows):
            raise NotYours(_("This move is not yours to make."), code="not_yours")
        for move in rows:
            if self.status in move.source and self._held(move, by):
                return move
        raise self._too_late(verb)

    def _too_late(self, verb: str) -> Refused:
        last = history(self).filter(actor__isnull=False).order_by("-seq").first()
        if last and last.verb == verb:
            return Refused(_("This has been done already."), code="already_done")
        status = self.get_status_display()
        return Refused(
            _("This cannot be done while the case is in “%(status)s”.") % {"status": status},
            code="wrong_status",
        )

    def _held(self, move: Move, by: Any) -> bool:
        return capacity_of(self, move, by) is not None

    def _judge(
        self,
        move: Move,
        by: Any,
        inputs: Mapping[str, Any],
        *,
        guards: bool = True,
        but: Collection[str] = (),
    ) -> None:
        if move.apart_from and by is not None and self.pk and by.pk in barred(self, move.apart_from):
            raise NotYours(took_part(self, move, by), code="apart_from")
        for key in move.guards if guards else ():
            if key not in but:
                GUARDS[key](self, by, inputs)

    def _landing(self, move: Move, by: Any, inputs: Mapping[str, Any]) -> Landing:
        if move.to == "=":
            return Landing(self.status)
        if move.to.startswith("("):
            return ROUTES[move.to.strip("()")](self, by, inputs)
        return Landing(move.to)


def table(kind: str) -> list[Move]:
    """The rows for applications (A) or designations (D)."""
    return [move for move in MOVES if move.case == kind]
