"""A faulty scheme file is told at start-up."""

import pytest

from certification import systemchecks
from certification.systemchecks import scheme_files


def test_the_shipped_files_pass() -> None:
    assert scheme_files() == []


def test_a_check_that_nobody_registered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemchecks, "CHECKS", {})
    errors = scheme_files()
    assert {error.id for error in errors} == {"certification.E002"}
    assert any("there is no check 'veto.dishonest_debtor'" in str(error) for error in errors)
