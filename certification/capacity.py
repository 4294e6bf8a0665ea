"""In what capacity a person makes a move: for their own desk, for somebody who is away, or from above.

Rule of ours (not the ministry's): where nobody who is left of a role at the desk may make a move, because each took
part earlier or because there is nobody, the officials of that role at the next authority above may, and so on
upwards. The case stays where it lies. Nobody becomes independent by standing in: everybody's own parts count.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from greenchain.accounts.models import Absence
from greenchain.accounts.posts import Post, posts

if TYPE_CHECKING:
    from certification.workflow import Case, Move

HERE = frozenset({"desk", "level"})
"""Places of the table that name one authority."""
ALL = "ALL"
"""Apart from every earlier part but those named with a minus."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the entry of a move tells of the right by which it was made; nothing where it was the person's own."""

    standing_in_for: str = ""
    went_up_from: str = ""
    because: str = ""

    def told(self) -> dict[str, str]:
        """As inputs of the entry."""
        return {key: value for key, value in asdict(self).items() if value}

    def words(self, case: "Case", by: Any) -> str:
        """As the case's page says it."""
        if self.went_up_from:
            return nobody_here(case, by.authority)
        return _("You stand in for %(person)s.") % {"person": self.standing_in_for} if self.told() else ""


OWN = Capacity()


def capacity_of(case: "Case", move: "Move", by: Any) -> Capacity | None:
    """In what right the person makes the move; None where it is not theirs at all. Free for the desk's own people."""
    above = is_above(case, by)
    if any(case.holds(by, role) for role in move.roles if not (above and place_of(role) in HERE)):
        return OWN
    return _from_above(case, move, by) if above and by.role in _names(move) else None


def told_of(case: "Case", move: "Move", by: Any) -> dict[str, str]:
    """What the entry says of that right; of colleagues at one desk only where the case was handed to who is away."""
    capacity = capacity_of(case, move, by) or OWN
    if capacity is OWN and getattr(by, "is_official", False):
        away = Absence.objects.running().filter(stand_in=by, person__in=case.handed_to())
        capacity = Capacity(standing_in_for=away.values_list("person__username", flat=True).first() or "")
    return capacity.told()


def words_of(case: "Case", move: "Move", by: Any) -> str:
    """What the case's page says of that right; empty where it is the person's own."""
    return (capacity_of(case, move, by) or OWN).words(case, by)


def barred(case: "Case", verbs: tuple[str, ...]) -> set[int]:
    """The people whom an earlier part keeps from a move that is apart from these verbs."""
    if "parts" not in case.known:
        case.known["parts"] = {(entry.actor_id, entry.verb) for entry in case.acted() if entry.actor_id}
    named = {verb.removeprefix("-") for verb in verbs}
    return {actor for actor, verb in case.known["parts"] if (verb in named) != (ALL in verbs)}


def is_above(case: "Case", by: Any) -> bool:
    """Whether an official serves an authority above the case's desk."""
    desk = case.acting()
    official = getattr(by, "is_official", False) and desk is not None and by.authority_id != desk.pk
    return official and bool(desk.path.startswith(by.authority.path))


def place_of(role: str) -> str:
    """The place of a role of the table; empty where it has none."""
    return role.partition("@")[2]


def _names(move: "Move") -> set[str]:
    """The roles that make the move at one authority."""
    return {role.partition("@")[0] for role in move.roles if place_of(role) in HERE}


def way_up(case: "Case") -> list[str]:
    """The codes of the desk and of the authorities above it, nearest first."""
    desk = case.acting()
    return desk.path.strip("/").split("/")[::-1] if desk else []


def posts_up(case: "Case", role: str) -> list[Post]:
    """The posts of a role at the desk and above it; read once per reading of the case."""
    if role not in case.known:
        case.known[role] = posts(role, way_up(case))
    found: list[Post] = case.known[role]
    return found


def stands_in(case: "Case", by: Any, role: str) -> bool:
    """Whether ``by``, of an authority above, fills a post at the desk for somebody who is away."""
    return way_up(case)[0] in {post.place for post in _filled(case, by, role)}


def _filled(case: "Case", by: Any, role: str) -> Iterable[Post]:
    return (post for post in posts_up(case, role) if post.stood_in and post.filled_by == by.pk)


def _from_above(case: "Case", move: "Move", by: Any) -> Capacity | None:
    """The right of ``by``, who serves an authority above the desk, to make the move; None without one."""
    stood_in = {post.place: post.holder for post in _filled(case, by, by.role)}
    desk, *_above = way_up(case)
    because = ""
    for place in way_up(case):
        if place in stood_in or place == by.authority.code:
            came = {"went_up_from": desk, "because": because} if place != desk else {}
            return Capacity(standing_in_for=stood_in.get(place, ""), **came)
        if _left_at(case, move, place, by.role):
            return None
        because = because or ("took_part" if _fillers(case, place, by.role) else "nobody")
    return None


def next_place(case: "Case", move: "Move", role: str) -> str:
    """The code of the nearest authority, the desk first, where somebody may make the move; empty where nobody may."""
    return next((place for place in way_up(case) if _left_at(case, move, place, role)), "")


def _fillers(case: "Case", place: str, role: str) -> set[int]:
    return {post.filled_by for post in posts_up(case, role) if post.place == place and post.filled_by}


def _left_at(case: "Case", move: "Move", place: str, role: str) -> bool:
    here = _fillers(case, place, role)
    return bool(here - barred(case, move.apart_from) if here and move.apart_from else here)


def took_part(case: "Case", move: "Move", by: Any) -> str:
    """Why who took part may not make the move, and who may."""
    words = _("You took part in this case earlier; somebody else must do this.")
    desk = case.acting()
    if by.role not in _names(move) or desk is None:
        return words
    code = next_place(case, move, by.role)
    if code == desk.code:
        return words
    above = next((each for each in desk.lineage() if each.code == code), None)
    return f"{words} {nobody_here(case, above)}"


def nobody_here(case: "Case", above: Any) -> str:
    """That the act goes up, and where to."""
    if above is None:
        return _("Nobody at %(desk)s or above it may do this.") % {"desk": case.acting()}
    return _("Nobody at %(desk)s may do this: it goes to %(above)s.") % {
        "desk": case.acting(),
        "above": above,
    }
