"""The title as a UNTP Digital Conformity Credential 0.7.0 (W3C VC 2.0), and the status list that revokes it.

A suspension revokes the credential and a reinstatement brings a new one: revocation is never undone
(Bitstring Status List 1.0). Only level, basis and score class go out, no measures.
"""

import base64
import datetime as dt
import gzip
from typing import Any

from django.conf import settings
from django.urls import reverse

from certification.designation.actions import STATUS_LIST_BITS
from certification.designation.life import score_class
from certification.designation.models import Basis, Credential, Designation
from certification.designation.signing import did
from certification.scheme.subject import owner_of
from greenchain.clock import now
from suppliers.place.models import Level

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    f"https://vocabulary.uncefact.org/untp/{settings.UNTP_VERSION}/context/",
]
TOPIC = "https://vocabulary.uncefact.org/conformity-topic/"


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def status_list_url() -> str:
    """Where the status list stands."""
    return settings.SITE_URL + reverse("status-list")


def conformity(title: Designation, credential: Credential) -> dict[str, Any]:
    """The unsecured credential of a linked title."""
    page = settings.SITE_URL + title.get_absolute_url()
    owner = owner_of(title.subject)
    party = {"type": ["Party"], "id": f"{page}#holder", "name": owner.name, "registeredId": owner.identifier}
    scheme = f"{settings.SITE_URL}/schemes/{title.scheme.key}/"
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "id": f"{page}credential?issue={credential.pk}",
        "issuer": {
            "type": ["CredentialIssuer"],
            "id": did(),
            "name": f"GreenChain: {title.authority.name_en}",
        },
        "validFrom": _instant(credential.issued_at),
        "name": f"{title.scheme.names['en']}, {Level(title.level).word} level",
        "credentialStatus": _status(credential),
        "credentialSubject": {
            "type": ["ConformityAttestation"],
            "id": page,
            "name": f"{title.number} {title.name_en or title.name}",
            "assessorLevel": "3rdParty" if title.basis == Basis.THIRD_PARTY else "self",
            "assessmentLevel": "authority-mandate",
            "attestationType": "certification",
            "issuedToParty": party,
            "referenceScheme": {"type": ["ConformityScheme"], "id": scheme, "name": title.scheme.names["en"]},
            "conformityAssessment": [_assessment(title, page, scheme)],
        },
    }
    if title.valid_until:
        end = dt.datetime.combine(title.valid_until, dt.time(23, 59, 59), tzinfo=dt.UTC)
        made["validUntil"] = _instant(end)
    if shown := score_class(title.basis_detail.get("score")):
        made["credentialSubject"]["profileScore"] = {"code": shown, "definition": "class of the score of 100"}
    return made


def _assessment(title: Designation, page: str, scheme: str) -> dict[str, Any]:
    site = title.site
    found: dict[str, Any] = {
        "type": ["ConformityAssessment"],
        "id": f"{page}#assessment",
        "name": f"{title.scheme.names['en']} assessment",
        "assessmentCriteria": [{"type": ["Criterion"], "id": scheme, "name": _rules(title)}],
        "assessmentDate": title.announced_on.isoformat(),
        "assessedPerformance": [
            {
                "metric": {
                    "type": ["PerformanceMetric"],
                    "id": f"{scheme}#score",
                    "name": "Green score class",
                },
                "score": {"code": score_class(title.basis_detail.get("score")) or "listed"},
            }
        ],
        "conformityTopic": [
            {
                "type": ["ConformityTopic"],
                "id": f"{TOPIC}greenhouse-gas-emissions",
                "name": "Greenhouse gas emissions",
            }
        ],
        "conformance": True,
    }
    if site is not None:
        facility = {
            "type": ["Facility"],
            "id": f"{page}#site",
            "name": site.name_en or site.name,
            "registeredId": str(site.pk),
        }
        found["assessedFacility"] = [{"facility": facility, "idVerifiedByCAB": True}]
    return found


def _rules(title: Designation) -> str:
    return title.scheme_version.version if title.scheme_version else "published list"


def _status(credential: Credential) -> dict[str, Any]:
    """One revocation entry; UNTP 0.7.0 wants the index as an integer where W3C wants a string."""
    url = status_list_url()
    return {
        "id": f"{url}#{credential.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": credential.index,
        "statusListCredential": url,
    }


def status_list() -> dict[str, Any]:
    """The unsecured status list: one bit per place, index 0 the highest bit of the first byte; 1 = revoked."""
    bits = bytearray(STATUS_LIST_BITS // 8)
    for index in Credential.objects.filter(revoked_at__isnull=False).values_list("index", flat=True):
        bits[index // 8] |= 0x80 >> (index % 8)
    encoded = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    url = status_list_url()
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(),
        "validFrom": _instant(now()),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }


def current_credential(title: Designation) -> Credential | None:
    """The newest credential of a title, standing or revoked; None for a title without a subject."""
    if title.subject is None:
        return None
    return Credential.objects.filter(designation=title).order_by("-pk").first()
