"""Empty a database that holds the demo, down to its reference data."""

from functools import partial

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from greenchain.audit.immutable import lifted
from suppliers.evidence.models import Evidence
from suppliers.place.actions import load_places
from suppliers.place.models import Authority

APPS = ("accounts", "audit", "jobs", "suppliers", "certification", "admin", "sessions", "account", "mfa")
KEPT = frozenset(
    {
        "suppliers.region",
        "suppliers.authority",
        "suppliers.industry",
        "certification.scheme",
        "certification.schemeversion",
        "certification.deadline",
    }
)


@transaction.atomic
def wipe() -> None:
    """Only regions, authorities, industries and schemes are left; the vault's files are gone too."""
    files = list(Evidence.objects.values_list("file", flat=True).distinct())
    storage = Evidence._meta.get_field("file").storage
    connection.check_constraints()  # PostgreSQL empties no table while a check is still to come
    with lifted():
        statements = connection.ops.sql_flush(
            no_style(), _tables(), reset_sequences=True, allow_cascade=False
        )
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    _close_desks()
    for name in files:
        transaction.on_commit(partial(storage.delete, name))


def _close_desks() -> None:
    """County desks that the demo opened go; their counties have the desk above again."""
    counties = Authority.objects.filter(kind=Authority.Kind.COUNTY)
    for desk in counties.select_related("parent"):
        desk.regions.update(desk=desk.parent)
    counties.delete()
    load_places()


def _tables() -> list[str]:
    found: list[type[models.Model]] = []
    for app in APPS:
        if apps.is_installed(app) or app in apps.app_configs:
            found += apps.get_app_config(app).get_models(include_auto_created=True)
    return [model._meta.db_table for model in found if model._meta.label_lower not in KEPT]
