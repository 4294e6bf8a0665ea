"""Whether the figures are there, and can be."""

from decimal import Decimal

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile
from certification.assessment.checks.registry import Found, check
from certification.assessment.models import Severity
from greenchain.languages import pick, spoken
from suppliers.reporting.catalogue import METRICS

LEAP = Decimal("0.4")
"""A change of more than 40 % in a year asks for an explanation (our choice, not the ministry's)."""
WATCHED = ("gross_output", "energy_tce", "co2_t", "water_m3")


@check("data.site_year_missing", gettext_noop("The reporting year's figures are there"))
def site_year_missing(case: CaseFile) -> Found | None:
    """What has reported nothing cannot be scored, where the scheme reads figures at all."""
    reads = case.definition.metrics or case.definition.tables
    if case.values or case.tables or not reads:
        return None
    return Found(
        Severity.BLOCKS,
        spoken(gettext_noop("Nothing was reported for %(year)s."), year=case.year),
        spoken(gettext_noop("Report the figures for the year.")),
    )


@check("data.out_of_range", gettext_noop("Every figure lies within what is possible"))
def out_of_range(case: CaseFile) -> Found | None:
    """Shares lie within 0–100 %, quantities are not negative: the catalogue's bounds."""
    bad = [key for key, text in case.values.items() if key in METRICS and not _possible(key, Decimal(text))]
    if not bad:
        return None
    return Found(
        Severity.BLOCKS,
        {
            language: spoken(
                gettext_noop("Out of range: %(keys)s."), keys=", ".join(_name(key, language) for key in bad)
            )[language]
            for language in ("en", "zh-hans", "id")
        },
        spoken(gettext_noop("Compare the figures with their statistical forms.")),
        about={"metrics": ", ".join(bad)},
    )


def _name(key: str, language: str) -> str:
    names = METRICS[key].names
    return names.get(language) or pick(names)


def _possible(key: str, value: Decimal) -> bool:
    metric = METRICS[key]
    return (metric.minimum is None or value >= metric.minimum) and (
        metric.maximum is None or value <= metric.maximum
    )


@check("data.year_on_year", gettext_noop("No unexplained leap from the year before"))
def year_on_year(case: CaseFile) -> Found | None:
    """Output, energy, carbon and water against the year before, where both were reported."""
    before = case.figures(case.year - 1).get("values", {})
    leaps = {
        key: _change(before[key], case.values[key]) for key in WATCHED if key in before and key in case.values
    }
    great = {key: change for key, change in leaps.items() if change is not None and abs(change) > LEAP}
    if not great:
        return None
    listed = {key: f"{change:+.0%}" for key, change in great.items()}
    return Found(
        Severity.ASKS,
        {
            language: spoken(
                gettext_noop("Changed by more than 40 %% in a year: %(listed)s."),
                listed=", ".join(f"{_name(key, language)} {change}" for key, change in listed.items()),
            )[language]
            for language in ("en", "zh-hans", "id")
        },
        spoken(gettext_noop("Say what happened in the narrative, and cite the form.")),
        about=listed,
    )


def _change(before: str, after: str) -> Decimal | None:
    old = Decimal(before)
    return None if old == 0 else (Decimal(after) - old) / abs(old)
