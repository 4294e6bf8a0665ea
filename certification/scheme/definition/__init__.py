"""What a scheme version says, parsed from its file: blocks, indicators, gates, levels, procedure, texts."""

from certification.scheme.definition.parts import (
    MARKS,
    Band,
    Bands,
    Block,
    FormField,
    Gate,
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
    "Band",
    "Bands",
    "Block",
    "Definition",
    "FormField",
    "Gate",
    "Indicator",
    "LevelRules",
    "Method",
    "Option",
    "Procedure",
    "Provenance",
    "Requirement",
    "SchemeError",
    "Source",
    "parse",
]
