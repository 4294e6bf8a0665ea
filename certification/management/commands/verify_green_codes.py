"""``manage.py verify_green_codes``: make published codes again from their snapshots, and say whether they are equal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.grading.models import Grading, State
from certification.grading.proof import differences


class Command(BaseCommand):
    """Every grading that was frozen, or those of one year."""

    help = "Recomputes scores, ranks and green codes from the frozen snapshots; exit 1 when one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a year."""
        parser.add_argument("year", type=int, nargs="?", help="the reporting year; all where none is given")

    def handle(self, *, year: int | None, **_options: Any) -> None:
        """Print each difference."""
        frozen = Grading.objects.exclude(state__in=[State.WAITING, State.FAILED]).order_by("year", "number")
        unequal = 0
        for grading in frozen.filter(year=year) if year else frozen:
            found = list(differences(grading))
            unequal += bool(found)
            for line in found:
                self.stderr.write(f"{grading}: {line}")
            if not found:
                self.stdout.write(f"{grading}: equal, {grading.entries.count()} titles, {grading.digest}")
        if unequal:
            raise CommandError(f"{unequal} grading(s) do not come out as stored.")
