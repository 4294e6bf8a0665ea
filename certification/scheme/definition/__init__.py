"""What a scheme version says, parsed from its file: blocks, indicators, gates, levels, procedure, texts."""

from certification.scheme.definition.gates import Gate, Threshold
from certification.scheme.definition.judging import Criterion, Judging
from certification.scheme.definition.parts import (
    MARKS,
    SCORINGS,
    Band,
    Bands,
    Block,
    FormField,
    Indicator,
    LevelRules,
    Method,
    Option,
    Procedure,
    Provenance,
    Requirement,
    Source,
)
from certification.scheme.definition.reading import parse
from certification.scheme.definition.shape import Definition, SchemeError

__all__ = [
    "MARKS",
    "SCORINGS",
    "Band",
    "Bands",
    "Block",
    "Criterion",
    "Definition",
    "FormField",
    "Gate",
    "Indicator",
    "Judging",
    "LevelRules",
    "Method",
    "Option",
    "Procedure",
    "Provenance",
    "Requirement",
    "SchemeError",
    "Source",
    "Threshold",
    "parse",
]
