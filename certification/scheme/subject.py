"""A row about one subject: a site, an enterprise, a product or a park."""

from typing import Any

from django.db import models
from django.db.models import Q

from suppliers.enterprise.models import Enterprise, Park, Product, Site, Tenancy, key_of, owner_of
from suppliers.place.models import Authority, Region
from suppliers.record.models import ComplianceRecord

__all__ = [
    "KEYS",
    "OnSubject",
    "at_most_one",
    "exactly_one",
    "key_of",
    "owner_of",
    "region_of",
    "standing_against",
]

KEYS = ("site", "enterprise", "product", "park")


def exactly_one() -> Q:
    """Exactly one of the four keys is set."""
    condition = Q(pk__in=[])
    for chosen in KEYS:
        condition |= Q(**{f"{key}__isnull": key != chosen for key in KEYS})
    return condition


def at_most_one() -> Q:
    """One of the four keys, or none: an imported title that is not yet linked."""
    return exactly_one() | Q(**{f"{key}__isnull": True for key in KEYS})


class OnSubject(models.Model):
    """Four nullable keys of which one is set, and the desk and region where the subject lies."""

    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    park = models.ForeignKey(Park, null=True, blank=True, on_delete=models.PROTECT, related_name="%(class)ss")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    home = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def subject(self) -> Site | Enterprise | Product | Park | None:
        """The thing that the title is for."""
        return self.site or self.enterprise or self.product or self.park

    @property
    def subject_key(self) -> str | None:
        """Which of the four keys is set."""
        return next((key for key in KEYS if getattr(self, f"{key}_id")), None)

    def same_subject(self) -> Q:
        """A filter for rows about the same subject."""
        key = self.subject_key
        return Q(**{key: getattr(self, f"{key}_id")}) if key else Q(pk__in=[])


def region_of(subject: Any) -> Region | None:
    """Where a subject lies; a product lies at its site, else at its enterprise's seat."""
    if isinstance(subject, Product):
        return subject.site.region if subject.site else subject.enterprise.region
    return subject.region


def standing_against(subject: Any) -> models.QuerySet[ComplianceRecord]:
    """The compliance records that count against a subject today.

    Those about the enterprise that answers for it; about a park also those of the enterprises inside it, as
    article 15 demands: what is recorded of a tenant as a whole, or of its site in the park.
    """
    standing = ComplianceRecord.objects.standing()
    site = subject if isinstance(subject, Site) else None
    if not isinstance(subject, Park):
        return standing.about(owner_of(subject), site)
    inside = Tenancy.objects.current().filter(park=subject)
    tenants = Q(enterprise__in=inside.values("site__enterprise"))
    theirs = tenants & (Q(site__isnull=True) | Q(site__in=inside.values("site")))
    return standing.filter(Q(enterprise=subject.manager_id) | theirs)
