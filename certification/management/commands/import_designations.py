"""``manage.py import_designations FILE``: titles of a published list into the register."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certification.designation.importing import SCHEMES, import_list, scheme_in
from greenchain.refusals import Refused
from greenchain.sheets import FaultySheet


class Command(BaseCommand):
    """All titles of the file or none; running it again changes nothing."""

    help = "Import a published list of titles (CSV in UTF-8, or XLSX): with provenance, linked to nobody yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and the scheme where its name does not say it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--scheme", choices=sorted(SCHEMES), help="where the file's name does not say it")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *, file: Path, scheme: str | None, dry_run: bool, **_options: Any) -> None:
        """Import, or say in words what is wrong where."""
        key = scheme or scheme_in(file.name)
        if key is None:
            raise CommandError("Neither the file's name nor --scheme says which scheme this list is of.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            done = import_list(file, scheme=key, dry_run=dry_run)
        except FaultySheet as faulty:
            raise CommandError(faulty.listed()) from faulty
        except Refused as no:
            raise CommandError(f"{no} Nothing was changed.") from no
        verb = "would be imported" if done.dry_run else "imported"
        self.stdout.write(
            f"{done.scheme}: {done.created} titles {verb}, {done.unchanged} were there already."
        )
