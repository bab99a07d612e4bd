"""What routing and grading see at the desk: place, hour, title, reach; and that `huanyu route` sees the same."""

from __future__ import annotations

from dataclasses import replace

from console.commands.texts import Router
from flow import cycle
from flow import routing
from flow import teaching
from huanyu.types import Case
from huanyu.types import PostType
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import raw

#: Rules that ask for the built-up area or the hour: text, kind, and the rule that must fire.
PLACED = (
    ("柳园街道那家炒鸡店的油烟全灌到楼上来了", "air.cooking", "cooking_inside"),
    ("朝城镇那家炒鸡店的油烟全灌到邻居家", "air.cooking", "cooking_outside"),
    ("古楼街道有人把扫成堆的落叶点着了", "air.burning", "burning_inside"),
    ("尹集镇大片麦茬着了火，浓烟滚滚", "air.burning", "burning_outside"),
    ("冠县清泉街道这边路面上污水横流，井盖天天往外冒", "water.sewage", "sewage_inside"),
    ("鱼邱湖街道那条沟又黑又臭好几年了", "water.blackodour", "black_water_inside"),
    ("博济桥街道的楼盘晚上十点半还在打桩", "noise.construction", "noise_construction_night"),
    ("清平镇村里的生活污水都流到坑里", "water.sewage", "sewage_outside"),
    ("汇鑫街道的楼盘每天上午八点开始打桩", "noise.construction", "noise_construction_day"),
)


def opened(office: Office, said: list[tuple[str, str]], titles: tuple[str, ...] = ()) -> dict[str, Case]:
    """The cases of some complaints of the kinds a person gave them, routed."""
    posts = [raw(number, text) for number, (text, _) in enumerate(said)]
    posts = [
        replace(post, title=title) for post, title in zip(posts, titles or ("",) * len(posts), strict=True)
    ]
    office.desk.store.posts.add(posts, now=NOW)
    cycle.run(office.desk, "understand", NOW)
    kinds = dict(said)
    for post, _ in office.desk.store.posts.iterate():
        told = (kinds[post.text],) if kinds[post.text] else ()
        teaching.correct_label(office.desk, office.press, post.id, PostType.COMPLAINT, told, NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    return {case.first_text: case for case in office.desk.store.cases.iterate()}


def test_rules_for_the_built_up_area_and_the_night_fire_at_the_desk(office):
    cases = opened(office, [(text, kind) for text, kind, _ in PLACED])
    assert [cases[text].rule for text, _, _ in PLACED] == [rule for _, _, rule in PLACED]
    why = cases["柳园街道那家炒鸡店的油烟全灌到楼上来了"].why
    assert all(part in why for part in ("餐饮油烟", "柳园街道", "建成区内", "大气污染防治法第八十一条"))
    assert "夜间（“晚上十点半”）" in cases["博济桥街道的楼盘晚上十点半还在打桩"].why


def test_when_somebody_posted_says_nothing_about_the_hour(office):
    late = NOW.replace(hour=23, minute=40)
    text = "东城街道的工地打桩声音很大"
    office.desk.store.posts.add([replace(raw(1, text), posted_at=late.replace(day=9))], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    teaching.correct_label(office.desk, office.press, 1, PostType.COMPLAINT, ("noise.construction",), NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    assert next(office.desk.store.cases.iterate()).rule == "noise_construction_day"


def test_the_title_is_read_as_well(office):
    text = "打桩声音特别大，请管管"
    case = opened(office, [(text, "noise.construction")], ("凌晨两点工地还在施工",))[text]
    assert case.rule == "noise_construction_night"
    text = "大家快来看看怎么回事"
    case = opened(
        office, [("打桩声音特别大，请管管", "noise.construction"), (text, "air.odour")], ("", "储罐泄漏")
    )[text]
    assert case.level == "重大"


def test_what_goes_far_is_graded_higher(office):
    texts = ["广平镇这边的怪味太大了", "韩集镇的垃圾没人收"]
    far = replace(raw(0, texts[0]), likes=300, reposts=150, comments=60)
    near = replace(raw(1, texts[1]), likes=12, reposts=None, comments=3)
    office.desk.store.posts.add([far, near], now=NOW)
    cycle.run(office.desk, "understand", NOW)
    for number, kind in enumerate(("air.odour", "waste.household"), start=1):
        teaching.correct_label(office.desk, office.press, number, PostType.COMPLAINT, (kind,), NOW)
    cycle.turn(office.desk, NOW, ("open", "route"))
    cases = {case.first_text: case for case in office.desk.store.cases.iterate()}
    assert [cases[text].level for text in texts] == ["较大", "一般"]
    told = [event.note for event in office.desk.store.cases.history(cases[texts[0]].id)]
    assert any("转评赞较多" in note for note in told)


def test_words_tell_the_kind_only_where_no_person_has(office):
    text = "水泵房嗡嗡嗡，一启动就跟着颤"
    assert opened(office, [(text, "")])[text].unit == ""  # a person left it open on purpose
    desk = office.desk
    desk.store.posts.add([raw(5, "振兴街道小区水泵嗡嗡的，吵得全楼不得安宁，请环保局管管")], now=NOW)
    cycle.turn(desk, NOW, ("understand", "open", "route"))
    (case,) = [one for one in desk.store.cases.iterate() if "振兴街道" in one.first_text]
    assert (case.rule, case.department) == ("noise_building_device", "住建")


def test_the_command_and_the_desk_see_the_same_facts(office):
    desk = office.desk
    texts = [
        "许营镇赵庄西头那家喷漆房一到夜里就开工，油漆味熏得孩子直咳嗽，举报好几回了没人管",
        "青年路街道工地凌晨两点还在打桩，噪音大得整栋楼睡不着，请环保局管管",
        "古云镇化工厂半夜偷排废气，一股刺鼻的酸味，村里老人喘不上气",
        "博济桥街道渣土车不盖篷布，一路抛洒，出门也不冲洗，扬尘呛人",
    ]
    desk.store.posts.add([raw(number, text) for number, text in enumerate(texts)], now=NOW)
    cycle.turn(desk, NOW, ("understand", "open", "route"))
    router = Router(desk.bureau, NOW)
    answers = router.work([router.read({"id": 1, "text": text}) for text in texts])
    cases = {case.first_text: case for case in desk.store.cases.iterate()}
    assert len(cases) == len(texts)
    for text, answer in zip(texts, answers, strict=True):
        case = cases[text]
        assert (case.unit, case.rule, case.why, list(case.assist)) == (
            answer["unit"],
            answer["rule"],
            answer["why"],
            answer["assist"],
        )
        facts = routing.facts_of(desk, case, NOW)
        assert (facts.area, facts.level) == (case.area, case.level)
