"""So many times an hour from one person or address, for pages and the API alike."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from greenchain.refusals import Refused


class Patience(SimpleRateThrottle):
    """What anybody may send, but not without end."""

    scope = "sending"
    rate = "20/hour"

    def get_cache_key(self, request: Any, view: APIView | None) -> str:  # noqa: ARG002 - the framework's signature
        """By person, else by address."""
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}


def must_be_patient(request: HttpRequest, throttle: type[Patience]) -> None:
    """Refused when too much came from there within the hour."""
    if not throttle().allow_request(request, None):  # type: ignore[arg-type]
        raise Refused(
            _("Too much has come from here within an hour. Please try again later."), code="patience"
        )
