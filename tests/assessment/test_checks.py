"""Each automatic check at its border: what it finds, and what it leaves alone. No database."""

import datetime as dt
import math

import pytest

from certification.assessment.casefile import Record
from certification.assessment.checks import CHECKS
from certification.assessment.facts import Clash
from certification.assessment.models import Severity
from certification.assessment.peers import FAR, NORMAL, Peer, statistics
from certification.assessment.plausibility import RULES, read_rules
from greenchain.languages import LANGUAGES
from greenchain.located import FaultyFileError
from tests.assessment.casefiles import DAY, SITE, VALUES, case_file, proof

PASSED = None


def found(key, *proofs, **facts):
    """What a check says; every text stands in three languages."""
    said = CHECKS[key].run(case_file(*proofs, **facts))
    if said is not None:
        for texts in (said.reason, said.remedy):
            assert not texts or all(texts[language].strip() for language in LANGUAGES)
    return said


def severity(*args, **kwargs):
    said = found(*args, **kwargs)
    return said and said.severity


# ── vetoes ────────────────────────────────────────────────────────────────────────────────────────────────


def record(kind="dishonest_debtor", *, confirmed=True):
    return Record(5, kind, "Listed", "Enforcement search", "2025-03-01", confirmed)


@pytest.mark.parametrize("kind", [key.removeprefix("veto.") for key in CHECKS if key.startswith("veto.")])
def test_a_confirmed_record_bars_and_a_possible_one_asks(kind):
    key = f"veto.{kind}"
    assert severity(key) is PASSED
    assert severity(key, records=(record("other"),)) is PASSED
    assert severity(key, records=(record(kind),)) == Severity.BLOCKS
    assert severity(key, records=(record(kind, confirmed=False),)) == Severity.ASKS
    both = (record(kind, confirmed=False), record(kind))
    assert severity(key, records=both) == Severity.BLOCKS


def test_a_person_rules_on_a_possible_hit_but_not_on_a_confirmed_record():
    key, possible = "veto.dishonest_debtor", (record(confirmed=False),)
    for ruling, said in (("cleared", Severity.INFORMS), ("confirmed", Severity.BLOCKS)):
        assert severity(key, records=possible, corrections={key: {"veto": ruling}}) == said
    assert severity(key, records=(record(),), corrections={key: {"veto": "cleared"}}) == Severity.BLOCKS


# ── evidence ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("key", "bad", "said"),
    [
        ("evidence.expired", {"expires_on": "2026-11-21"}, Severity.BLOCKS),
        ("evidence.retracted", {"retracted": True}, Severity.BLOCKS),
        ("evidence.wrong_site", {"site": SITE + 1}, Severity.ASKS),
        ("evidence.wrong_product", {"product": 4}, Severity.ASKS),
        ("evidence.wrong_period", {"period_from": "2024-01-01", "period_to": "2024-12-31"}, Severity.ASKS),
        ("evidence.shared", {"elsewhere": 1}, Severity.ASKS),
        ("evidence.unreadable", {"condition": "encrypted"}, Severity.BLOCKS),
        ("evidence.unreadable", {"condition": "damaged"}, Severity.BLOCKS),
        ("evidence.unreadable", {"condition": "blank"}, Severity.BLOCKS),
        ("evidence.unreadable", {"condition": "lost"}, Severity.ASKS),
        ("evidence.scanned", {"condition": "scanned"}, Severity.INFORMS),
    ],
)
def test_evidence(key, bad, said):
    good = proof(period_from="2025-01-01", period_to="2025-12-31", expires_on="2026-11-22", product=3)
    assert severity(key, good, proof(evidence=2, condition="unseen"), product=3) is PASSED
    finding = found(key, good, proof(evidence=2, **bad), product=3)
    assert (finding.severity, finding.evidence) == (said, (2,))


def test_the_ways_in_which_a_file_cannot_be_read_are_told_apart():
    files = [
        proof(evidence=number, title=f"File {number}", condition=condition)
        for number, condition in enumerate(("encrypted", "damaged", "blank", "good"))
    ]
    said = found("evidence.unreadable", *files, proof(evidence=0, title="File 0", condition="encrypted"))
    assert said.reason["en"] == (
        "Cannot be read: File 0 (protected by a password); File 1 (damaged); File 2 (empty pages)."
    )
    assert said.evidence == (0, 1, 2)


@pytest.mark.parametrize(
    ("filed_on", "issued_on", "said"),
    [
        (None, DAY - dt.timedelta(days=30), PASSED),
        (None, DAY - dt.timedelta(days=31), Severity.ASKS),
        (DAY - dt.timedelta(days=60), DAY - dt.timedelta(days=80), PASSED),
        (None, None, Severity.INFORMS),
    ],
)
def test_searches_are_recent_on_the_day_of_submission(filed_on, issued_on, said):
    search = proof(kind="enforcement_search", evidence=2, issued_on=issued_on)
    assert severity("evidence.too_old", search, proof(issued_on=None), filed_on=filed_on) is said


def test_gates_want_a_good_file_of_each_kind_that_they_name():
    key = "gate.management_systems"
    kinds = ("qms_certificate", "ems_certificate", "enms_certificate", "ohsms_certificate")
    every = [proof(kind=kind, evidence=number) for number, kind in enumerate(kinds)]
    assert severity(key) == Severity.BLOCKS
    assert severity(key, *every) is PASSED
    wanting = found(key, *every[:3])
    assert wanting.severity == Severity.ASKS
    assert "safety" in wanting.reason["en"]
    bad = ({"expires_on": "2026-01-01"}, {"retracted": True}, {"condition": "damaged"})
    assert all(severity(key, proof(**each)) == Severity.BLOCKS for each in bad)


GEC = {"kind": "green_power_certificate", "requirement": "E3", "certificate_number": "GEC2025000001~000500"}


def clash(how):
    return (Clash(1, "GEC2025000001–GEC2025000500", how),)


@pytest.mark.parametrize(
    ("how", "said"),
    [("again", Severity.BLOCKS), ("shared", Severity.ASKS), ("used", Severity.ASKS), ("held", Severity.ASKS)],
)
def test_certificates_count_once(how, said):
    finding = found("evidence.number_twice", proof(**GEC), clashes=clash(how))
    assert finding.severity == said
    assert "GEC2025000001" in finding.reason["zh-hans"]
    assert severity("evidence.number_twice", proof(**GEC), proof(certificate_number="")) is PASSED


def test_certificates_that_are_used_up_need_numbers():
    bare = proof(**{**GEC, "certificate_number": " "})
    assert severity("evidence.number_twice", bare) == Severity.ASKS
    both = found("evidence.number_twice", bare, clashes=clash("again"))
    assert both.severity == Severity.BLOCKS
    assert "without numbers" in both.reason["en"]


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────


def values(**changes):
    return {**VALUES, **changes}


def test_every_balance_is_kept_by_good_figures_and_broken_by_bad_ones():
    assert severity("data.balance") is PASSED
    broken = found("data.balance", values=values(renewable_tce="2000.1"))
    assert (broken.severity, list(broken.about)) == (Severity.BLOCKS, ["renewable"])
    assert "2000.1 is more than 2000 tce" in broken.reason["en"]


@pytest.mark.parametrize(
    ("key", "figures", "tables"),
    [
        ("energy_forms", {}, {"energy_forms": [{"form": "coal", "tce": "2041"}]}),
        ("energy_total", {}, {"energy_forms": [{"form": "coal", "tce": "1960"}]}),
        ("renewable_forms", {}, {"energy_forms": [{"form": "biomass", "tce": "2000", "renewable": True}]}),
        ("product_energy", {}, {"products": [{"energy_tce": "1500"}, {"energy_tce": "541"}, {}]}),
        ("product_water", {"water_m3": "10"}, {"products": [{"water_m3": "11"}]}),
        ("waste", {"solid_waste_t": "9", "solid_waste_stock_used_t": "1", "solid_waste_used_t": "11"}, {}),
        (
            "land",
            {
                "land_area_m2": "100",
                "building_footprint_m2": "90",
                "structure_footprint_m2": "9",
                "yard_m2": "9",
            },
            {},
        ),
        ("storeys", {"building_footprint_m2": "100", "floor_area_m2": "90"}, {}),
        ("export", {"export_value": "55001"}, {}),
    ],
)
def test_each_balance_beyond_its_tolerance(key, figures, tables):
    said = found("data.balance", values=values(**figures), tables=tables)
    assert list(said.about) == [key]
    grave = next(each.grave for each in RULES.balances if each.key == key)
    assert said.severity == grave


def test_within_the_tolerance_nothing_is_said():
    for tce in ("2040", "1961"):
        tables = {"energy_forms": [{"form": "coal", "tce": tce}]}
        assert severity("data.balance", tables=tables) is PASSED


def test_faults_of_the_rules_are_told_with_their_lines(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text(
        '[[balances]]\nkey = "a"\npart = "no_such"\nwhole = "1 +"\ngrave = "asks"\nunit = "t"\n'
        'says = { en = "a", zh-hans = "a", id = "a" }\n'
        '[[ratios]]\nkey = "b"\nover = "nothing"\nper = "co2_t"\ntimes = 1\nunit = "t"\n'
        'names = { en = "a", zh-hans = "a", id = "a" }\n'
        '[[sizes]]\nkey = "c"\nat_least = 0\nnames = { en = "a", zh-hans = "a", id = "a" }\n'
    )
    with pytest.raises(FaultyFileError) as refusal:
        read_rules(file)
    assert [fault.line for fault in refusal.value.faults] == [3, 4, 10]


def test_shares_lie_within_0_and_100():
    assert severity("data.share") is PASSED
    said = found("data.share", values=values(renewable_tce="2000.1"))
    assert (said.severity, said.about) == (Severity.ASKS, {"E3": "100.005"})
    assert severity("data.share", values=values(renewable_tce="2000")) is PASSED


def test_the_year_before():
    key = "data.year_on_year"
    assert severity(key) is PASSED
    assert severity(key, before={"values": values(energy_tce="1429")}) is PASSED
    assert severity(key, before={"values": values(energy_tce="1428")}) == Severity.ASKS


def test_what_is_there_and_possible():
    assert severity("data.site_year_missing") is PASSED
    assert severity("data.site_year_missing", values={}) == Severity.BLOCKS
    assert severity("data.out_of_range") is PASSED
    assert severity("data.out_of_range", values=values(energy_tce="-1")) == Severity.BLOCKS


def peer(middle, spread=0.2):
    return {"energy": Peer("1751", "large", 300, middle, spread)}


@pytest.mark.parametrize("beyond", [-1.02, -0.98, 0.98, 1.02])
def test_an_outlier_lies_beyond_three_and_a_half_deviations(beyond):
    """40 kgce/10k CNY against peers whose median lies so far away that the border is just met or just missed."""
    middle = math.log(40) - beyond * FAR / NORMAL * 0.2
    said = severity("data.outlier", peers=peer(middle))
    assert said is (Severity.ASKS if abs(beyond) > 1 else PASSED)


def test_an_outlier_is_told_with_its_peers():
    said = found("data.outlier", peers=peer(math.log(4)))
    assert (
        "40 kgce/10k CNY, far from 4, the middle of more than 300 large sites of industry 1751"
        in (said.reason["en"])
    )
    assert said.about == {"energy": "+7.8"}


def test_peers_that_are_alike_leave_room():
    for median, said in ((79, PASSED), (81, Severity.ASKS), (20.5, PASSED), (19.5, Severity.ASKS)):
        assert severity("data.outlier", peers=peer(math.log(median), spread=0.0)) is said


def test_too_few_to_compare_is_told_and_no_more():
    assert severity("data.outlier") == Severity.INFORMS
    assert severity("data.outlier", site=None) is PASSED
    assert severity("data.outlier", values={}) is PASSED


def test_the_statistics_bear_wrong_figures():
    alike = [1.0, 1.1, 0.9, 1.05, 0.95]
    assert statistics([*alike, 9.0, 9.0]) == pytest.approx((7, 1.05, 0.1))


def electricity(**changes):
    row = {"form": "electricity", "quantity": "1000", "unit": "MWh", "tce": "122.9", "basis": "calorific"}
    return {"energy_forms": [{**row, **changes}]}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({}, Severity.INFORMS),
        (electricity(basis=""), Severity.INFORMS),
        (electricity(), PASSED),
        (electricity(basis="equivalent"), Severity.ASKS),
        (electricity(tce="302", basis="equivalent"), PASSED),
        (electricity(tce="302"), Severity.ASKS),
        (electricity(tce="302", unit="bundles"), PASSED),
        (electricity(quantity="", basis="equivalent"), PASSED),
        (electricity(unit="10k kWh", quantity="100"), PASSED),
    ],
)
def test_the_coal_factor_is_stated_and_fits(tables, said):
    assert severity("data.coal_factor", tables=tables) is said


def test_figures_changed_after_the_submission_are_shown():
    assert severity("data.changed_since") is PASSED
    changed = {"2025 energy_tce": ("2000", "1800"), "2025 products": ([{}], [])}
    said = found("data.changed_since", changed=changed)
    assert said.about == {"energy_tce": "2000 → 1800", "products": "…"}
    assert "Total energy consumption, Products" in said.reason["en"]


@pytest.mark.parametrize(
    ("total", "green", "linked", "said"),
    [
        (None, None, (9, 9), PASSED),
        ("100", "40", None, Severity.INFORMS),
        ("100", "40", (100, 40), PASSED),
        ("100", "40", (90, 36), PASSED),
        ("100", None, (89, 0), Severity.ASKS),
        ("100", "40", (100, 35), Severity.ASKS),
        ("0", "0", (0, 0), PASSED),
    ],
)
def test_supplier_figures_agree_with_the_links(total, green, linked, said):
    given = {"suppliers_total": total, "suppliers_green": green}
    typed = {key: value for key, value in given.items() if value}
    assert severity("chain.suppliers", values=typed, suppliers=linked, site=None) is said
