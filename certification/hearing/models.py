"""People who are heard without an account: who they are, how they are reached, and what they bring."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now
from suppliers.evidence.models import vault_path


def fresh_secret() -> str:
    """What nobody guesses: 256 bits, as part of an address."""
    return secrets.token_urlsafe(32)


class Heard(models.Model):
    """Something that a named person sent in. It counts once the address was confirmed by its secret link."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    name = models.CharField(_("your name"), max_length=100)
    contact = models.EmailField(_("e-mail"), max_length=254)
    statement = models.TextField(_("what is wrong, and how you know"))
    language = models.CharField(max_length=10, default="en")
    secret = models.CharField(max_length=43, unique=True, default=fresh_secret, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("received"), default=now)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Exhibit(models.Model):
    """A file that somebody who is heard brought; it was looked into before it was kept."""

    file = models.FileField(_("file"), upload_to=vault_path, max_length=100)
    filename = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.filename
