"""The list of checks that scheme files may name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from certification.assessment.casefile import CaseFile
from certification.assessment.models import Severity
from certification.scheme.facts import CHECK_TITLES
from greenchain.languages import spoken

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: how grave, why, how to mend it, and the evidence it read; texts in three languages."""

    severity: Severity
    reason: Texts
    remedy: Texts = field(default_factory=dict)
    evidence: tuple[int, ...] = ()
    about: dict[str, str] = field(default_factory=dict)


Run = Callable[[CaseFile], Found | None]


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its key, what it is called, and the function.

    A registered one is called by the source text of a translation, a scheme's own gate by the gate's names.
    """

    key: str
    title: str | Mapping[str, str]
    run: Run

    def titles(self) -> Texts:
        """What it is called, in three languages."""
        return spoken(self.title) if isinstance(self.title, str) else dict(self.title)


CHECKS: dict[str, Check] = {}


def check(key: str, title: str) -> Callable[[Run], Run]:
    """Register a check under the key that scheme files use; ``title`` is marked with ``gettext_noop``."""

    def register(function: Run) -> Run:
        if key in CHECKS:
            raise ValueError(f"two checks are called {key}")
        CHECKS[key] = Check(key, title, function)
        CHECK_TITLES[key] = title
        return function

    return register
