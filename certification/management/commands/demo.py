"""``manage.py demo``: the demo nation into an empty database."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.demo.marker import holds_demo, is_empty
from certification.demo.nation import make
from certification.demo.reset import wipe
from certification.scheme.models import SchemeVersion


class Command(BaseCommand):
    """A second run changes nothing."""

    help = (
        "Make the demo nation: generated enterprises, cases at every status, titles, supply links, sign-ins."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take two switches."""
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where the database holds anything"
        )
        parser.add_argument(
            "--reset", action="store_true", help="remove the demo and all that was added to it first"
        )

    def handle(self, *, if_empty: bool, reset: bool, **_options: Any) -> None:
        """Make it, unless it is there or something else is."""
        if reset and not is_empty():
            if not holds_demo():
                raise CommandError("This database does not hold the demo: nothing was removed.")
            wipe()
        elif holds_demo():
            self.stdout.write("The demo nation is there already.")
            return
        if not is_empty():
            if if_empty:
                self.stdout.write("This database holds other data; no demo was made.")
                return
            raise CommandError("This database holds other data: the demo goes into an empty one only.")
        if not SchemeVersion.objects.exists():
            raise CommandError("Run load_reference first: the demo needs regions, authorities and schemes.")
        self.stdout.write("Making the demo nation, some minutes …")
        self.stdout.flush()
        begun = time.monotonic()
        made = make()
        self.stdout.write(
            f"Demo nation: {made.enterprises} enterprises, {made.applications} applications, "
            f"{made.designations} designations in {time.monotonic() - begun:.0f} s."
        )
