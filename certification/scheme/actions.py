"""Open and amend rounds, enter benchmarks; scheme versions come from files and never change."""

import datetime as dt
from calendar import monthrange
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from certification.scheme.deadlines import Deadline, Mark
from certification.scheme.local import PREFIX, Proof
from certification.scheme.models import Benchmark, Round, Scheme, SchemeVersion
from greenchain.accounts.actions import is_administrator
from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.kinds import KINDS
from suppliers.place.models import Authority, Industry
from suppliers.reporting.catalogue import METRICS

GIVEN = (
    "code",
    "names",
    "scheme_version",
    "authority",
    "year",
    "levels",
    "opens_on",
    "closes_on",
    "quota",
    "evaluation",
    "panel",
    "departments",
    "panel_threshold",
    "notice_days",
    "notice_counting",
    "notice_terms",
    "desk_days",
    "desk_counting",
    "desk_terms",
    "return_days",
    "max_returns",
    "appeal_days",
    "appeal_counting",
)
"""What may be given of a round."""
LEAP = 2024
"""A year with a 29 February."""
ALWAYS = frozenset({"closes_on", "quota"})
"""What may still change once there are applications."""


def keeps_rounds(user: Any, authority: Authority | None) -> bool:
    """Administrators keep every round, approvers those of their own authority."""
    own = user.role == Role.APPROVER and user.authority_id is not None
    return is_administrator(user) or (own and (authority is None or authority.pk == user.authority_id))


@transaction.atomic
def open_round(*, by: User, **given: Any) -> Round:
    """The round stands; it takes applications between its dates."""
    row = Round(**_known(given))
    _must_keep(by, row.authority)
    _must_hold_together(row)
    _save(row)
    record("open_round", row, by=by, **{key: _told(value) for key, value in given.items()})
    return row


@transaction.atomic
def amend_round(round_: Round, *, by: User, **given: Any) -> Round:
    """What is given of the round is as given; with applications only its closing day and quota may change."""
    row = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    _must_keep(by, row.authority)
    before = {key: getattr(row, key) for key in _known(given)}
    changes = {
        key: [_told(before[key]), _told(value)] for key, value in given.items() if before[key] != value
    }
    if set(changes) - ALWAYS and row.applications.exists():
        raise Refused(
            _("This round has applications: only its closing day and quota may still change."),
            code="round_in_use",
        )
    for key in changes:
        setattr(row, key, given[key])
    _must_keep(by, row.authority)
    _must_hold_together(row)
    if changes:
        _save(row)
        record("amend_round", row, by=by, changes=changes)
    return row


@transaction.atomic
def require(round_: Round, *, by: User, key: str, **given: Any) -> Round:
    """The round asks for this too, in its territory; before the first application only."""
    row = _unused(round_, by)
    gate = {
        "key": f"{PREFIX}{key}",
        **{name: value for name, value in given.items() if value not in (None, "", [])},
    }
    if any(other["key"] == gate["key"] for other in row.local_gates):
        raise Refused(_("The round has a requirement of this key."), code="key", field="key")
    _must_be_provable(gate)
    row.local_gates = [*row.local_gates, gate]
    _save(row)
    record("require", row, by=by, requirement=gate)
    return row


@transaction.atomic
def drop_requirement(round_: Round, *, by: User, key: str) -> Round:
    """The round asks for this no longer; before the first application only."""
    row = _unused(round_, by)
    left = [gate for gate in row.local_gates if gate["key"] != key]
    if len(left) == len(row.local_gates):
        raise Refused(_("The round has no such requirement."), code="key", field="key")
    row.local_gates = left
    _save(row)
    record("drop_requirement", row, by=by, key=key)
    return row


def _unused(round_: Round, by: User) -> Round:
    row = Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    _must_keep(by, row.authority)
    if row.applications.exists():
        raise Refused(
            _("This round has applications: what it asks for can no longer change."), code="round_in_use"
        )
    return row


def _must_be_provable(gate: dict[str, Any]) -> None:
    """Each way of proof needs its own particulars."""
    wanted = {
        Proof.EVIDENCE: ("evidence", set(gate.get("evidence", ())) <= set(KINDS)),
        Proof.FIGURE: ("metric", gate.get("metric") in METRICS and "minimum" in gate),
        Proof.TITLE: ("scheme", Scheme.objects.filter(key=gate.get("scheme", "")).exists()),
    }
    field, good = wanted[Proof(gate["proof"])]
    if not gate.get(field) or not good:
        message = _("Say which evidence, which figure with its minimum, or which scheme and level proves it.")
        raise Refused(message, code="proof", field=field)


@transaction.atomic
def enter_benchmark(
    *,
    by: User,
    scheme_version: SchemeVersion,
    indicator: str,
    base: Decimal,
    lead: Decimal,
    source: str,
    valid_from: dt.date,
    industry: Industry | None = None,
) -> Benchmark:
    """Where none is published, these values hold from the day on, by this source. Old scores keep theirs."""
    if not is_administrator(by):
        raise NotYours(_("Only administrators enter benchmarks."), code="role")
    found = scheme_version.definition.indicator(indicator)
    if found is None or found.is_qualitative:
        raise Refused(
            _("This version has no such quantitative indicator."), code="indicator", field="indicator"
        )
    row = Benchmark(
        scheme_version=scheme_version,
        indicator=indicator,
        industry=industry,
        base=base,
        lead=lead,
        source=source,
        valid_from=valid_from,
    )
    _save(row)
    told: dict[str, Any] = {"base": base, "lead": lead, "source": source, "valid_from": valid_from}
    told["scheme_version"] = scheme_version.pk
    industry_code = industry.pk if industry else None
    record("enter_benchmark", row, by=by, indicator=indicator, industry=industry_code, **told)
    return row


@transaction.atomic
def set_deadline(  # noqa: PLR0913 - a day has its place, its years and its source
    *,
    by: User,
    duty: str,
    authority: Authority,
    month: int,
    day: int,
    from_year: int,
    until_year: int | None = None,
    source: str,
    url: str = "",
) -> Deadline:
    """The duty is due on this day in the authority's territory, in the years named; what is open moves with it."""
    _must_keep(by, authority)
    row = Deadline.objects.filter(duty=duty, authority=authority, from_year=from_year).first()
    row = row or Deadline(duty=duty, authority=authority, from_year=from_year)
    row.month, row.day, row.until_year = month, day, until_year
    row.source, row.url, row.mark = {"en": source}, url, Mark.SOURCE
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(LEAP, month)[1]:  # noqa: PLR2004 - months
        raise Refused(_("There is no such day in the year."), code="day", field="day")
    _save(row)
    told = {"month": month, "day": day, "from_year": from_year, "until_year": until_year}
    record("set_deadline", row, by=by, duty=duty, authority=authority.code, source=source, **told)
    return row


def _known(given: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(given) - set(GIVEN):
        raise TypeError(f"a round takes no {', '.join(sorted(unknown))}")
    return given


def _must_keep(by: User, authority: Authority) -> None:
    if not keeps_rounds(by, authority):
        message = _("Administrators keep rounds, and the approvers of the authority that opens them.")
        raise NotYours(message, code="role")


def _must_hold_together(row: Round) -> None:
    """The levels are the scheme's, and none lies above the authority that opens the round."""
    if not row.levels or not set(row.levels) <= set(row.scheme_version.definition.levels):
        raise Refused(_("Choose levels that this scheme version offers."), code="levels", field="levels")
    only_in = row.scheme_version.definition.only_in
    if only_in and only_in not in row.authority.path.split("/"):
        message = _("This version holds only in the territory of the authority %(code)s.")
        raise Refused(message % {"code": only_in}, code="only_in", field="scheme_version")
    if max(row.levels) > row.authority.level:
        message = _("%(authority)s cannot open a round for a level above its own.")
        raise Refused(message % {"authority": row.authority}, code="levels", field="levels")
    if set(row.quota) - {str(level) for level in row.levels}:
        raise Refused(
            _("A quota stands for a level that the round does not offer."), code="quota", field="levels"
        )
    if set(row.notice_terms) - {str(level) for level in row.levels}:
        raise Refused(
            _("A public notice stands for a level that the round does not offer."),
            code="notice_terms",
            field="levels",
        )
    if row.closes_on < row.opens_on:
        raise Refused(_("The round cannot close before it opens."), code="dates", field="closes_on")


def _save(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error
    row.save()


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
