"""Settings of a laptop: a secret of its own, a socket whose path is never too long."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from greenchain import settings as module


def test_one_secret_per_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VAR_DIR", tmp_path / "a")
    first = module._local_secret()
    assert len(first) > 50
    assert module._local_secret() == first
    assert stat.S_IMODE((tmp_path / "a" / "secret-key").stat().st_mode) == 0o600
    monkeypatch.setattr(module, "VAR_DIR", tmp_path / "b")
    assert module._local_secret() != first


def test_the_first_secret_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VAR_DIR", tmp_path)
    numbers = iter(range(100))
    monkeypatch.setattr("os.getpid", lambda: next(numbers))
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: module._local_secret(), range(8)))
    assert found == {(tmp_path / "secret-key").read_text()}


def test_a_short_path_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VAR_DIR", Path("/srv/greenchain/var"))
    assert module._local_socket() == Path("/srv/greenchain/var/valkey.sock")


def test_a_long_path_is_replaced_by_a_short_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    places = set()
    for name in ("绿" * 40, "色" * 40):
        monkeypatch.setattr(module, "VAR_DIR", Path("/srv") / name)
        places.add(module._local_socket())
    assert len(places) == 2
    assert all(len(str(place)) < 100 for place in places)
