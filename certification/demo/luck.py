"""The same nation every time: dice that depend only on what they are thrown about."""

from decimal import Decimal
from random import Random

SEED = 36132


def dice(*about: object) -> Random:
    """Dice of their own for each subject, so that one more factory changes nothing about the others."""
    return Random("/".join(map(str, (SEED, *about))))  # noqa: S311 - a demo, not a secret


def between(low: float, high: float, *about: object) -> Decimal:
    """A number between the two, to four decimals."""
    return Decimal(f"{dice(*about).uniform(low, high):.4f}")
