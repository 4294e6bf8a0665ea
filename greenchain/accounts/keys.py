"""API keys: made once, shown once, stored as a digest; and how DRF reads them."""

import datetime as dt

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from greenchain.accounts.models import ApiKey, User
from greenchain.clock import now

USED_AGAIN_AFTER = dt.timedelta(minutes=5)


def create_key(user: User, *, label: str = "", days: int | None = 365) -> str:
    """Make a key for a person and return it; it cannot be read again."""
    key = ApiKey.fresh()
    expires_at = now() + dt.timedelta(days=days) if days else None
    ApiKey.objects.create(
        user=user, label=label, prefix=key[:8], digest=ApiKey.digest_of(key), expires_at=expires_at
    )
    return key


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>``."""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The person and key; None without a bearer header, AuthenticationFailed for a wrong one."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        key = self._find(parts[1:])
        if key is None:
            raise AuthenticationFailed(_("This API key is unknown or has expired. Ask for a new one."))
        if key.last_used_at is None or now() - key.last_used_at > USED_AGAIN_AFTER:
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now())
        return key.user, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        """Makes DRF answer 401 rather than 403."""
        return "Bearer"

    @staticmethod
    def _find(rest: list[bytes]) -> ApiKey | None:
        if len(rest) != 1:
            return None
        digest = ApiKey.digest_of(rest[0].decode(errors="replace"))
        return ApiKey.objects.alive().filter(digest=digest).select_related("user__authority").first()
