"""A backup comes back as it was; a damaged one, or a place that is not empty, changes nothing."""

import os
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = {
    "vault/ab/papers.pdf": b"%PDF-1.7 evidence",
    "vault/file with 空格": b"\x00\xff",
    "secret-key": b"s" * 50,
}


@pytest.fixture
def var(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        place = tmp_path / "var" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    (tmp_path / "var" / "log").mkdir()
    (tmp_path / "var" / "log" / "web.log").write_text("noise")
    return tmp_path / "var"


def run(
    script: str, argument: Path, var: Path, url: str = "", keep: int = 14
) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"GREENCHAIN_VAR": str(var), "DATABASE_URL": url, "KEEP": str(keep)}
    command = [str(DEPLOY / script), str(argument)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def backup(folder: Path, var: Path, url: str = "") -> Path:
    done = run("backup", folder, var, url)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def same_files(var: Path) -> bool:
    return all((var / name).read_bytes() == content for name, content in FILES.items())


@pytest.fixture
def sqlite(var: Path) -> Path:
    place = var / "greenchain.sqlite3"
    with sqlite3.connect(place) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE title (number TEXT)")
        database.execute("INSERT INTO title VALUES ('绿-1')")
    database.close()
    return place


def titles(place: Path) -> list[str]:
    database = sqlite3.connect(place)
    found = [number for (number,) in database.execute("SELECT number FROM title")]
    database.close()
    return found


@pytest.mark.once
def test_sqlite_and_vault_come_back(tmp_path: Path, var: Path, sqlite: Path) -> None:
    assert sqlite.exists()
    place = backup(tmp_path / "backups", var)
    other = tmp_path / "elsewhere"
    done = run("restore", place, other)
    assert done.returncode == 0, done.stderr
    assert titles(other / "greenchain.sqlite3") == ["绿-1"]
    assert same_files(other)
    assert not (other / "log").exists()


@pytest.mark.once
def test_never_overwrites(tmp_path: Path, var: Path, sqlite: Path) -> None:
    place = backup(tmp_path / "backups", var)
    assert run("restore", place, var).returncode == 1
    for file in (var / "vault").rglob("*"):
        if file.is_file():
            file.unlink()
    for folder in (var / "vault" / "ab", var / "vault"):
        folder.rmdir()
    done = run("restore", place, var)
    assert done.returncode == 1
    assert "exists: nothing was changed" in done.stderr
    assert titles(sqlite) == ["绿-1"]


@pytest.mark.once
def test_a_damaged_backup_is_refused(tmp_path: Path, var: Path, sqlite: Path) -> None:
    assert sqlite.exists()
    place = backup(tmp_path / "backups", var)
    dump = place / "database.sqlite3"
    dump.write_bytes(dump.read_bytes()[:-1] + b"!")
    done = run("restore", place, tmp_path / "elsewhere")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.once
def test_old_backups_go(tmp_path: Path, var: Path, sqlite: Path) -> None:
    assert sqlite.exists()
    folder = tmp_path / "backups"
    for day in range(1, 6):
        (folder / f"2026-01-0{day}T033000").mkdir(parents=True)
    (folder / "mine").mkdir()
    assert run("backup", folder, var, keep=3).returncode == 0
    kept = sorted(place.name for place in folder.iterdir())
    assert kept[:2] == ["2026-01-04T033000", "2026-01-05T033000"]
    assert kept[-1] == "mine"
    assert len(kept) == 4


@pytest.fixture
def servers() -> Iterator[list[str]]:
    """Two empty databases on the server that the suite uses."""
    given = settings.DATABASES["default"]
    server = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT'] or 5432}/"
    names = [f"greenchain_{uuid.uuid4().hex[:12]}" for _ in range(2)]
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        for name in names:
            connection.execute(f'CREATE DATABASE "{name}"')
        yield [server + name for name in names]
        for name in names:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.postgres
def test_postgres_and_vault_come_back(tmp_path: Path, var: Path, servers: list[str]) -> None:
    live, empty = servers
    with psycopg.connect(live) as connection:
        connection.execute("CREATE TABLE title (number text)")
        connection.execute("INSERT INTO title VALUES ('绿-1')")
    place = backup(tmp_path / "backups", var, live)
    done = run("restore", place, tmp_path / "elsewhere", empty)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT number FROM title").fetchall() == [("绿-1",)]
    assert same_files(tmp_path / "elsewhere")
    done = run("restore", place, tmp_path / "third", empty)
    assert done.returncode == 1
    assert "The database has 1 tables: nothing was changed." in done.stderr
