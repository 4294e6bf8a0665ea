"""Lists in pages, by cursor: stable while rows are added, and equally fast on every page."""

from typing import Any

from django.core.exceptions import ValidationError as ModelError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor as Place
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

LONGEST = 400


class Cursor(CursorPagination):
    """Pages of 50 (``page_size`` up to 200), newest first unless the resource has an ``ordering``."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_ordering(self, request: Request, queryset: "QuerySet[Any]", view: APIView) -> tuple[str, ...]:  # noqa: ARG002
        """The resource's own order: one unique column."""
        return (getattr(view, "ordering", self.ordering),)

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """One page; remembers what kind of position a cursor of this list may hold."""
        name = getattr(view, "ordering", self.ordering).lstrip("-")
        meta = queryset.model._meta
        self.column = meta.pk if name == "pk" else meta.get_field(name)
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Place | None:
        """The place that a cursor names; bad input when it was not one of ours."""
        try:
            place = super().decode_cursor(request)
        except NotFound:
            raise self._strange() from None
        if place is not None and place.position is not None:
            self._must_fit(str(place.position))
        return place

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page as the API's description has it; the framework's own example is no address."""
        found: dict[str, Any] = super().get_paginated_response_schema(schema)
        for name, place in (("next", "cD00ODY"), ("previous", "cj0xJnA9NDg3")):
            found["properties"][name]["example"] = (
                f"https://green.example.org/api/v1/sites/?{self.cursor_query_param}={place}"
            )
        return found

    def _must_fit(self, position: str) -> None:
        if len(position) > LONGEST or "\x00" in position:
            raise self._strange()
        try:
            self.column.run_validators(self.column.to_python(position))
        except ModelError:
            raise self._strange() from None

    def _strange(self) -> ValidationError:
        return ValidationError({"cursor": [_("This is not a cursor of this list.")]})
