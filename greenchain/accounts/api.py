"""Sign a program in for an API key; and absences, with who stands in."""

import hashlib
from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from greenchain.accounts import actions
from greenchain.accounts.idempotency import once
from greenchain.accounts.keys import create_key
from greenchain.accounts.models import OFFICIALS, Absence, ApiKey, User
from greenchain.clock import now
from greenchain.refusals import NotYours
from greenchain.resources.bodies import NoInput
from greenchain.resources.views import Reading

TRIES = 8
"""Wrong answers for one name from one address before a pause."""
TRIES_PER_ADDRESS = 60
PAUSE = 300
"""Seconds that wrong answers are remembered."""
DAYS = 30
LABEL = "token"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


class Wrong(AuthenticationFailed):
    """One answer for an unknown name, a wrong password, a wrong code and a closed account alike."""

    default_code = "invalid_credentials"
    default_detail = _("Name, password or one-time code are not right.")


class CodeWanted(AuthenticationFailed):
    """The password is right; the account asks for a second factor."""

    default_code = "otp_required"
    default_detail = _("This account asks for a one-time code: send it as “otp”.")


class Credentials(serializers.Serializer[None]):
    """What a person signs in with."""

    username = serializers.CharField(max_length=150, help_text="name or e-mail address")
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    otp = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="one-time code, where one is asked for"
    )


class Token(serializers.Serializer[None]):
    """The key; it is shown this once."""

    token = serializers.CharField(help_text="send it as `Authorization: Bearer …`")
    days = serializers.IntegerField(help_text="how long it holds")


class SignIn(APIView):
    """A key for name and password; and its end."""

    repeatable = False
    also = (429,)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Signing in needs no key, and a wrong one does no harm."""
        return [] if self._signing_in() else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401 rather than 403."""
        return "Bearer"

    def get_permissions(self) -> list[Any]:
        """Everybody may try to sign in."""
        return [AllowAny()] if self._signing_in() else [IsAuthenticated()]

    def _signing_in(self) -> bool:
        return getattr(self.request, "method", "") == "POST"

    @extend_schema(
        operation_id="token_create", tags=["token"], request=Credentials, responses={200: Token}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Sign in and get an API key."""
        reader = Credentials(data=request.data)
        reader.is_valid(raise_exception=True)
        given: dict[str, str] = reader.validated_data
        counters = _counters(request, given["username"])
        _must_wait(counters)
        try:
            user = _known(request, given)
        except Wrong:
            _count(counters)
            raise
        cache.delete(counters[0][0])
        ApiKey.objects.filter(user=user, label=LABEL, expires_at__lt=now()).delete()
        return Response({"token": create_key(user, label=LABEL, days=DAYS), "days": DAYS})

    @extend_schema(
        operation_id="token_destroy", tags=["token"], responses={204: OpenApiResponse(description="Gone.")}
    )
    def delete(self, request: Request) -> Response:
        """End the key that this request carries."""
        if isinstance(request.auth, ApiKey):
            request.auth.delete()
        return Response(status=204)


def _known(request: Request, given: dict[str, str]) -> User:
    """The person; Wrong or CodeWanted."""
    user = authenticate(request._request, username=given["username"], password=given["password"])  # noqa: SLF001
    if not isinstance(user, User):
        raise Wrong
    factors = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS)
    code = given.get("otp", "").strip()
    if factors and not code:
        raise CodeWanted
    if factors and not any(factor.wrap().validate_code(code) for factor in factors):
        raise Wrong
    return user


def _counters(request: Request, name: str) -> tuple[tuple[str, int], ...]:
    """Where wrong answers are counted, and how many are borne: per name and address, per address."""
    address = BaseThrottle().get_ident(request)
    both = hashlib.sha256(f"{name.casefold()}\n{address}".encode()).hexdigest()
    return (f"token:{both}", TRIES), (f"token:{address}", TRIES_PER_ADDRESS)


def _must_wait(counters: tuple[tuple[str, int], ...]) -> None:
    if any((cache.get(key) or 0) >= borne for key, borne in counters):
        raise Throttled(wait=PAUSE)


def _count(counters: tuple[tuple[str, int], ...]) -> None:
    for key, _borne in counters:
        if not cache.add(key, 1, PAUSE):
            with suppress(ValueError):  # it ran out this very moment
                cache.incr(key)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description of the API names the key."""

    target_class = "greenchain.accounts.keys.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer"}


PEOPLE = User.objects.filter(role__in=OFFICIALS, is_active=True)
FIELDS = ("person", "since_on", "until_on", "stand_in")


class AbsenceTeller(serializers.ModelSerializer[Absence]):
    """An absence; days are included, ``ended_at`` ends it earlier."""

    person = serializers.SlugRelatedField[User](slug_field="username", read_only=True)
    stand_in = serializers.SlugRelatedField[User](slug_field="username", read_only=True, allow_null=True)
    authority = serializers.CharField(
        source="person.authority.code", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Absence
        fields = ("id", *FIELDS, "authority", "ended_at")


class AbsenceReader(serializers.Serializer[None]):
    """Who is away (oneself where nobody is named), between which days, and who stands in."""

    person = serializers.SlugRelatedField[User](slug_field="username", queryset=PEOPLE, required=False)
    since_on = serializers.DateField(required=False)
    until_on = serializers.DateField()
    stand_in = serializers.SlugRelatedField[User](
        slug_field="username", queryset=PEOPLE, required=False, allow_null=True
    )


class Absences(Reading):
    """Who of the officials is away, and who stands in."""

    queryset = Absence.objects.select_related("person__authority", "stand_in").order_by("pk")
    serializer_class = AbsenceTeller
    readers = {"create": AbsenceReader, "end": NoInput}
    bad_input = ("period", "stand_in")

    @once
    def create(self, request: Request) -> Response:
        """The person is away between these days; the stand-in holds their role at their authority."""
        if not (self.person.is_official or actions.is_administrator(self.person)):
            raise NotYours(_("Only auditors, approvers and reviewers have stand-ins."), code="role")
        row = actions.go_away(by=self.person, **{"person": self.person, **self.given()})
        return self.told(self.again(row), 201)

    @action(detail=True, methods=["post"])
    @once
    def end(self, request: Request, pk: str) -> Response:
        """The absence is over now."""
        row = self.get_object()
        actions.come_back(row, by=self.person)
        return self.told(self.again(row))
