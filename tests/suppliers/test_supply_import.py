"""A sheet of suppliers: all of it or nothing, in words, and twice alike."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from greenchain.sheets import FaultySheet
from suppliers.models import Enterprise, SupplyLink
from suppliers.supply import sheet
from suppliers.supply.actions import declare, end, import_links
from suppliers.supply.sheet import decode, read
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory
from tests.uscc import uscc

pytestmark = pytest.mark.usefixtures("places")

HEADER = "supplier_identifier,supplier_name,kind,material,spend,share,since_on,vendor_code\n"


@pytest.fixture
def member():
    return MembershipFactory.create(role="editor")


@pytest.fixture
def weaver():
    return EnterpriseFactory.create(identifier=uscc(100), name="绍兴织造（示例）有限公司")


@pytest.fixture
def dyer():
    return EnterpriseFactory.create(identifier=uscc(200), name="宁波印染示例有限公司")


def take_in(member, text, **given_):
    content = text if isinstance(text, bytes) else (HEADER + text).encode()
    return import_links(member.enterprise, content, by=member.user, **given_)


def faults(member, text):
    with pytest.raises(FaultySheet) as refusal:
        take_in(member, text)
    assert not SupplyLink.objects.exists()
    return [str(fault) for fault in refusal.value.faults]


def test_a_whole_sheet(member, weaver, dyer):
    outcome = take_in(
        member,
        f"{weaver.identifier},绍兴织造(示例)有限公司,supplies,坯布,120.5,25%,2025-03-01,V-1\n"
        f",宁波印染示例有限公司,recovers,,,,2025/4/2,\n"
        f"{uscc(300)},全新供应商,,,7,0.1,,\n",
    )
    assert (outcome.created, outcome.updated, outcome.unchanged) == (3, 0, 0)
    assert outcome.noted == [uscc(300)]
    link = SupplyLink.objects.get(supplier=weaver)
    assert (link.spend, link.share, link.since_on) == (Decimal("120.5"), Decimal("0.25"), dt.date(2025, 3, 1))
    assert (link.vendor_code, link.material, link.declared_by) == ("V-1", "坯布", member.enterprise)
    assert SupplyLink.objects.get(supplier=dyer).kind == "recovers"
    noted = Enterprise.objects.get(identifier=uscc(300))
    assert (noted.name, noted.claimed_at, noted.region_id) == ("全新供应商", None, "330600")
    entry = history(member.enterprise).get()
    assert entry.verb == "import_links"
    assert entry.data == {"created": 3, "updated": 0, "unchanged": 0, "noted": [uscc(300)]}


def test_twice_alike(member, weaver, dyer):
    text = f"{weaver.identifier},,,布,1.5,,,\n{dyer.identifier},,,,,,,\n{uscc(300)},新,,,,,,\n"
    take_in(member, text)
    before = list(SupplyLink.objects.order_by("pk").values())
    outcome = take_in(member, text)
    assert (outcome.created, outcome.updated, outcome.unchanged, outcome.noted) == (0, 0, 3, [])
    assert list(SupplyLink.objects.order_by("pk").values()) == before
    assert len(history(member.enterprise)) == 1


def test_the_columns_given_are_taken_over_and_others_stay(member, weaver):
    take_in(member, f"{weaver.identifier},,,布,1.5,0.5,2025-01-01,\n")
    outcome = take_in(member, f"supplier_identifier,spend,remark\n{weaver.identifier},2,nice\n".encode())
    assert (outcome.updated, outcome.left_aside) == (1, ["remark"])
    link = SupplyLink.objects.get()
    assert (link.spend, link.share, link.material) == (Decimal(2), Decimal("0.5"), "布")
    take_in(member, f"supplier_identifier,spend\n{weaver.identifier},\n".encode())
    link.refresh_from_db()
    assert (link.spend, link.since_on) == (None, dt.date(2025, 1, 1))


def test_a_link_on_the_sheet_is_in_force_again(member, weaver):
    take_in(member, f"{weaver.identifier},,,,,,2025-01-01,\n")
    SupplyLink.objects.update(until_on=dt.date(2025, 6, 1))
    take_in(member, f"{weaver.identifier},,,,,,,\n")
    assert SupplyLink.objects.current().exists()


def test_what_the_supplier_declared_is_confirmed_and_keeps_its_figures(member, weaver):
    selling = MembershipFactory.create(enterprise=weaver)
    declare(member.enterprise, weaver, by=selling.user, spend=Decimal(9))
    outcome = take_in(member, f"{weaver.identifier},,,,1,,,\n")
    link = SupplyLink.objects.get()
    assert (outcome.updated, link.spend, link.declared_by) == (1, Decimal(9), weaver)
    assert link.confirmed_at
    assert take_in(member, f"{weaver.identifier},,,,1,,,\n").unchanged == 1


def test_a_dry_run_does_nothing(member, weaver):
    outcome = take_in(member, f"{weaver.identifier},,,,,,,\n{uscc(300)},新,,,,,,\n", dry_run=True)
    assert (outcome.created, outcome.noted, outcome.dry_run) == (2, [uscc(300)], True)
    assert not SupplyLink.objects.exists()
    assert not Enterprise.objects.filter(identifier=uscc(300)).exists()
    assert not history(member.enterprise)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(("delimiter", "newline"), [(",", "\r\n"), (";", "\n"), ("\t", "\r\n")])
def test_spreadsheets_of_all_kinds(member, weaver, encoding, delimiter, newline):
    text = f"Supplier Name,supplier_identifier\n绍兴织造（示例）有限公司,{weaver.identifier}\n\n"
    content = text.replace(",", delimiter).replace("\n", newline).encode(encoding)
    assert take_in(member, content).created == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-x", "@SUM(A1)", "=cmd|'/c calc'!A0"])
@pytest.mark.parametrize("column", ["supplier_name", "material", "vendor_code"])
def test_formulas_are_refused_by_cell(member, weaver, column, cell):
    content = f'supplier_identifier,{column}\n{weaver.identifier},"{cell}"\n'.encode()
    with pytest.raises(FaultySheet) as refusal:
        take_in(member, content)
    (fault,) = refusal.value.faults
    assert (fault.row, fault.column) == (2, column)
    assert f"begins with “{cell[0]}”" in fault.message


def test_faults_are_told_by_row_and_column_all_at_once(member, weaver, dyer):
    told = faults(
        member,
        f"{weaver.identifier},,buys,,abc,150%,31.1.2026,\n"
        f"123,Nobody,,,,,,\n"
        f",,,,,,,\n"
        f",,,yarn,,,,\n"
        f"{uscc(300)},,,,,,,\n"
        f"{dyer.identifier},绍兴织造示例,,,,,,\n"
        f"{dyer.identifier},,,,-1,,,\n"
        f"lei:529900T8BM49AURSDO55,Foreign,,,,,,\n"
        f"{member.enterprise.identifier},,,,,,,\n"
        f"a,b,c,d,e,f,g,h,i\n"
        f"{dyer.identifier},,,,0.12345,,2026-02-30,{'x' * 41}\n"
        f"{dyer.identifier},,,,NaN,1_0,,\n"
        f"{dyer.identifier},,,,{'9' * 15},,,\n",
    )
    assert [line.split(":")[0] for line in told] == [
        "Row 2, kind",
        "Row 2, share",
        "Row 2, since_on",
        "Row 2, spend",
        "Row 3, supplier_identifier",
        "Row 5",
        "Row 6, supplier_name",
        "Row 7, supplier_name",
        "Row 8, spend",
        "Row 9, supplier_identifier",
        "Row 10",
        "Row 11",
        "Row 12, since_on",
        "Row 12, spend",
        "Row 12, vendor_code",
        "Row 13, share",
        "Row 13, spend",
        "Row 14, spend",
    ]
    assert "this one has 3" in told[4]
    assert "belongs to “宁波印染示例有限公司”" in told[7]
    assert "9 cells" in told[11]


def test_the_refusal_counts_the_rows(member):
    with pytest.raises(FaultySheet) as refusal:
        take_in(member, "1,a,,x,y,,,\n2,b,,,,,,\n")
    assert str(refusal.value) == "2 rows have faults; nothing was changed."
    assert refusal.value.code == "faulty_rows"


@pytest.mark.usefixtures("places", "weaver")
def test_a_name_nearly_right_is_suggested(member):
    (told,) = faults(member, ",绍兴织造(示范)有限公司,,,,,,\n")
    assert "Is it “绍兴织造（示例）有限公司”?" in told
    (told,) = faults(member, ",完全不同的名字,,,,,,\n")
    assert "Please give the identifier as well" in told


def test_a_name_that_two_bear_needs_the_identifier(member):
    EnterpriseFactory.create_batch(2, name="同名有限公司")
    (told,) = faults(member, ",同名有限公司,,,,,,\n")
    assert "2 enterprises bear this name" in told


def test_a_former_name_will_do(member, weaver):
    weaver.former_names.create(name="旧名有限公司")
    assert take_in(member, ",旧名有限公司,,,,,,\n").created == 1
    assert take_in(member, f"{weaver.identifier},旧名有限公司,,,,,,\n").unchanged == 1


def test_repeats_are_told(member, weaver):
    (told,) = faults(
        member, f"{weaver.identifier},,,,,,,V1\n{weaver.identifier},,,,,,,V2\n,{weaver.name},,,,,,V1\n"
    )
    assert told == "Row 4: repeats row 2: same supplier, kind and vendor code."
    assert len(faults(member, f"{uscc(300)},新,,,,,,\n{uscc(300)},新,,,,,,\n")) == 1
    assert take_in(member, f"{uscc(300)},新,,,,,,V1\n{uscc(300)},新,,,,,,V2\n").noted == [uscc(300)]


def test_shares_do_not_exceed_the_whole(member, weaver, dyer):
    (told,) = faults(member, f"{weaver.identifier},,,,,0.7,,\n{dyer.identifier},,,,,0.4,,\n")
    assert "add up to 110.0 %" in told
    assert (
        take_in(member, f"{weaver.identifier},,,,,0.6,,\n{dyer.identifier},,recovers,,,0.6,,\n").created == 2
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"name,spend\nx,1\n", "missing_column"),
        (b"supplier_name,supplier_name\nx,y\n", "column_twice"),
        (b'supplier_name\n"never closed\n', "malformed"),
        ("supplier_name\nx\n".encode("utf-16"), "encoding"),
        (b"supplier_name\n\x00\n", "encoding"),
        (b"supplier_name\n\xff\xfe\xff\n", "encoding"),
    ],
)
def test_what_is_no_sheet_is_refused(member, content, code):
    with pytest.raises(Refused) as refusal:
        take_in(member, content)
    assert (refusal.value.code, refusal.value.field) == (code, "file")


def test_bounds(member, monkeypatch):
    monkeypatch.setattr(sheet, "MAX_ROWS", 1)
    with pytest.raises(Refused) as refusal:
        take_in(member, "1,a,,,,,,\n2,b,,,,,,\n")
    assert refusal.value.code == "too_many_rows"
    monkeypatch.setattr(sheet, "MAX_BYTES", 10)
    with pytest.raises(Refused) as refusal:
        take_in(member, "1,a,,,,,,\n")
    assert refusal.value.code == "too_large"


def test_only_owners_and_editors_import(member, weaver, auditor_of):
    viewer = MembershipFactory.create(enterprise=member.enterprise, role="viewer").user
    for person in (viewer, MembershipFactory.create().user, auditor_of("3306")):
        with pytest.raises(NotYours):
            import_links(member.enterprise, (HEADER + f"{weaver.identifier},,,,,,,\n").encode(), by=person)
    assert not SupplyLink.objects.exists()


def test_many_rows_take_few_queries(member, django_assert_max_num_queries):
    weavers = EnterpriseFactory.create_batch(30)
    text = "".join(f"{each.identifier},{each.name},,,,,,\n" for each in weavers)
    with django_assert_max_num_queries(25):
        assert take_in(member, text).created == 30


def test_an_ended_link_is_kept(member, weaver):
    take_in(member, f"{weaver.identifier},,,,,,,\n")
    assert end(SupplyLink.objects.get(), by=member.user).until_on == today()


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: (HEADER + text).encode("utf-8", "ignore"))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)
def test_no_bytes_crash_the_import(member, content):
    try:
        outcome = take_in(member, content, dry_run=True)
    except Refused as refusal:
        assert refusal.field == "file"  # noqa: PT017 - either answer is right, but not a third
    else:
        assert outcome.dry_run


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_characters="\0"), max_size=50))
def test_chinese_spreadsheets_are_understood(text):
    assert decode(f"名称{text}".encode("gb18030")) == f"名称{text}"


def test_numbers_of_rows_are_those_of_the_file():
    content = (HEADER + '\n\n,"甲\n公司",,,,,,\n,,,,x,,,\n').encode()
    assert [line.row for line in read(content).lines] == [4]
    assert read(content).faults[0].row == 5
