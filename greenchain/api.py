"""The API's frame: every resource under /api/v1/, its description, and the sign-in of programs."""

from functools import lru_cache
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from certification import api as certification
from greenchain.accounts.api import Absences, SignIn
from suppliers import api as suppliers


class Router(SimpleRouter):
    """Collections and rows end in a slash; a program that leaves it out is not turned away."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"


@lru_cache(maxsize=8)
def described(language: str | None) -> dict[str, Any]:  # noqa: ARG001 - the key of the cache: texts are translated
    """The API's OpenAPI description; it takes seconds to make and stays the same while the process lives."""
    found: dict[str, Any] = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return found


class Description(SpectacularAPIView):
    """The OpenAPI description, as JSON."""

    renderer_classes = [OpenApiJsonRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """In the reader's language."""
        return Response(described(get_language()))


class Nothing(APIView):
    """Whatever address the API does not know: a problem, not a page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """404, whatever the method."""
        self.http_method_not_allowed = self._nothing  # type: ignore[method-assign]
        return super().dispatch(request, *args, **kwargs)

    def _nothing(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        raise NotFound(request.path)


router = Router()
for name, resource in (("absences", Absences), *suppliers.RESOURCES, *certification.RESOURCES):
    router.register(name, resource, basename=f"api-{name}")  # pages have the plain names

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema", Description.as_view(), name="api-schema"),
    path(
        "docs",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", template_name="api/docs.html"),
        name="api-docs",
    ),
    path("token", SignIn.as_view(), name="api-token"),
    path("token/", SignIn.as_view(schema=None)),
    *certification.urlpatterns,
    path("", include(router.urls)),
    re_path(r"", Nothing.as_view()),
]
