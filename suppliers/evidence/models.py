"""The vault: a file once uploaded serves every indicator, level and round that cites it."""

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise, Product, Site
from suppliers.enterprise.scope import common_scope
from suppliers.evidence import serials
from suppliers.evidence.condition import UNREADABLE, Condition
from suppliers.evidence.kinds import KINDS

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


REMINDERS = (60, 30, 7)
"""How many days before a file expires its enterprise is told, once each."""
LOOK_AGAIN = dt.timedelta(days=90)


def vault_path(_evidence: "Evidence", _filename: str) -> str:
    """A random place that says nothing about the file; the given name is kept in the row only."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence by state and by who may see it."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the enterprise; officials who answer for it or for the site it concerns."""
        return self.filter(common_scope(user))

    def current(self) -> Self:
        """Neither retracted nor replaced by a newer version."""
        return self.filter(retracted_at__isnull=True, replaced_by__isnull=True)

    def valid(self) -> Self:
        """Current, and not expired today."""
        return self.current().filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today()))

    def due_for_a_look(self) -> Self:
        """Current, and not looked into for ``LOOK_AGAIN``; what nobody has looked into yet comes first."""
        long_ago = Q(seen_at__isnull=True) | Q(seen_at__lt=now() - LOOK_AGAIN)
        return self.current().filter(long_ago).order_by(F("seen_at").asc(nulls_first=True), "pk")

    def due_for_a_reminder(self) -> Self:
        """Current, and nearer to its expiry than when its enterprise was last reminded."""
        day, due = today(), Q()
        for days in REMINDERS:
            not_yet = Q(reminded__isnull=True) | Q(reminded__gt=days)
            due |= not_yet & Q(expires_on__range=(day, day + dt.timedelta(days=days)))
        return self.current().filter(due)


class Evidence(models.Model):
    """One version of one file: what kind of proof it is, what it covers and how long it holds."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=60, db_index=True)
    title = models.CharField(_("title"), max_length=200)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evidence",
    )
    period_from = models.DateField(_("covers from"), null=True, blank=True)
    period_to = models.DateField(_("covers to"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True)
    certificate_number = models.CharField(
        _("certificate number"),
        max_length=400,
        blank=True,
        help_text=_("Several by commas, a range as first~last."),
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to=vault_path, max_length=100)
    filename = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    sha256 = models.CharField(max_length=64)
    condition = models.CharField(
        _("condition"), max_length=9, choices=Condition, default=Condition.UNSEEN, db_index=True
    )
    seen_at = models.DateTimeField(_("last looked into"), null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="days before the expiry at which the last reminder was due"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    retracted_at = models.DateTimeField(_("retracted at"), null=True, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), default=now)

    objects = EvidenceQuerySet.as_manager()

    reused = False
    """Set by ``attach`` when the very same file was in the vault under the same kind: tell the person."""

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "sha256"],
                condition=Q(retracted_at__isnull=True),
                name="one_copy_in_the_vault",
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True)
                | Q(period_to__isnull=True)
                | Q(period_to__gte=F("period_from")),
                name="evidence_period_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(expires_on__isnull=True)
                | Q(expires_on__gte=F("issued_on")),
                name="evidence_expires_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_name(self) -> str:
        """The kind in the reader's language."""
        return str(KINDS.get(self.kind, self.kind))

    @property
    def is_unreadable(self) -> bool:
        """Whether nobody can read the file as it lies in the store."""
        return self.condition in UNREADABLE

    @property
    def advice(self) -> str:
        """What to do about the file's condition; "" where nothing need be done."""
        return Condition(self.condition).advice

    @property
    def is_expired(self) -> bool:
        """Whether the expiry date has passed."""
        return self.expires_on is not None and self.expires_on < today()

    def numbers(self) -> "list[CertificateNumber]":
        """The rows by which its certificate numbers are compared with others', not yet saved."""
        return [
            CertificateNumber(evidence=self, **each._asdict())
            for each in serials.read(self.certificate_number)
        ]


class CertificateNumber(models.Model):
    """A range of certificate numbers that a piece of evidence carries, in the form in which they are compared."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="serials")
    stem = models.CharField(max_length=100)
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        verbose_name = _("certificate number")
        verbose_name_plural = _("certificate numbers")
        indexes = [models.Index(fields=["stem", "first"], name="numbers_by_stem")]

    def __str__(self) -> str:
        return str(serials.Serials(self.stem, self.first, self.last))
