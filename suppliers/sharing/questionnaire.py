"""The questions that many buyers ask, as data with a version; read once from ``questionnaires/``."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from greenchain import located
from greenchain.clock import today
from greenchain.languages import pick
from greenchain.located import Texts
from suppliers.evidence.kinds import KINDS
from suppliers.reporting.catalogue import METRICS

FOLDER = Path(__file__).parent / "questionnaires"
ASKED = ("yes_no", "choice", "number", "text", "file")
"""What a question may be."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A section, or one of the words that a choice takes."""

    key: str
    names: Texts

    def __str__(self) -> str:
        return pick(self.names)


@dataclass(frozen=True, kw_only=True)
class Question(Named):
    """One question: ``metric`` names the figure that is taken from the reports, ``evidence`` what a file may be."""

    section: str
    kind: str
    required: bool
    unit: str
    metric: str
    evidence: tuple[str, ...]
    options: tuple[Named, ...]


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """One version; answers point to it by ``version``."""

    version: str
    effective_on: dt.date
    names: Texts
    sections: tuple[Named, ...]
    questions: Mapping[str, Question]

    def __str__(self) -> str:
        return pick(self.names)

    def of(self, section: Named) -> list[Question]:
        """The questions of a section, in their order."""
        return [question for question in self.questions.values() if question.section == section.key]


def read_questionnaire(path: Path) -> Questionnaire:
    """The questionnaire of a file; raises FaultyFileError with lines."""
    document = located.Document(path.name, path.read_text(encoding="utf-8"))
    root = document.root
    sections = tuple(_named(entry) for entry in root.tables("sections"))
    questions: dict[str, Question] = {}
    for entry in root.tables("questions"):
        question = _question(entry, tuple(section.key for section in sections))
        if question.key in questions:
            entry.fault("key", f"'{question.key}' stands twice")
        questions[question.key] = question
        entry.close()
    found = Questionnaire(
        version=root.text("version"),
        effective_on=root.day("effective_on") or dt.date.max,
        names=root.texts("names"),
        sections=sections,
        questions=MappingProxyType(questions),
    )
    root.close()
    document.finish()
    return found


def _named(entry: located.Table) -> Named:
    found = Named(key=entry.text("key"), names=entry.texts("names"))
    entry.close()
    return found


def _question(entry: located.Table, sections: tuple[str, ...]) -> Question:
    kind = entry.choice("kind", ASKED)
    evidence = entry.words("evidence", required=kind == "file")
    for word in evidence:
        if word not in KINDS:
            entry.fault("evidence", f"there is no kind of evidence '{word}'", word)
    metric = entry.text("metric", required=False)
    if metric and metric not in METRICS:
        entry.fault("metric", f"there is no metric '{metric}'", metric)
    return Question(
        key=entry.text("key"),
        names=entry.texts("names"),
        section=entry.choice("section", sections),
        kind=kind,
        required=entry.flag("required"),
        unit=entry.text("unit", required=kind == "number"),
        metric=metric,
        evidence=evidence,
        options=tuple(_named(each) for each in entry.tables("options")) if kind == "choice" else (),
    )


def _all() -> Mapping[str, Questionnaire]:
    found = (read_questionnaire(path) for path in sorted(FOLDER.glob("*.toml")))
    return MappingProxyType({each.version: each for each in found})


QUESTIONNAIRES = _all()


def current() -> Questionnaire:
    """The newest version that is in effect today."""
    return max(
        (each for each in QUESTIONNAIRES.values() if each.effective_on <= today()),
        key=lambda each: each.effective_on,
        default=next(iter(QUESTIONNAIRES.values())),
    )
