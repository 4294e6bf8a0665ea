"""The issuer's key and the two proofs: vc+jwt (VC-JOSE-COSE) and eddsa-jcs-2022 (Data Integrity)."""

import base64
import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

ED25519_MULTICODEC = b"\xed\x01"


@lru_cache(maxsize=1)
def key() -> Ed25519PrivateKey:
    """The Ed25519 key from SIGNING_KEY (PEM); without it one is made and kept under var/."""
    pem = settings.SIGNING_KEY.encode() or _kept(Path(settings.VAR_DIR) / "signing-key.pem")
    loaded = load_pem_private_key(pem, password=None)
    if not isinstance(loaded, Ed25519PrivateKey):
        raise TypeError("SIGNING_KEY must be an Ed25519 private key in PEM")
    return loaded


def _kept(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(made)
    return made


def did() -> str:
    """The issuer: did:web of the site's host, a port's colon escaped."""
    return "did:web:" + quote(urlsplit(settings.SITE_URL).netloc, safe=".")


def _public() -> bytes:
    return key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def did_document() -> dict[str, Any]:
    """The same key three times, for the three kinds of verifiers: Multikey, JsonWebKey, JsonWebKey2020."""
    me, jwk = did(), {"kty": "OKP", "crv": "Ed25519", "x": _text(_public())}
    multikey = "z" + base58.b58encode(ED25519_MULTICODEC + _public()).decode()
    ids = [f"{me}#key-1", f"{me}#key-1-jwk", f"{me}#key-1-jwk2020"]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
            "https://w3id.org/security/suites/jws-2020/v1",
        ],
        "id": me,
        "verificationMethod": [
            {"id": ids[0], "type": "Multikey", "controller": me, "publicKeyMultibase": multikey},
            {"id": ids[1], "type": "JsonWebKey", "controller": me, "publicKeyJwk": jwk},
            {"id": ids[2], "type": "JsonWebKey2020", "controller": me, "publicKeyJwk": jwk},
        ],
        "assertionMethod": ids,
    }


def bears_our_signature(token: bytes) -> bool:
    """Whether a compact JWS was signed with our key, as it stands."""
    signed, _dot, signature = token.rpartition(b".")
    try:
        key().public_key().verify(base64.urlsafe_b64decode(signature + b"=="), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def jwt(credential: dict[str, Any], *, expires: int | None = None) -> str:
    """Compact JWS whose payload is the credential itself plus ``iss`` (and ``exp``), per VC-JOSE-COSE."""
    header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": f"{did()}#key-1-jwk"}
    payload = credential | {"iss": did()} | ({"exp": expires} if expires else {})
    signed = f"{_text(rfc8785.dumps(header))}.{_text(rfc8785.dumps(payload))}"
    return f"{signed}.{_text(key().sign(signed.encode()))}"


def secured(credential: dict[str, Any], *, at: str) -> dict[str, Any]:
    """The credential with an embedded eddsa-jcs-2022 proof, made ``at`` (xsd:dateTime)."""
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": at,
        "verificationMethod": f"{did()}#key-1",
        "proofPurpose": "assertionMethod",
        "@context": credential["@context"],
    }
    digests = (
        hashlib.sha256(rfc8785.dumps(config)).digest() + hashlib.sha256(rfc8785.dumps(credential)).digest()
    )
    value = "z" + base58.b58encode(key().sign(digests)).decode()
    return credential | {"proof": config | {"proofValue": value}}
