"""Make a grading again from its snapshot, and say what differs: scores, ranks, codes, digests."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from certification.grading.actions import digest_of, places_of
from certification.grading.cohort import rescored, seal
from certification.grading.models import Entry, Grading
from certification.grading.ranking import Place, Standing
from greenchain.audit.trail import record
from greenchain.refusals import Refused

BATCH = 500
MOST = 2000
"""Titles that a page makes again while somebody waits; beyond that the command does it."""


def differences(grading: Grading) -> Iterator[str]:
    """What does not come out as it is stored, in words for a terminal; nothing when all is equal."""
    definition = grading.scheme_version.definition
    places = places_of(grading)
    for entry in _entries(grading):
        if seal(entry) != entry.digest:
            yield f"{entry.title.number}: the entry is not the one that was sealed"
        if not entry.refusal and rescored(definition, entry.inputs) != entry.score:
            yield f"{entry.title.number}: the frozen figures give another score than {entry.score}"
        if _stored(entry) != places.get(entry.pk):
            yield f"{entry.title.number}: rank or code come out differently"
    if digest_of(grading) != grading.digest:
        yield "the digest of the snapshot comes out differently"


def _entries(grading: Grading) -> Iterator[Entry]:
    related = ("title", "grade")
    return grading.entries.select_related(*related).order_by("title").iterator(BATCH)


def _stored(entry: Entry) -> Place | None:
    grade = getattr(entry, "grade", None)
    if grade is None:
        return None
    within = (
        Standing(grade.industry_rank, grade.industry_of, grade.industry_band) if grade.industry_rank else None
    )
    return Place(Standing(grade.rank, grade.of, grade.band), within, grade.code)


def prove(grading: Grading, *, by: Any) -> Grading:
    """The grading came out of its snapshot as it is stored, and the record says so; refused where it did not."""
    if grading.entries.count() > MOST:
        command = f"manage.py verify_green_codes {grading.year}"
        message = _("This takes longer than a page waits: run %(command)s.") % {"command": command}
        raise Refused(message, code="too_many")
    found = list(differences(grading))
    record("prove_codes", grading, by=by, equal=not found, digest=grading.digest)
    if found:
        listed = "; ".join(found[:3])
        raise Refused(_("It does not come out as stored: %(listed)s") % {"listed": listed}, code="differs")
    return grading
