"""What was told to whom: a row per audit entry and addressee; the entry itself never changes."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certification.delivery.kinds import KINDS, Dropped, Rhythm, Way
from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry
from greenchain.clock import now

MAX_ATTEMPTS = 5


class LetterQuerySet(models.QuerySet[Any]):
    """Letters are private to their addressee; an administrator sees them to help."""

    def visible_to(self, user: Any) -> Any:
        """One's own; an administrator all."""
        if getattr(user, "role", None) == Role.ADMINISTRATOR:
            return self.all()
        return self.of(user)

    def of(self, user: Any) -> Any:
        """One's own, an administrator's too."""
        return self.filter(addressee=user) if getattr(user, "is_authenticated", False) else self.none()

    def waiting(self) -> Any:
        """Neither sent nor dropped, and not given up."""
        return self.filter(sent_at=None, dropped="", attempts__lt=MAX_ATTEMPTS)

    def failed(self) -> Any:
        """The server refused them too often."""
        return self.filter(sent_at=None, dropped="", attempts__gte=MAX_ATTEMPTS)


class Letter(models.Model):
    """A mail and how it fares: written, tried, sent; or dropped, with the reason."""

    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("addressee"),
        on_delete=models.PROTECT,
        related_name="%(class)s_set",
    )
    subject = models.CharField(pgettext_lazy("of a mail", "subject"), max_length=200)
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=now)
    problem = models.CharField(_("what the server said"), max_length=200, blank=True)
    dropped = models.CharField(_("why it is not sent"), max_length=12, choices=Dropped, blank=True)

    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject

    @property
    def sort(self) -> str:
        """A delivery or a digest."""
        return str(self._meta.model_name)

    @property
    def given_up(self) -> bool:
        """Refused too often; a person may have it tried again."""
        return self.sent_at is None and not self.dropped and self.attempts >= MAX_ATTEMPTS


class Digest(Letter):
    """Several messages in one mail."""

    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, dropped=""), name="digest_due")
        ]


class DeliveryQuerySet(LetterQuerySet):
    """Messages, read or not."""

    def unread(self) -> Any:
        """Not yet read by the addressee."""
        return self.filter(read_at=None)

    def waiting(self) -> Any:
        """To be sent by itself."""
        return super().waiting().filter(way=Way.NOW)

    def for_digest(self) -> Any:
        """To be sent with the next digest."""
        return self.filter(way=Way.DIGEST, digest=None, sent_at=None, dropped="")


class Delivery(Letter):
    """One message about one entry to one person: in the inbox, and by mail as the person chose."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(
        _("kind"),
        max_length=12,
        default="progress",
        choices=[(kind.key, kind.name) for kind in KINDS.values()],
    )
    way = models.CharField(_("way"), max_length=8, choices=Way, default=Way.NOW)
    asks = models.CharField(
        max_length=80, blank=True, help_text="until when it asks for something: see the table"
    )
    url = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(_("read"), null=True)
    digest = models.ForeignKey(
        Digest, null=True, on_delete=models.SET_NULL, related_name="messages", verbose_name=_("digest")
    )

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [models.UniqueConstraint(fields=["entry", "addressee"], name="told_once")]
        indexes = [
            models.Index(fields=["addressee"], condition=Q(read_at=None), name="delivery_unread"),
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, dropped=""), name="delivery_due"),
        ]


class MailChoice(models.Model):
    """How one person wants to be told; kinds that are not named come as is usual."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice"
    )
    rhythm = models.CharField(_("digest"), max_length=8, choices=Rhythm, default=Rhythm.DAILY)
    ways = models.JSONField(default=dict, blank=True, help_text="per kind: now, digest or in_app")
    digested_on = models.DateField(null=True, help_text="the day for which the last digest was made")

    class Meta:
        verbose_name = _("mail settings")
        verbose_name_plural = _("mail settings")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.rhythm}"

    def way(self, key: str, wanted: str = "") -> Way:
        """How messages of this kind come; without a digest its mails come at once, or not by mail.

        ``wanted``: a way that the person chose for this message, in place of the one for its kind.
        """
        kind = KINDS[key]
        chosen = Way(wanted or self.ways.get(key, kind.usual))
        if chosen not in kind.ways:
            return kind.usual
        if chosen == Way.DIGEST and self.rhythm == Rhythm.NEVER:
            return Way.IN_APP if Way.IN_APP in kind.ways else Way.NOW
        return chosen


class Reminder(models.Model):
    """Something was due that many days later, and its people were reminded; once for each day and distance."""

    source = models.CharField(max_length=20, help_text="a key of the sources")
    key = models.PositiveBigIntegerField(help_text="the row that is due")
    due_on = models.DateField()
    days = models.PositiveSmallIntegerField(help_text="so many days before, at most")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["source", "key", "due_on", "days"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key} {self.due_on}"
