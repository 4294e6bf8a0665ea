"""To whom titles without a link may belong: the matcher's answer for a list's name, and what the register adds to it.

Sure (rule of ours) is a title whose name is wholly that of one enterprise or park only, of which the place agrees with
the list's province, and the site is beyond doubt: its only one where the list names no part, else the one that bears
the name of the part. Who holds such a title already is never sure. Everything else asks a person.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.designation.guards import STANDING
from certification.designation.models import Designation
from certification.scheme.models import Subject
from certification.scheme.subject import key_of, region_of
from suppliers.enterprise.identity import spelled
from suppliers.enterprise.likeness import How, Likeness, Match, chunks
from suppliers.enterprise.models import Enterprise, Park, Site

Named = Callable[[Iterable[str]], dict[str, list[Match]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject that a title may belong to; None where the enterprise has no site yet. ``why``: in sentences."""

    enterprise: Enterprise
    subject: Any
    score: int
    how: str
    sure: bool
    why: tuple[str, ...]

    @property
    def key(self) -> str:
        """``site:12``; empty where there is nothing to link with."""
        return f"{key_of(self.subject)}:{self.subject.pk}" if self.subject else ""


@dataclass(slots=True)
class Suggestion:
    """A title and whom it may belong to, the likeliest first."""

    title: Designation
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def sure(self) -> Candidate | None:
        """The one that needs no second look."""
        first = self.candidates[0] if self.candidates else None
        return first if first is not None and first.sure else None


def suggest(titles: Sequence[Designation], user: Any, *, similar: bool = True) -> list[Suggestion]:
    """For each title the subjects that this person sees; ``similar`` looks for names alike, too."""
    known = Likeness(Enterprise.objects.visible_to(user).select_related("region"))
    named: Named = known.similar if similar else known.whole
    of_kind = {kind: [title for title in titles if title.scheme.subject == kind] for kind in Subject.values}
    matches = named({title.name for kind in (Subject.SITE, Subject.ENTERPRISE) for title in of_kind[kind]})
    sites = _sites(matches, user) if of_kind[Subject.SITE] else {}
    parks = _parks(user) if of_kind[Subject.PARK] else {}
    found = []
    for title in titles:
        kind = title.scheme.subject
        if kind == Subject.PARK:
            candidates = list(_of_park(title, parks))
        else:
            candidates = [
                one for match in matches.get(title.name, ()) for one in _of_match(title, match, kind, sites)
            ]
        found.append(Suggestion(title, sorted(candidates, key=lambda one: (not one.sure, -one.score))))
    return _free(found)


def _sites(matches: dict[str, list[Match]], user: Any) -> dict[int, list[Site]]:
    """The sites that the person sees, by enterprise."""
    keys = {match.enterprise.pk for found in matches.values() for match in found}
    sites: dict[int, list[Site]] = {}
    for part in chunks(sorted(keys)):
        for site in Site.objects.visible_to(user).filter(enterprise__in=part).select_related("region"):
            sites.setdefault(site.enterprise_id, []).append(site)
    return sites


def _of_match(
    title: Designation, match: Match, kind: str, sites: dict[int, list[Site]]
) -> Iterator[Candidate]:
    """The enterprise itself, or each of its sites; without a site the enterprise is named all the same."""
    named = f"{match.how.label}: {match.unit}" if match.how == How.PART else str(match.how.label)
    if kind == Subject.ENTERPRISE:
        yield _candidate(title, match, match.enterprise, fits=not match.unit, why=[named])
        return
    theirs = sites.get(match.enterprise.pk, [])
    fitting = [site for site in theirs if _fits(site, match, title)]
    for site in theirs:
        fits = fitting == [site] or (not match.unit and theirs == [site])
        yield _candidate(title, match, site, fits=fits, why=[named, _of_site(site, fitting, theirs)])
    if not theirs:
        why = _("It has no site here yet: it registers its site first, the title waits for it.")
        yield Candidate(match.enterprise, None, match.score, match.how, sure=False, why=(named, why))


def _fits(site: Site, match: Match, title: Designation) -> bool:
    """Whether the site bears the name of the part that the list names, or the very name that stands in the list."""
    name = spelled(site.name)
    return match.unit in name if match.unit else name == spelled(title.name)


def _of_site(site: Site, fitting: list[Site], theirs: list[Site]) -> str:
    if site in fitting:
        return _("The site bears this name.")
    if len(theirs) == 1:
        return _("It is the enterprise's only site.")
    count = len(theirs)
    return ngettext("%(count)d site of the enterprise.", "One of %(count)d sites.", count) % {"count": count}


def _candidate(title: Designation, match: Match, subject: Any, *, fits: bool, why: list[str]) -> Candidate:
    agrees, place = _place(title, subject)
    sure = match.sure and fits and agrees
    return Candidate(match.enterprise, subject, match.score, match.how, sure, (*why, place))


def _place(title: Designation, subject: Any) -> tuple[bool, str]:
    """Whether the subject lies in the province of the list, and in words."""
    here, there = title.region_id, getattr(region_of(subject), "pk", None)
    if not here or not there:
        return False, _("Its place is not known.")
    if here[:2] != there[:2]:
        return False, _("It lies in another province than the list says.")
    return True, _("It lies in the province of the list.")


def _parks(user: Any) -> dict[str, list[Park]]:
    """The parks that the person sees, by name; a country has a few thousand."""
    found: dict[str, list[Park]] = {}
    for park in Park.objects.visible_to(user).select_related("region", "manager"):
        found.setdefault(spelled(park.name), []).append(park)
    return found


def _of_park(title: Designation, parks: dict[str, list[Park]]) -> Iterator[Candidate]:
    """Parks are known by their whole name only."""
    meant = parks.get(spelled(title.name), [])
    for park in meant:
        match = Match(park.manager, How.SAME, 100, only=len(meant) == 1)
        yield _candidate(title, match, park, fits=True, why=[_("The park bears this name.")])


def _free(found: list[Suggestion]) -> list[Suggestion]:
    """Without certainty where the subject holds such a title already, or two titles of the list would be its own."""
    held = _held(found)
    meant = Counter((_kind(one.title), one.sure.key) for one in found if one.sure)
    for suggestion in found:
        kind = _kind(suggestion.title)
        for place, one in enumerate(suggestion.candidates):
            if (kind, one.key) in held:
                why = (*one.why, _("It holds a title of this scheme and level already."))
            elif one.sure and meant[kind, one.key] > 1:
                why = (*one.why, _("Another title of the lists may be its own as well."))
            else:
                continue
            suggestion.candidates[place] = replace(one, sure=False, why=why)
    return found


def _kind(title: Designation) -> tuple[int, int]:
    return title.scheme_id, title.level


def _held(found: list[Suggestion]) -> set[tuple[tuple[int, int], str]]:
    """Which of the subjects hold which kinds of titles that stand."""
    keys: dict[str, set[int]] = {}
    for suggestion in found:
        for one in suggestion.candidates:
            if one.subject is not None:
                keys.setdefault(key_of(one.subject), set()).add(one.subject.pk)
    held = set()
    for kind, subjects in keys.items():
        for part in chunks(sorted(subjects)):
            standing = Designation.objects.filter(STANDING, Q(**{f"{kind}__in": part}))
            for scheme, level, pk in standing.values_list("scheme", "level", kind):
                held.add(((scheme, level), f"{kind}:{pk}"))
    return held
