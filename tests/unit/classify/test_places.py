from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from classify import place_context as context
from classify.place_names import Hit
from classify.place_names import writings
from classify.places import Gazetteer
from classify.places import Survey
from huanyu.bureau import EnterpriseRow
from huanyu.bureau import PlaceRow
from huanyu.config import SHIPPED
from huanyu.config import load_bureau

ROOT = Path(__file__).parents[3]


def row(name: str, code: str, level: str, unit: str, *aliases: str, **more: object) -> PlaceRow:
    return PlaceRow.model_validate(
        {"name": name, "code": code, "level": level, "unit": unit, "aliases": aliases, **more}
    )


LIAOCHENG = (
    row("聊城市", "371500", "city", "", "聊城"),
    row("东昌府区", "371502", "county", "371502", "东昌府"),
    row("茌平区", "371503", "county", "371503", "茌平县", "茌平"),
    row("阳谷县", "371521", "county", "371521", "阳谷"),
    row("莘县", "371522", "county", "371522"),
    row("临清市", "371581", "county", "371581", "临清"),
    row("高新区", "371502", "zone", "高新区", "高新技术产业开发区"),
    row("经开区", "371502", "zone", "经开区", "聊城经济开发区", "经济开发区?"),
    row("许营镇", "371502108", "township", "高新区", "许营?", villages=("绣衣集村", "贾庄村")),
    row("沙镇镇", "371502101", "township", "371502", "沙镇", villages=("铁东新村", "贾庄村")),
    row("东城街道", "371502009", "township", "经开区", needs_context=True),
    row("西湖镇", "371521114", "township", "371521", needs_context=True),
    row("古云镇", "371522106", "township", "371522", "古云?", villages=("文明寨村",)),
    row("徒骇河", "371500", "river", ""),
    row("东昌湖", "371502", "landmark", "371502"),
    row("山东其他城市", "", "elsewhere", "", "济南", "德州"),
    row("浙江省", "", "elsewhere", "", "杭州", "慈溪"),
    row("不是地名", "", "no_place", "", "面临清", "聊聊城", "杭州小笼包"),
)
CIXI = (
    row("慈溪市", "330282", "county", "330282", "慈溪"),
    row("周巷镇", "330282121", "township", "330282", "周巷"),
    row("高新技术产业园区", "330282403", "township", "330282"),
    row("山东省", "", "elsewhere", "", "聊城"),
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(LIAOCHENG)


def units(gazetteer: Gazetteer, text: str) -> list[str]:
    return [place.unit for place in gazetteer.find(text) if place.unit]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("莘县这边天天冒黑烟", "371522"),
        ("茌平县的老名字还有人用", "371503"),
        ("古云镇夜里一股药味", "371522"),
        ("许营镇河沟发黑", "高新区"),
        ("许营办事处对面烧垃圾", "高新区"),
        ("沙镇的养鸡场苍蝇成灾", "371502"),
        ("沙镇镇政府旁边", "371502"),
        ("莘縣古雲鎮有人夜裡燒塑料", "371522"),
        ("东昌湖边烧烤", "371502"),
    ],
)
def test_a_name_leads_to_its_unit(gazetteer: Gazetteer, text: str, unit: str) -> None:
    assert units(gazetteer, text) == [unit]


def test_the_township_stands_for_its_county(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.find("聊城市莘县古云镇化工厂放气")
    assert (place.name, place.code, place.level) == ("古云镇", "371522106", "township")


def test_a_township_run_by_a_zone_leaves_the_county_out(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.find("东昌府区许营镇有人焚烧秸秆")
    assert place.unit == "高新区"
    assert "归高新区" in place.reason


def test_a_county_joined_to_a_zone_stays(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "东昌府区和高新区交界的垃圾场") == ["371502", "高新区"]


def test_two_counties_come_in_the_order_of_the_text(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "莘县和阳谷交界处的化工厂") == ["371522", "371521"]


@pytest.mark.parametrize(
    "text", ["西湖镇的猪场臭", "东城街道夜里施工", "经济开发区冒烟", "许营那边", "贾庄村"]
)
def test_a_common_name_alone_is_no_place(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


@pytest.mark.parametrize(
    ("text", "unit", "context"),
    [
        ("阳谷西湖镇的猪场臭", "371521", "阳谷"),
        ("聊城东城街道夜里施工", "经开区", "聊城"),
        ("聊城的朋友，经济开发区冒烟了", "经开区", "聊城"),
        ("聊城许营那边", "高新区", "聊城"),
    ],
)
def test_a_common_name_counts_near_one_of_ours_and_says_so(
    gazetteer: Gazetteer, text: str, unit: str, context: str
) -> None:
    (place,) = gazetteer.find(text)
    assert place.unit == unit
    assert f"附近有“{context}”" in place.reason


def test_a_river_of_ours_explains_a_common_name_until_another_city_is_named(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "徒骇河边的许营") == ["高新区"]
    assert units(gazetteer, "德州徒骇河边上的许营") == []


def test_context_far_away_counts_only_while_no_other_city_is_named(gazetteer: Gazetteer) -> None:
    between = "，夜里打桩、白天扬尘" * 10
    assert units(gazetteer, f"东城街道的工地{between}，聊城的领导看看") == ["经开区"]
    assert units(gazetteer, f"东城街道的工地{between}，聊城的领导看看，济南都不这样") == []


def test_a_common_name_near_another_county_is_not_ours(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "临清西湖镇") == ["371581"]


def test_a_county_has_its_own_economic_zone(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "莘县经济开发区机器轰鸣") == ["371522"]


def test_one_zone_does_not_explain_the_common_name_of_another(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "高新区那家厂搬到经济开发区去了") == ["高新区"]


def test_a_zone_explains_only_its_own_villages(gazetteer: Gazetteer) -> None:
    assert [place.name for place in gazetteer.find("高新区绣衣集村")] == ["绣衣集村"]
    assert [place.name for place in gazetteer.find("高新区铁东新村")] == ["高新区"]


def test_a_village_counts_inside_the_township_named(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.find("许营镇贾庄村有人烧电缆")
    assert (place.name, place.code, place.level, place.unit) == ("贾庄村", "371502108", "village", "高新区")


def test_a_rare_village_counts_with_the_city_and_a_frequent_one_does_not(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "聊城绣衣集村后面的坑") == ["高新区"]
    assert units(gazetteer, "聊城贾庄村后面的坑") == []


def test_the_end_of_a_longer_village_name_is_not_that_village(gazetteer: Gazetteer) -> None:
    assert [place.name for place in gazetteer.find("古云镇西文明寨村")] == ["古云镇"]


def test_a_river_names_no_unit_and_comes_after_what_does(gazetteer: Gazetteer) -> None:
    assert [place.name for place in gazetteer.find("徒骇河莘县段发黑")] == ["莘县", "徒骇河"]
    assert units(gazetteer, "徒骇河发黑") == []


def test_where_a_writer_is_from_is_not_where_it_happens(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "我是莘县人，在聊城高新区上班，单位旁边喷漆") == ["高新区"]
    assert units(gazetteer, "我是莘县人，窗外都是烟") == ["371522"]


@pytest.mark.parametrize("text", ["小厂面临清退", "来聊聊城市垃圾分类", "今天天气不错", ""])
def test_words_that_contain_a_name_are_no_place(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.find(text) == []


@pytest.mark.parametrize(
    "text", ["济南高新区雾霾爆表", "德州柳河边有人烧草", "济南市历城区许营镇工地", "杭州西湖镇"]
)
def test_another_city_is_out_of_town(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.out_of_town(text)
    assert gazetteer.find(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "济南人都说莘县的烟大",
        "从济南回莘县，一路扬尘",
        "济南路夜里施工",
        "杭州小笼包店油烟",
        "济南人真多",
        "楼下太吵",
    ],
)
def test_a_street_a_native_a_dish_or_a_place_of_ours_is_not_out_of_town(
    gazetteer: Gazetteer, text: str
) -> None:
    assert not gazetteer.out_of_town(text)


def test_a_row_counts_only_while_it_is_in_force() -> None:
    rows = (
        row("九州街道", "371502", "township", "高新区", valid_from=date(2025, 5, 18)),
        row("老街镇", "371502", "township", "371502", valid_to=date(2025, 5, 17)),
    )
    before, after = Gazetteer(rows, date(2025, 5, 17)), Gazetteer(rows, date(2025, 5, 18))
    assert units(before, "九州街道") == []
    assert units(before, "老街镇") == ["371502"]
    assert units(after, "九州街道") == ["高新区"]
    assert units(after, "老街镇") == []
    assert units(Gazetteer(rows), "老街镇") == []


def test_another_bureau_is_another_table() -> None:
    gazetteer = Gazetteer(CIXI)
    assert units(gazetteer, "慈溪周巷镇电镀厂污水") == ["330282"]
    assert gazetteer.out_of_town("聊城东昌湖的水")


def test_an_empty_table_finds_nothing() -> None:
    assert Gazetteer(()).find("莘县") == []


def test_the_shipped_table_has_every_county_zone_and_township() -> None:
    rows = [
        PlaceRow(**row)
        for row in tomllib.loads((ROOT / "config" / "places.toml").read_text(encoding="utf-8"))["place"]
    ]
    levels = [row.level for row in rows]
    assert (levels.count("county"), levels.count("zone")) == (8, 3)
    known = {row.unit for row in rows if row.level in {"county", "zone"}} | {""}
    assert {row.unit for row in rows} <= known
    certain: dict[str, set[str]] = {}
    for row in rows:
        for words, strict in writings(row).items():
            certain.setdefault(words, set()).update(() if strict else (row.unit,))
    assert [words for words, units in certain.items() if len(units) > 1] == []
    gazetteer = Gazetteer(rows)
    county = {row.code: row.name for row in rows if row.level == "county"}
    for row in rows:
        if row.level == "township":
            places = gazetteer.find(f"{county[row.code[:6]]}{row.name}有人反映问题")
            assert [(place.name, place.unit) for place in places] == [(row.name, row.unit)]


@pytest.mark.parametrize("what", ["路", "路口", "街", "大街", "大道", "大桥", "社区", "小区", "花园"])
@pytest.mark.parametrize("name", ["徒骇河", "东昌湖"])
def test_what_only_bears_the_name_of_a_river_or_lake_is_not_it(
    gazetteer: Gazetteer, name: str, what: str
) -> None:
    assert name not in {place.name for place in gazetteer.find(f"聊城{name}{what}夜里施工")}


@pytest.mark.parametrize("where", ["边", "桥头", "桥下", "桥附近", "路边", "里"])
def test_beside_and_under_the_bridge_one_is_at_the_river(gazetteer: Gazetteer, where: str) -> None:
    assert [place.name for place in gazetteer.find(f"徒骇河{where}水发黑")] == ["徒骇河"]


def test_a_list_of_ten_thousand_names_is_read_like_its_beginning(gazetteer: Gazetteer) -> None:
    text = "许营镇、临清市" * 10_000
    assert [place.name for place in gazetteer.find(text)] == [
        place.name for place in gazetteer.find(text[:3000])
    ]
    assert gazetteer.find(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("离莘县五公里的沙镇，粉尘太大", "371502"),
        ("从阳谷嫁到莘县，村边全是烟", "371522"),
        ("那家厂从莘县搬到阳谷了", "371521"),
        ("不是高新区，是莘县的厂子冒烟", "371522"),
        ("沙镇往阳谷方向走两里地，路边有垃圾", "371502"),
        ("原来归东昌府区管，现在划给聊城经济开发区了", "经开区"),
        ("老家莘县，现在住聊城高新区", "高新区"),
        ("阳谷比莘县还臭", "371521"),
        ("莘县的运渣车天天往阳谷倒土", "371521"),
    ],
)
def test_where_it_happens_is_told_from_what_is_merely_named(
    gazetteer: Gazetteer, text: str, unit: str
) -> None:
    assert units(gazetteer, text) == [unit]


@pytest.mark.parametrize("text", ["我老家莘县", "去阳谷的路上看见烧秸秆", "好像莘县那边着火了"])
def test_a_place_named_in_passing_counts_while_no_other_is_named(gazetteer: Gazetteer, text: str) -> None:
    assert len(units(gazetteer, text)) == 1


@pytest.mark.parametrize(
    "text", ["我是莘县人，在济南打工", "老家阳谷，现住杭州", "德州的河，离莘县五公里", "不是聊城的，我在济南"]
)
def test_a_home_town_does_not_bring_another_citys_matter_home(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.survey(text) == Survey((), out_of_town=True)


@pytest.mark.parametrize("text", ["A市高新区施工", "望城高新区", "高新区麓谷街道施工", "经开区泉塘街道"])
def test_a_zone_of_an_unknown_city_or_township_is_not_ours(text: str) -> None:
    gazetteer = Gazetteer((*LIAOCHENG, row("湖南省", "", "elsewhere", "", "望城")))
    assert units(gazetteer, text) == []


def test_zones_named_in_one_breath_are_of_one_city(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "聊城高新区、经济开发区都有人举报") == ["高新区", "经开区"]
    assert units(gazetteer, "高新区和经济开发区都有人举报") == ["高新区", "经开区"]


def test_a_dish_or_brand_is_no_place_unless_it_is_made_there() -> None:
    gazetteer = Gazetteer((*LIAOCHENG, row("特产", "", "product", "", "香瓜", "大枣")))
    assert units(gazetteer, "莘县香瓜到货了，茌平的大枣真甜") == []
    assert units(gazetteer, "莘县香瓜大棚的薄膜烧了") == ["371522"]


def test_the_name_of_a_private_account_is_no_scene(gazetteer: Gazetteer) -> None:
    assert units(gazetteer, "@莘县小王 来阳谷看看这烟") == ["371521"]
    assert not gazetteer.out_of_town("@济南小李 楼下油烟")
    assert units(gazetteer, "@莘县环保 来看看这烟") == ["371522"]


def test_a_street_of_another_city_is_not_our_city(gazetteer: Gazetteer) -> None:
    assert gazetteer.survey("济南聊城路上的工地") == Survey((), out_of_town=True)
    assert not gazetteer.out_of_town("聊城路上的工地")


def test_a_village_is_found_without_its_last_word(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.find("古云镇文明寨村民反映")
    assert (place.name, place.level) == ("文明寨村", "village")
    assert [place.name for place in gazetteer.find("古云镇文明寨后面的坑")] == ["文明寨村"]


FIRMS = (
    EnterpriseRow(name="祥光铜业", code="371521", unit="371521", aliases=("阳谷祥光", "祥光?")),
    EnterpriseRow(name="旧厂", code="371522", unit="371522", valid_to=date(2020, 1, 1)),
)


def test_an_enterprise_gives_its_place_where_the_text_names_no_other() -> None:
    gazetteer = Gazetteer(LIAOCHENG, enterprises=FIRMS)
    told = gazetteer.survey("祥光铜业的烟囱又冒白烟")
    assert ([place.unit for place in told.places], told.enterprises) == (
        ["371521"],
        (("祥光铜业", "祥光铜业"),),
    )
    assert units(gazetteer, "祥光铜业的车在莘县倒废渣") == ["371522"]
    assert units(gazetteer, "聊城祥光旁边") == ["371521"]
    assert units(gazetteer, "祥光旁边") == []
    assert units(gazetteer, "济南祥光铜业") == []
    assert gazetteer.survey("旧厂还在冒烟").enterprises == ()


def test_a_road_gives_its_place_only_where_no_other_is_named() -> None:
    gazetteer = Gazetteer(
        (
            *LIAOCHENG,
            row("庐山路", "371502", "road", "经开区", needs_context=True),
            row("柳园路", "371502", "road", ""),
        )
    )
    assert units(gazetteer, "聊城庐山路夜里施工") == ["经开区"]
    assert units(gazetteer, "高新区庐山路夜里施工") == ["高新区"]
    assert [place.name for place in gazetteer.find("聊城柳园路夜里施工")] == ["柳园路", "聊城市"]


def test_many_texts_are_read_as_each_alone(gazetteer: Gazetteer) -> None:
    texts = [
        "莘縣古雲鎮有人燒塑料",
        "",
        "今天天气不错",
        "聊城东城",
        "街道施工",
        "济南",
        "高新区",
        "莘\x02县",
        "沙镇、" * 400,
    ]
    assert gazetteer.survey_all(texts) == [gazetteer.survey(text) for text in texts]
    assert gazetteer.survey_all([]) == []


@pytest.mark.parametrize("before", ["", "在", "老家", "不是", "从", "王", "离", "户口在我们", "@", "冠"])
def test_at_a_glance_as_with_every_name_weighed(before: str) -> None:
    rows = (*LIAOCHENG, row("特产", "", "product", "", "香瓜"))
    gazetteer = Gazetteer(rows, enterprises=FIRMS)
    after = (
        "", "，臭", "路", "街道", "大道", "大街", "牌照", "社区", "小区", "花园", "桥", "桥头", "域", "段", "间",
        "主任", "书记", "先生", "女士", "老师", "经理", "同学", "师傅", "人", "籍", "的香瓜", "香瓜", "方向", "县城方向",
    )  # fmt: skip
    names = (
        "莘县",
        "临清",
        "聊城",
        "沙镇",
        "徒骇河",
        "东昌湖",
        "高新区",
        "济南",
        "祥光铜业",
        "面临清",
        "聊城莘县",
    )
    texts = [f"{before}{name}{follows}" for name in names for follows in after]
    assert gazetteer.survey_all(texts) == [gazetteer.survey(text) for text in texts]


@pytest.mark.parametrize(
    "after",
    [
        "路",
        "街",
        "大道",
        "大街",
        "牌照",
        "社区",
        "小区",
        "花园",
        "桥",
        "大桥",
        "域",
        "段",
        "间",
        "主任",
        "书记",
        "先生",
        "女士",
        "老师",
        "经理",
        "同学",
        "师傅",
    ],
)
def test_a_name_is_not_bare_before_what_may_make_something_else_of_it(after: str) -> None:
    hit = Hit(0, 2, "莘县", ())
    assert not context.is_bare(f"莘县{after}", hit)
    assert context.is_bare("莘县", hit)
    assert context.is_bare(f"莘县，{after}", hit)


def test_every_certain_name_stands_up_to_common_words() -> None:
    bureau = load_bureau(SHIPPED)
    gazetteer = Gazetteer(bureau.places, enterprises=bureau.enterprises)
    for text in (
        "我们去参观城市污水厂",
        "也许营养不良",
        "不允许营业到半夜",
        "今天最高温陈老师说",
        "明朝城墙",
        "奔驰平稳",
        "无聊城市",
    ):
        assert gazetteer.find(text) == []


GAPS = ("", "的", "和", "往南", "和　　", "，离城里不远，", "那边的工地夜里不停")


@pytest.mark.parametrize("first", ["聊城", "茌平", "高新区", "许营镇", "西湖镇", "经济开发区", "徒骇河"])
def test_names_apart_from_each_other_as_with_every_name_weighed(first: str) -> None:
    gazetteer = Gazetteer(LIAOCHENG, enterprises=FIRMS)
    texts = [
        f"在{first}{one}{second}{other}{third}{after}"
        for one in GAPS
        for other in GAPS
        for second, third in (
            ("莘县", "古云"),
            ("东城街道", "高新区"),
            ("聊城", "东城街道"),
            ("许营", "东昌府区"),
            ("徒骇河", "经济开发区"),
            ("济南", "沙镇"),
        )
        for after in ("", "社区")
    ]
    assert gazetteer.survey_all(texts) == [gazetteer.survey(text) for text in texts]
    assert gazetteer.survey_all(texts) == gazetteer.survey_all(texts)


@pytest.mark.parametrize("name", ["莘县", "聊城市", "济南"])
@pytest.mark.parametrize("count", [0, 1, 10, 26, 27, 28, 29, 30, 31])
def test_accounts_near_and_far_are_weighed_at_a_glance_too(name: str, count: int) -> None:
    gazetteer = Gazetteer(LIAOCHENG)
    filled = "路过看看" * 8
    texts = [
        f"{before}@{filled[:count]}{apart}{name}{after}"
        for before in ("", "@某某 ", "沙镇")
        for apart in ("", " ", "，", "@", "环保")
        for after in ("", "大叔", "环保", " @路人甲 河水发黑")
    ]
    assert gazetteer.survey_all(texts) == [gazetteer.survey(text) for text in texts]


@pytest.mark.parametrize("count", range(9, 18))
def test_a_home_town_near_or_far_is_weighed_at_a_glance_too(count: int) -> None:
    gazetteer = Gazetteer(LIAOCHENG)
    filled = "那边的河水又黑又臭一直没有人来管过"
    texts = [f"{home}{filled[:count]}莘县" for home in ("老家", "户口", "籍", "家是")]
    assert gazetteer.survey_all(texts) == [gazetteer.survey(text) for text in texts]


def test_what_was_remembered_of_names_does_not_tell_of_others_that_stand_alike() -> None:
    gazetteer = Gazetteer(LIAOCHENG)
    texts = [
        "聊城的空气不好，听说东城街道在管",
        "聊城的空气不好，听说西湖镇在管",
        "西湖镇的空气不好，听说聊城在管",
    ]
    for some in (texts, texts[::-1]):
        assert gazetteer.survey_all(some) == [gazetteer.survey(text) for text in some]
