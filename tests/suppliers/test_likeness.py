"""Names as lists write them: taken apart, and matched with the enterprises that bear, bore or nearly bear them."""

import pytest

from suppliers.enterprise.likeness import How, Likeness
from suppliers.enterprise.naming import Reader, shortened
from suppliers.models import Enterprise, Region
from tests.factories_suppliers import EnterpriseFactory

READER = Reader(["浙江省", "绍兴市", "佛山市", "北京市", "广州市", "德宏傣族景颇族自治州"], ["越城区"])


@pytest.mark.parametrize(
    ("text", "holder", "unit"),
    [
        ("示例有限公司", "示例有限公司", ""),
        ("滦州示例乳业有限责任公司（二车间）", "滦州示例乳业有限责任公司", "二车间"),
        ("浙江示例汽车有限公司春晓工厂", "浙江示例汽车有限公司", "春晓工厂"),
        ("示例钢铁股份有限公司唐山分公司", "示例钢铁股份有限公司", "唐山分公司"),
        ("示例石油(中国)有限公司海南分公司东方作业公司", "示例石油(中国)有限公司", "海南分公司东方作业公司"),
        ("示例乘用车公司（广州）", "示例乘用车公司", "广州"),
        ("示例集团示例制药厂", "示例集团示例制药厂", ""),
        ("示例电器（佛山）有限公司", "示例电器(佛山)有限公司", ""),
    ],
)
def test_a_part_is_told_from_its_enterprise(text, holder, unit):
    name = READER.read(text)
    assert (name.holder, name.unit) == (holder, unit)
    assert (name.stages[0], name.stages[-1]) == ((name.key, ""), (holder, unit))


@pytest.mark.parametrize(
    ("text", "former", "also"),
    [
        ("龙竹示例股份有限公司（原福建示例家居股份有限公司）", ("福建示例家居股份有限公司",), ()),
        ("示例股份有限公司(原名：旧示例厂)", ("旧示例厂",), ()),
        ("示例有限公司(现更名为新示例有限公司)", ("新示例有限公司",), ()),
        ("宝示集团有限公司（宝示科技股份有限公司）", (), ("宝示科技股份有限公司",)),
    ],
)
def test_names_in_brackets_are_understood(text, former, also):
    name = READER.read(text)
    assert (name.former, name.also) == (former, also)
    assert name.holder.endswith("公司")
    assert not name.unit


@pytest.mark.parametrize(
    ("text", "core", "places", "form"),
    [
        ("佛山市海示（北京）食品有限公司", "海示食品", {"佛山", "北京"}, "有限公司"),
        ("绍兴市越城区示例印染股份有限公司", "示例印染", {"绍兴", "越城区"}, "股份有限公司"),
        ("北京市政示例集团有限公司", "市政示例", {"北京"}, "有限公司"),
        ("ＡＢＣ空调器(广州)有限公司", "abc空调器", {"广州"}, "有限公司"),
        ("德宏示例糖业", "示例糖业", {"德宏"}, ""),
    ],
)
def test_what_is_left_without_place_and_form(text, core, places, form):
    name = READER.read(text)
    assert (name.core, set(name.places), name.form) == (core, places, form)


@pytest.mark.parametrize(
    ("place", "short"),
    [
        ("浙江省", "浙江"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("恩施土家族苗族自治州", "恩施"),
        ("巴音郭楞蒙古自治州", "巴音郭楞"),
        ("大兴安岭地区", "大兴安岭"),
        ("兴安盟", "兴安"),
        ("沙市", "沙市"),
    ],
)
def test_places_by_their_short_names(place, short):
    assert shortened(place) == short


def found(text, **more):
    return [
        (match.enterprise.name, match.how, match.sure) for match in Likeness(**more).similar([text])[text]
    ]


def named(name, **more):
    return EnterpriseFactory.create(name=name, **more)


@pytest.mark.usefixtures("places")
def test_whole_names_are_sure_where_one_enterprise_is_meant():
    firm = named("绍兴示例织造（集团）有限公司")
    firm.former_names.create(name="绍兴旧示例织造厂")
    assert found("绍兴示例织造(集团) 有限公司") == [(firm.name, How.SAME, True)]
    assert found("绍兴旧示例织造厂") == [(firm.name, How.BORNE, True)]
    assert found("绍兴示例织造(集团)有限公司二车间") == [(firm.name, How.PART, True)]
    assert found("绍兴新示例控股有限公司(原绍兴示例织造（集团）有限公司)") == [(firm.name, How.TOLD, True)]
    assert found("别的示例有限公司（绍兴示例织造（集团）有限公司）") == [(firm.name, How.ALSO, False)]


@pytest.mark.usefixtures("places")
def test_a_name_that_two_bear_is_not_sure():
    one, other = named("绍兴同名有限公司"), named("绍兴同名有限公司")
    assert found("绍兴同名有限公司") == [(one.name, How.SAME, False), (other.name, How.SAME, False)]
    third = named("绍兴后来有限公司")
    third.former_names.create(name="绍兴曾用有限公司")
    named("绍兴曾用有限公司")
    assert [sure for _name, _how, sure in found("绍兴曾用有限公司")] == [False, False]


@pytest.mark.usefixtures("places")
def test_a_branch_with_a_name_of_its_own_comes_before_its_enterprise():
    branch = named("绍兴示例钢铁有限公司宁波分公司")
    named("绍兴示例钢铁有限公司")
    assert found("绍兴示例钢铁有限公司宁波分公司")[0] == (branch.name, How.SAME, True)


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize(
    ("text", "name", "how"),
    [
        ("绍兴市示例印染有限公司", "绍兴示例印染有限公司", How.PLACE_WORDS),
        ("绍兴示例印染有限公司", "绍兴示例印染股份有限公司", How.FORM),
        ("浙江示例印染有限公司", "示例印染有限公司", How.PLACE),
        ("海示（绍兴）电器有限公司", "海示电器有限公司", How.PLACE),
        ("绍兴示例印染集团有限公司", "绍兴示例印染有限公司", How.PLACE_WORDS),
        ("绍兴示例精密印染有限公司", "绍兴示例精蜜印染有限公司", How.LIKE),
    ],
)
def test_similar_names_are_suggested_and_never_sure(text, name, how):
    named(name)
    assert found(text) == [(name, how, False)]


@pytest.mark.usefixtures("places")
def test_a_sister_in_another_place_is_not_suggested():
    named("示例水泥（宁波）有限公司")
    assert found("示例水泥（绍兴）有限公司") == []


@pytest.mark.usefixtures("places")
def test_a_former_name_nearly_right_leads_to_who_bore_it():
    firm = named("绍兴新名科技有限公司")
    firm.former_names.create(name="绍兴示例印染有限公司")
    assert found("绍兴市示例印染有限公司") == [(firm.name, How.PLACE_WORDS, False)]


@pytest.mark.usefixtures("places")
def test_only_the_enterprises_of_the_scope_are_looked_at():
    named("绍兴示例印染有限公司")
    assert found("绍兴示例印染有限公司", among=Enterprise.objects.none()) == []


@pytest.mark.usefixtures("places")
def test_many_names_cost_as_many_queries_as_few(django_assert_max_num_queries):
    for number in range(30):
        named(f"绍兴第{number}示例印染有限公司")
    texts = [f"绍兴市第{number}示例印染有限公司" for number in range(30)]
    assert Region.objects.exists()
    with django_assert_max_num_queries(6):
        answers = Likeness().similar(texts)
    assert all(answers[text] for text in texts)
