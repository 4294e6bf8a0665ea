"""Makers of enterprises and what belongs to them, for tests; each goes straight to the table."""

import datetime as dt
import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from greenchain.accounts.models import Role, User
from suppliers.models import (
    Authority,
    ComplianceRecord,
    Enterprise,
    Evidence,
    Industry,
    Level,
    Membership,
    Park,
    Product,
    Region,
    Site,
    SiteYear,
    SupplyLink,
)
from tests.papers import pdf
from tests.uscc import uscc

AUTHORITIES = (
    ("CN", "nation", Level.NATIONAL, None, "中国", "China", None),
    ("33", "province", Level.PROVINCIAL, "CN", "浙江省", "Zhejiang", "330000"),
    ("44", "province", Level.PROVINCIAL, "CN", "广东省", "Guangdong", "440000"),
    ("3302", "planned_city", Level.PROVINCIAL, "CN", "宁波市", "Ningbo", "330200"),
    ("3306", "city", Level.MUNICIPAL, "33", "绍兴市", "Shaoxing", "330600"),
    ("4401", "city", Level.MUNICIPAL, "44", "广州市", "Guangzhou", "440100"),
)
REGIONS = (
    ("330000", "province", None, "浙江省", "Zhejiang", "33"),
    ("330200", "prefecture", "330000", "宁波市", "Ningbo", "3302"),
    ("330203", "county", "330200", "海曙区", "Haishu District", "3302"),
    ("330600", "prefecture", "330000", "绍兴市", "Shaoxing", "3306"),
    ("330602", "county", "330600", "越城区", "Yuecheng District", "3306"),
    ("440000", "province", None, "广东省", "Guangdong", "44"),
    ("440100", "prefecture", "440000", "广州市", "Guangzhou", "4401"),
    ("440103", "county", "440100", "荔湾区", "Liwan District", "4401"),
    ("810000", "province", None, "香港特别行政区", "Hong Kong", None),
)
INDUSTRIES = (
    ("C", "section", None, "制造业", "Manufacturing"),
    ("17", "division", "C", "纺织业", "Manufacture of textiles"),
    ("175", "group", "17", "化纤织造及印染精加工", ""),
    ("1751", "class", "175", "化纤织造加工", ""),
    ("1752", "class", "175", "化纤织物染整精加工", ""),
)


@transaction.atomic
def few_places() -> None:
    """Zhejiang with Shaoxing, Ningbo beside it, Guangdong, and Hong Kong without a desk."""
    made: dict[str, Authority] = {}
    for code, kind, level, above, zh, en, region in AUTHORITIES:
        parent = made.get(above or "")
        path = f"{parent.path if parent else ''}{code}/"
        made[code] = Authority.objects.create(
            code=code,
            kind=kind,
            level=level,
            parent=parent,
            path=path,
            name_zh=zh,
            name_en=en,
            region_id=region,
        )
    Region.objects.bulk_create(
        Region(code=code, kind=kind, parent_id=parent, name_zh=zh, name_en=en, desk=made.get(desk or ""))
        for code, kind, parent, zh, en, desk in REGIONS
    )
    Industry.objects.bulk_create(
        Industry(code=code, kind=kind, parent_id=parent, name_zh=zh, name_en=en)
        for code, kind, parent, zh, en in INDUSTRIES
    )


class UserFactory(DjangoModelFactory[User]):
    """A person of an enterprise, unless told otherwise."""

    username = Sequence(lambda n: f"person{n}")
    email = LazyAttribute(lambda user: f"{user.username}@example.org")
    role = Role.ENTERPRISE

    class Meta:
        model = User


class EnterpriseFactory(DjangoModelFactory[Enterprise]):
    """An enterprise in Yuecheng, Shaoxing, with a valid USCC of its own."""

    identifier = Sequence(lambda n: uscc(n, "330602"))  # apart from those that tests write out
    name = Sequence(lambda n: f"绍兴示例{n}号有限公司")
    name_en = Sequence(lambda n: f"Shaoxing Example {n} Co., Ltd.")
    region_id = "330602"
    industry_id = "1751"

    class Meta:
        model = Enterprise


class MembershipFactory(DjangoModelFactory[Membership]):
    """An owner since the beginning of 2025."""

    user = SubFactory(UserFactory)
    enterprise = SubFactory(EnterpriseFactory)
    role = "owner"
    since_on = dt.date(2025, 1, 1)

    class Meta:
        model = Membership


class SiteFactory(DjangoModelFactory[Site]):
    """A site where the enterprise is registered."""

    enterprise = SubFactory(EnterpriseFactory)
    name = Sequence(lambda n: f"示例厂区{n}")
    name_en = Sequence(lambda n: f"Example Works {n}")
    region_id = SelfAttribute("enterprise.region_id")
    address = "示例路1号"
    industry_id = "1751"

    class Meta:
        model = Site


class ProductFactory(DjangoModelFactory[Product]):
    """A product of the enterprise."""

    enterprise = SubFactory(EnterpriseFactory)
    name = Sequence(lambda n: f"示例产品{n}")
    name_en = Sequence(lambda n: f"Example Product {n}")

    class Meta:
        model = Product


class ParkFactory(DjangoModelFactory[Park]):
    """A park where its manager is registered."""

    manager = SubFactory(EnterpriseFactory)
    name = Sequence(lambda n: f"示例园区{n}")
    name_en = Sequence(lambda n: f"Example Park {n}")
    region_id = SelfAttribute("manager.region_id")

    class Meta:
        model = Park


class EvidenceFactory(DjangoModelFactory[Evidence]):
    """A small PDF in the vault."""

    enterprise = SubFactory(EnterpriseFactory)
    kind = "business_licence"
    title = Sequence(lambda n: f"Document {n}")
    file = Sequence(lambda n: ContentFile(pdf(f"document {n % 50}"), name="document.pdf"))
    filename = "document.pdf"
    size = LazyAttribute(lambda evidence: evidence.file.size)
    media_type = "application/pdf"
    sha256 = Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    uploaded_by = SubFactory(UserFactory)

    class Meta:
        model = Evidence


class SiteYearFactory(DjangoModelFactory[SiteYear]):
    """A report with nothing but the output."""

    site = SubFactory(SiteFactory)
    year = 2025
    gross_output = 10_000
    reported_by = SubFactory(UserFactory)

    class Meta:
        model = SiteYear


class ComplianceRecordFactory(DjangoModelFactory[ComplianceRecord]):
    """A violation in 2025 that Shaoxing entered."""

    enterprise = SubFactory(EnterpriseFactory)
    kind = "accident_or_violation"
    title = "Discharge above the permitted limit"
    source = "Credit China"
    happened_on = dt.date(2025, 6, 1)
    authority = LazyFunction(lambda: Authority.objects.get(code="3306"))
    entered_by = SubFactory(UserFactory)

    class Meta:
        model = ComplianceRecord


class SupplyLinkFactory(DjangoModelFactory[SupplyLink]):
    """A link that the buyer declared."""

    buyer = SubFactory(EnterpriseFactory)
    supplier = SubFactory(EnterpriseFactory)
    declared_by = SelfAttribute("buyer")
    since_on = dt.date(2025, 1, 1)

    class Meta:
        model = SupplyLink
