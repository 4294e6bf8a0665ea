"""What becomes of a title: issue, suspend, reinstate, revoke, surrender, expire, supersede, amend.

Lists are taken in by ``importing``, subjects are linked by ``linking``.
"""

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.db.models import F

from certification.designation.models import Basis, Credential, Designation, Sequence, Spell
from certification.scheme.models import Scheme, SchemeVersion
from certification.scheme.subject import key_of, region_of
from certification.workflow import Status
from greenchain.clock import now, today, years_after
from suppliers.place.models import Authority, Level, desk_of

STATUS_LIST_BITS = 2**20
"""Places in the status list: 128 KiB of bits, at least 131,072 (W3C Bitstring Status List 1.0)."""
BARRED_YEARS = 3
"""For imported titles, which name no scheme version: Shandong writes three years, veto V3 has the same effect."""


def next_number(series: str, width: int = 4) -> str:
    """The next number of a series, e.g. ``GF-2026-3306-0007``; call inside a transaction."""
    Sequence.objects.get_or_create(key=series)
    Sequence.objects.filter(key=series).update(last=F("last") + 1)
    return f"{series}-{Sequence.objects.get(key=series).last:0{width}d}"


def new_title(
    subject: Any, *, scheme: Scheme, level: int, authority: Authority, announced_on: dt.date, **more: Any
) -> Designation:
    """A title with the next number, named and placed as its subject is; not saved. Call inside a transaction."""
    region = region_of(subject)
    return Designation(
        **{key_of(subject): subject},
        number=next_number(f"{scheme.prefix}-{Level(level).name[0]}-{announced_on.year}", 5),
        scheme=scheme,
        level=level,
        authority=authority,
        region=region,
        home=desk_of(region),
        name=subject.name,
        name_en=subject.name_en,
        list_year=announced_on.year,
        announced_on=announced_on,
        **more,
    )


@transaction.atomic
def issue(
    subject: Any,
    *,
    version: SchemeVersion,
    level: int,
    authority: Authority,
    basis: str = Basis.SELF,
    basis_detail: dict[str, Any] | None = None,
    announced_on: dt.date | None = None,
    valid_until: dt.date | None = None,
) -> Designation:
    """A title that stands from its announcement date, with its basis frozen; refused if one stands already."""
    day = announced_on or today()
    title = new_title(
        subject,
        scheme=version.scheme,
        level=level,
        authority=authority,
        announced_on=day,
        scheme_version=version,
        valid_until=valid_until,
        basis=basis,
        basis_detail=basis_detail or {},
    )
    title.begin("issue", number=title.number, level=level, announced_on=day)
    _open_spell(title, day)
    return title


def _open_spell(title: Designation, day: dt.date) -> None:
    """From this day the title stands, under a credential of its own."""
    Spell.objects.create(designation=title, starts_on=day)
    Credential.objects.create(designation=title, index=_free_place())


def _close_spell(title: Designation) -> None:
    """From today the title no longer stands, and its credential is revoked for good."""
    Spell.objects.filter(designation=title, ends_on__isnull=True).update(ends_on=today())
    Credential.objects.filter(designation=title, revoked_at__isnull=True).update(revoked_at=now())


def _free_place() -> int:
    """A random free place in the status list, so that a place says nothing about the order of issue."""
    taken = set(Credential.objects.values_list("index", flat=True))
    while (place := secrets.randbelow(STATUS_LIST_BITS)) in taken:
        pass
    return place


@transaction.atomic
def suspend(title: Designation, *, by: Any, reasons: str, until_on: dt.date) -> Designation:
    """The title does not count from today until it is reinstated (our rule, not the ministry's)."""
    title.advance("suspend", by=by, reasons=reasons, until_on=until_on)
    title.suspended_until = until_on
    title.save(update_fields=["suspended_until"])
    _close_spell(title)
    return title


@transaction.atomic
def reinstate(title: Designation, *, by: Any, cured: str) -> Designation:
    """The title stands again from today."""
    title.advance("reinstate", by=by, cured=cured)
    return _stand_again(title)


def _stand_again(title: Designation) -> Designation:
    title.suspended_until = None
    title.save(update_fields=["suspended_until"])
    _open_spell(title, today())
    return title


@transaction.atomic
def restore(title: Designation) -> Designation:
    """After an appeal is won: no bar, and a title that is current again gets a new spell; the appeal records it."""
    title.barred_until = None
    title.save(update_fields=["barred_until"])
    return _stand_again(title) if title.status == Status.CURRENT else title


@transaction.atomic
def revoke(title: Designation, *, by: Any, cause: str, reasons: str) -> Designation:
    """The title has ended. Fault bars the subject for the scheme's years; closing, moving or merging does not."""
    title.advance("revoke", by=by, cause=cause, reasons=reasons)
    if cause == "fault":
        title.barred_until = years_after(today(), _barred_years(title))
        title.save(update_fields=["barred_until"])
    _close_spell(title)
    return title


def _barred_years(title: Designation) -> int:
    return title.scheme_version.definition.procedure.barred_years if title.scheme_version else BARRED_YEARS


@transaction.atomic
def end(title: Designation, *, cause: str, reasons: str) -> Designation:
    """The title has ended by what happened to its site or holder: nobody's fault, no bar."""
    title.advance("end", cause=cause, reasons=reasons)
    _close_spell(title)
    return title


@transaction.atomic
def restore_title(title: Designation, *, reasons: str) -> Designation:
    """What had ended the title was undone: it is where it was."""
    title.advance("restore_title", reasons=reasons)
    return restore(title)


@transaction.atomic
def surrender(title: Designation, *, by: Any, reasons: str) -> Designation:
    """The holder gave the title back."""
    title.advance("surrender", by=by, reasons=reasons)
    _close_spell(title)
    return title


@transaction.atomic
def expire(title: Designation) -> Designation:
    """The validity is over and no renewal is under way."""
    title.advance("expire")
    _close_spell(title)
    return title


@transaction.atomic
def supersede(title: Designation) -> Designation:
    """A renewal was granted in its place."""
    title.advance("supersede")
    _close_spell(title)
    return title


@transaction.atomic
def amend(title: Designation, *, by: Any, name: str, reasons: str, name_en: str = "") -> Designation:
    """The title bears a new name from now on; the old one stays in the record."""
    before = title.name
    title.advance("amend", by=by, name=name, name_en=name_en, before=before, reasons=reasons)
    title.name, title.name_en = name, name_en or title.name_en
    title.save(update_fields=["name", "name_en"])
    return title
