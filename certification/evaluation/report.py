"""The evaluation report as its form demands (policy.md 1.4), as PDF and as DOCX from the same content.

Facts of both sides, process, gates, indicators, conclusion, and a commitment page with places for signatures and seal.
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.application.local import gates_of
from certification.application.models import Application
from certification.body.models import Body
from certification.designation.certificate import compiler
from certification.evaluation.findings import MET
from certification.evaluation.models import Engagement, Evaluation
from certification.letters import grid, plain, speak_chinese
from greenchain.languages import comma, pick
from suppliers.reporting.units import unit_name

TEMPLATE = Path(__file__).with_suffix(".typ")
Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A heading, the columns' names and the rows, all as text."""

    heading: str
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Report:
    """What stands in a report; ``date`` is year, month and day."""

    language: str
    title: str
    subtitle: str
    number: str
    date: list[int]
    blocks: list[tuple[str, Facts]]
    process: tuple[str, list[str]]
    tables: list[Table]
    conclusion: tuple[str, str]
    commitment: tuple[str, str]
    signatures: Facts


def report_of(evaluation: Evaluation) -> Report:
    """The report in the active language."""
    case, body = evaluation.application, evaluation.body
    return Report(
        language="zh" if (get_language() or "").startswith("zh") else get_language() or "en",
        title=_("Third-party evaluation report"),
        subtitle=f"{pick(case.scheme_version.scheme.names)}{comma()}{case.get_level_display()}",
        number=case.number,
        date=[evaluation.at.year, evaluation.at.month, evaluation.at.day],
        blocks=[
            (_("Who was evaluated"), _subject(case)),
            (_("Who evaluated"), _evaluator(evaluation, body)),
            (_("Result"), _result(evaluation)),
        ],
        process=(_("Process and method"), list(_process(evaluation.engagement))),
        tables=list(_tables(evaluation)),
        conclusion=(_("Conclusion and advice"), evaluation.conclusion or "–"),
        commitment=(_("Commitment"), _commitment(evaluation.engagement)),
        signatures=_signatures(evaluation, body),
    )


def _commitment(held: Engagement | None) -> str:
    """Nobody is made to say that they were on site where no visit is on record."""
    seen = held is not None and held.visits.exists()
    looked = (
        _("We examined the documents and the site ourselves.")
        if seen
        else _("We examined the documents ourselves.")
    )
    tied = _("We did not advise the unit evaluated, own no part of it and share no staff with it.")
    return " ".join([tied, looked, _("We answer for the truth and accuracy of this report.")])


def _subject(case: Application) -> Facts:
    dossier = case.dossier
    content: Mapping[str, Any] = dossier.content if dossier else {}
    subject, applicant = content.get("subject", {}), content.get("applicant", {})
    told = [
        (_("Name"), subject.get("name")),
        (_("Address"), subject.get("address") or applicant.get("address")),
        (_("Enterprise"), applicant.get("name")),
        (_("Credit code"), applicant.get("identifier")),
        (_("Legal representative"), applicant.get("legal_representative")),
        (_("Contact"), " ".join(filter(None, (applicant.get(key) for key in CONTACT)))),
        (_("Reporting year"), str(case.year)),
        (_("Digest of the dossier"), " ".join(wrap(dossier.digest, 16)) if dossier else ""),
    ]
    return [(label, str(value)) for label, value in told if value]


CONTACT = ("contact_name", "contact_phone", "contact_email")


def _evaluator(evaluation: Evaluation, body: Body) -> Facts:
    held = evaluation.engagement
    told = [
        (_("Body"), body.name),
        (_("Credit code"), body.identifier),
        (_("Address"), body.address),
        (_("Legal representative"), held.legal_representative if held else body.legal_representative),
        (_("Author"), _name(evaluation.author)),
        (_("Technical reviewer"), evaluation.technical_reviewer),
        (_("Contract"), _contract(held)),
    ]
    return [(label, value) for label, value in told if value]


def _name(person: Any) -> str:
    return str(person.get_full_name() or person.get_username())


def _contract(held: Engagement | None) -> str:
    if held is None:
        return ""
    days = [date_format(day, "DATE_FORMAT") for day in (held.contract_from, held.contract_until) if day]
    return " ".join(filter(None, [held.contract_number, " – ".join(days)]))


def _result(evaluation: Evaluation) -> Facts:
    gates = gates_of(evaluation.application)
    failed = [str(gate) for gate in gates if evaluation.gates.get(gate.key, {}).get("met") == "no"]
    open_ones = sum(gate.key not in evaluation.gates for gate in gates)
    words = "; ".join(failed) or _("none")
    return [
        (_("Score"), _("%(total)s points") % {"total": f"{evaluation.total.normalize():f}"}),
        (_("Gates not met"), words),
        *([(_("Gates not judged"), str(open_ones))] if open_ones else []),
    ]


def _process(held: Engagement | None) -> Iterator[str]:
    yield _("The documents of the frozen dossier were reviewed; each indicator was judged with its evidence.")
    visits = held.visits.prefetch_related("photos").order_by("visited_on", "pk") if held else []
    for visit in visits:
        words = _("%(day)s, %(place)s (%(people)s): %(seen)s Photos: %(photos)s.")
        yield words % {
            "day": date_format(visit.visited_on, "DATE_FORMAT"),
            "place": visit.place,
            "people": visit.people,
            "seen": visit.seen,
            "photos": ", ".join(photo.title for photo in visit.photos.all()) or _("none"),
        }
    if not visits:
        yield _("No visit to the site is on record.")


def _tables(evaluation: Evaluation) -> Iterator[Table]:
    gates = gates_of(evaluation.application)
    head = [_("Requirement"), _("Finding"), _("Reason")]
    vetoes = [gate for gate in gates if gate.is_veto]
    basic = [gate for gate in gates if not gate.is_veto]
    for heading, some in ((_("One-vote vetoes"), vetoes), (_("Basic requirements"), basic)):
        if some:
            yield Table(heading, head, [_gate(gate, evaluation.gates.get(gate.key, {})) for gate in some])
    items = evaluation.application.scheme_version.definition.indicators
    rows = [_indicator(item, evaluation.points.get(item.code, {})) for item in items]
    yield Table(_("Indicators"), [_("Indicator"), _("Weight"), _("Points"), _("Reason")], rows)


def _gate(gate: Any, entry: Mapping[str, str]) -> list[str]:
    words = {key: str(label) for key, label in MET}
    return [str(gate), words.get(entry.get("met", ""), _("not judged")), entry.get("reason", "")]


def _indicator(item: Any, entry: Mapping[str, Any]) -> list[str]:
    reason = str(entry.get("reason", ""))
    if change := entry.get("correction"):
        words = _("Changed from %(a)s to %(b)s %(unit)s because %(because)s")
        told = {
            "a": change["from"] or "–",
            "b": change["to"],
            "unit": unit_name(change["unit"]),
            "because": change["because"],
        }
        reason = f"{reason} {words % told}"
    return [str(item), f"{item.weight.normalize():f}", str(entry.get("points", "–")), reason]


def _signatures(evaluation: Evaluation, body: Body) -> Facts:
    return [
        (_("Author"), _name(evaluation.author)),
        (_("Technical reviewer"), evaluation.technical_reviewer),
        (_("Signatory"), evaluation.signatory),
        (_("Legal representative (signature)"), ""),
        (_("Seal of the body"), body.name),
        (_("Date"), ""),
    ]


def pdf(report: Report) -> bytes:
    """The report as PDF/A-3b; the same report gives the same bytes.

    An archive's PDF must draw every sign. Where somebody typed one that our fonts lack, it is a plain PDF.
    """
    from typst import TypstError  # noqa: PLC0415 - only where a report is made

    inputs = {"told": json.dumps(plain(asdict(report)), ensure_ascii=False)}
    given = {"input": str(TEMPLATE), "format": "pdf", "sys_inputs": inputs}
    try:
        return bytes(compiler(TEMPLATE.parent).compile(**given, pdf_standards=["a-3b"]))
    except TypstError:
        return bytes(compiler(TEMPLATE.parent).compile(**given))


def docx(report: Report) -> bytes:
    """The report as a text document, for seals and signatures that are still put on paper."""
    from docx import Document  # noqa: PLC0415 - only where a report is made

    paper = Document()
    paper.core_properties.title, paper.core_properties.author = report.title, ""
    paper.add_heading(report.title, 0)
    paper.add_paragraph(f"{report.subtitle} · {report.number}")
    for heading, facts in report.blocks:
        paper.add_heading(heading, 1)
        grid(paper, [], [list(fact) for fact in facts])
    paper.add_heading(report.process[0], 1)
    for line in report.process[1]:
        paper.add_paragraph(plain(line))
    for table in report.tables:
        paper.add_heading(table.heading, 1)
        grid(paper, table.head, table.rows)
    for heading, text in (report.conclusion, report.commitment):
        paper.add_heading(heading, 1)
        paper.add_paragraph(plain(text))
    grid(paper, [], [list(row) for row in report.signatures])
    speak_chinese(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
