"""The base of every resource: scope first, then one action, then what became of it."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from greenchain.refusals import Refused

KEY = "[0-9]{1,18}"
"""A row's number in an address; a longer one names nothing."""


class Resource(GenericViewSet[Any]):
    """Rows that the person may see; what they may not see is not there. Verbs come from mixins only."""

    filter_backends = (DjangoFilterBackend,)
    lookup_value_regex = KEY
    readers: ClassVar[Mapping[str, type[BaseSerializer[Any]]]] = {}
    """What reads the body of an action, by the action's name."""
    also: ClassVar[tuple[int, ...]] = ()
    """Statuses of faults that an action may answer with beside the usual ones."""
    bad_input: ClassVar[Collection[str]] = ()
    """Codes of refusals that mean bad input: they are told as a field's fault (400)."""

    @property
    def person(self) -> Any:
        """Who asks: a user, or nobody known."""
        return self.request.user

    def get_queryset(self) -> "QuerySet[Any]":
        """The person's rows."""
        rows: Any = super().get_queryset()
        seen: QuerySet[Any] = rows.visible_to(self.person)
        return seen

    def given(self) -> dict[str, Any]:
        """The body as the action's reader understands it; ValidationError otherwise."""
        serializer = self.readers[str(self.action)](
            data=self.request.data,
            partial=self.request.method == "PATCH",
            context=self.get_serializer_context(),
        )
        serializer.is_valid(raise_exception=True)
        found: dict[str, Any] = dict(serializer.validated_data)
        return found

    def told(self, row: Any, status: int = 200, teller: type[BaseSerializer[Any]] | None = None) -> Response:
        """The row as this person may read it."""
        serializer_class = teller or self.get_serializer_class()
        serializer: BaseSerializer[Any] = serializer_class(row, context=self.get_serializer_context())
        return Response(serializer.data, status=status)

    def again(self, row: Any) -> Any:
        """The row read anew, with what its telling needs."""
        return self.get_queryset().get(pk=row.pk)

    def handle_exception(self, exc: Exception) -> Response:
        """Tell some refusals as bad input."""
        if isinstance(exc, Refused) and exc.status == Refused.status and self._is_bad_input(exc.code):
            faults: Mapping[str, list[str]] = {exc.field or "non_field_errors": [str(exc)]}
            exc = ValidationError(faults, code=exc.code)
        return super().handle_exception(exc)

    def _is_bad_input(self, code: str) -> bool:
        return code in self.bad_input or (code.startswith("file_") and "file" in self.bad_input)


class Reading(ListModelMixin, RetrieveModelMixin, Resource):
    """A list and its rows."""


class PublicReading(Reading):
    """Everybody may read it, signed in or not."""

    permission_classes = (AllowAny,)
