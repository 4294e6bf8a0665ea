"""The honest record: append-only entries, hash-chained per case, with anchored heads."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(models.Model):
    """Rows that are evidence: triggers in the database refuse to change or delete them."""

    append_only: ClassVar[bool] = True

    class Meta:
        abstract = True


class AuditEntry(AppendOnly):
    """One thing that happened. ``digest`` = SHA-256 over the previous digest and the canonical text (RFC 8785)."""

    chain = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="audit_entries"
    )
    at = models.DateTimeField()
    body = models.TextField(help_text="canonical JSON: who, what, from, to, data")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_one_entry_per_place")]
        indexes = [models.Index(fields=["chain", "verb"]), models.Index(fields=["actor", "at"])]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.verb}"

    @property
    def content(self) -> dict[str, Any]:
        """The entry's body as a mapping: actor, role, authority, verb, at, data."""
        from greenchain.audit.canonical import read  # noqa: PLC0415 - keeps models free of the codec at import

        return read(self.body)

    @property
    def data(self) -> dict[str, Any]:
        """What the verb recorded: reasons, from, to and so on."""
        data: dict[str, Any] = self.content["data"]
        return data


class ChainHead(models.Model):
    """Where a chain ends now: a cut-off tail no longer reaches its head."""

    chain = models.CharField(primary_key=True, max_length=80)
    seq = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        verbose_name = _("chain head")
        verbose_name_plural = _("chain heads")

    def __str__(self) -> str:
        return f"{self.chain}@{self.seq}"


class Anchor(AppendOnly):
    """A daily digest over all heads up to an entry, itself chained; publish it and nobody can rewrite the past."""

    at = models.DateTimeField()
    last_entry = models.PositiveBigIntegerField(help_text="highest entry id covered")
    chains = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.digest[:12]}"


class Told(models.Model):
    """A follower has dealt with an entry. A marker per entry, because entries may commit out of their order."""

    follower = models.CharField(max_length=20)
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("followed entry")
        verbose_name_plural = _("followed entries")
        constraints = [models.UniqueConstraint(fields=["follower", "entry"], name="followed_once")]

    def __str__(self) -> str:
        return f"{self.follower}: {self.entry_id}"
