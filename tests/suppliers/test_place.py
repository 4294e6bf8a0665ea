"""Regions, the tree of authorities and the desks, as loaded from the committed files."""

import time

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils.translation import override

from greenchain.refusals import Refused
from suppliers.models import Authority, Industry, Level, Region
from suppliers.place.actions import open_desk
from suppliers.place.forms import label
from suppliers.place.models import desk_of, nation
from suppliers.place.reference import reference_loader, registered

pytestmark = pytest.mark.usefixtures("all_places")


def authority(code: str) -> Authority:
    return Authority.objects.get(code=code)


def desk(code: str) -> str:
    found = Region.objects.get(pk=code).desk
    return found.code if found else ""


def test_everything_is_loaded_twice_alike_and_fast(capsys):
    start = time.process_time()  # the processor's, so that a busy machine does not count
    call_command("load_reference")
    once = {model: model.objects.count() for model in (Region, Authority, Industry)}
    call_command("load_reference")
    assert time.process_time() - start < 20
    assert once == {model: model.objects.count() for model in (Region, Authority, Industry)}
    assert once[Region] == 34 + 337 + 2846
    assert once[Authority] == 1 + 31 + 5 + 1 + (333 - 5)
    assert once[Industry] == 820
    assert "regions: 3217" in capsys.readouterr().out


DESKS = {
    "330000": "33",  # a province
    "330602": "3306",  # a district of Shaoxing
    "330203": "3302",  # Ningbo answers for its districts, not Zhejiang
    "110108": "11",  # a municipality is the desk of all its regions
    "110100": "11",  # its stand-in prefecture too
    "500229": "50",  # a county of Chongqing
    "429004": "42",  # a county-level city run by its province
    "659001": "XPCC",  # Shihezi belongs to the corps
    "650102": "6501",
    "441900": "4419",  # Dongguan has no counties
    "710000": "",  # Taiwan, Hong Kong and Macao have no desk here
    "810000": "",
    "820000": "",
}


def test_the_desk_of_a_region():
    assert {region: desk(region) for region in DESKS} == DESKS


def test_paths_levels_and_routes():
    shaoxing, ningbo, zhejiang = authority("3306"), authority("3302"), authority("33")
    assert shaoxing.path == "CN/33/3306/"
    assert ningbo.path == "CN/3302/"
    assert (ningbo.kind, ningbo.rank) == ("planned_city", Level.PROVINCIAL)
    assert [each.code for each in shaoxing.route(Level.NATIONAL)] == ["3306", "33", "CN"]
    assert [each.code for each in shaoxing.route(Level.MUNICIPAL)] == ["3306"]
    assert [each.code for each in ningbo.route(Level.NATIONAL)] == ["3302", "CN"]
    assert ningbo.desk_for(Level.MUNICIPAL) == ningbo
    assert shaoxing.desk_for(Level.PROVINCIAL) == zhejiang
    assert shaoxing.up() == zhejiang
    assert nation().up() is None
    assert zhejiang.covers(shaoxing)
    assert not zhejiang.covers(ningbo)
    assert not shaoxing.covers(zhejiang)
    assert not zhejiang.covers(None)


def test_a_path_is_no_mere_prefix():
    """Authority "3" must not cover "33": paths end with a slash."""
    short = Authority.objects.create(
        code="3",
        kind="province",
        level=Level.PROVINCIAL,
        parent=nation(),
        path="CN/3/",
        name_zh="三",
        name_en="Three",
    )
    assert not short.covers(authority("33"))
    assert set(Authority.objects.under(short)) == {short}


def test_a_county_takes_part(administrator):
    region = Region.objects.get(pk="330602")
    desk = open_desk(region, by=administrator)
    assert (desk.path, desk.rank) == ("CN/33/3306/330602/", Level.COUNTY)
    assert [each.code for each in desk.route(Level.PROVINCIAL)] == ["330602", "3306", "33"]
    with pytest.raises(Refused) as refusal:
        open_desk(Region.objects.get(pk="330602"), by=None)
    assert refusal.value.code == "already_done"
    call_command("load_reference")
    assert Region.objects.get(pk="330602").desk == desk


def test_only_administrators_open_desks_and_only_for_counties(auditor_of):
    with pytest.raises(Refused) as refusal:
        open_desk(Region.objects.get(pk="330602"), by=auditor_of("33"))
    assert refusal.value.code == "role"
    with pytest.raises(Refused) as refusal:
        open_desk(Region.objects.get(pk="330600"), by=None)
    assert refusal.value.code == "not_a_county"


def test_regions_within():
    inside = set(Region.objects.within(Region.objects.get(pk="330000")).values_list("pk", flat=True))
    assert {"330000", "330600", "330602"} <= inside
    assert not any(code[:2] != "33" for code in inside)


def test_names_follow_the_reader():
    with override("zh-hans"):
        assert str(authority("3306")) == "绍兴市"
    with override("id"):
        assert str(authority("3306")) == "Shaoxing"
        assert str(Industry.objects.get(pk="1311")) == "1311 稻谷加工"


def test_a_stand_in_prefecture_is_told_apart_from_its_municipality():
    city, district = Region.objects.get(pk="110100"), Region.objects.get(pk="110105")
    with override("en"):
        assert [str(row) for row in (city.parent, city)] == ["Beijing", "Beijing · districts"]
        assert label(district).count("Beijing") == 1
        assert label(district).endswith(", Beijing")
    assert set(Region.objects.all()) - set(Region.objects.told_apart()) == set(
        Region.objects.filter(kind="prefecture", name_zh=F("parent__name_zh"))
    )


def test_industries_hang_together():
    industry = Industry.objects.get(pk="3612")
    assert industry.lineage() == ["3612", "361", "36"]
    assert industry.parent == Industry.objects.get(pk="361")
    assert Industry.objects.classes().count() == 609


def test_levels_speak_words():
    assert Level.from_word("provincial") is Level.PROVINCIAL
    assert Level.PROVINCIAL.word == "provincial"
    with pytest.raises(KeyError):
        Level.from_word("galactic")


def test_no_region_means_the_nation():
    assert desk_of(None).code == "CN"
    assert desk_of(Region.objects.get(pk="810000")).code == "CN"


def test_higher_layers_add_their_loaders(capsys):
    reference_loader("things of a test")(lambda: 7)
    call_command("load_reference")
    assert "things of a test: 7" in capsys.readouterr().out
    del registered()["things of a test"]
