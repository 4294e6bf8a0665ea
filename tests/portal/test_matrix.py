"""Every page of the portal for every kind of person: what each answers."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certification.corrective.actions import raise_nonconformity
from certification.inquiry.actions import ask
from certification.models import Application, Designation, Seat
from certification.verbs import perform
from greenchain.accounts.models import User
from greenchain.clock import now, today
from suppliers.claim.actions import claim
from suppliers.invitation.actions import invite
from suppliers.models import AnswerSet, Evidence, Membership
from suppliers.sharing.actions import consent
from suppliers.sharing.questionnaire import current
from tests.cast import YEAR, Cast
from tests.factories_suppliers import (
    EvidenceFactory,
    MembershipFactory,
    ParkFactory,
    ProductFactory,
    UserFactory,
)
from tests.papers import pdf
from tests.portal.conftest import As
from tests.uscc import uscc

WHO = (
    "owner editor viewer adviser consultant stranger auditor_3306 auditor_33 auditor_44 "
    "evaluator expert_a administrator nobody"
).split()
OWN = dict.fromkeys("owner editor viewer adviser".split(), 200)
EDIT = {**OWN, "viewer": 403}
OWNER = {**EDIT, "editor": 403, "adviser": 403}
DESKS = {"auditor_3306": 200, "auditor_33": 200}
SEEN_BY_DESKS = {"auditor_3306": 403, "auditor_33": 403}
EVERYBODY = dict.fromkeys(WHO, 200)
LISTS = {**EVERYBODY, "nobody": 302}
REGISTERS = {**LISTS, **dict.fromkeys("auditor_3306 auditor_33 auditor_44".split(), 302)}
APPLICANTS = {**OWN, "consultant": 200, "stranger": 200}

# page: what it answers to whom; everybody else is told that there is no such page, nobody is sent to sign in.
PAGES = {
    "work": {
        **APPLICANTS,
        **dict.fromkeys("auditor_3306 auditor_33 auditor_44 evaluator expert_a administrator".split(), 302),
    },
    "work-gaps": LISTS,
    "application-list": {
        **APPLICANTS,
        **dict.fromkeys("auditor_3306 auditor_33 auditor_44 evaluator expert_a administrator".split(), 302),
    },
    "application-new": {
        **APPLICANTS,
        **dict.fromkeys("auditor_3306 auditor_33 auditor_44 evaluator expert_a administrator".split(), 403),
    },
    "draft": OWN,
    "draft-cite": EDIT,
    "draft-submit": {**OWNER},
    "draft-state": OWN,
    "draft-gap": OWN,
    "case-gap": {**OWN, "auditor_3306": 302, "auditor_33": 302, "evaluator": 403},
    "case": {**OWN, "auditor_3306": 302, "auditor_33": 302, "evaluator": 302},
    "case-runs": {**OWN, **DESKS},
    "draft-runs": OWN,
    "case-cite": {
        **dict.fromkeys("owner editor adviser".split(), 409),
        **dict.fromkeys("viewer auditor_3306 auditor_33 evaluator".split(), 403),
    },
    "case-withdraw": {**OWNER, **SEEN_BY_DESKS, "evaluator": 403},
    "case-evaluate": {
        **dict.fromkeys("owner editor viewer adviser auditor_3306 auditor_33".split(), 403),
        "evaluator": 200,
    },
    "enterprise-list": {**REGISTERS, **dict.fromkeys([*OWN, "stranger"], 302)},
    "enterprise-new": {
        **APPLICANTS,
        **dict.fromkeys("auditor_3306 auditor_33 auditor_44 evaluator expert_a administrator".split(), 403),
    },
    "enterprise": {**OWN, **DESKS},
    "enterprise-edit": {**EDIT, **SEEN_BY_DESKS},
    "admit": {**OWNER, **SEEN_BY_DESKS},
    "site-new": {**EDIT, **SEEN_BY_DESKS},
    "product-new": {**EDIT, **SEEN_BY_DESKS},
    "park-new": {**EDIT, **SEEN_BY_DESKS},
    "shareholding-new": {**EDIT, **SEEN_BY_DESKS},
    "product": {**EDIT, **SEEN_BY_DESKS},
    "park": {**EDIT, **SEEN_BY_DESKS},
    "claim": {"fresh": 200, "auditor_3306": 200, "auditor_33": 200},
    "site-list": REGISTERS,
    "site": {**OWN, **DESKS},
    "site-edit": {**EDIT, **SEEN_BY_DESKS},
    "site-year": {**OWN, **DESKS},
    "site-year-row": {**EDIT, **SEEN_BY_DESKS},
    "subject-year": {**OWN, **DESKS},
    "subject-year-row": {**EDIT, **SEEN_BY_DESKS},
    "figure-read": LISTS,
    "evidence-list": REGISTERS,
    "evidence-new": {**EDIT, **SEEN_BY_DESKS},
    "evidence": {**OWN, **DESKS},
    "evidence-file": {**OWN, **DESKS},
    "evidence-replace": {**EDIT, **SEEN_BY_DESKS},
    "evidence-retract": {**EDIT, **SEEN_BY_DESKS},
    "seats": LISTS,
    "seat": {"evaluator": 200},
    "seat-file": {"evaluator": 200},
    "holding": OWN,
    "title-surrender": OWNER,
    "proposal-reply": {**EDIT, **SEEN_BY_DESKS},
    "obligation": {**OWN, **DESKS},
    "questions": {**OWN, "auditor_3306": 302, "auditor_33": 302, "evaluator": 200},
    "question-ask": {**dict.fromkeys(OWN, 403), "auditor_3306": 200, "auditor_33": 403, "evaluator": 403},
    "question-answer": {**EDIT, **SEEN_BY_DESKS},
    "question-settle": {**dict.fromkeys(OWN, 403), "auditor_3306": 200, "auditor_33": 403},
    "onsite": {**OWN, "auditor_3306": 302, "auditor_33": 302, "evaluator": 200},
    "onsite-raise": {**dict.fromkeys(OWN, 403), **SEEN_BY_DESKS, "evaluator": 403},
    "correction": {**EDIT, **SEEN_BY_DESKS},
    "objection": EVERYBODY,
    "invitations": LISTS,
    "invitation": EVERYBODY,
    "invite": {**EDIT, **SEEN_BY_DESKS},
    "responses": {**OWN, **SEEN_BY_DESKS},
    "buyer-supplier": {**OWN, **SEEN_BY_DESKS},
    "shared-answers": {**OWN, **SEEN_BY_DESKS},
    "shared-file": {**OWN, **SEEN_BY_DESKS},
    "questionnaire": {**OWN, **SEEN_BY_DESKS},
    "sharing": {**OWN, **SEEN_BY_DESKS},
}


@pytest.fixture
def addresses(cast: Cast) -> dict[str, str]:
    """One example of each page, about one enterprise."""
    draft = cast.draft(cast.another_site())
    case = _in_evaluation(cast)
    title = cast.granted(cast.draft(cast.another_site()))
    proposal = _proposed(cast, title)
    proof = Evidence.objects.filter(enterprise=cast.enterprise).order_by("pk").first()
    seat = Seat.objects.get(application=case, user=cast.evaluator)
    product = ProductFactory.create(enterprise=cast.enterprise)
    park = ParkFactory.create(manager=cast.enterprise)
    fresh = cast.people["fresh"] = UserFactory.create(username="fresh")
    asked = claim(
        {"scheme": "uscc", "identifier": uscc(9001), "name": "新企业", "region": cast.site.region},
        by=fresh,
        licence=_paper(),
    )
    assert proof is not None
    due = today() + dt.timedelta(days=20)
    question = ask(case, by=cast.auditor_3306, text="Meter?", due_on=due)
    found_bad = raise_nonconformity(
        case, by=cast.auditor_3306, severity="minor", description="No label.", due_on=due
    )
    noticed = cast.selected(cast.draft(cast.another_site(), round_=cast.round("noticed", notice_days=9)))
    pair = _shared(cast)
    asked_to = invite(cast.enterprise, by=cast.owner, name="x", contact="x@y.example", language="en")
    keys = {
        "obligation": ("obligation", title.obligations.get().pk),
        "questions": ("application-questions", case.pk),
        "question-ask": ("application-ask", case.pk),
        "question-answer": ("question-act", question.pk, "answer"),
        "question-settle": ("question-act", question.pk, "settle"),
        "onsite": ("application-onsite", case.pk),
        "onsite-raise": ("nonconformity-raise", case.pk),
        "correction": ("correction-respond", found_bad.pk),
        "objection": ("objection", cast.contested(noticed).secret),
        "buyer-supplier": ("buyer-supplier", *pair[:2]),
        "shared-answers": ("shared-answers", *pair[:2]),
        "shared-file": ("shared-file", *pair),
        "invitation": ("invitation", asked_to.secret),
        "case-cite": ("application-cite", case.pk, "E1"),
        "case-evaluate": ("application-verb", case.pk, "evaluate"),
        "case-withdraw": ("application-verb", case.pk, "withdraw"),
        "draft-gap": ("application-gap", draft.pk),
        "case-gap": ("application-gap", case.pk),
        "case-runs": ("application-runs", case.pk),
        "draft-runs": ("application-runs", draft.pk),
        "case": ("application", case.pk),
        "draft-cite": ("application-cite", draft.pk, "E1"),
        "draft-submit": ("application-verb", draft.pk, "submit"),
        "draft-state": ("application-state", draft.pk),
        "draft": ("application", draft.pk),
        "title-surrender": ("title-verb", title.number, "surrender"),
        "holding": ("holding", title.number),
        "proposal-reply": ("proposal-reply", proposal),
        "claim": ("claim", asked.pk),
        "product": ("product", product.pk),
        "park": ("park", park.pk),
        "seat": ("seat", seat.pk),
        "seat-file": ("seat-file", seat.pk, _cited(case)),
        "figure-read": ("figure-read", "energy_tce"),
        "site-year": ("site-year", cast.site.pk, YEAR),
        "subject-year": ("subject-year", "park", park.pk, YEAR),
        "subject-year-row": ("subject-year-row", "product", product.pk, YEAR, "attributes"),
        "site-year-row": ("site-year-row", cast.site.pk, YEAR, "products"),
    }
    plain = (
        "work work-gaps application-list application-new enterprise-list enterprise-new site-list "
        "evidence-list seats invitations"
    )
    about = {"site": cast.site.pk, "evidence": proof.pk}
    found = {name: reverse(name) for name in plain.split()}
    for name in PAGES.keys() - found.keys():
        route, *args = keys.get(name, (name, about.get(name.split("-")[0], cast.enterprise.pk)))
        if name in {"site-new", "evidence-new"}:
            args = [cast.enterprise.pk]
        found[name] = reverse(str(route), args=args)
    return found


def _in_evaluation(cast: Cast) -> Application:
    call = cast.round("evaluated", evaluation="required")
    case = cast.examined(cast.draft(cast.another_site(), round_=call))
    perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    return case


def _proposed(cast: Cast, title: Designation) -> int:
    data = {"cause": "fault", "reasons": "seen on site", "reply_by": today() + dt.timedelta(days=9)}
    return int(perform(title, "propose", by=cast.auditor_3306, data=data).pk)


def _cited(case: Application) -> int:
    return int(case.citations.values_list("evidence", flat=True).order_by("pk")[0])


def _shared(cast: Cast) -> tuple[int, int, int]:
    """A supplier that shares answers and a file with the enterprise: buyer, supplier, file."""
    boss = MembershipFactory.create()
    proof = EvidenceFactory.create(enterprise=boss.enterprise, kind="ems_certificate")
    AnswerSet.objects.create(
        enterprise=boss.enterprise, version=current().version, updated_by=boss.user, confirmed_at=now()
    )
    consent(boss.enterprise, by=boss.user, buyer=cast.enterprise, answers=True, kinds=["ems_certificate"])
    return cast.enterprise.pk, boss.enterprise.pk, proof.pk


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.pdf", pdf("new"))


def _person(cast: Cast, name: str, others: dict[str, User]) -> User | None:
    return None if name == "nobody" else others.get(name) or getattr(cast, name)


def test_every_page_answers_each_person_as_told(
    cast: Cast, addresses: dict[str, str], signed_in: As, adviser: User, consultant: User
) -> None:
    others = {"adviser": adviser, "consultant": consultant}
    wrong = []
    for name in [*WHO, "fresh"]:
        browser = signed_in(_person(cast, name, others))
        for page, address in addresses.items():
            answers = PAGES[page]
            if name == "fresh" and page != "claim":
                continue
            expected = answers.get(name, 302 if name == "nobody" else 404)
            answer = browser.get(address)
            got = answer.status_code
            if answer.streaming:
                answer.getvalue()  # read to its end, which closes the file
            if got != expected:
                wrong.append(f"{page} for {name}: {got}, not {expected} ({address})")
    assert not wrong, "\n".join(wrong)


POSTS = {
    "enterprise-edit": {"name": "changed"},
    "admit": {"person": "stranger", "role": "editor", "since_on": "2026-01-01"},
    "site-new": {"name": "x"},
    "product-new": {"name": "x"},
    "park-new": {"name": "x", "kind": "industrial"},
    "shareholding-new": {"name": "x"},
    "product": {"name": "x"},
    "park": {"name": "x"},
    "site-edit": {"name": "x"},
    "site-year": {"gross_output": "1"},
    "evidence-new": {"kind": "other"},
    "evidence-replace": {"title": "x"},
    "evidence-retract": {"reasons": "x"},
    "draft-cite": {"cite": "1", "evidence": "1"},
    "draft-submit": {"commitment": "on", "signed_by": "x"},
    "case-withdraw": {"reasons": "x"},
    "case-evaluate": {"signatory": "x"},
    "title-surrender": {"reasons": "x"},
    "invite": {"name": "x", "contact": "x@y.example", "language": "en"},
    "sharing": {"answers": "on"},
    "questionnaire": {"people": "1"},
}


def test_nobody_posts_where_it_is_not_theirs(
    cast: Cast, addresses: dict[str, str], signed_in: As, adviser: User, consultant: User
) -> None:
    """Whoever may not, is refused, and nothing changes."""
    from greenchain.audit.models import AuditEntry  # noqa: PLC0415 - one use

    before, wrong = AuditEntry.objects.count(), []
    others = {"adviser": adviser, "consultant": consultant}
    for name in WHO:
        browser = signed_in(_person(cast, name, others))
        for page, data in POSTS.items():
            expected = 302 if name == "nobody" else PAGES[page].get(name, 404)
            if expected == 200 or (page == "site-year" and name in OWN and name != "viewer"):
                continue
            expected = 403 if page == "site-year" and name in {"viewer", *DESKS} else expected
            got = browser.post(addresses[page], data).status_code
            if got != expected:
                wrong.append(f"{page} for {name}: {got}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert AuditEntry.objects.count() == before


ACTS = (
    "uncite application-form application-figures application-live application-cite-fitting seat-declare dismiss"
).split()


def test_plain_acts_are_refused_to_others(cast: Cast, signed_in: As, consultant: User) -> None:
    """Acts without a page of their own."""
    draft = cast.draft(cast.another_site())
    citation = draft.citations.order_by("pk").first()
    case = _in_evaluation(cast)
    seat = Seat.objects.get(application=case)
    member = Membership.objects.get(user=cast.editor)
    assert citation is not None
    keys = {"uncite": citation.pk, "seat-declare": seat.pk, "dismiss": member.pk}
    for name in ACTS:
        address = reverse(name, args=[keys.get(name, draft.pk)])
        for person in (cast.stranger, consultant, cast.auditor_44, cast.expert_a):
            assert signed_in(person).post(address, {}).status_code == 404, (name, person)
        assert signed_in(None).post(address, {}).status_code == 302
        assert signed_in(cast.owner).get(address).status_code == 405
        if name not in {"seat-declare", "dismiss"}:
            assert signed_in(cast.viewer).post(address, {}).status_code == 403, name
    assert signed_in(cast.viewer).post(reverse("dismiss", args=[member.pk])).status_code == 403


def test_a_case_that_is_not_open_is_not_edited(cast: Cast, signed_in: As) -> None:
    case = cast.examined(cast.draft(cast.another_site()))
    for name in ("application-form", "application-figures", "application-live"):
        answer = signed_in(cast.owner).post(reverse(name, args=[case.pk]), {"process_summary": "changed"})
        assert answer.status_code == 302
    case.refresh_from_db()
    assert case.form["process_summary"] != "changed"
