"""Gates and automatic checks, one function each. A scheme names them by key.

A check is pure: it reads a case file and says what it found, or None when all is well.
"""

from certification.assessment.checks.gates import checks_of
from certification.assessment.checks.registry import CHECKS, Check, Found, check

__all__ = ["CHECKS", "Check", "Found", "check", "checks_of"]
