"""The credential: a stranger's library verifies it, the UN schema accepts it, the status list revokes it."""

import base64
import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import base58
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from joserfc import jws
from joserfc.jwk import OKPKey

from certification.models import Designation
from certification.scheme.subject import owner_of
from certification.verbs import perform
from greenchain.clock import today
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DATA = Path(os.environ.get("GREENCHAIN_DATA", Path(__file__).parents[3] / "shared" / "data"))
SCHEMAS = DATA / "untp" / "schema"


@pytest.fixture
def title(cast: Cast) -> Designation:
    return cast.granted()


def public_jwk(client: Client) -> dict[str, Any]:
    methods = client.get("/.well-known/did.json").json()["verificationMethod"]
    return next(each["publicKeyJwk"] for each in methods if each["type"] == "JsonWebKey")


def fetch(client: Client, address: str, accept: str) -> Any:
    answer = client.get(address, headers={"accept": accept})
    assert answer.status_code == 200
    return answer.content.decode() if "jwt" in accept else answer.json()


def payload_of(client: Client, token: str) -> dict[str, Any]:
    """Verified by joserfc, a library that knows nothing of us."""
    key = OKPKey.import_key(public_jwk(client))
    checked = jws.deserialize_compact(token, key, algorithms=["EdDSA"])
    found: dict[str, Any] = json.loads(checked.payload)
    return found


def revoked(client: Client, entry: dict[str, Any]) -> bool:
    told = fetch(client, "/status/revocation", "application/json")
    bits = gzip.decompress(base64.urlsafe_b64decode(told["credentialSubject"]["encodedList"][1:] + "=="))
    index = entry["statusListIndex"]
    return bool(bits[index // 8] & (0x80 >> index % 8))


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_the_jwt_is_verified_by_a_stranger(client: Client, title: Designation) -> None:
    token = fetch(client, f"/register/{title.number}/credential", "application/vc+jwt")
    told = payload_of(client, token)
    assert told["issuer"]["id"] == told["iss"] == client.get("/.well-known/did.json").json()["id"]
    assert told["credentialSubject"]["issuedToParty"]["registeredId"] == owner_of(title.subject).identifier
    assert not revoked(client, told["credentialStatus"])


def test_the_embedded_proof_holds(client: Client, title: Designation) -> None:
    told = fetch(client, f"/register/{title.number}/credential", "application/json")
    proof = told.pop("proof")
    signature = base58.b58decode(proof.pop("proofValue")[1:])
    digests = hashlib.sha256(rfc8785.dumps(proof)).digest() + hashlib.sha256(rfc8785.dumps(told)).digest()
    raw = base64.urlsafe_b64decode(public_jwk(client)["x"] + "=")
    Ed25519PublicKey.from_public_bytes(raw).verify(signature, digests)


@pytest.mark.skipif(not SCHEMAS.exists(), reason="the UN's schemas are not on this machine")
def test_the_un_schema_accepts_it(client: Client, title: Designation) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    told = fetch(client, f"/register/{title.number}/credential", "application/json")
    schema = json.loads((SCHEMAS / "ConformityCredential.json").read_text(encoding="utf-8"))
    faults = [
        f"{error.json_path}: {error.message}"
        for error in jsonschema.Draft202012Validator(schema).iter_errors(told)
    ]
    assert faults == []


def test_suspension_revokes_and_reinstatement_brings_a_new_one(
    client: Client, cast: Cast, title: Designation
) -> None:
    address = f"/register/{title.number}/credential"
    first = fetch(client, address, "application/json")["credentialStatus"]
    perform(
        title,
        "suspend",
        by=cast.approver_3306,
        data={"reasons": "fire", "until_on": today().replace(year=today().year + 1)},
    )
    assert revoked(client, first)
    perform(title, "reinstate", by=cast.approver_3306, data={"cured": "rebuilt"})
    second = fetch(client, address, "application/json")["credentialStatus"]
    assert second["statusListIndex"] != first["statusListIndex"]
    assert not revoked(client, second)
    assert revoked(client, first)
