"""Settings of a laptop: a secret of its own, a socket whose path is never too long."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from greenchain.folder import local_secret, local_socket


def test_one_secret_per_folder(tmp_path: Path) -> None:
    first = local_secret(tmp_path / "a")
    assert len(first) > 50
    assert local_secret(tmp_path / "a") == first
    assert stat.S_IMODE((tmp_path / "a" / "secret-key").stat().st_mode) == 0o600
    assert local_secret(tmp_path / "b") != first


def test_the_first_secret_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter(range(100))
    monkeypatch.setattr("os.getpid", lambda: next(numbers))
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: local_secret(tmp_path), range(8)))
    assert found == {(tmp_path / "secret-key").read_text()}


def test_a_short_path_stays() -> None:
    assert local_socket(Path("/srv/greenchain/var")) == Path("/srv/greenchain/var/valkey.sock")


def test_a_long_path_is_replaced_by_a_short_one_of_its_own() -> None:
    places = set()
    for name in ("绿" * 40, "色" * 40):
        places.add(local_socket(Path("/srv") / name))
    assert len(places) == 2
    assert all(len(str(place)) < 100 for place in places)
