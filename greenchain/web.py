"""How a refusal is told: message and redirect in pages, problem+json in the API."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as FormError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import exception_handler

from greenchain.refusals import NotYours, Refused
from greenchain.resources.problems import PROBLEM

NO_PAGE = 405


class RefusalMiddleware:
    """Turns a refusal raised in a page view into a flash message on the page the person came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on. What htmx asked for is a part of a page; being sent elsewhere concerns the page as a whole."""
        response = self.get_response(request)
        if getattr(request, "htmx", False) and "Location" in response:
            return HttpResponse(headers={"HX-Refresh": "true"})
        if response.status_code == NO_PAGE and request.method == "GET" and not response.content:
            return only_a_form(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals; anything else is a bug and crashes loudly."""
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, NotYours) or request.method in {"GET", "HEAD"}:
            return render(request, "403.html", {"exception": exception}, status=exception.status)
        tell = messages.info if exception.code == "already_done" else messages.error
        tell(request, str(exception))
        return HttpResponseRedirect(back(request))


def only_a_form(request: HttpRequest, allowed: str) -> HttpResponse:
    """For who comes by hand, or by changing the language, to where a form is sent: the way to its page."""
    page = request.path.rstrip("/").rpartition("/")[0] + "/"
    response = render(request, "405.html", {"page": page}, status=NO_PAGE)
    response["Allow"] = allowed
    return response


def back(request: HttpRequest) -> str:
    """The page the person came from, if it is ours; else where they posted to."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return referer
    return request.path


def problem_json(exception: Exception, context: dict[str, Any]) -> Response | None:
    """RFC 9457 answers for refusals and DRF's own errors; None for bugs."""
    if isinstance(exception, Refused):
        extra = {"field": exception.field} if exception.field else {}
        return _problem(exception.status, exception.code, str(exception), **extra)
    if isinstance(exception, FormError):
        exception = exceptions.ValidationError(get_error_detail(exception))
    if isinstance(exception, exceptions.ValidationError):
        return _problem(400, "invalid", "", errors=exception.detail)
    if isinstance(exception, RequestDataTooBig):
        return _problem(413, "too_large", str(exception))
    if isinstance(exception, SuspiciousOperation):  # a body that Django refuses to read
        return _problem(400, "parse_error", str(exception))
    response = exception_handler(exception, context)
    if response is None:
        return None
    code, detail = _told(exception, response)
    problem = _problem(response.status_code, code, detail)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            problem.headers[name] = response.headers[name]
    return problem


def _told(exception: Exception, response: Response) -> tuple[str, str]:
    if isinstance(exception, Http404):
        return "not_found", ""
    if isinstance(exception, PermissionDenied):
        return "not_yours", ""
    code = getattr(exception, "default_code", "error")
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    return str(code), str(detail)


def _problem(number: int, code: str, detail: str, **extra: Any) -> Response:
    title = {
        400: "Bad input",
        401: "Not signed in",
        403: "Not yours",
        404: "Not found",
        405: "Method not allowed",
        406: "Not acceptable",
        409: "Refused",
        413: "Too large",
        415: "Unsupported media type",
        429: "Too many requests",
    }.get(number, "Error")
    body = {
        "type": f"about:blank#{code}",
        "title": title,
        "status": number,
        "code": code,
        "detail": detail,
        **extra,
    }
    return Response(body, status=number, content_type=PROBLEM)
