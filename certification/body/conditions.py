"""What a body must have to evaluate, counted from what it declares."""

from django.utils.translation import gettext as _

from certification.body.models import LEAST_STAFF, Body, Staff


def staff_counts(body: Body) -> tuple[int, int]:
    """Full-time staff today of intermediate title or above, and how many of these have a senior title."""
    here = [person for person in body.staff.all() if person.full_time and not person.ended]
    titled = [person.title for person in here if person.title in Staff.TITLED]
    return len(titled), titled.count(Staff.Title.SENIOR)


def lacking(body: Body) -> list[str]:
    """What the body lacks, in words; empty when it meets the conditions."""
    titled, senior = staff_counts(body)
    found = []
    if titled < LEAST_STAFF:
        words = _("%(count)d of at least %(least)d full-time staff of intermediate title or above")
        found.append(words % {"count": titled, "least": LEAST_STAFF})
    if 2 * senior < titled:
        words = _("%(senior)d of these %(count)d have senior titles; at least half must")
        found.append(words % {"senior": senior, "count": titled})
    if not body.legal_representative.strip():
        found.append(_("a legal representative"))
    if not body.scope:
        found.append(_("what the body evaluates"))
    return found
