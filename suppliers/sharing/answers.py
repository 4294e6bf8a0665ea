"""What an answer may be, which are lacking, and which come from the reports instead of being typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from greenchain.clock import today
from greenchain.refusals import Refused
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence
from suppliers.reporting.models import SiteYear
from suppliers.sharing.models import AnswerSet
from suppliers.sharing.questionnaire import Named, Question

LONGEST = 1000
YEARS = 3
"""Reports of so many years back are looked at (ours)."""
HIGHEST = Decimal(10) ** 15
YES_NO = ("yes", "no")


@dataclass(frozen=True)
class Figure:
    """A figure as reported: the sum over the sites that reported it for the newest year."""

    value: Decimal
    year: int
    sites: int


@dataclass(frozen=True)
class Told:
    """One answer, to be read: in words, with the year and the number of sites of a reported figure."""

    question: Question
    said: str
    year: int | None = None
    sites: int | None = None
    evidence: int | None = None


def reported(enterprise: Enterprise, metrics: Iterable[str]) -> dict[str, Figure]:
    """The newest figure of each metric from the sites' reports of years that are over, in one query."""
    over = (today().year - YEARS, today().year - 1)
    years = SiteYear.objects.filter(site__enterprise=enterprise, year__range=over)
    found: dict[str, dict[int, list[Decimal]]] = {}
    wanted = list(metrics)
    for report in years.order_by("-year"):
        for key in wanted:
            value = report.metric(key)
            if value is not None:
                found.setdefault(key, {}).setdefault(report.year, []).append(value)
    newest = {key: max(by_year) for key, by_year in found.items()}
    return {
        key: Figure(sum(found[key][year], Decimal(0)), year, len(found[key][year]))
        for key, year in newest.items()
    }


def figures_of(row: AnswerSet) -> dict[str, Figure]:
    """By question, what its reports answer."""
    asked = {question.metric: key for key, question in row.questionnaire.questions.items() if question.metric}
    return {asked[metric]: figure for metric, figure in reported(row.enterprise, asked).items()}


def lacking(row: AnswerSet, figures: Mapping[str, Figure]) -> list[Question]:
    """Questions that must be answered and are not."""
    questions = row.questionnaire.questions.values()
    return [
        each
        for each in questions
        if each.required and each.key not in figures and row.values.get(each.key) in {None, ""}
    ]


def snapshot(row: AnswerSet, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """The answers as they are confirmed: each with its value, and the year and sites of a reported one."""
    told: dict[str, Any] = {}
    for key in row.questionnaire.questions:
        if key in figures:
            one = figures[key]
            told[key] = {"value": f"{one.value.normalize():f}", "year": one.year, "sites": one.sites}
        elif row.values.get(key) not in {None, ""}:
            told[key] = {"value": row.values[key]}
    return told


def told(row: AnswerSet) -> list[tuple[Named, list[Told]]]:
    """The confirmed answers by section; questions without an answer are told with none."""
    return [
        (
            section,
            [_told(question, row.confirmed.get(question.key)) for question in row.questionnaire.of(section)],
        )
        for section in row.questionnaire.sections
    ]


def _told(question: Question, kept: Mapping[str, Any] | None) -> Told:
    if kept is None:
        return Told(question, "")
    value = kept["value"]
    if question.kind == "yes_no":
        return Told(question, _("yes") if value == "yes" else _("no"))
    if question.kind == "choice":
        return Told(question, str(next((each for each in question.options if each.key == value), value)))
    if question.kind == "file":
        return Told(question, "", evidence=int(value))
    return Told(question, str(value), kept.get("year"), kept.get("sites"))


def understood(question: Question, value: Any, enterprise: Enterprise) -> Any:
    """The value as it is stored; "" for none. Refused, with the question as field, where it is not understood."""
    if value is None or value == "":
        return ""
    match question.kind:
        case "yes_no":
            fits = value in YES_NO
        case "choice":
            fits = value in {each.key for each in question.options}
        case "number":
            return _number(question, value)
        case "text":
            value = str(value).strip()
            fits = len(value) <= LONGEST
        case _:
            return _file(question, value, enterprise)
    if not fits:
        raise _refused(question, _("This is none of the possible answers."))
    return value


def files_for(question: Question, enterprise: Enterprise) -> Any:
    """The files of the vault that may answer."""
    return Evidence.objects.current().filter(enterprise=enterprise, kind__in=question.evidence)


def _number(question: Question, value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _refused(question, _("Enter a number.")) from None
    if not number.is_finite() or number < 0 or number >= HIGHEST:
        raise _refused(question, _("Enter a number that is not negative."))
    return f"{number.normalize():f}"


def _file(question: Question, value: Any, enterprise: Enterprise) -> int:
    key = int(value) if str(value).isdecimal() and len(str(value)) < 19 else 0  # noqa: PLR2004 - fits a key
    if not files_for(question, enterprise).filter(pk=key).exists():
        raise _refused(question, _("Choose a file of your own vault, of a fitting kind."))
    return key


def _refused(question: Question, message: str) -> Refused:
    return Refused(message, code="invalid", field=question.key)
