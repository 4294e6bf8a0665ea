"""The front matter of an application: cover, form, figures, requirements, evidence with digests, commitment."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.application.frozen import Filed, Frozen
from certification.application.models import Application, Dossier
from certification.assessment.scoring import Result, score
from certification.printing.annexes import Annex
from certification.printing.front import Front, Table, grouped, head_of, shown
from greenchain.languages import comma, pick
from suppliers.reporting.units import unit_name


class ApplicationFront:
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
            **head_of(self.case.number, *self.sealed),
            words={"contents": _("Contents"), "page": _("Page"), "digest": _("Digest of the dossier")},
            title=_("Application"),
            subtitle=f"{scheme}{comma()}{self.case.get_level_display()}",
            blocks=[
                (_("Application and applicant"), list(self.about())),
                (_("Application form"), self.frozen.answers()),
            ],
            tables=[table for table in self.tables() if table.rows],
            commitment=(_("Commitment"), self.commitment()),
            signatures=self.signatures(),
        )

    @property
    def sealed(self) -> tuple[str | None, dt.datetime | None]:
        """The digest of what is frozen, and since when; of a draft neither."""
        return (self.dossier.digest, self.dossier.submitted_at) if self.dossier else (None, None)

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
        return date_format(timezone.localdate(self.dossier.submitted_at), "DATE_FORMAT")

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
        gates = [[str(gate), pick(gate.clause), self._cited(proofs)] for gate, proofs in self.frozen.gates()]
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
