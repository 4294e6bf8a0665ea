"""``manage.py schemes lint|load|diff``: look over scheme files, store them, tell two versions apart."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from certification.assessment.checks import CHECKS
from certification.scheme.changes import changes
from certification.scheme.definition import Definition, SchemeError
from certification.scheme.loading import FOLDER, files, load, store
from certification.scheme.models import SchemeVersion


class Command(BaseCommand):
    """Schemes are files: each fault is told with its line, as path:line message."""

    help = "Look over scheme files (lint), store them (load), or tell two versions apart (diff A B)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The task and its files."""
        tasks = parser.add_subparsers(dest="task", required=True)
        for name, told in (
            ("lint", "read the files and tell every fault; without files, the catalogue's"),
            ("load", "store the files' versions; one that something points to never changes"),
        ):
            task = tasks.add_parser(name, help=told)
            task.add_argument("paths", nargs="*", type=Path, metavar="FILE")
        task = tasks.add_parser("diff", help="what differs between two versions")
        task.add_argument(
            "versions", nargs=2, metavar="A B", help="a file, a catalogue file's name, or scheme:version"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the task in English, whatever the machine speaks."""
        with override("en"):
            if options["task"] == "diff":
                self.diff(*map(definition_of, options["versions"]))
            else:
                getattr(self, options["task"])(options["paths"] or files())

    def lint(self, paths: list[Path]) -> None:
        """Every fault of every file."""
        faults = [fault for path in paths for fault in faults_of(path)]
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"faults: {len(faults)}")
        self.stdout.write(f"files without fault: {len(paths)}")

    def load(self, paths: list[Path]) -> None:
        """Each file's version stands in the database."""
        self.lint(paths)
        for path in paths:
            try:
                stored = store(path.read_text(encoding="utf-8"), name=path.name)
                self.stdout.write(f"{stored.scheme} · {stored.version}")
            except SchemeError as error:
                raise CommandError(str(error)) from error

    def diff(self, old: Definition, new: Definition) -> None:
        """Section by section: + came, - went, ~ changed."""
        found = changes(old, new)
        for section in found:
            self.stdout.write(f"{section.title}\n" + "\n".join(f"  {row}" for row in section.rows))
        if not found:
            self.stdout.write("the two say the same")


def faults_of(path: Path) -> list[Any]:
    """The faults of one file."""
    try:
        load(path, CHECKS)
    except SchemeError as error:
        return list(error.faults)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    return []


def definition_of(name: str) -> Definition:
    """A version by its file, by the name of a file of the catalogue, or as scheme:version from the database."""
    for path in (Path(name), FOLDER / name, FOLDER / f"{name}.toml"):
        if path.is_file():
            try:
                return load(path, CHECKS)
            except SchemeError as error:
                raise CommandError(str(error)) from error
    key, _colon, version = name.partition(":")
    row = SchemeVersion.objects.filter(scheme__key=key, version=version).first()
    if row is None:
        raise CommandError(f"there is no scheme version '{name}'")
    return row.definition
