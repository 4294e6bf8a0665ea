"""What a letter says: facts, reasons, legal basis, and how and until when to appeal. Asked in the reader's language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.assessment.guards import latest_run, pass_score
from certification.body.models import Body
from certification.decision.guards import appeal_term, appeal_until
from certification.designation.models import Designation
from certification.letter.models import Kind
from certification.scheme.legal import basis_of
from certification.surveillance.models import Cause
from certification.workflow import Case
from greenchain.clock import today

Facts = list[tuple[str, str]]
APPEALABLE = frozenset({Kind.REFUSE, Kind.REJECT, Kind.SUSPEND, Kind.REVOKE})


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter is made of, beside what every letter has."""

    kind: str
    case: Case | Body
    """The case, the title, or the body that somebody complained of."""
    reasons: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    addressee: tuple[str, ...] = ()
    """The lines of the address; none: the applicant or holder."""
    extra: tuple[tuple[str, str], ...] = ()
    """Further facts."""


def content_of(draft: Draft, authority: Any) -> dict[str, Any]:
    """The letter in the active language, ready to be frozen."""
    day = today()
    return {
        "kind": draft.kind,
        "language": "zh" if (get_language() or "").startswith("zh") else get_language() or "en",
        "authority": authority.name,
        "addressee": [line for line in draft.addressee or _party(draft.case) if line],
        "date": [day.year, day.month, day.day],
        "day": date_format(day, "DATE_FORMAT"),
        "heading": heading(draft.kind),
        "opening": _opening(draft),
        "facts": [[label, value] for label, value in (*_facts(draft), *draft.extra) if value],
        "parts": [[title, list(words)] for title, words in _parts(draft) if words],
    }


def heading(kind: str) -> str:
    """What the letter is called."""
    return {
        Kind.GRANT: _("Decision: the title is granted"),
        Kind.REFUSE: _("Decision: the title is refused"),
        Kind.REJECT: _("Decision: the application is rejected"),
        Kind.PASS_OVER: _("Outcome of the selection"),
        Kind.APPEAL: _("Your appeal has been received"),
        Kind.CONFIRM: _("Decision on the appeal: the outcome stands"),
        Kind.OVERTURN: _("Decision on the appeal: the outcome is annulled"),
        Kind.PROPOSE: _("Hearing: removal of the title is proposed"),
        Kind.SUSPEND: _("Decision: the title is suspended"),
        Kind.REVOKE: _("Decision: the title is revoked"),
        Kind.DISMISS: _("Answer to your objection: dismissed"),
        Kind.UPHOLD: _("Answer to your objection: upheld"),
        Kind.FOUND: _("Answer to your report: founded"),
        Kind.UNFOUNDED: _("Answer to your report: unfounded"),
    }[Kind(kind)]


def _opening(draft: Draft) -> str:
    name = getattr(draft.case.subject if isinstance(draft.case, Application) else draft.case, "name", "")
    told = {"number": getattr(draft.case, "number", ""), "name": name}
    said = {
        Kind.GRANT: _("The application %(number)s of %(name)s was examined and is granted."),
        Kind.REFUSE: _("The application %(number)s of %(name)s was examined. No title is given."),
        Kind.REJECT: _("The application %(number)s of %(name)s was examined and does not go on."),
        Kind.PASS_OVER: _(
            "The application %(number)s of %(name)s was not selected in this round. No fault was found, and nothing "
            "bars a new application."
        ),
        Kind.APPEAL: _(
            "Your appeal about %(number)s, %(name)s, has been received. Somebody who took no part in the case looks "
            "at it again. Until then the outcome stands as it is."
        ),
        Kind.CONFIRM: _("The appeal about %(number)s, %(name)s, was examined by somebody who took no part."),
        Kind.OVERTURN: _(
            "The appeal about %(number)s, %(name)s, was examined by somebody who took no part. The case stands again "
            "where it stood before."
        ),
        Kind.PROPOSE: _("It is proposed to take away the title %(number)s of %(name)s. You are heard first."),
        Kind.SUSPEND: _(
            "The title %(number)s of %(name)s is suspended from today and does not count until then."
        ),
        Kind.REVOKE: _("The title %(number)s of %(name)s is revoked from today."),
        Kind.DISMISS: _(
            "Your objection to the proposal for %(name)s was examined by somebody who took no part."
        ),
        Kind.UPHOLD: _(
            "Your objection to the proposal for %(name)s was examined by somebody who took no part. The case is "
            "examined again."
        ),
        Kind.FOUND: _("Your report about %(name)s was examined by somebody who took no part. It is founded."),
        Kind.UNFOUNDED: _(
            "Your report about %(name)s was examined by somebody who took no part. It is unfounded."
        ),
    }[Kind(draft.kind)]
    return said % told


def _party(case: Case | Body) -> list[str]:
    if isinstance(case, Application):
        return [case.applicant.name, case.applicant.identifier, case.applicant.address]
    return [case.name] if isinstance(case, Designation) else []


def _facts(draft: Draft) -> Facts:
    case = draft.case
    told: Facts = []
    if isinstance(case, Application):
        told = [
            (_("Application"), case.number),
            *_of_scheme(case.scheme_version.scheme, case),
            *_scored(draft),
        ]
    elif isinstance(case, Designation):
        told = [(_("Title"), case.number), *_of_scheme(case.scheme, case)]
    elif isinstance(case, Body):
        told = [(_("Evaluation body"), case.name), (_("Identifier"), case.identifier)]
    data = draft.data
    if data.get("cause"):
        told.append((_("Cause"), str(Cause(data["cause"]).label)))
    if data.get("reply_by"):
        told.append((_("Answer by"), _day(data["reply_by"])))
    if data.get("until_on"):
        told.append((_("Suspended until"), _day(data["until_on"])))
    if data.get("rank"):
        told.append(
            (_("Rank"), _("%(rank)s of %(of)s") % {"rank": data["rank"], "of": data.get("of") or "–"})
        )
    return told


def _of_scheme(scheme: Any, case: Any) -> Facts:
    return [(_("Scheme"), str(scheme)), (_("Level"), str(case.get_level_display()))]


def _scored(draft: Draft) -> Facts:
    case = draft.case
    run = latest_run(case) if isinstance(case, Application) else None
    if run is None or draft.kind in {Kind.DISMISS, Kind.UPHOLD}:
        return []
    score, wanted = (f"{value.normalize():f}" for value in (run.low, pass_score(case)))  # type: ignore[arg-type]
    return [
        (_("Confirmed score"), _("%(score)s points, %(wanted)s needed") % {"score": score, "wanted": wanted})
    ]


def _day(value: Any) -> str:
    return date_format(dt.date.fromisoformat(value) if isinstance(value, str) else value, "DATE_FORMAT")


def _parts(draft: Draft) -> list[tuple[str, list[str]]]:
    return [
        (_("Reasons"), [line for line in _reasons(draft).splitlines() if line.strip()]),
        (_("Legal basis"), _basis(draft)),
        (_("Appeal"), _appeal(draft)),
    ]


def _reasons(draft: Draft) -> str:
    if draft.reasons.strip() or draft.kind != Kind.GRANT:
        return draft.reasons.strip()
    return _("All requirements of the scheme at this level are met, and no exclusion was found.")


def _basis(draft: Draft) -> list[str]:
    case = draft.case
    scheme = case.scheme_version.scheme if isinstance(case, Application) else getattr(case, "scheme", None)
    key = scheme.key if scheme else ""
    found = [str(each) for each in basis_of(key, str(draft.kind), str(draft.data.get("cause") or ""))]
    version = getattr(case, "scheme_version", None)
    return [*found, *([f"{scheme} · {version.version}"] if version else [])]


def _appeal(draft: Draft) -> list[str]:
    if draft.kind == Kind.CONFIRM:
        return [_("This decision ends the appeal on this platform. Remedies under the law remain open.")]
    if draft.kind == Kind.PASS_OVER:
        return [_("There is no appeal against a rank. A new application is possible in the next round.")]
    if draft.kind not in APPEALABLE or isinstance(draft.case, Body):
        return []
    told = {
        "day": _day(appeal_until(draft.case)),
        "term": appeal_term(draft.case),
        "address": settings.SITE_URL + _page(draft.case),
    }
    return [
        _(
            "You may appeal until %(day)s (%(term)s; the day of this letter does not count), with your grounds and "
            "new evidence, at %(address)s. Somebody who took no part decides."
        )
        % told,
        _("An appeal that comes later is not taken. Remedies under the law remain open."),
    ]


def _page(case: Case) -> str:
    if isinstance(case, Application):
        return reverse("application", args=[case.pk])
    return reverse("holding", args=[getattr(case, "number", "")])
