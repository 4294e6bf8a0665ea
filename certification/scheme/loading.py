"""Scheme files into the database: one row per version, which never changes once something points to it."""

import tomllib
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from certification.scheme.deadlines import Deadline, Duty, Mark
from certification.scheme.definition import Definition, SchemeError, parse
from certification.scheme.models import Scheme, SchemeVersion
from greenchain.located import Document, Fault, Table
from suppliers.place.models import Authority
from suppliers.place.reference import reference_loader

FOLDER = Path(__file__).parent / "catalogue"
DEADLINES = Path(__file__).parent / "deadlines.toml"


def files() -> list[Path]:
    """The scheme files, one per scheme and version."""
    return sorted(FOLDER.glob("*.toml"))


def load(path: Path, known_checks: Collection[str] | None = None) -> Definition:
    """The definition that a file holds; raises SchemeError with lines."""
    return parse_source(path.read_text(encoding="utf-8"), name=path.name, known_checks=known_checks)


def parse_source(source: str, *, name: str, known_checks: Collection[str] | None = None) -> Definition:
    """The definition in a scheme file's text; ``name`` stands before the line in faults."""
    return _parsed(source, name, None if known_checks is None else frozenset(known_checks))


@lru_cache(maxsize=64)  # a definition is never changed, and reading one takes a hundred parsed formulas
def _parsed(source: str, name: str, known_checks: frozenset[str] | None) -> Definition:
    return parse(source, path=name, known_checks=known_checks)


def lint(known_checks: Collection[str]) -> list[Fault]:
    """Every fault of every scheme file; ``known_checks`` are the keys that a gate may name."""
    faults: list[Fault] = []
    for path in files():
        try:
            load(path, known_checks)
        except SchemeError as error:
            faults += error.faults
    return faults


@reference_loader("schemes")
@transaction.atomic
def load_schemes() -> int:
    """Every file's scheme and version stand in the database as the files say; an empty one is filled at once."""
    said = {path.name: path.read_text(encoding="utf-8") for path in files()}
    if SchemeVersion.objects.exists() or Scheme.objects.exists():
        for name, source in said.items():
            store(source, name=name)
    else:
        _fill(said)
    return SchemeVersion.objects.count()


def _fill(said: Mapping[str, str]) -> None:
    """Files' texts by name, into tables that hold none."""
    found = {source: parse_source(source, name=name) for name, source in said.items()}
    schemes = {each.key: Scheme(key=each.key, **_of_scheme(each)) for each in found.values()}
    kept = {row.key: row for row in Scheme.objects.bulk_create(schemes.values())}
    SchemeVersion.objects.bulk_create(
        SchemeVersion(scheme=kept[each.key], version=each.version, **_of_version(each, source))
        for source, each in found.items()
    )


def _of_scheme(found: Definition) -> dict[str, Any]:
    return {"subject": found.subject, "prefix": found.prefix, "names": dict(found.names)}


def _of_version(found: Definition, source: str) -> dict[str, Any]:
    return {
        "names": dict(found.version_names),
        "effective_on": found.effective_on,
        "retired_on": found.retired_on,
        "source": source,
        "digest": found.digest,
    }


@transaction.atomic
def store(source: str, *, name: str) -> SchemeVersion:
    """The scheme and version of one file's text. Refuses to change a version that something points to."""
    found = parse_source(source, name=name)
    scheme, _created = Scheme.objects.update_or_create(key=found.key, defaults=_of_scheme(found))
    version = SchemeVersion.objects.filter(scheme=scheme, version=found.version).first()
    if version and version.digest == found.digest:
        return _as_written(version, source)
    if version and _in_use(version):
        message = f"version '{found.version}' is in use and never changes: give the file a new version"
        raise SchemeError([Fault(name, 1, message)])
    version = version or SchemeVersion(scheme=scheme, version=found.version)
    for key, value in _of_version(found, source).items():
        setattr(version, key, value)
    version.save()
    return version


def _as_written(version: SchemeVersion, source: str) -> SchemeVersion:
    """A version that says what it said: a clause that was translated since is taken over, comments are not."""
    if tomllib.loads(version.source) != tomllib.loads(source):
        version.source = source
        version.save(update_fields=["source"])
    return version


@reference_loader("deadlines")
@transaction.atomic
def load_deadlines() -> int:
    """The calendar's published days stand as the file says; those that people entered stay."""
    document = Document(DEADLINES.name, DEADLINES.read_text(encoding="utf-8"))
    rows = [(entry, _deadline(entry)) for entry in document.root.tables("deadlines")]
    document.root.close()
    document.finish()
    authorities = {each.code: each for each in Authority.objects.filter(code__in=[row[1][1] for row in rows])}
    for _entry, (duty, code, from_year, given) in rows:
        if code in authorities:
            Deadline.objects.update_or_create(
                duty=duty, authority=authorities[code], from_year=from_year, defaults=given
            )
    return Deadline.objects.count()


def _deadline(entry: Table) -> tuple[str, str, int, dict[str, Any]]:
    """Duty, authority, first year and the rest of one entry."""
    given = {
        "month": entry.whole("month", minimum=1, maximum=12),
        "day": entry.whole("day", minimum=1, maximum=31),
        "until_year": entry.whole("until_year", minimum=0, required=False) or None,
        "source": dict(entry.texts("source")),
        "url": entry.text("url", required=False),
        "mark": entry.choice("mark", Mark.values),
    }
    key = entry.choice("duty", Duty.values), entry.text("authority"), entry.whole("from_year", minimum=2000)
    entry.close()
    return *key, given


def _in_use(version: SchemeVersion) -> bool:
    """Whether any row points to the version."""
    relations = SchemeVersion._meta.related_objects
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: version}).exists()
        for relation in relations
    )
