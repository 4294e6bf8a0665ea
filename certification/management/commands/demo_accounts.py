"""``manage.py demo_accounts``: who signs in to the demo."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.demo.marker import holds_demo
from certification.demo.people import PASSWORD, shown
from suppliers.place.models import Authority


class Command(BaseCommand):
    """Speaks only of a database that holds the demo."""

    help = "Print the demo's sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take one switch."""
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, json: bool, **_options: Any) -> None:
        """Print them as a table, or as JSON."""
        if not holds_demo():
            raise CommandError("This database does not hold the demo: there are no demo sign-ins.")
        self.stdout.write(_json() if json else _table())


def _json() -> str:
    return json.dumps([asdict(each) for each in shown()], ensure_ascii=False, indent=1)


def _table() -> str:
    """One line per sign-in; the password is said once, since all share it."""
    rows, names = [("sign-in", "role", "for")], dict(Authority.objects.values_list("code", "name_en"))
    rows += [
        (one.username, one.role, one.enterprise or _place(names.get(one.authority or "", ""), one.level))
        for one in shown()
    ]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"  {name:<{first}}  {role:<{second}}  {place}".rstrip() for name, role, place in rows]
    return "\n".join([f"Demo sign-ins, password of all: {PASSWORD}", *lines])


def _place(authority: str, level: str | None) -> str:
    return f"{authority} ({level})" if authority else ""
