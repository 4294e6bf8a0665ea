"""The title and its own life. Designation stands low: gradient, vetoes, suppliers and progress all read it."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.scheme.models import Scheme, SchemeVersion
from certification.scheme.subject import KEYS, OnSubject, at_most_one, owner_of
from certification.workflow import Case, Status
from greenchain.clock import now, today
from suppliers.enterprise.access import may
from suppliers.enterprise.models import FormerName
from suppliers.place.models import Authority, Level


class Basis(models.TextChoices):
    """What a title stands on."""

    SELF = "self", _("self-evaluated, examined by the authorities")
    THIRD_PARTY = "third_party", _("evaluated by a third party")
    LIST = "list", _("published list")


class DesignationQuerySet(models.QuerySet["Designation"]):
    """The register is public."""

    def visible_to(self, user: Any) -> "DesignationQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody sees the register."""
        return self.all()

    def in_force(self, day: dt.date | None = None) -> "DesignationQuerySet":
        """Titles in force on ``day`` (today): one of their spells covers it."""
        return self.filter(Exists(Spell.objects.covering(day or today()).filter(designation=OuterRef("pk"))))

    def held_by(self, enterprises: Any) -> "DesignationQuerySet":
        """Titles of the enterprises themselves, of their sites and products, and of the parks that they manage."""
        return self.filter(
            Q(enterprise__in=enterprises)
            | Q(site__enterprise__in=enterprises)
            | Q(product__enterprise__in=enterprises)
            | Q(park__manager__in=enterprises)
        )

    def called(self, text: str) -> "DesignationQuerySet":
        """Titles with this in their name, or in a name that they or their holders bore before."""
        holders = FormerName.objects.filter(name__icontains=text).values("enterprise")
        former = Designation.objects.held_by(holders).values("pk")
        announced = Q(announced_in__name__icontains=text)
        told = Designation.objects.filter(announced).values("pk")
        return self.filter(
            Q(name__icontains=text) | Q(name_en__icontains=text) | Q(pk__in=former) | Q(pk__in=told)
        )

    def unlinked(self) -> "DesignationQuerySet":
        """Titles that stand or are suspended, and whose subject is not known yet."""
        nobody = {f"{key}__isnull": True for key in KEYS}
        return self.filter(status__in=[Status.CURRENT, Status.SUSPENDED], **nobody)

    def to_link_by(self, user: Any) -> "DesignationQuerySet":
        """The unlinked titles that authorities in the person's territory recommended, or keep."""
        if not user.is_official or user.authority is None:
            return self.none()
        return self.unlinked().filter(home__path__startswith=user.authority.path)

    def at_least(self, level: int) -> "DesignationQuerySet":
        """Titles of this level or a higher one."""
        return self.filter(level__gte=level)


class Designation(OnSubject, Case):
    """A green title: its number, what it is based on, and whether it stands."""

    kind = "D"
    number = models.CharField(_("number"), max_length=40, unique=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="designations")
    scheme_version = models.ForeignKey(
        SchemeVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="designations")
    name = models.CharField(_("name"), max_length=200, help_text=_("as announced"))
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    industry_label = models.CharField(max_length=100, blank=True)
    list_year = models.PositiveSmallIntegerField(_("list year"))
    announced_on = models.DateField(_("announced on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=12, choices=Basis)
    basis_detail = models.JSONField(
        default=dict, blank=True, help_text="frozen: score, version, checked by whom"
    )
    provenance = models.CharField(_("provenance"), max_length=200, blank=True)
    import_key = models.CharField(max_length=120, blank=True, default="")
    suspended_until = models.DateField(null=True, blank=True)
    barred_until = models.DateField(null=True, blank=True)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        constraints = [
            models.CheckConstraint(condition=at_most_one(), name="designation_at_most_one_subject"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("announced_on")),
                name="designation_valid_after_announced",
            ),
            models.UniqueConstraint(
                fields=["import_key"], condition=~Q(import_key=""), name="designation_imported_once"
            ),
            *(
                models.UniqueConstraint(
                    fields=["scheme", "level", key],
                    condition=Q(status__in=["current", "suspended"]) & Q(**{f"{key}__isnull": False}),
                    name=f"one_current_title_per_{key}",
                )
                for key in KEYS
            ),
        ]
        indexes = [models.Index(fields=["level", "list_year"]), models.Index(fields=["status"])]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The public title page."""
        return reverse("title", args=[self.number])

    @property
    def ended_on(self) -> dt.date | None:
        """The day since which the title does not stand, if it does not."""
        last = self.spells.order_by("-starts_on", "-pk").first()
        return last.ends_on if last else None

    @property
    def linked(self) -> bool:
        """Whether the subject is known; imported titles start without one."""
        return self.subject_key is not None

    @property
    def in_force(self) -> bool:
        """Whether the title stands today."""
        return self.status == Status.CURRENT and (self.valid_until is None or self.valid_until >= today())

    def acting(self) -> Authority:
        """The authority that granted the title keeps it."""
        return self.authority

    def at_home(self) -> Authority:
        """The authority of its place; of a title that nobody is linked with, who recommended it."""
        return self.home or self.authority

    def has_part(self, user: Any, part: str) -> bool:
        """Only the holder has a part in a title's life."""
        return part == "owner" and self.subject is not None and may(user, owner_of(self.subject), "own")


class SpellQuerySet(models.QuerySet["Spell"]):
    """Spells answer every question as of a date."""

    def covering(self, day: dt.date) -> "SpellQuerySet":
        """Spells that cover ``day``; the validity's end is part of the spell."""
        open_ended = Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        valid = Q(designation__valid_until__isnull=True) | Q(designation__valid_until__gte=day)
        return self.filter(open_ended, valid, starts_on__lte=day)


class Spell(models.Model):
    """A time during which a title stands: from issue or reinstatement until suspension or end, ``[starts, ends)``."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="spells")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = SpellQuerySet.as_manager()

    class Meta:
        verbose_name = _("spell")
        verbose_name_plural = _("spells")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="spell_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["designation"], condition=Q(ends_on__isnull=True), name="one_open_spell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on or ''}"


class Credential(models.Model):
    """The credential of one spell: its place in the status list, and when it was revoked. A place is never reused."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="credentials")
    index = models.PositiveIntegerField(unique=True)
    issued_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def __str__(self) -> str:
        return f"{self.designation_id}@{self.index}"


class Sequence(models.Model):
    """The last number given in a series; locked when the next is taken, so numbers are unique and have no reuse."""

    key = models.CharField(primary_key=True, max_length=40)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.key}-{self.last}"
