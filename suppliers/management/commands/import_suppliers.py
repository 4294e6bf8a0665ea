"""``manage.py import_suppliers KIND FILE``: enterprises, sites or site-years from CSV or XLSX."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from greenchain.accounts.models import User
from greenchain.jobs.models import Job
from greenchain.refusals import Refused
from suppliers.reporting.importing import KINDS, import_file
from suppliers.reporting.importing.run import faults_of


class Command(BaseCommand):
    """All rows or none; a run that broke off goes on with the same file; a second run changes nothing."""

    help = "Import enterprises, sites or site-years. The first row names the columns (docs/operations.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what, from where, and on whose behalf."""
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="sign-in name of the administrator who imports")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *, kind: str, file: Path, by: str, dry_run: bool, **_options: Any) -> None:
        """Import, or say in words what is wrong where."""
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        person = User.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {by}.")
        try:
            job = import_file(kind, file, by=person, dry_run=dry_run, watch=self.tell)
        except Refused as no:
            raise CommandError(f"{no} Nothing was changed.") from no
        if job.state == Job.State.FAULTY:
            raise CommandError(faults_of(job).listed())
        self.stdout.write(_said(job))

    def tell(self, job: Job) -> None:
        """Show how far it is."""
        self.stdout.write(f"{job.read} of {job.total} rows read ({job.percent} %), {job.fault_count} faults")


def _said(job: Job) -> str:
    """What was done, or would be."""
    done = job.outcome
    would = "would be " if job.state == Job.State.CHECKED else ""
    said = f"{job.title}: {done['created']} {would}created, {done['updated']} {would}updated, "
    said += f"{done['unchanged']} unchanged."
    return said + (f" Left aside: {', '.join(done['left_aside'])}." if done["left_aside"] else "")
