"""``python -m tests``: the whole suite on SQLite, or, where PostgreSQL runs, there and in good part on SQLite too.

What pages and the API say and what is reckoned is asked once, on the database that a country uses; moves, the record,
enterprises and their links, imports and journeys run on both, the walks in a real browser on SQLite. A gate holds
what is covered.

Words after it go to pytest: ``python -m tests -k notice``.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = str(min(4, 1 + (os.cpu_count() or 1)))  # one more than cores: some tests wait
POSTGRES = "postgres://postgres@127.0.0.1:5432/"
REDIS = "redis://127.0.0.1:6379/0"


def main(words: list[str]) -> int:
    """Exit code: 0 when both runs pass and enough is covered."""
    server = postgres()
    measured = words or ["--cov", "--cov-report=", "--cov-fail-under=0"]
    if server:
        services = {"DATABASE_URL": server, "REDIS_URL": broker()}
        runs = [
            suite("postgres", "not browser and not once", services, measured),
            suite("sqlite", "not postgres and (browser or once or not single)", {}, words),
        ]
    else:
        runs = [suite("sqlite", "", {}, measured)]
        say("PostgreSQL was not found at DATABASE_URL or 127.0.0.1:5432: the suite ran on SQLite only.")
    if any(runs):
        return 1
    return 0 if words else covered()


def suite(name: str, marks: str, environment: Mapping[str, str], words: list[str]) -> int:
    """Run pytest once, on one database."""
    say(f"The suite on {name}:")
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    command = [sys.executable, "-m", "pytest", "-q", "-n", PROCESSES, "--dist", "worksteal", "-m", marks]
    command += ["--no-migrations"]  # test_migrations.py runs them; here tables are made at once
    command += words
    return subprocess.run(command, cwd=ROOT, env={**kept, **environment}, check=False).returncode


def covered() -> int:
    """Hold what the measured run covered against the gate in pyproject.toml."""
    return subprocess.run([sys.executable, "-m", "coverage", "report"], cwd=ROOT, check=False).returncode


def postgres() -> str:
    """The address of a PostgreSQL that lets us make databases; "" without one."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("sqlite"):
        return ""
    # Each checkout has test databases of its own, so that two may run their suites at once.
    url = given or POSTGRES + "greenchain_" + hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
    try:
        psycopg.connect(urlsplit(url)._replace(path="/postgres").geturl(), connect_timeout=2).close()
    except psycopg.Error as error:
        if given:
            say(f"DATABASE_URL cannot be reached: {error}")
        return ""
    return url


def broker() -> str:
    """The address of a Redis server; "" for the embedded one."""
    url = os.environ.get("REDIS_URL") or REDIS
    try:
        redis.Redis.from_url(url, socket_connect_timeout=1).ping()
    except redis.RedisError:
        return ""
    return url


def say(text: str) -> None:
    """Print at once: pytest writes to the same place."""
    print(text, flush=True)  # noqa: T201 - a command line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
