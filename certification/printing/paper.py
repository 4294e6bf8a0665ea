"""What stands in a package: cover, contents, form, figures, requirements, evidence with digests, commitment.

The front matter is set twice: how long it is decides on which page each annex begins.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from textwrap import wrap
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.application.frozen import Filed, Frozen
from certification.application.models import Application, Dossier
from certification.assessment.scoring import Result, score
from certification.designation.certificate import compiler
from certification.printing.merging import page_count
from greenchain.clock import today
from greenchain.languages import pick
from suppliers.evidence.kinds import KINDS
from suppliers.reporting.units import unit_name

FRONT, FRAMES = Path(__file__).with_name("package.typ"), Path(__file__).with_name("frames.typ")
DIGITS = 16


@dataclass(frozen=True)
class Annex:
    """One cited file, by its number in the list; without pages it goes along as a file."""

    number: int
    key: int
    title: str
    about: str
    filename: str
    sha256: str
    pages: int = 0

    def __str__(self) -> str:
        return f"{_('Annex')} {self.number} {self.title}"

    def with_pages(self, pages: int) -> "Annex":
        """The same, once it is known how many pages it has."""
        return replace(self, pages=pages)


@dataclass(frozen=True)
class Starts:
    """On which page each annex begins, by its number, and how many pages there are."""

    pages: Mapping[int, int]
    total: int


def numbered(content: Mapping[str, Any]) -> list[Annex]:
    """Each cited file once, in the order in which the dossier names it."""
    found: dict[int, Annex] = {}
    for row in content["citations"]:
        period = " – ".join(filter(None, (row.get("period_from"), row.get("period_to"))))
        about = " · ".join(
            filter(None, (str(KINDS.get(row["kind"], row["kind"])), row.get("issuer"), period))
        )
        key = row["evidence"]
        if key not in found:
            found[key] = Annex(len(found) + 1, key, row["title"], about, row["filename"], row["sha256"])
    return list(found.values())


def front_of(
    case: Application, content: Mapping[str, Any], dossier: Dossier | None, annexes: Sequence[Annex]
) -> tuple[bytes, Starts]:
    """The front matter as PDF, and where the annexes behind it begin."""
    told = asdict(Paper(case, content, dossier, annexes).front)
    length, starts, made = 0, _starts(0, annexes), b""
    for _again in range(3):  # the second time is right, unless the page numbers themselves break a line
        made = _set(FRONT, told | _places(annexes, starts))
        if (now := page_count(made)) == length:
            break
        length, starts = now, _starts(now, annexes)
    return made, starts


def frames_of(case: Application, dossier: Dossier | None, annexes: Sequence[Annex], starts: Starts) -> bytes:
    """An empty page for each page of the annexes: header, frame, and its number."""
    rows = [
        [str(annex), f"{place} / {annex.pages}", starts.pages[annex.number] + place - 1]
        for annex in annexes
        for place in range(1, annex.pages + 1)
    ]
    return _set(FRAMES, _head(case, dossier) | {"rows": rows, "total": starts.total}) if rows else b""


def _starts(front: int, annexes: Sequence[Annex]) -> Starts:
    printed = [annex for annex in annexes if annex.pages]
    ends = list(accumulate((annex.pages for annex in printed), initial=front))
    return Starts({annex.number: end + 1 for annex, end in zip(printed, ends, strict=False)}, ends[-1])


def _places(annexes: Sequence[Annex], starts: Starts) -> dict[str, Any]:
    rows = [[str(annex), starts.pages[annex.number]] for annex in annexes if annex.pages]
    return {"annexes": rows, "total": starts.total}


def _head(case: Application, dossier: Dossier | None) -> dict[str, Any]:
    day = dossier.submitted_at.date() if dossier else today()
    language = get_language() or "en"
    return {
        "language": "zh" if language.startswith("zh") else language,
        "number": case.number,
        "digest": grouped(dossier.digest) if dossier else _("draft, not submitted: nothing is frozen"),
        "date": [day.year, day.month, day.day],
    }


def _set(template: Path, told: Mapping[str, Any]) -> bytes:
    inputs = {"told": json.dumps(_plain(told), ensure_ascii=False)}
    return bytes(compiler(template.parent).compile(input=str(template), format="pdf", sys_inputs=inputs))


def _plain(value: Any) -> Any:
    """The same, without signs that cannot be set."""
    match value:
        case str():
            return "".join(sign for sign in value if sign in "\n\t" or sign.isprintable())
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case _:
            return value


def grouped(digest: str) -> str:
    """A digest in groups that can be compared by eye."""
    return " ".join(wrap(digest, DIGITS))


def shown(value: Any) -> str:
    """A figure in the reader's writing; what is no number stays as it is."""
    if value in (None, ""):
        return "–"
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return str(number_format(f"{number.normalize():f}", use_l10n=True, force_grouping=True))


@dataclass(frozen=True)
class Table:
    """A heading, the columns' names with their widths, and the rows, all as text."""

    heading: str
    head: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Front:
    """What the template sets."""

    language: str
    number: str
    digest: str
    date: list[int]
    words: dict[str, str]
    title: str
    subtitle: str
    blocks: list[tuple[str, list[tuple[str, str]]]]
    tables: list[Table]
    commitment: tuple[str, str]
    signatures: list[tuple[str, str, int]]
    """What stands there, whose, and how many millimetres are left for it."""


class Paper:
    """The front matter of one application, in the active language."""

    def __init__(
        self, case: Application, content: Mapping[str, Any], dossier: Dossier | None, annexes: Sequence[Annex]
    ) -> None:
        self.case, self.content, self.dossier, self.annexes = case, content, dossier, annexes
        self.frozen = Frozen(case, content)

    @property
    def front(self) -> Front:
        """All of it."""
        scheme = pick(self.case.scheme_version.scheme.names)
        return Front(
            **_head(self.case, self.dossier),
            words={"contents": _("Contents"), "page": _("Page"), "digest": _("Digest of the dossier")},
            title=_("Application"),
            subtitle=f"{scheme}, {self.case.get_level_display()}",
            blocks=[
                (_("Application and applicant"), list(self.about())),
                (_("Application form"), self.frozen.answers()),
            ],
            tables=[table for table in self.tables() if table.rows],
            commitment=(_("Commitment"), self.commitment()),
            signatures=self.signatures(),
        )

    def about(self) -> Iterator[tuple[str, str]]:
        """Who applies, for what, in which round."""
        applicant, subject, case = self.content["applicant"], self.content["subject"], self.case
        told = [
            (_("Number"), case.number),
            (_("Round"), str(case.round)),
            (_("Rules"), case.scheme_version.text()),
            (_("Reporting year"), str(case.year)),
            (_("For what"), _both(subject)),
            (_("Address"), " ".join(filter(None, (subject.get("address"), subject.get("address_en"))))),
            (_("Applicant"), _both(applicant)),
            (_("Identifier"), applicant.get("identifier")),
            (_("Address of the applicant"), applicant.get("address")),
            (_("Legal representative"), applicant.get("legal_representative")),
            (_("Contact"), " ".join(filter(None, (applicant.get(key) for key in CONTACT)))),
            (_("Submitted"), self.submitted),
        ]
        return ((label, str(value)) for label, value in told if value)

    @property
    def submitted(self) -> str:
        """When, or that it is a draft."""
        if self.dossier is None:
            return _("not submitted: this is a draft, and may still change")
        return date_format(self.dossier.submitted_at, "DATE_FORMAT")

    def tables(self) -> Iterator[Table]:
        """Figures, indicators, gates, and the list of evidence."""
        before, now = str(self.case.year - 1), str(self.case.year)
        figures = [
            [str(metric), shown(then), shown(value), unit_name(metric.unit)]
            for metric, then, value in self.frozen.values()
        ]
        yield Table(_("Figures"), [_("Figure"), before, now, _("Unit")], figures)
        for rows in self.frozen.tables():
            columns = {str(column): column for column in rows.table.columns.values()}
            yield Table(str(rows.table), [_titled(columns.get(name), name) for name in rows.head], rows.body)
        yield Table(
            _("Indicators"),
            [_("Indicator"), _("Weight"), _("Claimed"), _("Evidence")],
            [self._indicator(item) for item in self.frozen.definition.indicators],
            _(
                "Claimed: what the form says of a case, else what the reported figures give by the scheme's formula."
            ),
        )
        gates = [[str(gate), gate.clause, self._cited(proofs)] for gate, proofs in self.frozen.gates()]
        yield Table(_("Requirements"), [_("Requirement"), _("Clause"), _("Evidence")], gates)
        yield Table(
            _("Evidence"),
            [_("Annex"), _("Name"), _("File"), _("Digest (SHA-256)"), _("Printed")],
            [
                [
                    str(row.number),
                    f"{row.title}\n{row.about}",
                    row.filename,
                    grouped(row.sha256),
                    _printed(row),
                ]
                for row in self.annexes
            ],
            _("The digest says which file was meant; what is not printed here is handed in as a file."),
        )

    def _indicator(self, item: Any) -> list[str]:
        claim, found = self.frozen.claim(item.code)["words"], self.values.get(item.code)
        unit = unit_name(found.unit or item.unit) if found else ""
        value = f"{shown(found.value)} {unit}".strip() if found and found.value is not None else ""
        cited = self._cited(self.frozen.proofs.get(item.code, []))
        return [str(item), shown(item.weight), claim or value or "–", cited]

    @cached_property
    def values(self) -> dict[str, Result]:
        """What the figures of this very dossier give by the scheme's formulas, before anybody corrects them."""
        reported = self.content["figures"].get(str(self.case.year)) or {}
        found = score(
            self.frozen.definition,
            values=reported.get("values", {}),
            tables=reported.get("tables", {}),
            claims=self.content["claims"],
        )
        return {each.code: each for each in found.results}

    def _cited(self, proofs: Sequence[Filed]) -> str:
        numbers = {annex.key: annex.number for annex in self.annexes}
        return ", ".join(str(numbers[proof.key]) for proof in proofs if proof.key in numbers) or "–"

    def commitment(self) -> str:
        """What was signed, by whom; of a draft, what will be."""
        signed = self.content.get("commitment") or {}
        text = pick(signed.get("text") or self.frozen.definition.commitment)
        if not self.dossier:
            return text
        about = _(
            "Signed by %(name)s on %(day)s. This paper says what the frozen file says; its digest is:"
        ) % {
            "name": signed.get("signed_by", "–"),
            "day": self.submitted,
        }
        return f"{text}\n\n{about}\n{grouped(self.dossier.digest)}"

    def signatures(self) -> list[tuple[str, str, int]]:
        """The places for seals and signatures: the applicant's, then each desk's up to the level sought."""
        applicant = self.content["applicant"]
        return [
            (_("Legal representative (signature)"), applicant.get("legal_representative") or "", 14),
            (_("Seal of the applicant"), applicant.get("name", ""), 30),
            (_("Date"), "", 8),
            *((_("Opinion, date and seal"), str(desk), 30) for desk in self.case.route()),
        ]


CONTACT = ("contact_name", "contact_phone", "contact_email")


def _both(named: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, (named.get("name"), named.get("name_en"))))


def _titled(column: Any, name: str) -> str:
    unit = getattr(column, "unit", "")
    return f"{name} ({unit_name(unit)})" if unit and unit != "unit" else name


def _printed(annex: Annex) -> str:
    return str(annex.pages) if annex.pages else _("as a file")
