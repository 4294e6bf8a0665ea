"""Who follows a public title by mail: an address, for one title, once its reader has confirmed it."""

import datetime as dt
import hashlib
import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from greenchain.clock import now

SALT = "certification.following"
VALID = dt.timedelta(days=2)
"""So long the link of a mail that asks can be confirmed; then the address is forgotten (ours)."""


def digest_of(text: str) -> str:
    """A secret or an address as it is looked up; capitals and blanks around it make no difference."""
    return hashlib.sha256(text.strip().casefold().encode()).hexdigest()


class FollowQuerySet(models.QuerySet["Follow"]):
    """By state; nobody lists them."""

    def asked(self) -> "FollowQuerySet":
        """Waiting for the button behind the link in the mail."""
        return self.filter(confirmed_at=None, asked_at__gt=now() - VALID)

    def forgettable(self) -> "FollowQuerySet":
        """Asked, and nobody confirmed in time."""
        return self.filter(confirmed_at=None, asked_at__lte=now() - VALID)

    def by_secret(self, secret: str) -> "FollowQuerySet":
        """The one whose link has this secret; the secret itself is not stored."""
        return self.filter(digest=digest_of(secret)) if secret else self.none()


class Follow(models.Model):
    """One address follows one title. The row, and with it the address, is deleted when it is stopped."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="follows")
    contact = models.EmailField(_("e-mail"), max_length=254)
    address = models.CharField(max_length=64, help_text="digest of the address, to know it again")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    nonce = models.CharField(max_length=64, default=secrets.token_hex)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(null=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("title followed by mail")
        verbose_name_plural = _("titles followed by mail")
        constraints = [
            models.UniqueConstraint(fields=["designation", "address"], name="followed_once_per_title"),
            models.CheckConstraint(condition=~Q(contact=""), name="follow_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page that confirms it, for whoever has the mail."""
        return reverse("follow", args=[self.secret])

    @property
    def number(self) -> str:
        """What it is called in the outbox."""
        return f"FT-{self.pk}"

    @property
    def secret(self) -> str:
        """What the link holds; made anew from the nonce, never stored."""
        return salted_hmac(SALT, f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()
