"""Addresses that other people's software reads: the DID, credentials and the status list, by content negotiation."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from certification.designation.credential import conformity, current_credential, status_list
from certification.designation.models import Designation
from certification.designation.signing import did_document, jwt, secured

JWT = "application/vc+jwt"
JSON_TYPES = ("application/ld+json", "application/json", "application/vc")


@require_safe
def did_json(_request: HttpRequest) -> HttpResponse:
    """The issuer's DID document."""
    return _open(JsonResponse(did_document(), content_type="application/did+json"))


@require_safe
def credential(request: HttpRequest, number: str) -> HttpResponse:
    """A linked title's credential: vc+jwt, JSON with an embedded proof, or enveloped."""
    related = ("scheme", "scheme_version", "authority", "site__enterprise")
    title = get_object_or_404(Designation.objects.select_related(*related), number=number)
    issued = current_credential(title)
    if issued is None:
        raise Http404
    return _negotiated(request, conformity(title, issued))


@require_safe
def status_list_credential(request: HttpRequest) -> HttpResponse:
    """The status list, signed anew at each request, to be kept for five minutes."""
    return _negotiated(request, status_list())


def _negotiated(request: HttpRequest, made: dict[str, Any]) -> HttpResponse:
    wanted = request.get_preferred_type([JWT, *JSON_TYPES, "*/*"])
    if wanted == JWT:
        response = HttpResponse(_jwt(made), content_type=JWT)
    elif wanted in JSON_TYPES:
        response = JsonResponse(secured(made, at=made["validFrom"]), content_type="application/ld+json")
    else:
        response = JsonResponse(_enveloped(made), content_type="application/vc+ld+json")
    response["Vary"] = "Accept"
    return _open(response)


def _jwt(made: dict[str, Any]) -> str:
    until = made.get("validUntil")
    return jwt(made, expires=int(dt.datetime.fromisoformat(until).timestamp()) if until else None)


def _enveloped(made: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"data:{JWT},{_jwt(made)}",
        "type": "EnvelopedVerifiableCredential",
    }


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response
