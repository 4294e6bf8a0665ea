"""``manage.py verify_audit``: prove the record, or say where it was changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import breaks

SHOWN = 50
"""A record that was rewritten as a whole need not be listed as a whole."""


class Command(BaseCommand):
    """Walk every chain, head and anchor."""

    help = "Proves that no audit entry was changed, removed or cut off."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print each break; exit 1 when there is one."""
        found = list(breaks())
        for fault in found[:SHOWN]:
            self.stderr.write(str(fault))
        if found:
            raise CommandError(f"The record does not hold in {len(found)} place(s).")
        count = AuditEntry.objects.count()
        chains = AuditEntry.objects.values("chain").distinct().count()
        self.stdout.write(f"The record holds: {count} entries in {chains} chains.")
