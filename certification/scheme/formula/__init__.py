"""Indicator formulas: arithmetic over what a site reports, evaluated exactly and explained as a tree.

    co2_t * 1000 / gross_output
    smallest(pollutants[medium is "water"], (limit - mean) / limit * 100)

Names are metrics of the catalogue; inside a row function they are columns of the table. Division by zero,
a missing figure and a table without a row that counts are outcomes, never errors.
"""

from certification.scheme.formula.language import Formula, FormulaError, parse
from certification.scheme.formula.outcome import Inputs, Outcome, State

__all__ = ["Formula", "FormulaError", "Inputs", "Outcome", "State", "parse"]
