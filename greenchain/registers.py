"""The registers of the admin, put together by what people come to do; its first page and sidebar read this table."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core import checks
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "cases",
        _("Cases"),
        (
            "certification.application",
            "certification.question",
            "certification.internalnote",
            "certification.consultation",
            "certification.departmentcontact",
            "certification.verification",
            "certification.verificationitem",
            "certification.nonconformity",
        ),
    ),
    (
        "decisions",
        _("Rounds and decisions"),
        (
            "certification.round",
            "certification.recommendation",
            "certification.publicnotice",
            "certification.objection",
            "certification.release",
            "certification.announcement",
            "certification.appeal",
        ),
    ),
    (
        "titles",
        _("Titles and surveillance"),
        (
            "certification.designation",
            "certification.obligation",
            "certification.proposal",
            "certification.hold",
            "certification.yearrank",
            "certification.grading",
            "certification.complaint",
        ),
    ),
    ("judges", _("Bodies and experts"), ("certification.body", "certification.expert")),
    (
        "enterprises",
        _("Enterprises"),
        (
            "suppliers.enterprise",
            "suppliers.claim",
            "suppliers.enterprisechange",
            "suppliers.site",
            "suppliers.product",
            "suppliers.park",
            "suppliers.evidence",
            "suppliers.compliancerecord",
        ),
    ),
    (
        "chains",
        _("Supply chains"),
        (
            "suppliers.supplylink",
            "suppliers.invitation",
            "certification.suppliergrade",
            "certification.supplieraudit",
        ),
    ),
    (
        "figures",
        _("Figures"),
        ("suppliers.siteyear", "suppliers.subjectyear", "suppliers.regionyear", "certification.study"),
    ),
    (
        "rules",
        _("Rules and reference"),
        (
            "certification.scheme",
            "certification.schemeversion",
            "certification.benchmark",
            "certification.deadline",
            "certification.incentive",
            "suppliers.authority",
            "suppliers.region",
            "suppliers.industry",
        ),
    ),
    (
        "people",
        _("People"),
        ("accounts.user", "accounts.absence", "account.emailaddress", "mfa.authenticator"),
    ),
    (
        "running",
        _("Mails and record"),
        (
            "certification.delivery",
            "certification.digest",
            "certification.post",
            "jobs.job",
            "audit.auditentry",
        ),
    ),
)
"""Key, title and models of each group, in the order in which they are shown."""


class Registers(AdminSite):
    """The admin, with its registers in these groups."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The groups with what this person may open, as Django lists apps; of one app as it is."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        home = reverse("admin:index", current_app=self.name)
        models = {each["model"]._meta.label_lower: each for app in apps for each in app["models"]}
        groups = [
            {
                "name": title,
                "app_label": key,
                "app_url": f"{home}#{key}",
                "has_module_perms": True,
                "models": [models[label] for label in labels if label in models],
            }
            for key, title, labels in GROUPS
        ]
        return [group for group in groups if group["models"]]


class RegistersConfig(AdminConfig):
    """Django's admin with this site."""

    default_site = "greenchain.registers.Registers"

    def ready(self) -> None:
        """Find the registers, and have their places checked."""
        super().ready()
        checks.register(places)


def places(**_kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse a registered model without a place, a place without a register, and two places of one."""
    from django.contrib import admin  # noqa: PLC0415 - the site is made when it is first asked for

    registered = {model._meta.label_lower for model in admin.site._registry}  # noqa: SLF001 - what is registered
    placed = [label for _key, _title, labels in GROUPS for label in labels]
    wrong = [*(registered ^ set(placed)), *{label for label in placed if placed.count(label) > 1}]
    return [
        checks.Error(
            f"The register of “{label}” needs one place on the first page of the admin.",
            hint="Give it a group in greenchain/registers.py.",
            id="greenchain.E001",
        )
        for label in sorted(wrong)
    ]
