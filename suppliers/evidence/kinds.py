"""The kinds of evidence, read once from ``catalogue.toml``; an evidence row holds the key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from greenchain import located
from greenchain.languages import pick
from greenchain.located import Texts

FILE = Path(__file__).parent / "catalogue.toml"
ABOUT = ("site", "enterprise", "product")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of proof: what it is about and how its freshness is judged."""

    key: str
    names: Texts
    about: str
    expires: bool
    yearly: bool
    max_age_days: int
    used_up: bool
    """Each of its numbers serves one site and one year, such as a green electricity certificate's."""

    def __str__(self) -> str:
        return pick(self.names)


def read_kinds(path: Path) -> Mapping[str, Kind]:
    """The kinds of a file, by key; raises FaultyFileError with lines."""
    document = located.Document(path.name, path.read_text(encoding="utf-8"))
    kinds: dict[str, Kind] = {}
    for entry in document.root.tables("kinds"):
        key = entry.text("key")
        if key in kinds:
            entry.fault("key", f"'{key}' stands twice")
        kinds[key] = Kind(
            key=key,
            names=entry.texts("names"),
            about=entry.choice("about", ABOUT),
            expires=entry.flag("expires"),
            yearly=entry.flag("yearly"),
            max_age_days=entry.whole("max_age_days", required=False),
            used_up=entry.flag("used_up"),
        )
        entry.close()
    document.root.close()
    document.finish()
    return MappingProxyType(kinds)


KINDS: Mapping[str, Kind] = read_kinds(FILE)


def choices() -> list[tuple[str, str]]:
    """Pairs for a form field, in the reader's language."""
    return [(key, str(kind)) for key, kind in KINDS.items()]
