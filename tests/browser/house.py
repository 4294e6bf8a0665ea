"""A full house: cases at many statuses, titles that stand and that fell, suppliers, so that every page has rows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from certification.chain.models import Alert
from certification.models import (
    Announcement,
    Application,
    Designation,
    Entry,
    PublicNotice,
    Seat,
    SupplierAudit,
)
from certification.sourcing.actions.audits import finish_audit, plan_audit, raise_finding
from certification.sourcing.actions.grades import begin
from certification.tasks import alert
from certification.verbs import perform
from greenchain.accounts.models import User
from greenchain.audit.trail import history
from greenchain.clock import today
from suppliers.claim.actions import claim
from suppliers.models import Claim, Enterprise, Evidence, Region, RegionYear, SupplyLink
from suppliers.record.actions import enter
from tests.cast import YEAR, Cast
from tests.codes import published
from tests.factories_suppliers import EnterpriseFactory, SupplyLinkFactory, UserFactory
from tests.papers import image
from tests.uscc import uscc

LATER = today() + dt.timedelta(days=20)


@dataclass(frozen=True)
class House:
    """What the pages are about."""

    cast: Cast
    draft: Application
    returned: Application
    examined: Application
    selectable: Application
    evaluated: Application
    judged: Application
    noticed: Application
    title: Designation
    suspended: Designation
    claim: Claim
    link: SupplyLink
    alert: Alert
    coded: Entry
    audit: SupplierAudit

    def pages(self) -> dict[str, list[str]]:
        """The main pages by who reads them; "public" without signing in."""
        cast, proof = (
            self.cast,
            Evidence.objects.filter(enterprise=self.cast.enterprise).order_by("pk").first(),
        )
        assert proof is not None
        desk = "/admin/certification/application"
        case, draft = f"/applications/{self.examined.pk}", f"/applications/{self.draft.pk}"
        chosen = f"subject=site:{cast.site.pk}&call={cast.round().pk}:1"
        return {
            "public": [
                "/",
                "/progress/?region=330000",
                "/register/",
                f"/register/{self.title.number}/",
                f"/register/{self.title.number}/follow/",
                f"/register/{self.suspended.number}/",
                "/schemes/",
                f"/schemes/green_factory/{cast.version.pk}/",
                "/green-codes/",
                "/stages/",
                "/notices/",
                PublicNotice.objects.latest("pk").get_absolute_url(),
                Announcement.objects.latest("pk").get_absolute_url(),
                f"/verify/?number={self.title.number}",
                "/accounts/login/",
                "/accounts/signup/",
            ],
            "owner": [
                "/work/",
                "/applications/",
                f"/applications/new/?{chosen}",
                f"{draft}/",
                f"{draft}/gap/",
                f"{draft}/cite/E1/",
                f"{draft}/submit/",
                f"/applications/{self.returned.pk}/",
                f"{case}/",
                f"{case}/withdraw/",
                f"{case}/stages/",
                f"{case}/runs/",
                f"/titles/{self.suspended.number}/",
                f"/titles/{self.coded.title.number}/",
                "/sites/",
                f"/sites/{cast.site.pk}/",
                f"/sites/{cast.site.pk}/{YEAR}/",
                "/evidence/",
                f"/evidence/{proof.pk}/",
                f"/enterprises/{cast.enterprise.pk}/",
                f"/enterprises/{cast.enterprise.pk}/edit/",
                "/enterprises/new/",
                "/supply/",
                f"/supply/{cast.enterprise.pk}/",
                f"/supply/{cast.enterprise.pk}/picture/",
                f"/supply/{cast.enterprise.pk}/history/",
                f"/supply/{cast.enterprise.pk}/tiers/",
                f"/supply/{cast.enterprise.pk}/loss/",
                f"/supply/{cast.enterprise.pk}/what-if/?what=lost&supplier={self.link.supplier_id}",
                f"/supply/{cast.enterprise.pk}/links/new/",
                f"/supply/{cast.enterprise.pk}/management/",
                f"/supply/{cast.enterprise.pk}/management/suppliers/{self.audit.supplier_id}/",
                f"/supply/{cast.enterprise.pk}/management/suppliers/{self.audit.supplier_id}/grade/",
                f"/supply/{cast.enterprise.pk}/management/suppliers/{self.audit.supplier_id}/audit/",
                f"/supply/{cast.enterprise.pk}/management/audits/",
                f"/supply/{cast.enterprise.pk}/management/figures/?of=suppliers_total",
                f"/supply/{cast.enterprise.pk}/management/disclosure/",
                f"/supply/{cast.enterprise.pk}/management/push/",
                f"/supply/audits/{self.audit.pk}/",
                f"/supply/audits/{self.audit.pk}/findings/new/",
                f"/supply/findings/{self.audit.findings.get().pk}/close/",
                "/supply/findings/",
                f"/supply/links/{self.link.pk}/",
                "/supply/import/",
                "/alerts/",
                f"/supply/{cast.enterprise.pk}/alerts/",
                f"/alerts/{self.alert.pk}/mute/",
                "/notifications/",
                "/notifications/settings/",
                "/mails/",
            ],
            "fresh": ["/work/", f"/claims/{self.claim.pk}/"],
            "auditor_3306": [
                "/admin/",
                f"{desk}/",
                f"{desk}/{self.examined.pk}/change/",
                f"{desk}/{self.examined.pk}/gap/",
                f"{desk}/{self.examined.pk}/send_back/",
                f"{desk}/{self.examined.pk}/correct/",
                f"{desk}/{self.evaluated.pk}/assign/",
                f"/admin/suppliers/claim/{self.claim.pk}/change/",
                "/admin/suppliers/compliancerecord/add/",
                f"/admin/suppliers/siteyear/{cast.site.years.get(year=YEAR).pk}/change/",
                "/admin/suppliers/enterprise/",
            ],
            "approver_3306": [
                "/admin/",
                f"{desk}/?where=territory",
                f"{desk}/{self.selectable.pk}/change/",
                f"{desk}/{self.selectable.pk}/select/",
                "/admin/certification/designation/",
                f"/admin/certification/designation/{self.title.pk}/change/",
                f"/admin/certification/designation/{self.title.pk}/suspend/",
                "/admin/certification/objection/",
            ],
            "auditor_CN": [
                "/admin/certification/grading/",
                "/admin/certification/grading/add/",
                f"/admin/certification/grading/{self.coded.grading_id}/change/",
            ],
            "evaluator": [
                "/seats/",
                f"/seats/{seat_of(self.evaluated)}/",
                "/bodies/",
                f"/bodies/{cast.evaluator.bodies.get().pk}/",
                f"/bodies/{cast.evaluator.bodies.get().pk}/staff/new/",
            ],
            "expert_a": ["/seats/", f"/seats/{seat_of(self.judged)}/"],
            "reviewer_3306": [
                "/supply/",
                "/supply/broken/?days=90",
                f"/supply/{cast.enterprise.pk}/",
                f"/supply/{cast.enterprise.pk}/picture/",
                "/supply/flows/",
                "/supply/flows/history/",
                "/alerts/",
                "/admin/",
                f"{desk}/",
            ],
            "administrator": [
                "/admin/",
                "/admin/accounts/user/",
                f"/admin/accounts/user/{cast.owner.pk}/change/",
                "/admin/certification/round/add/",
                "/admin/certification/benchmark/",
                f"/admin/certification/schemeversion/{cast.version.pk}/change/",
                "/admin/audit/auditentry/",
                "/admin/suppliers/authority/",
                "/admin/certification/delivery/failed/",
                "/mails/",
            ],
        }


def full(cast: Cast) -> House:
    """Everything in its place."""
    RegionYear.objects.create(
        region=Region.objects.get(code="330000"),
        year=today().year,
        gross_output=10,
        source="test",
        vintage=today(),
    )
    title, suspended = cast.granted(), cast.granted(cast.draft(cast.another_site()))
    buyer, other = EnterpriseFactory.create(), EnterpriseFactory.create()
    SupplyLinkFactory.create(buyer=buyer, supplier=cast.enterprise, spend=Decimal(800), share=Decimal("0.4"))
    link = SupplyLinkFactory.create(
        buyer=cast.enterprise, supplier=other, spend=Decimal(900), material="cotton yarn"
    )
    perform(suspended, "suspend", by=cast.approver_3306, data={"reasons": "Accident.", "until_on": LATER})
    examined = cast.examined(cast.draft(cast.another_site()))
    returned = cast.examined(cast.draft(cast.another_site()))
    answer = {"codes": ["figure_implausible"], "note": "Which year?", "due_on": LATER}
    perform(returned, "send_back", by=cast.auditor_3306, data=answer)
    evaluated = cast.examined(
        cast.draft(cast.another_site(), round_=cast.round("evaluated", evaluation="required"))
    )
    perform(evaluated, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    judged = cast.endorsed_up(
        cast.examined(cast.draft(cast.another_site(), round_=cast.round("judged", panel=True)))
    )
    perform(judged, "assign", by=cast.auditor_3306, data={"user": cast.expert_a.pk})
    selectable = cast.endorsed_up(cast.examined(cast.draft(cast.another_site())))
    noticed = cast.selected(cast.draft(cast.another_site(), round_=cast.round("noticed", notice_days=15)))
    cast.contested(noticed, statement="I saw the smoke.")
    fact = {"kind": "dishonest_debtor", "title": "Listed", "source": "list", "happened_on": today()}
    enter(cast.enterprise, site=examined.site, by=cast.auditor_3306, match="possible", **fact)
    alert()
    return House(
        cast=cast,
        draft=cast.draft(cast.another_site()),
        returned=returned,
        examined=examined,
        selectable=selectable,
        evaluated=evaluated,
        judged=judged,
        noticed=noticed,
        title=title,
        suspended=suspended,
        claim=claimed(cast),
        link=link,
        alert=Alert.objects.create(
            buyer=cast.enterprise,
            supplier=other,
            through=other,
            link=link,
            entry=history(suspended).latest("pk"),
            cause="confirm_record",
            exposure=0.4,
        ),
        coded=published(cast).entries.earliest("pk"),
        audit=audited(cast, other),
    )


def audited(cast: Cast, supplier: Enterprise) -> SupplierAudit:
    """Suppliers are graded, and one was audited with a finding."""
    begin(cast.enterprise, by=cast.owner)
    row = plan_audit(
        cast.enterprise, supplier, by=cast.owner, kind="onsite", planned_on=today(), auditor="Ms Zhou"
    )
    finish_audit(row, by=cast.owner, done_on=today(), result="conditional", summary="In order but one.")
    raise_finding(row, by=cast.owner, severity="major", description="No lid.", due_on=LATER)
    return row


def claimed(cast: Cast) -> Claim:
    """Somebody new claims an enterprise."""
    person: User = UserFactory.create(username="fresh")
    cast.people["fresh"] = person
    fields = {"scheme": "uscc", "identifier": uscc(9001), "name": "新企业", "region": cast.site.region}
    licence = SimpleUploadedFile("licence.png", image(size=(40, 30)), "image/png")
    return claim(fields, by=person, licence=licence)


def seat_of(case: Application) -> int:
    """The seat of the evaluator or expert."""
    return int(Seat.objects.filter(application=case, part__in=["evaluator", "expert"]).latest("pk").pk)
