"""The numbers of a scheme in the reader's language: limits, values by size class, weights."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from certification.scheme.definition import Bands, Threshold
from greenchain.languages import phrased
from suppliers.reporting.catalogue import METRICS
from suppliers.reporting.units import unit_name


def limits_in_words(rule: Threshold) -> list[str]:
    """What a gate's value must keep, in the reader's language; one text per size class."""
    parts = []
    for plain, bands, words in (
        (rule.minimum, rule.minimum_by, _("at least %(limit)s %(unit)s")),
        (rule.maximum, rule.maximum_by, _("at most %(limit)s %(unit)s")),
    ):
        if plain is not None:
            parts.append(words % {"limit": number(plain), "unit": unit_name(rule.unit)})
        for band in bands.bands if bands else ():
            told = words % {"limit": number(band.value), "unit": unit_name(rule.unit)}
            parts.append(f"{told} ({_class(bands, band.at_least)})")
    return parts


def _class(bands: Bands | None, at_least: Decimal) -> str:
    metric = METRICS[bands.metric] if bands else None
    return f"{metric} ≥ {at_least:,f} {unit_name(metric.unit) if metric else ''}"


def value_in_words(plain: Decimal | None, bands: Bands | None) -> str:
    """A base or lead value, or one per size class."""
    if bands:
        return phrased(f"{number(band.value)} ({_class(bands, band.at_least)})" for band in bands.bands)
    return "" if plain is None else number(plain)


def number(value: Decimal) -> str:
    """Without zeros that say nothing."""
    return f"{value.normalize():f}"


def exact(weight: Fraction) -> str:
    """A weight as it is, or as a fraction with what it comes to."""
    decimal = Decimal(weight.numerator) / Decimal(weight.denominator)
    return number(decimal) if Fraction(decimal) == weight else f"{weight} ≈ {decimal:.4f}"
