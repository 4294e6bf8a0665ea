"""Attach, replace, retract and inspect evidence. A file is stored once; every version stays."""

import datetime as dt
from typing import TypedDict, Unpack

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Enterprise, Product, Site
from suppliers.evidence.condition import Condition
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import REMINDERS, CertificateNumber, Evidence
from suppliers.evidence.paper import Paper, Upload, examine


class Coverage(TypedDict, total=False):
    """What a file covers and how long it holds."""

    site: Site | None
    product: Product | None
    period_from: dt.date | None
    period_to: dt.date | None
    issuer: str
    certificate_number: str
    issued_on: dt.date | None
    expires_on: dt.date | None


def attach(
    enterprise: Enterprise,
    *,
    by: User,
    kind: str,
    title: str,
    upload: Upload,
    **coverage: Unpack[Coverage],
) -> Evidence:
    """The file is in the enterprise's vault under ``kind``.

    The very same file under the same kind is not stored again: the row that is there comes back with
    ``reused`` set. Refuses unsafe files, unknown kinds, and what the kind needs but lacks.
    """
    _must_edit(by, enterprise)
    return deposit(enterprise, by=by, kind=kind, title=title, upload=upload, **coverage)


@transaction.atomic
def deposit(
    enterprise: Enterprise,
    *,
    by: User,
    kind: str,
    title: str,
    upload: Upload,
    **coverage: Unpack[Coverage],
) -> Evidence:
    """As ``attach``, for callers that know by other means that ``by`` may (a claim brings its licence)."""
    _must_fit(enterprise, kind, coverage)
    paper = examine(upload)
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    present = Evidence.objects.filter(enterprise=enterprise, sha256=paper.sha256, retracted_at__isnull=True)
    same = present.filter(kind=kind).first()
    if same is not None:
        return _reuse(same)
    evidence = Evidence(enterprise=enterprise, kind=kind, title=title.strip() or paper.filename, **coverage)
    _keep(evidence, paper, upload, by, stored=present.first())
    record("attach", evidence, by=by, **_facts(evidence))
    return evidence


@transaction.atomic
def replace(
    evidence: Evidence, *, by: User, upload: Upload, title: str = "", **coverage: Unpack[Coverage]
) -> Evidence:
    """A newer version stands in the place of ``evidence``, which stays as it was.

    What is not given carries over.
    """
    _must_edit(by, evidence.enterprise)
    old = _standing(evidence)
    paper = examine(upload)
    if Evidence.objects.filter(
        enterprise=old.enterprise_id, sha256=paper.sha256, kind=old.kind, retracted_at__isnull=True
    ).exists():
        raise Refused(_("This very file is in the vault already."), code="same_file", field="file")
    kept: Coverage = {
        "site": old.site,
        "product": old.product,
        "period_from": old.period_from,
        "period_to": old.period_to,
        "issuer": old.issuer,
        "certificate_number": old.certificate_number,
        "issued_on": old.issued_on,
        "expires_on": old.expires_on,
    }
    covers: Coverage = {**kept, **coverage}
    _must_fit(old.enterprise, old.kind, covers)
    new = Evidence(
        enterprise=old.enterprise,
        kind=old.kind,
        title=title.strip() or old.title,
        version=old.version + 1,
        replaces=old,
        **covers,
    )
    _keep(new, paper, upload, by)
    record("replace", new, by=by, replaces=old.pk, **_facts(new))
    return new


@transaction.atomic
def retract(evidence: Evidence, *, by: User, reasons: str) -> Evidence:
    """The evidence can no longer be cited; file and row stay.

    Higher layers that subscribe to "retract" may refuse while a case rests on it.
    """
    _must_edit(by, evidence.enterprise)
    old = _standing(evidence)
    if not reasons.strip():
        raise Refused(_("Please give the reason."), code="reasons", field="reasons")
    old.retracted_at = now()
    old.save(update_fields=["retracted_at"])
    record("retract", old, by=by, enterprise=old.enterprise_id, reasons=reasons.strip())
    return old


@transaction.atomic
def inspect(evidence: Evidence) -> Evidence:
    """Someone has looked at the file in the store: whether it is still what was put in, and can be read."""
    row = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    before, row.condition, row.seen_at = row.condition, _condition_of(row), now()
    row.save(update_fields=["condition", "seen_at"])
    if row.condition != before:
        record(
            "inspect", row, by=None, enterprise=row.enterprise_id, condition=str(row.condition), before=before
        )
    return row


def _condition_of(row: Evidence) -> Condition:
    try:
        with row.file.open("rb") as stored:
            paper = examine(File(stored, name=row.filename))
    except Refused as no:
        return Condition.ENCRYPTED if no.code == "file_encrypted" else Condition.DAMAGED
    except OSError:
        return Condition.LOST
    return paper.condition if paper.sha256 == row.sha256 else Condition.LOST


@transaction.atomic
def remind(enterprise: Enterprise) -> AuditEntry | None:
    """The enterprise is told which files expire soon, once at each of ``REMINDERS``; None where none is due."""
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    due = Evidence.objects.filter(enterprise=enterprise).due_for_a_reminder()
    rows = list(due.order_by("expires_on", "pk"))
    for row in rows:
        left = (row.expires_on - today()).days if row.expires_on else 0
        row.reminded = min(days for days in REMINDERS if left <= days)
    if not rows:
        return None
    Evidence.objects.bulk_update(rows, ["reminded"])
    files = [
        {"evidence": row.pk, "title": row.title, "kind": row.kind, "expires_on": row.expires_on}
        for row in rows
    ]
    return record("remind", enterprise, by=None, files=files)


def missing(kind: str, coverage: Coverage) -> dict[str, str]:
    """What a file of ``kind`` still needs, by field.

    Certificates need their expiry date, yearly proofs the period that they cover.
    """
    wanted = KINDS[kind]
    faults: dict[str, str] = {}
    if wanted.expires and not coverage.get("expires_on"):
        faults["expires_on"] = _("This kind of evidence expires: please give the date on it.")
    if wanted.yearly and not (coverage.get("period_from") and coverage.get("period_to")):
        faults["period_from"] = _(
            "This kind of evidence covers a period: please give its first and last day."
        )
    begin, end = coverage.get("period_from"), coverage.get("period_to")
    if begin and end and end < begin:
        faults["period_to"] = _("The last day lies before the first.")
    issued, expires = coverage.get("issued_on"), coverage.get("expires_on")
    if issued and expires and expires < issued:
        faults["expires_on"] = _("It cannot expire before it was issued.")
    if issued and issued > today():
        faults["issued_on"] = _("This day lies in the future.")
    return faults


def _must_edit(by: User, enterprise: Enterprise) -> None:
    if not may(by, enterprise, "edit"):
        raise NotYours(_("Only owners and editors of the enterprise may change its evidence."), code="role")


def _must_fit(enterprise: Enterprise, kind: str, coverage: Coverage) -> None:
    if kind not in KINDS:
        raise Refused(_("There is no such kind of evidence."), code="unknown_kind", field="kind")
    site, product = coverage.get("site"), coverage.get("product")
    for name, owner in (("site", site), ("product", product)):
        if owner is not None and owner.enterprise_id != enterprise.pk:
            raise Refused(_("This belongs to another enterprise."), code="another_enterprise", field=name)
    for field, message in missing(kind, coverage).items():
        raise Refused(message, code="incomplete", field=field)


def _standing(evidence: Evidence) -> Evidence:
    """The row, locked; refused when it was retracted or replaced meanwhile."""
    old = Evidence.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=evidence.pk)
    if old.retracted_at is not None:
        raise Refused(_("This evidence was retracted."), code="already_done")
    if Evidence.objects.filter(replaces=old).exists():
        raise Refused(_("A newer version stands in its place."), code="already_done")
    return old


def _reuse(same: Evidence) -> Evidence:
    if Evidence.objects.filter(replaces=same).exists():
        raise Refused(
            _("This file is an older version of “%(title)s” and was replaced.") % {"title": same.title},
            code="older_version",
            field="file",
        )
    same.reused = True
    return same


def _keep(
    evidence: Evidence, paper: Paper, upload: Upload, by: User, *, stored: Evidence | None = None
) -> None:
    evidence.filename, evidence.media_type = paper.filename, paper.media_type
    evidence.size, evidence.sha256 = paper.size, paper.sha256
    evidence.condition, evidence.seen_at = paper.condition, now()
    evidence.uploaded_by = by
    if stored is not None:
        evidence.file.name = stored.file.name
    else:
        upload.seek(0)
        evidence.file.save(paper.filename, ContentFile(upload.read()), save=False)
    evidence.save()
    CertificateNumber.objects.bulk_create(evidence.numbers())


def _facts(evidence: Evidence) -> dict[str, object]:
    return {
        "enterprise": evidence.enterprise_id,
        "kind": evidence.kind,
        "title": evidence.title,
        "sha256": evidence.sha256,
        "version": evidence.version,
        "condition": str(evidence.condition),
    }
