"""The migrations themselves, on an empty database of each kind, as a person runs them."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database on the server that the suite uses."""
    given = settings.DATABASES["default"]
    server = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT'] or 5432}/"
    name = f"greenchain_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield server + name
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(*words: str, var: Path, url: str = "") -> str:
    environment = os.environ | {"GREENCHAIN_VAR": str(var), "DATABASE_URL": url}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def whole(var: Path, url: str = "") -> None:
    manage("migrate", var=var, url=url)
    manage("migrate", "--check", var=var, url=url)
    manage("load_reference", var=var, url=url)
    assert manage("load_reference", var=var, url=url)
    manage("verify_audit", var=var, url=url)


@pytest.mark.once
def test_on_sqlite(tmp_path: Path) -> None:
    whole(tmp_path)


@pytest.mark.postgres
def test_on_postgres(tmp_path: Path, url: str) -> None:
    whole(tmp_path, url)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'audit_auditentry_no_%'"
        ).fetchall()
    assert {name for (name,) in found} == {"audit_auditentry_no_update", "audit_auditentry_no_delete"}
