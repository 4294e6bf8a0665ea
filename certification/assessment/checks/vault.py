"""Whether the cited files can be read, are fresh, and carry numbers that nobody else counts."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile, Proof
from certification.assessment.checks.registry import Found, check
from certification.assessment.facts import Clash
from certification.assessment.models import Severity
from certification.assessment.wording import in_each, joined
from greenchain.languages import spoken
from greenchain.located import Texts
from suppliers.evidence.condition import UNREADABLE, Condition
from suppliers.evidence.kinds import KINDS

SHOWN = 5


def _files(proofs: Iterable[Proof]) -> list[Proof]:
    """Each file once, whatever it is cited under; retracted ones are another check's."""
    return list({proof.evidence: proof for proof in proofs if not proof.retracted}.values())


def _keys(proofs: Iterable[Proof]) -> tuple[int, ...]:
    return tuple(proof.evidence for proof in proofs)


def _row(said: Sequence[str]) -> str:
    return "; ".join(said[:SHOWN]) + (f" +{len(said) - SHOWN}" if len(said) > SHOWN else "")


def _conditions(proofs: Sequence[Proof]) -> Texts:
    """Titles with the condition of each."""
    return in_each(lambda: _row([f"{proof.title} ({Condition(proof.condition).label})" for proof in proofs]))


@check("evidence.unreadable", gettext_noop("Every cited file can be read"))
def unreadable(case: CaseFile) -> Found | None:
    """A locked, damaged or empty file proves nothing; what our own store lost, a person sorts out."""
    bad = [proof for proof in _files(case.proofs) if proof.condition in UNREADABLE]
    if not bad:
        return None
    ours = all(proof.condition == Condition.LOST for proof in bad)
    return Found(
        Severity.ASKS if ours else Severity.BLOCKS,
        spoken(gettext_noop("Cannot be read: %(files)s."), files=_conditions(bad)),
        spoken(
            gettext_noop(
                "Replace each in the vault by a file that opens without a password, and cite that one."
            )
        ),
        evidence=_keys(bad),
        about={str(proof.evidence): proof.condition for proof in bad},
    )


@check("evidence.scanned", gettext_noop("The cited files have text that can be searched"))
def scanned(case: CaseFile) -> Found | None:
    """A scan proves as much as its original; whoever examines it should know that no search finds anything in it."""
    scans = [proof for proof in _files(case.proofs) if proof.condition == Condition.SCANNED]
    if not scans:
        return None
    return Found(
        Severity.INFORMS,
        spoken(
            gettext_noop("Pictures of pages, to be read by eye: %(files)s."),
            files=_row([p.title for p in scans]),
        ),
        spoken(
            gettext_noop("Where there is an original document, save that as PDF; else run text recognition.")
        ),
        evidence=_keys(scans),
    )


@check("evidence.too_old", gettext_noop("Searches and reports are recent"))
def too_old(case: CaseFile) -> Found | None:
    """Some kinds must be fresh on the day of submission, such as a search for enforcement; else the day is asked."""
    filed = case.facts.filed_on or case.day
    late, undated = [], []
    for proof in _files(case.proofs):
        most = KINDS[proof.kind].max_age_days if proof.kind in KINDS else 0
        if most and proof.issued_on is None:
            undated.append(proof)
        elif most and proof.issued_on is not None and filed - proof.issued_on > dt.timedelta(days=most):
            late.append(proof)
    remedy = spoken(
        gettext_noop("Make the search or the report anew, put it into the vault with its date and cite it.")
    )
    if late:
        files = _row([f"{proof.title} ({proof.issued_on})" for proof in late])
        reason = spoken(gettext_noop("Too old on the day of submission: %(files)s."), files=files)
        return Found(Severity.ASKS, reason, remedy, evidence=_keys(late))
    if undated:
        reason = spoken(
            gettext_noop("Must be recent and has no date of issue: %(files)s."),
            files=_row([proof.title for proof in undated]),
        )
        return Found(Severity.INFORMS, reason, remedy, evidence=_keys(undated))
    return None


HOW = {
    "again": gettext_noop("Already counted by this enterprise for another year: %(numbers)s."),
    "shared": gettext_noop("Counted for another site of this enterprise as well: %(numbers)s."),
    "used": gettext_noop("Counted by a case of another enterprise too: %(numbers)s."),
    "held": gettext_noop("The same number stands in another enterprise's vault: %(numbers)s."),
}
NUMBERLESS = gettext_noop("Used up by one site and year, but without numbers: %(files)s.")
NUMBERS = gettext_noop(
    "Give the numbers of the certificates; each may be counted once, by one site and for one year."
)


@check("evidence.number_twice", gettext_noop("No certificate number is used twice"))
def number_twice(case: CaseFile) -> Found | None:
    """Green electricity certificates are used up: each counts once, for one site and year.

    What the enterprise counted for two years blocks. Between its sites it may have been divided, so that asks.
    What others hold or count asks too: nobody must be able to bar a case by typing its numbers first.
    """
    bare = [proof for proof in _files(case.proofs) if _is_bare(proof)]
    clashes = case.facts.clashes
    if not clashes and not bare:
        return None
    parts = [
        spoken(words, numbers=_numbers(how, clashes)) for how, words in HOW.items() if _numbers(how, clashes)
    ]
    if bare:
        parts.append(spoken(NUMBERLESS, files=_row([proof.title for proof in bare])))
    again = any(clash.how == "again" for clash in clashes)
    return Found(
        Severity.BLOCKS if again else Severity.ASKS,
        joined(*parts),
        spoken(NUMBERS),
        evidence=tuple(dict.fromkeys((*(clash.evidence for clash in clashes), *_keys(bare)))),
        about={clash.number: clash.how for clash in clashes[:SHOWN]},
    )


def _is_bare(proof: Proof) -> bool:
    return proof.kind in KINDS and KINDS[proof.kind].used_up and not proof.certificate_number.strip()


def _numbers(how: str, clashes: Iterable[Clash]) -> str:
    return _row(list(dict.fromkeys(clash.number for clash in clashes if clash.how == how)))
