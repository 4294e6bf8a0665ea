"""Case files made by hand, for checks: pure facts, no database."""

import datetime as dt
from dataclasses import replace
from typing import Any

from certification.assessment.casefile import CaseFile, Proof
from certification.assessment.facts import Facts
from certification.scheme.loading import FOLDER, load

DAY = dt.date(2026, 11, 22)
YEAR = 2025
SITE = 7
DEFINITION = load(FOLDER / "green_factory-2025-provincial.toml")
VALUES = {"gross_output": "50000", "energy_tce": "2000", "renewable_tce": "700", "co2_t": "2000"}


def proof(**changes: Any) -> Proof:
    """A good certificate of this site."""
    return Proof(
        **{
            "requirement": "gate.management_systems",
            "evidence": 1,
            "kind": "qms_certificate",
            "title": "Certificate",
            "sha256": "aa",
            "site": SITE,
            "certificate_number": "00123E20345",
            "period_from": None,
            "period_to": None,
            "expires_on": "2027-01-01",
            "retracted": False,
            "elsewhere": 0,
            "condition": "good",
            **changes,
        }
    )


def case_file(*proofs: Proof, values: Any = None, tables: Any = None, **changes: Any) -> CaseFile:
    """A site's case with these files and figures."""
    facts = {key: changes.pop(key) for key in list(changes) if key in Facts.__dataclass_fields__}
    figures = {"values": VALUES if values is None else values, "tables": tables or {}}
    before = changes.pop("before", {})
    content = {"figures": {str(YEAR): figures, str(YEAR - 1): before}, "claims": {}}
    made = CaseFile(
        application=1,
        subject=SITE,
        site=SITE,
        year=YEAR,
        definition=DEFINITION,
        content=content,
        proofs=proofs,
        records=(),
        corrections={},
        benchmarks={},
        day=DAY,
        facts=Facts(**facts),
    )
    return replace(made, **changes)
