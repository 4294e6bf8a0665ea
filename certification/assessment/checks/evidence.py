"""Whether the evidence is there, readable, of this site, of this period, and still valid."""

from collections.abc import Callable

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile, Proof
from certification.assessment.checks.registry import Found, Run, check
from certification.assessment.models import Severity
from certification.assessment.wording import listed
from greenchain.languages import spoken
from suppliers.evidence.kinds import KINDS


def _titles(proofs: list[Proof]) -> str:
    names = list(dict.fromkeys(proof.title for proof in proofs))
    return "; ".join(names[:5]) + (f" +{len(names) - 5}" if len(names) > 5 else "")  # noqa: PLR2004 - five are read


def _about(proofs: list[Proof]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(proof.evidence for proof in proofs))


def _gate(key: str, missing: str, remedy: str) -> Run:
    """Without any good file the gate is shut; where a kind is wanting that it names, a person must look."""

    def run(case: CaseFile) -> Found | None:
        good = {proof.kind for proof in case.good_proofs_for(key)}
        if not good:
            return Found(Severity.BLOCKS, spoken(missing), spoken(remedy))
        wanted = next((gate.evidence for gate in case.definition.gates if gate.key == key), ())
        wanting = [KINDS[kind].names for kind in wanted if kind not in good]
        if not wanting:
            return None
        return Found(Severity.ASKS, spoken(WANTING, kinds=listed(wanting)), spoken(remedy))

    return run


WANTING = gettext_noop("Of what this requirement names, nothing valid is cited as: %(kinds)s.")


check("gate.plan_and_targets", gettext_noop("Duties, green plan, yearly targets and their completion"))(
    _gate(
        "gate.plan_and_targets",
        gettext_noop("No valid evidence of the green plan and the yearly targets is cited."),
        gettext_noop("Cite the plan, the targets and the statistics of their completion."),
    )
)
check("gate.management_systems", gettext_noop("Quality, environment, energy and safety management systems"))(
    _gate(
        "gate.management_systems",
        gettext_noop("No valid certificate of a management system is cited."),
        gettext_noop("Cite the certificates to GB/T 19001, 24001, 23331 and 45001, valid today."),
    )
)


@check("evidence.missing", gettext_noop("Every figure has its proof"))
def missing(case: CaseFile) -> Found | None:
    """Each indicator with a value needs at least one cited file (the form's rule: no value without proof)."""
    cited = {proof.requirement for proof in case.proofs if not proof.retracted}
    bare = [item for item in case.definition.indicators if item.evidence and item.code not in cited]
    if not bare:
        return None
    codes = ", ".join(item.code for item in bare)
    return Found(
        Severity.ASKS,
        spoken(gettext_noop("No file is cited for: %(codes)s."), codes=codes),
        spoken(gettext_noop("Cite at least one file under each of these indicators.")),
        about={"codes": codes},
    )


def _each(
    key: str, title: str, bad: Callable[[CaseFile, Proof], bool], severity: Severity, reason: str, remedy: str
) -> None:
    @check(key, title)
    def run(case: CaseFile) -> Found | None:
        hit = [proof for proof in case.proofs if bad(case, proof)]
        if not hit:
            return None
        return Found(severity, spoken(reason, titles=_titles(hit)), spoken(remedy), evidence=_about(hit))


_each(
    "evidence.expired",
    gettext_noop("No cited evidence has expired"),
    lambda case, proof: proof.expired(case.day),
    Severity.BLOCKS,
    gettext_noop("Expired: %(titles)s."),
    gettext_noop("Replace the file in the vault by its renewed version and cite that one."),
)
_each(
    "evidence.retracted",
    gettext_noop("No cited evidence was retracted"),
    lambda _case, proof: proof.retracted,
    Severity.BLOCKS,
    gettext_noop("Retracted since it was cited: %(titles)s."),
    gettext_noop("Cite another file."),
)
_each(
    "evidence.wrong_site",
    gettext_noop("The evidence covers this site"),
    lambda case, proof: proof.site is not None and case.site is not None and proof.site != case.site,
    Severity.ASKS,
    gettext_noop("Made out for another site: %(titles)s."),
    gettext_noop("Cite a file whose scope covers this site."),
)
_each(
    "evidence.wrong_product",
    gettext_noop("The evidence covers this product"),
    lambda case, proof: (
        proof.product is not None and case.product is not None and proof.product != case.product
    ),
    Severity.ASKS,
    gettext_noop("Made out for another product: %(titles)s."),
    gettext_noop("Cite a file whose scope covers this product."),
)
_each(
    "evidence.wrong_period",
    gettext_noop("The evidence covers the reporting year"),
    lambda case, proof: (
        (proof.period_to or "9999")[:4] < str(case.year) or (proof.period_from or "0000")[:4] > str(case.year)
    ),
    Severity.ASKS,
    gettext_noop("Does not cover the reporting year: %(titles)s."),
    gettext_noop("Cite a file of the reporting year."),
)
_each(
    "evidence.shared",
    gettext_noop("No cited file was used by another enterprise"),
    lambda _case, proof: proof.elsewhere > 0,
    Severity.ASKS,
    gettext_noop("The very same file is in another enterprise's vault: %(titles)s."),
    gettext_noop("Explain why both hold the same document."),
)
