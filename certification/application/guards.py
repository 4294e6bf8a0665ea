"""What must hold before an application starts, is submitted, recalled or withdrawn."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from certification.application.dossier import compose, differences
from certification.application.local import unmet
from certification.application.models import Application
from certification.application.readiness import missing_parts
from certification.designation.models import Designation
from certification.rules import Landing, guard, reasons_in, route
from certification.scheme.subject import standing_against
from certification.scheme.terms import Term
from certification.workflow import Case, Status
from greenchain.audit.trail import history
from greenchain.clock import now, today
from greenchain.languages import pick
from greenchain.refusals import Refused
from suppliers.place.models import Authority, Level
from suppliers.record.models import ComplianceRecord
from suppliers.reporting.models import years_of


def application_of(case: Case) -> Application:
    """The case as an application; for guards that stand in rows of kind A."""
    assert isinstance(case, Application)  # noqa: S101 - the table puts these guards in rows of kind A only
    return case


@guard("offered")
def _offered(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    call = application.round
    if application.level not in {*call.levels} & {*application.scheme_version.definition.levels}:
        raise Refused(_("This round does not offer this level."), code="offered", field="level")
    if not call.is_open():
        raise Refused(
            _("This round takes applications from %(from)s to %(to)s.")
            % {"from": call.opens_on, "to": call.closes_on},
            code="offered",
            field="round",
        )
    if application.subject_key != application.scheme_version.scheme.subject:
        raise Refused(
            _("This scheme certifies something else than this subject."), code="offered", field="subject"
        )
    if application.home is None or not call.authority.covers(application.home):
        raise Refused(_("This round is not open in this region."), code="offered", field="round")


@guard("round_open")
def _round_open(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    call = application_of(case).round
    if not call.is_open():
        raise Refused(_("This round closed on %(day)s.") % {"day": call.closes_on}, code="round_open")


@guard("subject_free")
def _subject_free(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if isinstance(case, Designation):
        standing = Q(status__in=[Status.CURRENT, Status.SUSPENDED])
        others = Designation.objects.filter(
            standing, case.same_subject(), scheme=case.scheme, level=case.level
        )
        if others.exclude(pk=case.pk).exists():
            raise Refused(_("The subject holds another title of this level by now."), code="subject_free")
        return
    application = application_of(case)
    scheme, level = application.scheme_version.scheme, application.level
    open_ones = Application.objects.open().filter(application.same_subject(), level=level)
    if open_ones.filter(scheme_version__scheme=scheme).exclude(pk=application.pk or 0).exists():
        raise Refused(
            _("There is an open application for this subject, scheme and level."), code="subject_free"
        )
    titles = Designation.objects.filter(application.same_subject(), scheme=scheme, level=level)
    if titles.filter(status=Status.CURRENT).exclude(pk=application.from_title_id or 0).exists():
        raise Refused(
            _("This subject holds the title already; start a renewal from that title."), code="subject_free"
        )


@guard("not_barred")
def _not_barred(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    barred = Designation.objects.filter(
        application.same_subject(), status=Status.REVOKED, barred_until__gt=today()
    ).first()
    if barred:
        raise Refused(
            _("A title of this subject was revoked; it may apply again from %(day)s.")
            % {"day": barred.barred_until},
            code="not_barred",
        )


@guard("commitment", asks=True)
def _commitment(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if inputs.get("commitment") is not True or not str(inputs.get("signed_by") or "").strip():
        raise Refused(
            _("Please commit to the truth of the application and give the name of the person who signs."),
            code="commitment",
            field="commitment",
        )


@guard("local_gates")
def _local_gates(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    report = (
        years_of(application.subject).filter(year=application.year).first()
        if application.round.local
        else None
    )
    lacking = [pick(words) for _gate, words in unmet(application, report)]
    if lacking:
        raise Refused(
            _("The round asks for more here: %(listed)s") % {"listed": "; ".join(lacking)}, code="local_gates"
        )


@guard("complete")
def _complete(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    missing = missing_parts(application_of(case))
    if missing:
        listed = "; ".join(pick(part.text) for part in missing[:8])
        raise Refused(
            _("Still missing (%(count)d): %(listed)s") % {"count": len(missing), "listed": listed},
            code="complete",
        )


@guard("no_confirmed_veto")
def _no_confirmed_veto(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    records = standing_against(application_of(case).subject)
    veto = records.filter(match=ComplianceRecord.Match.CONFIRMED).first()
    if veto:
        raise Refused(
            _("A record bars this application: %(kind)s (%(day)s, source: %(source)s).")
            % {"kind": veto.get_kind_display(), "day": veto.happened_on, "source": veto.source},
            code="no_confirmed_veto",
        )


@guard("titles_required")
def _titles_required(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    for need in application.scheme_version.definition.required_at(Level(application.level)):
        held = Designation.objects.in_force().at_least(need.at_least)
        if not held.filter(application.same_subject(), scheme__key=need.scheme).exists():
            raise Refused(
                _("This level requires a title in force at %(level)s level or above.")
                % {"level": Level(need.at_least).label},
                code="titles_required",
            )


@guard("before_due")
def _before_due(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    if application.due_on is not None and application.due_on < today():
        raise Refused(
            _("The time to answer ended on %(day)s.") % {"day": application.due_on}, code="before_due"
        )


@guard("only_named_changed")
def _only_named_changed(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    last = application.dossier
    sent_back = application.last_entry("send_back")
    named = sent_back.data.get("named", []) if sent_back else []
    if not named or last is None:
        return
    changes = differences(last.content, compose(application))
    other = [
        f"{change.part} {change.key}" for change in changes if not {change.part, change.key} & set(named)
    ]
    if other:
        raise Refused(
            _("Only what was asked for may change; also changed: %(listed)s.")
            % {"listed": ", ".join(other[:8])},
            code="only_named_changed",
        )


@guard("reasons_unless_draft", asks=True)
def _reasons_unless_draft(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if case.status != Status.DRAFT and not reasons_in(inputs):
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")


@guard("nobody_acted_since")
def _nobody_acted_since(case: Case, by: Any, _inputs: Mapping[str, Any]) -> None:
    endorsed = history(case).filter(verb="endorse", actor=by).order_by("-seq").first()
    later = history(case).filter(seq__gt=endorsed.seq if endorsed else 0, actor__isnull=False)
    if endorsed is None or later.exists():
        raise Refused(
            _("Somebody has acted on the case since; it can no longer be recalled."),
            code="nobody_acted_since",
        )


@guard("due_over")
def _due_over(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    due = application.due_on or (application.round.closes_on if case.status == Status.DRAFT else None)
    if due is None or due >= today():
        raise Refused(_("This case is not overdue."), code="due_over")


@guard("overdue")
def _overdue(case: Case, by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    if application.desk.parent_id is None:
        raise Refused(_("There is no authority above this desk."), code="overdue")
    on_time = application.due_on is None or application.due_on >= today()
    if on_time and (by is None or _anybody_left(application)):
        raise Refused(_("This case is not overdue."), code="overdue")


def _anybody_left(application: Application) -> bool:
    role = "auditor" if application.status in {Status.EXAMINATION, Status.PANEL} else "approver"
    return application.desk.user_set.filter(role=role, is_active=True).exists()


def at_desk(
    application: Application, desk: Authority, status: str, *, escalated_from: Authority | None = None
) -> Landing:
    """The case lies at a desk, with that desk's days before it, or those it had left when it sent the case back."""
    term = application.round.desk_term(desk.level)
    if application.kept_days is not None and desk == application.desk:
        term = Term(application.kept_days, term.counting)
    changes = {"desk": desk, "due_on": term.end(today()), "kept_days": None, "escalated_from": escalated_from}
    return Landing(status, {**changes, "status_since": now()})


@route("recalled")
def _recalled(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    endorsed = application_of(case).last_entry("endorse")
    assert endorsed is not None  # noqa: S101 - the guard "nobody_acted_since" saw to it
    desk = Authority.objects.get(code=endorsed.data["desk"])
    return at_desk(application_of(case), desk, Status.EXAMINATION)


@route("level_desk")
def _level_desk(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    application = application_of(case)
    return at_desk(application, application.deciding_authority(), Status.EXAMINATION)


@route("one_level_up")
def _one_level_up(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    application = application_of(case)
    assert application.desk.parent is not None  # noqa: S101 - the guard "overdue" saw to it
    above, late = application.desk.parent, application.desk
    return at_desk(application, above, application.status, escalated_from=late)
