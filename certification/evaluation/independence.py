"""Ties between a body and an applicant, computed from what both declared, each with its reason.

Where something was not declared the answer is "unknown, declared": never "independent". Employers, consulting and
memberships count for three years; a list that was not called complete within a year tells nothing (our rule).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from certification.body.mail import own_domains, shared
from certification.body.models import Body
from greenchain.clock import today, years_after
from greenchain.languages import spoken
from suppliers.enterprise.identity import spelled
from suppliers.enterprise.models import Enterprise, Membership

YEARS = 3
"""How long employers, consulting and memberships tie (product.md)."""
FRESH = 1
"""Years for which "the list is complete" is believed (our rule)."""


class Answer(models.TextChoices):
    """What is known of a tie. There is no "independent": nobody can compute that."""

    TIED = "tied", gettext_lazy("tied")
    UNKNOWN = "unknown", gettext_lazy("unknown, declared")
    CLEAR = "clear", gettext_lazy("no tie in what is declared")


@dataclass(frozen=True, slots=True)
class Aspect:
    """One kind of tie: the answer, and why in three languages."""

    key: str
    answer: str
    reason: dict[str, str]


Party = tuple[str, str]
"""A name and an identifier, either may be empty."""


def _spelt(name: str) -> str:
    return spelled(name).casefold()


def same(one: Party, other: Party) -> bool:
    """Identifiers decide where both have one, names elsewhere."""
    if one[1] and other[1]:
        return one[1].strip().upper() == other[1].strip().upper()
    return bool(one[0].strip()) and _spelt(one[0]) == _spelt(other[0])


def _party(row: Any) -> Party:
    return row.name, row.identifier


@dataclass
class Applicant:
    """What an applicant declared, read once and compared with any number of bodies."""

    enterprise: Enterprise
    day: dt.date

    @cached_property
    def since(self) -> dt.date:
        """Three years back."""
        return years_after(self.day, -YEARS)

    @cached_property
    def parties(self) -> list[Party]:
        """The enterprise under each name it bears or bore."""
        one = self.enterprise
        names = [one.name, one.name_en, *one.former_names.values_list("name", flat=True)]
        return [(name, one.identifier) for name in names if name]

    @cached_property
    def owners(self) -> list[Party]:
        """Its shareholders today."""
        held = self.enterprise.shareholdings.filter(Q(until_on__isnull=True) | Q(until_on__gte=self.day))
        return [_party(row) for row in held]

    @cached_property
    def _memberships(self) -> list[Membership]:
        lately = Membership.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=self.since))
        return list(lately.filter(enterprise=self.enterprise).select_related("user"))

    @cached_property
    def people(self) -> set[int]:
        """The keys of those who act for it or did within three years, consultants too."""
        return {row.user_id for row in self._memberships}

    @cached_property
    def domains(self) -> set[str]:
        """The mail domains of its contact and of those who act for it today, consultants aside."""
        here = [row.user.email for row in self._memberships if not row.ended and not row.consultant]
        return own_domains([self.enterprise.contact_email, *here])

    def is_one_of(self, others: Iterable[Party]) -> bool:
        """Whether the enterprise is among them."""
        return any(same(mine, other) for mine in self.parties for other in others)


def ties(body: Body, applicant: Applicant) -> list[Aspect]:
    """Every kind of tie; reads only prefetched lists of the body (``with_lists``)."""
    return [judge(body, applicant) for judge in JUDGES]


def overall(aspects: Iterable[Aspect]) -> Answer:
    """Tied where one is; unknown where one is; else no tie in what is declared."""
    answers = {aspect.answer for aspect in aspects}
    return next((each for each in (Answer.TIED, Answer.UNKNOWN) if each in answers), Answer.CLEAR)


def with_lists(bodies: Any) -> Any:
    """Bodies with all that ``ties`` reads."""
    return bodies.prefetch_related("members", "staff__employers", "shareholders", "consulting", "sanctions")


def ties_of(body: Body, enterprise: Enterprise) -> list[Aspect]:
    """The ties of one body with one enterprise today."""
    return ties(with_lists(Body.objects).get(pk=body.pk), Applicant(enterprise, today()))


def _fresh(told_on: dt.date | None, day: dt.date) -> bool:
    return told_on is not None and years_after(told_on, FRESH) >= day


def _say(key: str, answer: Answer, message: str, **params: Any) -> Aspect:
    return Aspect(key, answer.value, spoken(message, **params))


def _people(body: Body, applicant: Applicant) -> Aspect:
    for person in body.members.all():
        if person.pk in applicant.people:
            name = person.get_full_name() or person.get_username()
            words = gettext_noop("%(name)s acts for the applicant, or did within three years.")
            return _say("people", Answer.TIED, words, name=name)
    return _say("people", Answer.CLEAR, gettext_noop("None of the body's evaluators acts for the applicant."))


def _representative(body: Body, applicant: Applicant) -> Aspect:
    mine, theirs = body.legal_representative, applicant.enterprise.legal_representative
    if theirs.strip() and _spelt(mine) == _spelt(theirs):
        words = gettext_noop("Body and applicant have the same legal representative: %(name)s.")
        return _say("representative", Answer.TIED, words, name=mine)
    held = [_party(row) for row in body.shareholders.all() if row.reaches(applicant.day)]
    if theirs.strip() and any(same((theirs, ""), (name, "")) for name, _identifier in held):
        words = gettext_noop("The applicant's legal representative %(name)s owns a part of the body.")
        return _say("representative", Answer.TIED, words, name=theirs)
    if any(same((mine, ""), (name, "")) for name, _identifier in applicant.owners):
        words = gettext_noop("The body's legal representative %(name)s owns a part of the applicant.")
        return _say("representative", Answer.TIED, words, name=mine)
    if not theirs.strip():
        words = gettext_noop("The applicant's legal representative is not known.")
        return _say("representative", Answer.UNKNOWN, words)
    words = gettext_noop("The legal representatives are different people by name.")
    return _say("representative", Answer.CLEAR, words)


def _shareholders(body: Body, applicant: Applicant) -> Aspect:
    held = [_party(row) for row in body.shareholders.all() if row.reaches(applicant.day)]
    if applicant.is_one_of(held):
        return _say("shareholders", Answer.TIED, gettext_noop("The applicant owns a part of the body."))
    if any(same(owner, (body.name, body.identifier)) for owner in applicant.owners):
        return _say("shareholders", Answer.TIED, gettext_noop("The body owns a part of the applicant."))
    for owner in applicant.owners:
        if any(same(owner, other) for other in held):
            words = gettext_noop("%(name)s owns a part of both.")
            return _say("shareholders", Answer.TIED, words, name=owner[0])
    told = (body.shareholders_on, applicant.enterprise.shareholders_on)
    if not all(_fresh(day, applicant.day) for day in told):
        words = gettext_noop("Not both have said within a year that their list of shareholders is complete.")
        return _say("shareholders", Answer.UNKNOWN, words)
    return _say("shareholders", Answer.CLEAR, gettext_noop("No shareholder stands in both lists."))


def _mail(body: Body, applicant: Applicant) -> Aspect:
    staff = [row.email for row in body.staff.all() if not row.ended]
    mine = own_domains([body.contact_email, *staff, *(person.email for person in body.members.all())])
    common = shared(mine, applicant.domains)
    if common:
        words = gettext_noop("Body and applicant share the e-mail domain %(domain)s.")
        return _say("mail", Answer.TIED, words, domain=common)
    if not mine or not applicant.domains:
        words = gettext_noop("Not both have an e-mail domain of their own.")
        return _say("mail", Answer.UNKNOWN, words)
    return _say("mail", Answer.CLEAR, gettext_noop("The e-mail domains differ."))


def _employers(body: Body, applicant: Applicant) -> Aspect:
    staff = [row for row in body.staff.all() if not row.ended]
    for person in staff:
        jobs = [_party(job) for job in person.employers.all() if job.reaches(applicant.since)]
        if applicant.is_one_of(jobs):
            words = gettext_noop("%(name)s of the body's staff worked for the applicant within three years.")
            return _say("employers", Answer.TIED, words, name=person.name)
    silent = sum(not _fresh(person.past_on, applicant.day) for person in staff)
    if silent or not staff:
        words = gettext_noop("%(silent)s of %(count)s members of staff have not given all former employers.")
        return _say("employers", Answer.UNKNOWN, words, silent=silent, count=len(staff))
    words = gettext_noop("None of the staff worked for the applicant within three years, as they declared.")
    return _say("employers", Answer.CLEAR, words)


def _consulting(body: Body, applicant: Applicant) -> Aspect:
    for contract in body.consulting.all():
        if contract.reaches(applicant.since) and applicant.is_one_of([_party(contract)]):
            words = gettext_noop("The body advised the applicant within three years: %(about)s.")
            return _say("consulting", Answer.TIED, words, about=contract.about or "–")
    if not _fresh(body.consulting_on, applicant.day):
        words = gettext_noop("The body has not said within a year that its list of contracts is complete.")
        return _say("consulting", Answer.UNKNOWN, words)
    words = gettext_noop("The body did not advise the applicant within three years, as it declared.")
    return _say("consulting", Answer.CLEAR, words)


JUDGES: tuple[Callable[[Body, Applicant], Aspect], ...] = (
    _people,
    _representative,
    _shareholders,
    _mail,
    _employers,
    _consulting,
)


def told(aspects: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The aspects as they are kept with an assignment."""
    for aspect in aspects:
        yield {"key": aspect.key, "answer": aspect.answer, "reason": aspect.reason}
