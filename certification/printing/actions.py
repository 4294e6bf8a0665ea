"""Ask for a package, make it, forget it: the only writers of packages."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from certification.application.dossier import compose
from certification.application.models import Application
from certification.printing.annexes import Annex, numbered
from certification.printing.application import ApplicationFront
from certification.printing.merging import NotPagesError, Pages, joined, pages_of
from certification.printing.models import Package, State
from certification.printing.paper import set_frames, set_front
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import now
from greenchain.jobs.models import Job
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.models import Evidence

KIND = "package"
SMALL_BYTES, SMALL_FILES = 4_000_000, 80
"""What is no larger is made at once, while the person waits a second or two."""
MOST_PAGES = 2000
MAX_ATTEMPTS = 3


@transaction.atomic
def ask(application: Application, *, by: Any) -> Package:
    """A package in the reader's language: of the frozen dossier, or of a draft, which then says so."""
    if getattr(by, "role", "") in {Role.EVALUATOR, Role.EXPERT}:
        raise NotYours(_("Evaluators and experts judge by the dossier alone."), code="blind")
    waiting = Package.objects.filter(application=application, by=by, state=State.WAITING)
    if found := waiting.filter(dossier=application.dossier, language=_language()).first():
        return found
    begun = now()
    seal = hashlib.sha256(f"{KIND}:{application.pk}:{by.pk}:{begun.isoformat()}".encode()).hexdigest()
    made = Package.objects.create(
        application=application,
        dossier=application.dossier,
        language=_language(),
        job=Job.objects.create(
            kind=KIND, title=application.number, digest=seal, by=by, total=len(_cited(_content(application)))
        ),
        by=by,
        at=begun,
    )
    digest = application.dossier.digest if application.dossier else ""
    record("package", made, by=by, application=application.number, dossier_digest=digest)
    return made


def is_small(package: Package) -> bool:
    """Whether it is made while the person waits."""
    sizes = Evidence.objects.filter(pk__in=_cited(_content(package.application))).values_list(
        "size", flat=True
    )
    return len(sizes) <= SMALL_FILES and sum(sizes) <= SMALL_BYTES


def make(package: Package) -> Package:
    """The PDF stands, once however often this runs; after three times broken off it is given up.

    It is made outside a transaction, so that its progress is seen and nobody waits for a lock.
    """
    waiting = Package.objects.filter(pk=package.pk, state=State.WAITING)
    # Counted before the work: what kills the worker is counted too.
    if not waiting.update(attempts=F("attempts") + 1):
        return Package.objects.get(pk=package.pk)
    package = waiting.select_related("application", "dossier").get()
    if package.attempts > MAX_ATTEMPTS:
        return _given_up(package)
    with override(package.language):
        return _kept(package, *_whole(package))


def _whole(package: Package) -> tuple[bytes, int, int]:
    """The PDF, its pages, and how many files are not among them."""
    case = package.application
    content = package.dossier.content if package.dossier else _content(case)
    annexes, pages = _annexes(package, content)
    told = ApplicationFront(case, content, package.dossier, annexes).front
    front, starts = set_front(told, annexes)
    whole = joined(front, set_frames(told, annexes, starts), list(zip(_names(annexes), pages, strict=True)))
    return whole, starts.total, sum(annex.pages == 0 for annex in annexes)


@transaction.atomic
def _kept(package: Package, whole: bytes, pages: int, left_out: int) -> Package:
    package = Package.objects.select_for_update(of=("self",)).get(pk=package.pk)
    if package.state != State.WAITING:
        return package
    package.sha256, package.size = hashlib.sha256(whole).hexdigest(), len(whole)
    package.pages, package.left_out, package.state = pages, left_out, State.READY
    package.file.save(package.filename, ContentFile(whole), save=False)
    package.save()
    _end(package, Job.State.DONE)
    record("pack", package, by=None, sha256=package.sha256, pages=pages, left_out=left_out)
    return package


def _annexes(package: Package, content: dict[str, Any]) -> tuple[list[Annex], list[Pages]]:
    """Each cited file once, in the order of the dossier; those that cannot be printed have no pages."""
    kept = Evidence.objects.in_bulk(_cited(content))
    annexes, printed, room = [], [], MOST_PAGES
    for read, row in enumerate(numbered(content), start=1):
        pages = _pages(kept.get(row.key), row.sha256, room)
        if pages:
            printed.append(pages)
            room -= pages.count
        annexes.append(row.with_pages(pages.count if pages else 0))
        Job.objects.filter(pk=package.job_id).update(read=read, updated_at=now())
    return annexes, printed


def _pages(evidence: Evidence | None, sha256: str, room: int) -> Pages | None:
    """The very file that the dossier names, or nothing: paper never shows another."""
    if evidence is None:
        return None
    try:
        with evidence.file.open("rb") as file:
            content = file.read()
        found = pages_of(content, evidence.media_type)
    except (NotPagesError, FileNotFoundError):
        return None
    return found if found.count <= room and hashlib.sha256(content).hexdigest() == sha256 else None


@transaction.atomic
def forget(package: Package) -> None:
    """The file goes; that it was made stays on record."""
    job = package.job_id
    package.file.delete(save=False)
    package.delete()
    Job.objects.filter(pk=job).delete()


def fetch(package: Package) -> Package:
    """The package, if it can be fetched; Refused while it is made or after it was broken off."""
    if package.state == State.WAITING:
        raise Refused(_("This package is still being made."), code="not_ready")
    if package.state == State.FAILED:
        raise Refused(_("This package was broken off; ask for it once more."), code="broken_off")
    return package


def _names(annexes: list[Annex]) -> list[str]:
    return [str(annex) for annex in annexes if annex.pages]


def _cited(content: dict[str, Any]) -> list[int]:
    return sorted({row["evidence"] for row in content["citations"]})


def _content(application: Application) -> dict[str, Any]:
    return application.dossier.content if application.dossier else compose(application)


def _language() -> str:
    return get_language() or "en"


def _given_up(package: Package) -> Package:
    package.state = State.FAILED
    package.save(update_fields=["state"])
    _end(package, Job.State.FAULTY)
    record("give_up_package", package, by=None, attempts=package.attempts)
    return package


def _end(package: Package, state: str) -> None:
    Job.objects.filter(pk=package.job_id).update(state=state, ended_at=now(), updated_at=now())
