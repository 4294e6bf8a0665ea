"""What must hold whatever people try: looked at from the record and the rows, never from the code that is judged."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from certification.capacity import ALL
from certification.models import Application, Designation
from certification.workflow import MOVES, NEW, OPEN, Move, Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import breaks

KINDS = {"application": "A", "designation": "D"}
LANDINGS = {
    "(after_check)": {"evaluation", "examination"},
    "(after_endorse)": {"examination", "panel", "selection"},
    "(recalled)": {"examination"},
    "(after_select)": {"notice", "decision"},
    "(level_desk)": {"examination"},
    "(where_it_was)": {
        "examination",
        "panel",
        "selection",
        "decision",
        "returned",
        "draft",
        "evaluation",
        "current",
    },
}
STAYS = {"=", "(one_level_up)"}


class Laws:
    """The laws, and how far the record has been read."""

    def __init__(self) -> None:
        self.read_to = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.status: dict[str, str] = {}

    def broken(self) -> list[str]:
        """Every law that what happened since the last look has broken."""
        fresh = list(AuditEntry.objects.filter(pk__gt=self.read_to).order_by("pk").select_related("actor"))
        found = [words for entry in fresh for words in self._of_entry(entry)]
        if fresh:
            self.read_to = fresh[-1].pk
        return [*found, *self._of_rows()]

    def _of_entry(self, entry: AuditEntry) -> Iterator[str]:
        model, _colon, _key = entry.chain.partition(":")
        data = entry.data
        if model not in KINDS or "to" not in data:
            return
        rows = [move for move in MOVES if (move.case, move.verb) == (KINDS[model], entry.verb)]
        fitting = [move for move in rows if _fits(move, data["from"], data["to"])]
        if not fitting:
            yield f"{entry}: {data['from']} → {data['to']} stands in no row of the table"
        if data["from"] != self.status.get(entry.chain, ""):
            yield f"{entry}: starts from {data['from']}, but the case stood at {self.status.get(entry.chain)}"
        self.status[entry.chain] = data["to"]
        roles = {role.partition("@")[0] for move in fitting for role in move.roles}
        who = entry.content["role"]
        parts = {
            "enterprise": {"owner", "editor"},
            "evaluator": {"evaluator", "seat"},
            "expert": {"expert", "seat"},
        }
        if "anyone" not in roles and not roles & (
            {who} | parts.get(who, set()) | ({"endorser", "seat"} if who == "auditor" else set())
        ):
            yield f"{entry}: made by {who}, the table wants {sorted(roles)}"
        yield from _apart(entry, fitting)

    def _of_rows(self) -> Iterator[str]:
        rows = Application.objects.select_related("scheme_version__scheme", "round", "home")
        opened: Counter[Any] = Counter()
        granted: Counter[Any] = Counter()
        for case in rows:
            chain = f"application:{case.pk}"
            if case.status != self.status.get(chain):
                yield f"{case}: stands at {case.status}, its record at {self.status.get(chain)}"
            if case.status in OPEN.split():
                opened[(case.scheme_version.scheme.key, case.level, case.subject_key, case.subject.pk)] += 1
            if case.status == Status.GRANTED:
                granted[(case.round, case.level, case.deciding_authority().code)] += 1
        yield from (f"{key} has {count} open cases" for key, count in opened.items() if count > 1)
        for (call, level, code), count in granted.items():
            if (quota := call.quota_at(level)) is not None and count > quota:
                yield f"{code} granted {count} titles at level {level} in {call.code}, the quota is {quota}"
        for title in Designation.objects.select_related("decision"):
            if title.status != self.status.get(f"designation:{title.pk}"):
                yield f"{title}: stands at {title.status}, its record elsewhere"
            if not hasattr(title, "decision"):
                yield f"{title}: there is no decision behind it"


def whole() -> list[str]:
    """The record is whole: no entry lost, changed or out of its place."""
    return [str(each) for each in breaks()]


def _fits(move: Move, before: str, after: str) -> bool:
    source = NEW if before == "" else before
    if source not in move.source:
        return False
    if move.to in STAYS:
        return after == before
    return after in LANDINGS.get(move.to, {move.to})


def _apart(entry: AuditEntry, moves: list[Move]) -> Iterator[str]:
    """Nobody decides where they took part before."""
    wanted = {verb for move in moves for verb in move.apart_from}
    if entry.actor_id is None or not wanted:
        return
    earlier = AuditEntry.objects.filter(chain=entry.chain, seq__lt=entry.seq, actor=entry.actor_id)
    mine = set(earlier.values_list("verb", flat=True))
    barred = mine - {verb.removeprefix("-") for verb in wanted} if ALL in wanted else mine & wanted
    if barred:
        yield f"{entry}: by who had made {sorted(barred)} on the case"
