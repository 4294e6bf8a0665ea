"""Schemes and versions, to be read; rounds, days and benchmarks, opened and entered."""

from certification.scheme.admin import rounds, versions

__all__ = ["rounds", "versions"]
