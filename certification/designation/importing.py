"""Take published lists into the register: titles with their provenance, linked to nobody yet (``linking`` does)."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from certification.designation.actions import new_title
from certification.designation.models import Basis, Designation, Spell
from certification.designation.models import Sequence as Series
from certification.designation.sheet import Line, lines_of
from certification.scheme.models import Scheme, Subject
from certification.workflow import Status
from greenchain.audit.trail import record, record_many
from greenchain.clock import now
from greenchain.refusals import Refused
from greenchain.sheets import Fault, FaultySheet
from suppliers.place.models import Authority, Level, nation

BATCH = 500
SCHEMES: Mapping[str, dict[str, Any]] = {
    "green_factory": {
        "subject": Subject.SITE,
        "prefix": "GF",
        "names": {"en": "Green factory", "zh-hans": "绿色工厂", "id": "Pabrik hijau"},
    },
    "green_supply_chain": {
        "subject": Subject.ENTERPRISE,
        "prefix": "GS",
        "names": {
            "en": "Green supply-chain management enterprise",
            "zh-hans": "绿色供应链管理企业",
            "id": "Perusahaan pengelola rantai pasok hijau",
        },
    },
    "green_park": {
        "subject": Subject.PARK,
        "prefix": "GP",
        "names": {"en": "Green industrial park", "zh-hans": "绿色工业园区", "id": "Kawasan industri hijau"},
    },
}
"""Where no scheme file brings these yet, a row without versions stands in: titles need no more."""
FILE_NAMES = {
    "green_factor": "green_factory",
    "supply_chain": "green_supply_chain",
    "green_park": "green_park",
}


@dataclass(frozen=True)
class Outcome:
    """What an import did, or in a dry run would do."""

    scheme: str
    created: int
    unchanged: int
    dry_run: bool


def scheme_in(file_name: str) -> str | None:
    """The scheme that a file's name speaks of."""
    return next((key for part, key in FILE_NAMES.items() if part in file_name.lower()), None)


def import_list(path: Path, *, scheme: str, by: Any = None, dry_run: bool = False) -> Outcome:
    """Every title of the list is in the register, current, based on the list, linked to nobody.

    All of them or none: FaultySheet says what is wrong where. Running it again changes nothing.
    """
    if scheme not in SCHEMES:
        raise Refused(_("There is no such scheme."), code="unknown_scheme", field="scheme")
    lines = lines_of(path)
    with transaction.atomic():
        kind, _created = Scheme.objects.get_or_create(key=scheme, defaults=SCHEMES[scheme])
        Scheme.objects.select_for_update().get(pk=kind.pk)
        fresh = _not_yet_there(kind, lines)
        titles = [] if dry_run else _enlist(kind, fresh, path.name)
        if titles:
            seal = hashlib.sha256(path.read_bytes()).hexdigest()
            about = {"file": path.name, "sha256": seal, "lines": len(lines)}
            record("import_list", kind, by=by, created=len(titles), **about)
        if dry_run:
            transaction.set_rollback(True)
    return Outcome(scheme, len(fresh), len(lines) - len(fresh), dry_run)


def _import_key(scheme: Scheme, line: Line) -> str:
    return f"list:{scheme.key}:{line.place}"


def _not_yet_there(scheme: Scheme, lines: Sequence[Line]) -> list[Line]:
    """The lines without a title; a line that says something else than its title did is a fault."""
    known = Designation.objects.filter(scheme=scheme, basis=Basis.LIST).exclude(import_key="")
    listed = {title.import_key: title.basis_detail for title in known.only("import_key", "basis_detail")}
    faults, fresh = [], []
    for line in lines:
        held = listed.get(_import_key(scheme, line))
        if held is None:
            fresh.append(line)
        elif held.get("listed_as") != line.name:
            message = _("was imported as “%(name)s”; a title is renamed, not imported again.")
            faults.append(Fault(line.row, "name_zh", message % {"name": held.get("listed_as")}))
    if faults:
        raise FaultySheet(faults)
    return fresh


def _enlist(scheme: Scheme, lines: Sequence[Line], file_name: str) -> list[Designation]:
    """In bulk: titles, their spells, and the first entry of each title's record."""
    top, moment = nation(), now()
    numbers = _numbers(scheme, lines)
    titles = [
        Designation(
            number=numbers[line.place],
            scheme=scheme,
            level=Level.NATIONAL,
            authority=top,
            region=line.region,
            home=line.recommending,
            name=line.name,
            industry_label=line.industry_label,
            list_year=line.year,
            announced_on=dt.date(line.year, 12, 31),
            basis=Basis.LIST,
            basis_detail=_detail(line, file_name),
            provenance=f"{file_name}, row {line.row}",
            import_key=_import_key(scheme, line),
            status=Status.CURRENT,
            status_since=moment,
        )
        for line in lines
    ]
    Designation.objects.bulk_create(titles, batch_size=BATCH)
    Spell.objects.bulk_create(
        [Spell(designation=title, starts_on=title.announced_on) for title in titles], batch_size=BATCH
    )
    record_many("issue", ((title, _issued(title)) for title in titles), by=None)
    return titles


def _detail(line: Line, file_name: str) -> dict[str, Any]:
    return {
        "listed_as": line.name,
        "batch": line.batch,
        "number_in_batch": line.seq,
        "region_label": line.region_label,
        "recommended_by": line.recommending.code,
        "evaluated_by": line.assessor or None,
        "file": file_name,
        "announced": "year only",
    }


def _issued(title: Designation) -> dict[str, Any]:
    return {
        "from": "",
        "to": title.status,
        "number": title.number,
        "level": title.level,
        "announced_on": title.announced_on,
        "basis": title.basis,
        "import_key": title.import_key,
        "name": title.name,
    }


def _numbers(scheme: Scheme, lines: Sequence[Line]) -> dict[str, str]:
    """A number for each line, taken from the same series as the numbers of granted titles."""
    by_year: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_year[line.year].append(line)
    numbers: dict[str, str] = {}
    for year, listed in by_year.items():
        series = f"{scheme.prefix}-{Level.NATIONAL.name[0]}-{year}"
        Series.objects.get_or_create(key=series)
        Series.objects.filter(key=series).update(last=F("last") + len(listed))
        last = Series.objects.get(key=series).last
        for place, line in enumerate(listed, start=last - len(listed) + 1):
            numbers[line.place] = f"{series}-{place:05d}"
    return numbers


@transaction.atomic
def enlist(
    subject: Any,
    *,
    scheme: Scheme,
    level: int,
    authority: Authority,
    announced_on: dt.date,
    provenance: str,
    valid_until: dt.date | None = None,
) -> Designation:
    """A title that an earlier list gave to a subject we know: it counts as any other."""
    title = new_title(
        subject,
        scheme=scheme,
        level=level,
        authority=authority,
        announced_on=announced_on,
        valid_until=valid_until,
        basis=Basis.LIST,
        basis_detail={"listed_as": subject.name},
        provenance=provenance,
    )
    about = {"level": int(level), "announced_on": announced_on, "provenance": provenance}
    title.begin("issue", number=title.number, **about)
    Spell.objects.create(designation=title, starts_on=announced_on)
    return title
