"""The signed link that stops digests, or one kind of mail, without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from certification.delivery.kinds import KINDS, Way
from greenchain.accounts.models import User

SALT = "certification.delivery.unsubscribe"


def unsubscribe_url(person: User, what: str) -> str:
    """The address: ``what`` is "digest" or a kind that may be turned off."""
    token = signing.dumps([person.pk, what], salt=SALT)
    return settings.SITE_URL + reverse("unsubscribe", args=[token])


def meant_by(token: str) -> tuple[User, str] | None:
    """Whom and what the link stops; None where it is not ours. It never expires: old mails keep their word."""
    try:
        key, what = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    person = User.objects.filter(pk=key, is_active=True).first()
    known = what == "digest" or (what in KINDS and Way.IN_APP in KINDS[what].ways)
    return (person, what) if person and known else None
