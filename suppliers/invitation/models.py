"""Invitations: a buyer asks one of its suppliers to come here, by a link that expires."""

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.models import Role
from greenchain.clock import now, today
from suppliers.claim.models import Claim
from suppliers.enterprise.identity import spelling
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import desk_scope, member_of

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer

SALT = "suppliers.invitation"
WEEK = dt.timedelta(days=7)
PEACE = dt.timedelta(days=180)
"""Who declined is not asked again by this buyer for so long (ours)."""
RUNGS = (7, 21)
"""Days after an invitation at which it is called to mind by itself, once each (ours)."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by state and by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """People of the buyer; of the supplier too, once it is sent. Authorities have no part in it: they look on."""
        if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
            return self.none()
        mine = member_of(user)
        received = Q(supplier__in=mine) & ~Q(status=Invitation.Status.DRAFT)
        return self.filter(Q(buyer__in=mine) | received)

    def in_territory_of(self, user: "Viewer") -> Self:
        """Those that were sent by buyers in a place that the official answers for."""
        if not user.is_authenticated or not user.is_active or not user.is_official or user.authority is None:
            return self.none()
        return self.filter(desk_scope(user.authority, "buyer__region")).exclude(
            status=Invitation.Status.DRAFT
        )

    def running(self) -> Self:
        """Prepared, waiting for an answer, claimed or accepted: there is one of them per supplier."""
        return self.exclude(status__in=[Invitation.Status.DECLINED, Invitation.Status.CANCELLED])

    def waiting(self) -> Self:
        """Sent, and still open to be answered."""
        asked = [Invitation.Status.SENT, Invitation.Status.OPENED]
        return self.filter(status__in=asked, expires_on__gte=today())

    def in_peace(self) -> Self:
        """Declined, and not long ago."""
        return self.filter(status=Invitation.Status.DECLINED, answered_at__gte=now() - PEACE)

    def by_secret(self, secret: str) -> Self:
        """The one whose link has this secret; the secret itself is not stored."""
        return self.filter(digest=hashlib.sha256(secret.encode()).hexdigest())

    def unsettled(self) -> Self:
        """Those of whom something is still asked: to come, or having come to answer and share."""
        come = Q(status=Invitation.Status.ACCEPTED)
        return self.filter(Q(pk__in=self.model.objects.waiting()) | come, settled_at=None)

    def due_for_a_reminder(self) -> Self:
        """A rung of ``RUNGS`` is reached, and nothing was written within a week."""
        moment, due = now(), Q()
        for days in RUNGS:
            due |= Q(sent_at__lte=moment - dt.timedelta(days=days), rung__lt=days)
        quiet = Q(reminded_at=None) | Q(reminded_at__lte=moment - WEEK)
        return self.unsettled().filter(due, quiet)


class Invitation(models.Model):
    """``buyer`` asks a supplier, known here or only by name. ``links``: what a sheet told of an unknown one.

    The link's secret comes from a random nonce and the house's key; of the secret only the digest is stored.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("prepared, not sent")
        SENT = "sent", _("invited")
        OPENED = "opened", _("opened")
        CLAIMED = "claimed", _("claim at the desk")
        ACCEPTED = "accepted", _("joined")
        DECLINED = "declined", _("declined")
        CANCELLED = "cancelled", _("cancelled")

    buyer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="invitations_sent")
    supplier = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    name = models.CharField(_("name"), max_length=200)
    name_key = models.GeneratedField(
        expression=spelling(F("name")), output_field=models.CharField(max_length=200), db_persist=True
    )
    identifier = models.CharField(_("identifier"), max_length=60, blank=True)
    contact = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    links = models.JSONField(default=list)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    nonce = models.CharField(max_length=64, default=secrets.token_hex)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    rung = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)
    claim = models.OneToOneField(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="invitation"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["status", "sent_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "supplier"],
                condition=~Q(status__in=["declined", "cancelled"]),
                name="one_invitation_per_supplier",
            ),
            models.UniqueConstraint(
                fields=["buyer", "name_key"],
                condition=~Q(status__in=["declined", "cancelled"]) & Q(supplier=None),
                name="one_invitation_per_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The page that the mail leads to; whoever has the address may answer."""
        return reverse("invitation", args=[self.secret])

    @property
    def number(self) -> str:
        """What it is called in the outbox."""
        return f"IN-{self.pk}"

    @property
    def secret(self) -> str:
        """What the link holds; made anew from the nonce, never stored."""
        code = salted_hmac(SALT, f"{self.pk}:{self.nonce}", algorithm="sha256")
        return code.hexdigest()

    @property
    def is_waiting(self) -> bool:
        """As in ``waiting()``."""
        asked = self.status in {self.Status.SENT, self.Status.OPENED}
        return asked and self.expires_on is not None and self.expires_on >= today()

    @property
    def is_expired(self) -> bool:
        """Nobody answered in time."""
        return self.status in {self.Status.SENT, self.Status.OPENED} and not self.is_waiting

    @property
    def last_written_at(self) -> dt.datetime | None:
        """When the last mail of it was written."""
        return max(filter(None, (self.sent_at, self.reminded_at)), default=None)


class Stopped(models.Model):
    """An address wants no more invitations from a buyer; kept as a digest."""

    buyer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("address that wants no invitations")
        verbose_name_plural = _("addresses that want no invitations")
        constraints = [models.UniqueConstraint(fields=["buyer", "address"], name="stopped_once")]

    def __str__(self) -> str:
        return self.address[:8]


def digest_of(address: str) -> str:
    """An address as ``Stopped`` keeps it; capitals and blanks around it make no difference."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()
