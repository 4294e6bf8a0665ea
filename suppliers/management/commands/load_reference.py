"""``manage.py load_reference``: regions, authorities, industries, then what other layers registered."""

from typing import Any

from django.core.management.base import BaseCommand

from suppliers.place.actions import load_industries, load_places
from suppliers.place.reference import registered


class Command(BaseCommand):
    """Running it twice leaves what running it once left."""

    help = "Load regions, authorities, industries, metrics and schemes from the data files."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load everything and say how much of each there is."""
        counts = {**load_places(), "industries": load_industries()}
        for name, loader in registered().items():
            counts[name] = loader()
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
