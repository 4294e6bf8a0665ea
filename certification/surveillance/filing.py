"""The annual form and the measure by new rules: keep what is typed, file it frozen, give the city's opinion."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.scheme.models import SchemeVersion
from certification.scheme.subject import owner_of
from certification.surveillance.annual import AnnualForm, Filing, FormOpinion
from certification.surveillance.catalogue import HUNDRED, catalogue, number
from certification.surveillance.duties import in_force_today, serves
from certification.surveillance.ladder import settle
from certification.surveillance.models import STANDING, Obligation, Owed, reviewer_of
from certification.surveillance.paper import Paper, paper_of
from certification.surveillance.yearly import Measuring, score_text
from greenchain.accounts.models import Role
from greenchain.audit.canonical import canonical, digest
from greenchain.audit.trail import record
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.reporting.models import years_of

LONGEST = 2000
PARTS = ("figures", "explanations", "changes")


@transaction.atomic
def keep_form(
    obligation: Obligation,
    *,
    by: Any,
    figures: Mapping[str, object] | None = None,
    explanations: Mapping[str, str] | None = None,
    changes: Mapping[str, str] | None = None,
) -> AnnualForm:
    """What is given of the form is kept, one field or many; an empty text clears it, what is not named stays.

    Figures that the year's report has are read from there: they are not typed twice.
    """
    row = _own(obligation, by)
    if row.filed_at:
        raise Refused(_("The form was filed already."), code="already_done")
    form = AnnualForm.objects.filter(obligation=row).first() or AnnualForm(obligation=row)
    given = {
        "figures": {key: _number(key, value) for key, value in (figures or {}).items()},
        "explanations": {
            key: _text(key, value, catalogue().figures) for key, value in (explanations or {}).items()
        },
        "changes": {key: _text(key, value, catalogue().changes) for key, value in (changes or {}).items()},
    }
    before = {part: dict(getattr(form, part)) for part in PARTS}
    for part, values in given.items():
        merged = {**before[part], **values}
        setattr(form, part, {key: value for key, value in merged.items() if value != ""})
    if not form.pk or any(getattr(form, part) != before[part] for part in PARTS):
        form.saved_by, form.saved_at = by, now()
        form.save()
        told = {part: sorted(values) for part, values in given.items() if values}
        record("keep_form", row.designation, by=by, year=row.year, **told)
    return form


def _number(key: str, value: object) -> str:
    figure = catalogue().figures.get(key)
    if figure is None:
        raise Refused(_("The form has no such figure."), code="invalid", field=key)
    text = ("" if value is None else str(value)).strip().replace(",", "")
    if not text:
        return ""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise Refused(_("Write a number, such as 1234.5."), code="invalid", field=key) from None
    if not found.is_finite() or found < 0 or found >= 10**12:
        raise Refused(_("The number must be 0 or more."), code="invalid", field=key)
    if figure.is_share and found > HUNDRED:
        raise Refused(_("A share is at most 100 percent."), code="invalid", field=key)
    return f"{found:f}"


def _text(key: str, value: object, known: Mapping[str, object]) -> str:
    if key not in known:
        raise Refused(_("The form has no such field."), code="invalid", field=key)
    text = str(value or "").strip()
    if len(text) > LONGEST:
        message = _("At most %(count)d characters.") % {"count": LONGEST}
        raise Refused(message, code="invalid", field=key)
    return text


@transaction.atomic
def file_form(obligation: Obligation, *, by: Any) -> Obligation:
    """The annual form is filed: its figures, explanations and declared changes are frozen under a digest."""
    row = _own(obligation, by)
    _must_be_open(row)
    if not row.is_annual:
        raise Refused(_("This is not an annual form."), code="not_a_form")
    if not years_of(row.designation.subject).filter(year=row.year).exists():
        raise Refused(_("Report the figures for %(year)d first.") % {"year": row.year}, code="figures")
    paper = paper_of(row)
    _must_be_whole(paper)
    return _filed(row, by, "file_form", paper.content())


def _must_be_whole(paper: Paper) -> None:
    lacking = [str(line.figure) for line in paper.lines if line.lacks]
    if lacking:
        message = _("Still missing: %(listed)s. Give the figure, or explain why there is none.")
        raise Refused(message % {"listed": "; ".join(lacking)}, code="incomplete")
    swings = [str(line.figure) for line in paper.lines if line.unexplained]
    if swings:
        message = _("Explain why it changed so much from the year before: %(listed)s.")
        raise Refused(message % {"listed": "; ".join(swings)}, code="unexplained")


@transaction.atomic
def rebenchmark(obligation: Obligation, *, by: Any) -> Obligation:
    """The title is measured by the new rules with the newest figures; the score is frozen and the city looks at it."""
    row = _own(obligation, by)
    _must_be_open(row)
    if row.kind != Owed.REBENCHMARK:
        raise Refused(_("This duty is not to be measured."), code="not_a_measure")
    report = years_of(row.designation.subject).filter(year__lt=today().year).order_by("-year").first()
    if report is None or report.year < today().year - 2:
        raise Refused(
            _("Report the figures for %(year)d first.") % {"year": today().year - 1}, code="figures"
        )
    measured = Measuring(_version_of(row)).of(row.designation, report)
    level = measured.version.definition.level_rules.get(row.designation.level)
    content = {
        "title": row.designation.number,
        "duty": row.kind,
        "version": str(measured.version.version),
        "version_digest": measured.version.digest,
        "year": report.year,
        "score": score_text(measured.score),
        "pass_score": score_text(level.pass_score if level else None),
        "inputs": measured.inputs,
    }
    return _filed(row, by, "rebenchmark", content)


def _version_of(row: Obligation) -> SchemeVersion:
    """The version that the duty names; after a reorganisation the newest that serves the title."""
    kind, _colon, key = row.about.partition(":")
    if kind == "version":
        return SchemeVersion.objects.get(pk=key)
    held = in_force_today().filter(scheme=row.designation.scheme_id)
    return next(version for version in held if serves(version, row.designation))


def _filed(row: Obligation, by: Any, verb: str, content: Mapping[str, Any]) -> Obligation:
    count = row.filings.count() + 1
    body = canonical({**content, "filing": count, "filed_at": now().isoformat(), "due_on": row.due_on})
    filing = Filing.objects.create(
        obligation=row, number=count, body=body, digest=digest("", body), late=today() > row.due_on, by=by
    )
    row.filed_at, row.filed_by = now(), by
    row.save(update_fields=["filed_at", "filed_by"])
    record(verb, row.designation, by=by, year=row.year, filing=count, digest=filing.digest, late=filing.late)
    settle(row)
    return row


@transaction.atomic
def give_opinion(filing: Filing, *, by: Any, outcome: str, text: str = "") -> FormOpinion:
    """The city accepts the form, wants to see the site, or sends it back with a question to be answered in days."""
    obligation = _reviewable(filing, by)
    if outcome not in FormOpinion.Outcome.values:
        raise Refused(_("Choose an opinion."), code="outcome", field="outcome")
    if outcome != FormOpinion.Outcome.ACCEPTED and not text.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="text")
    made = FormOpinion.objects.create(
        filing=filing, outcome=outcome, text=text.strip(), authority=by.authority, by=by
    )
    if outcome == FormOpinion.Outcome.QUERIED:
        obligation.due_on = max(obligation.due_on, working_days_after(today(), number("opinion_days")))
        obligation.filed_at, obligation.filed_by, obligation.reminded = None, None, None
        obligation.save(update_fields=["due_on", "filed_at", "filed_by", "reminded"])
    record(
        "give_opinion",
        obligation.designation,
        by=by,
        year=obligation.year,
        filing=filing.number,
        outcome=outcome,
        text=made.text,
        due_on=obligation.due_on,
    )
    return made


@transaction.atomic
def give_opinions(filings: Sequence[Filing], *, by: Any, outcome: str, text: str = "") -> int:
    """One opinion for many forms: all of them, or none."""
    return len([give_opinion(filing, by=by, outcome=outcome, text=text) for filing in filings])


def reviews(obligation: Obligation, by: Any) -> bool:
    """Whether the person gives the city's opinion of this form."""
    if getattr(by, "role", "") != Role.AUDITOR or by.authority is None:
        return False
    return bool(reviewer_of(obligation.designation) == by.authority)


def _reviewable(filing: Filing, by: Any) -> Obligation:
    locked = Obligation.objects.select_for_update(of=("self",)).select_related("designation__home")
    row = locked.get(pk=filing.obligation_id)
    if not reviews(row, by):
        raise NotYours(_("Only auditors of the city's desk give an opinion of this form."), code="not_yours")
    if row.filings.filter(number__gt=filing.number).exists():
        raise Refused(_("The form was filed anew since."), code="already_done")
    held = FormOpinion.objects.filter(filing=filing).order_by("-pk").first()
    if held and held.outcome != FormOpinion.Outcome.ON_SITE:
        raise Refused(_("An opinion was given already."), code="already_done")
    return row


def _own(obligation: Obligation, by: Any) -> Obligation:
    row = (
        Obligation.objects.select_for_update(of=("self",)).select_related("designation").get(pk=obligation.pk)
    )
    subject = row.designation.subject
    if subject is None or not may(by, owner_of(subject), "edit"):
        raise NotYours(_("Only the holder may file the annual form."), code="not_yours")
    if row.designation.status not in STANDING:
        raise Refused(_("The title has ended, and its duties with it."), code="ended")
    return row


def _must_be_open(row: Obligation) -> None:
    if row.filed_at:
        raise Refused(_("The form was filed already."), code="already_done")
