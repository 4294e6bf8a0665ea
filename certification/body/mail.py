"""What a mail address tells about who somebody works for; boxes that anyone may have tell nothing."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).with_name("public_mail.toml")


@lru_cache(maxsize=1)
def public_domains() -> frozenset[str]:
    """Domains of providers that give a box to anyone."""
    return frozenset(domain for listed in tomllib.loads(LIST.read_text()).values() for domain in listed)


def own_domains(addresses: Iterable[str]) -> set[str]:
    """The domains of the addresses, public providers left out."""
    found = {
        address.rpartition("@")[2].strip().lower().rstrip(".") for address in addresses if "@" in address
    }
    return {domain for domain in found if domain and not _is_public(domain)}


def shared(some: Iterable[str], others: Iterable[str]) -> str:
    """A domain that both have, or below which one of the other lies; "" without one."""
    others = sorted(others)
    for one in sorted(some):
        for other in others:
            if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
                return min(one, other, key=len)
    return ""


def _is_public(domain: str) -> bool:
    labels = domain.split(".")
    return any(".".join(labels[start:]) in public_domains() for start in range(len(labels)))
