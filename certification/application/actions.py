"""The applicant's verbs: start, fill in, cite, submit, withdraw; and the endorser's recall."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from certification.application.dossier import compose, reusable
from certification.application.local import proofs_of
from certification.application.models import Application, Citation, Dossier
from certification.designation.actions import next_number
from certification.designation.models import Designation
from certification.scheme.models import Round
from certification.scheme.subject import key_of, owner_of, region_of
from certification.workflow import Status
from greenchain.audit.canonical import canonical, digest, plain
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.evidence.models import Evidence
from suppliers.place.models import Level, desk_of


def sketch(
    round_: Round, *, level: int, subject: Any, by: Any, from_title: Designation | None = None
) -> Application:
    """The application that ``start`` would make, without a number and not saved: the pre-check judges it."""
    owner, region = owner_of(subject), region_of(subject)
    return Application(
        **{key_of(subject): subject},
        round=round_,
        scheme_version=round_.scheme_version,
        level=Level(level),
        applicant=owner,
        region=region,
        home=desk_of(region),
        desk=desk_of(region),
        year=round_.year,
        from_title=from_title,
        started_by=by,
        form=_known(owner, subject, round_.scheme_version.definition),
        claims=_claimed(from_title, round_.scheme_version.definition),
    )


@transaction.atomic
def start(
    round_: Round, *, level: int, subject: Any, by: Any, from_title: Designation | None = None
) -> Application:
    """A draft for this subject and level, filled in from what the vault and the enterprise already say."""
    # Two starts for one subject queue here, so that the second one sees the first.
    type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
    application = sketch(round_, level=level, subject=subject, by=by, from_title=from_title)
    series = f"{round_.scheme_version.scheme.prefix}-{round_.year}-{application.desk.code}"
    application.number = next_number(series)
    try:
        with transaction.atomic():
            application.begin("start", by=by, number=application.number, level=int(level), round=round_.code)
    except IntegrityError as race:
        raise Refused(
            _("There is an open application for this subject, scheme and level."), code="subject_free"
        ) from race
    Citation.objects.bulk_create(
        Citation(application=application, requirement=requirement, evidence=proof)
        for requirement, proof in reusable(application)
    )
    return application


def _known(owner: Any, subject: Any, definition: Any) -> dict[str, Any]:
    """What is known already: the enterprise's contact, over what its last application said of itself."""
    earlier = Application.objects.filter(applicant=owner)
    same = earlier.filter(**{key_of(subject): subject})
    last = same.order_by("-pk").first() or earlier.order_by("-pk").first()
    asked = {field.key for field in definition.form}
    said = {key: value for key, value in (last.form if last else {}).items() if key in asked}
    contact = {key: getattr(owner, key) for key in ("contact_name", "contact_phone", "contact_email")}
    return said | {key: value for key, value in contact.items() if value}


def _claimed(title: Designation | None, definition: Any) -> dict[str, Any]:
    """What the application behind the title said of each indicator that the new rules know too."""
    number = title.basis_detail.get("application") if title else None
    behind = Application.objects.filter(number=number).first() if number else None
    codes = {item.code for item in definition.indicators}
    return {code: said for code, said in (behind.claims if behind else {}).items() if code in codes}


def _editable(application: Application, by: Any) -> Application:
    fresh = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not may(by, fresh.applicant, "edit"):
        raise NotYours(
            _("Only the applicant's owners and editors may change an application."), code="not_yours"
        )
    if fresh.status not in {Status.DRAFT, Status.RETURNED}:
        raise Refused(_("What was submitted can no longer be changed."), code="wrong_status")
    return fresh


@transaction.atomic
def fill_in(
    application: Application,
    *,
    by: Any,
    form: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
) -> Application:
    """Keep the given form fields and claims; fields not named stay as they are."""
    fresh = _editable(application, by)
    before = {"form": dict(fresh.form), "claims": dict(fresh.claims)}
    fresh.form = {**fresh.form, **(form or {})}
    fresh.claims = {**fresh.claims, **(claims or {})}
    fresh.save(update_fields=["form", "claims"])
    if (fresh.form, fresh.claims) != (before["form"], before["claims"]):
        changed = [key for key in (form or {}) if fresh.form[key] != before["form"].get(key)]
        record("fill_in", fresh, by=by, form=changed, claims=plain(claims or {}))
    return fresh


@transaction.atomic
def cite(application: Application, *, by: Any, requirement: str, evidence: Evidence) -> Citation:
    """The evidence is cited under the requirement; citing twice changes nothing."""
    fresh = _editable(application, by)
    if evidence.enterprise_id != fresh.applicant_id:
        raise Refused(
            _("This evidence belongs to another enterprise."), code="evidence_owner", field="evidence"
        )
    if requirement not in proofs_of(fresh):
        raise Refused(_("This scheme has no such requirement."), code="requirement", field="requirement")
    citation, created = Citation.objects.get_or_create(
        application=fresh, requirement=requirement, evidence=evidence
    )
    if created:
        record("cite", fresh, by=by, requirement=requirement, evidence=evidence.pk, sha256=evidence.sha256)
    return citation


@transaction.atomic
def cite_fitting(application: Application, *, by: Any, requirement: str = "") -> int:
    """What the vault holds that fits is cited, under one requirement or under all; how many citations are new."""
    fresh = _editable(application, by)
    fitting = [pair for pair in reusable(fresh) if not requirement or pair[0] == requirement]
    if not fitting:
        raise Refused(_("Nothing in the vault fits that is not cited already."), code="already_done")
    Citation.objects.bulk_create(
        Citation(application=fresh, requirement=under, evidence=proof) for under, proof in fitting
    )
    cited = [{"requirement": under, "evidence": proof.pk, "sha256": proof.sha256} for under, proof in fitting]
    record("cite", fresh, by=by, citations=cited)
    return len(fitting)


@transaction.atomic
def uncite(citation: Citation, *, by: Any) -> None:
    """The evidence is no longer cited there; it stays in the vault."""
    fresh = _editable(citation.application, by)
    record("uncite", fresh, by=by, requirement=citation.requirement, evidence=citation.evidence_id)
    citation.delete()


@transaction.atomic
def submit(application: Application, *, by: Any, commitment: bool, signed_by: str) -> Dossier:
    """The dossier is frozen with its digest, and the checks are due."""
    # What is frozen is what is stored now, not what the caller read before the row was locked.
    application.refresh_from_db(from_queryset=Application.objects.select_for_update(of=("self",)))
    number = application.dossiers.count() + 1
    body = canonical(compose(application) | _signed(application, signed_by) | {"submission": number})
    seal = digest("", body)
    application.advance(
        "submit", by=by, commitment=commitment, signed_by=signed_by, dossier=number, dossier_digest=seal
    )
    application.due_on, application.check_attempts = None, 0
    application.save(update_fields=["due_on", "check_attempts"])
    return Dossier.objects.create(
        application=application, number=number, body=body, digest=seal, submitted_by=by
    )


def _signed(application: Application, signed_by: str) -> dict[str, Any]:
    text = dict(application.scheme_version.definition.commitment)
    return {"commitment": {"text": text, "signed_by": signed_by, "at": now().isoformat()}}


@transaction.atomic
def withdraw(application: Application, *, by: Any, reasons: str = "") -> Application:
    """The applicant does not go on; the case stays in the record."""
    application.advance("withdraw", by=by, reasons=reasons)
    _end_seats(application, "withdrawn")
    return application


@transaction.atomic
def recall(application: Application, *, by: Any) -> Application:
    """The endorser takes the case back to their desk, as long as nobody has acted on it."""
    application.advance("recall", by=by)
    return application


@transaction.atomic
def lapse(application: Application) -> Application:
    """The time ran out."""
    application.advance("lapse")
    _end_seats(application, "lapsed")
    return application


@transaction.atomic
def escalate(application: Application, *, by: Any = None) -> Application:
    """The next authority up acts, because this desk did not in time or has nobody left."""
    application.advance("escalate", by=by, desk=application.desk.code)
    return application


def _end_seats(application: Application, why: str) -> None:
    application.seats.current().update(until_on=today(), ended=why)
