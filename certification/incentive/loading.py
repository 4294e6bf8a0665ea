"""The catalogue of incentives into the database; what authorities entered is left alone."""

from pathlib import Path
from typing import Any

from django.db import transaction

from certification.incentive.models import Incentive, Kind, State
from certification.scheme.deadlines import Mark
from certification.scheme.definition.parts import LEVELS
from certification.scheme.models import Scheme
from greenchain.located import Document, Table
from suppliers.place.models import Authority
from suppliers.place.reference import reference_loader

FILE = Path(__file__).parent / "catalogue.toml"


@reference_loader("incentives")
@transaction.atomic
def load_incentives() -> int:
    """Rows of the catalogue stand as the file says, their state apart; running twice changes nothing."""
    document = Document(FILE.name, FILE.read_text(encoding="utf-8"))
    rows = [_incentive(entry) for entry in document.root.tables("incentives")]
    document.root.close()
    document.finish()
    schemes = {each.key: each for each in Scheme.objects.all()}
    authorities = {
        each.code: each for each in Authority.objects.filter(code__in=[row["authority"] for row in rows])
    }
    for row in rows:
        scheme, authority = schemes.get(row.pop("scheme")), authorities.get(row.pop("authority"))
        if scheme and authority:
            given = {**row, "scheme": scheme, "authority": authority}
            Incentive.objects.update_or_create(
                key=row["key"], defaults=given, create_defaults={**given, "state": State.PUBLISHED}
            )
    return Incentive.objects.count()


def _incentive(entry: Table) -> dict[str, Any]:
    level = entry.choice("level", LEVELS) if entry.has("level") else ""
    least = entry.number("amount_from", required=False)
    given = {
        "key": entry.text("key"),
        "authority": entry.text("authority"),
        "scheme": entry.text("scheme"),
        "level": LEVELS.index(level) if level else None,
        "kind": entry.choice("kind", Kind.values),
        "names": dict(entry.texts("names")),
        "giver": entry.text("giver", required=False),
        "amount_from": least,
        "amount_to": entry.number("amount_to", required=False) or least,
        "source": dict(entry.texts("source")),
        "url": entry.text("url", required=False),
        "mark": entry.choice("mark", Mark.values),
        "from_on": entry.day("from_on"),
        "until_on": None,
    }
    entry.close()
    return given
