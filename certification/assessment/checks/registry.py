"""The list of checks that scheme files may name."""

from collections.abc import Callable
from dataclasses import dataclass, field

from certification.assessment.casefile import CaseFile
from certification.assessment.models import Severity

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
    """A registered check: its key, what it is called (source text of the translation), and the function."""

    key: str
    title: str
    run: Run


CHECKS: dict[str, Check] = {}


def check(key: str, title: str) -> Callable[[Run], Run]:
    """Register a check under the key that scheme files use; ``title`` is marked with ``gettext_noop``."""

    def register(function: Run) -> Run:
        if key in CHECKS:
            raise ValueError(f"two checks are called {key}")
        CHECKS[key] = Check(key, title, function)
        return function

    return register
