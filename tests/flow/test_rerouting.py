"""Whatever routing looks at may change: what nobody signed for moves, what a unit has in hand is only proposed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest

from flow import cycle
from flow import life
from flow import rerouting
from flow import teaching
from flow.rerouting import Edit
from huanyu.config import SHIPPED
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.store import Renewal
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import PostType
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import raw

LATER = NOW + timedelta(minutes=30)
SMOKE = "朝城镇那家炒鸡店的油烟全灌到邻居家"  # outside the built-up area: 生态环境


def opened(office: Office, text: str = SMOKE, kind: str = "air.cooking") -> Case:
    """A case of that text and kind, routed."""
    desk = office.desk
    new = desk.store.posts.add([raw(0, text)], now=NOW).new
    cycle.run(desk, "understand", NOW)
    kinds = (kind,) if kind else ()
    teaching.correct_label(desk, office.press, new[0], PostType.COMPLAINT, kinds, NOW)
    cycle.turn(desk, NOW, ("open", "route", "reroute"))
    return next(desk.store.cases.iterate())


def again(office: Office, case: Case, now: datetime = LATER) -> Case:
    cycle.run(office.desk, "reroute", now)
    return office.desk.store.cases.get(case.id)


def edited(office: Office, case: Case, reason: str = "电话核实", **facts: object) -> Case:
    """The case as the press office puts it right, not looked at again yet."""
    case = office.desk.store.cases.get(case.id)
    names = ("kinds", "area", "place", "built_up", "happened_at", "campaign")
    said = Edit(**({name: getattr(case, name) for name in names} | facts))
    return rerouting.edit_facts(office.desk, office.press, case.id, case.version, said, reason, LATER)


def actions(office: Office, case: Case) -> list[str]:
    return [event.action for event in office.desk.store.cases.history(case.id)]


def notices(office: Office, case: Case) -> list[str]:
    found = office.desk.store.outbox.listing(case_id=case.id)
    return sorted(one.title for one in found if one.purpose == "notice")


def test_a_corrected_label_moves_what_nobody_signed_for_and_both_units_are_told(office):
    case = opened(office)
    assert (case.rule, case.state, case.department) == ("cooking_outside", "assigned", "生态环境")
    teaching.correct_label(office.desk, office.press, 1, PostType.COMPLAINT, ("noise.social",), LATER)
    moved = again(office, case)
    assert moved.kinds == ("noise.social",)
    assert (moved.state, moved.department) == ("assigned", "公安")
    events = office.desk.store.cases.history(case.id)
    (told,) = [event for event in events if event.action == "rerouted"]
    assert told.note.startswith("更正了反映的研判标签，改派：")
    assert told.changes["unit"] == [case.unit, moved.unit]
    (label,) = [event for event in events if event.action == "relabelled"]
    assert label.changes["kinds"] == [["air.cooking"], ["noise.social"]]
    if office.desk.bureau.unit(moved.unit).mail:
        assert any(title.startswith("【改派告知】") for title in notices(office, case))
    assert again(office, moved) == moved  # nothing moves twice


def test_an_edited_fact_moves_the_case_and_the_history_shows_before_and_after(office):
    case = opened(office)
    known = edited(office, case, built_up=True, reason="在镇区商业街")
    assert known.edited == ("built_up",)
    moved = again(office, case)
    assert (moved.rule, moved.department) == ("cooking_inside", "城管")
    (event,) = [one for one in office.desk.store.cases.history(case.id) if one.action == "edited"]
    assert event.changes["built_up"] == [None, True]
    assert event.note == "更正建成区：不明 → 区内；理由：在镇区商业街"
    assert event.actor == office.press.name
    assert moved.changed_at is None


def test_a_typed_place_counts_before_the_places_of_the_text(office):
    case = opened(office)
    moved = again(office, edited(office, case, place="许营镇赵庄"))
    assert (moved.unit, moved.area, moved.place) == ("gaoxinqu", "高新区", "许营镇赵庄")
    assert "许营镇" in moved.why


def test_an_area_that_a_person_names_is_moved_by_no_place_of_the_text(office):
    case = opened(office, "许营镇那家炒鸡店的油烟全灌到邻居家")
    assert case.unit == "gaoxinqu"
    moved = again(office, edited(office, case, area="371502"))
    assert moved.unit == "dongchangfu"


def test_a_noted_hour_counts_before_the_words(office):
    case = opened(office, "博济桥街道的楼盘晚上十点半还在打桩", "noise.construction")
    assert case.rule == "noise_construction_night"
    moved = again(office, edited(office, case, happened_at=NOW.replace(day=9, hour=15)))
    assert moved.rule == "noise_construction_day"


def test_kinds_that_a_person_set_are_not_taken_from_a_later_label(office):
    case = opened(office)
    edited(office, case, kinds=("noise.social",))
    teaching.correct_label(office.desk, office.press, 1, PostType.COMPLAINT, ("air.odour",), LATER)
    assert again(office, case).kinds == ("noise.social",)


def test_what_a_unit_has_signed_for_is_only_proposed_and_a_person_accepts(office):
    desk = office.desk
    case = opened(office)
    signed = life.sign(desk, office.handler(case.unit), case.id, case.version, NOW)
    edited(office, signed, built_up=True)
    stays = again(office, case)
    assert (stays.unit, stays.state) == (case.unit, "signed")
    wanted = rerouting.open_proposal(desk, case.id)
    assert (wanted.department, wanted.rule) == ("城管", "cooking_inside")
    assert again(office, stays).version == stays.version  # one proposal, told once
    assert [one.id for one in desk.store.rerouting.proposed()] == [case.id]
    moved = rerouting.accept(desk, office.press, case.id, stays.version, wanted.id, LATER)
    assert (moved.unit, moved.state, moved.signed_at) == (wanted.unit, "assigned", None)
    assert rerouting.open_proposal(desk, case.id) is None
    with pytest.raises(NotFound):
        rerouting.accept(desk, office.press, case.id, moved.version, wanted.id, LATER)


def test_a_refused_proposal_is_not_made_again_by_the_same_change(office):
    desk = office.desk
    case = opened(office)
    life.sign(desk, office.handler(case.unit), case.id, case.version, NOW)
    edited(office, case, built_up=True)
    stays = again(office, case)
    wanted = rerouting.open_proposal(desk, case.id)
    with pytest.raises(BadInput):
        rerouting.refuse(desk, office.press, case.id, stays.version, wanted.id, " ", LATER)
    rerouting.refuse(desk, office.press, case.id, stays.version, wanted.id, "已到现场", LATER)
    with desk.store._database.write() as tx:
        tx.exec_driver_sql(
            f"UPDATE cases SET changed_at = '{LATER:%Y-%m-%d %H:%M:%S}', changed_why = '{wanted.because}'"
        )
    assert again(office, case).unit == case.unit
    assert [one.decision for one in desk.store.rerouting.proposals(case.id)] == ["refused"]
    assert actions(office, case)[-1] == "reroute_refused"


def test_a_unit_that_a_person_named_is_left_to_a_person(office):
    case = opened(office)
    named = life.dispatch(office.desk, office.press, case.id, case.version, "yanggu", NOW)
    edited(office, named, built_up=True)
    assert again(office, case).unit == "yanggu"
    assert rerouting.open_proposal(office.desk, case.id).department == "城管"


def test_a_verdict_given_anew_is_followed_and_an_equal_one_marks_nothing(office):
    desk = office.desk
    case = opened(office)
    (old,) = desk.store.rejudging.page("newer", 0, 10)
    same = Renewal(old=old, verdict=replace(old.verdict, model="same"))
    desk.store.rejudging.save([same], now=LATER)
    assert desk.store.cases.get(case.id).changed_at is None
    (old,) = desk.store.rejudging.page("newer", 0, 10)
    other = replace(old.verdict, model="newer", kinds=("noise.social",))
    desk.store.rejudging.save([Renewal(old=old, verdict=other)], now=LATER)
    moved = again(office, case)
    assert (moved.kinds, moved.department) == (("noise.social",), "公安")


def test_a_case_without_a_unit_gets_the_first_one_that_a_rule_names(office):
    case = opened(office, "水泵房嗡嗡嗡，一启动就跟着颤", "")
    assert (case.unit, case.state) == ("", "pending")
    moved = again(office, edited(office, case, kinds=("noise.construction",), place="许营镇"))
    assert (moved.state, moved.department) == ("assigned", "住建")
    assert moved.why.startswith("更正类别：")


def test_a_campaign_under_way_is_noted_when_a_case_is_routed(office):
    case = opened(office, "督察组转办：许营镇那家炒鸡店的油烟全灌到邻居家")
    assert case.campaign == "督察进驻"
    assert "enlisted" in actions(office, case)
    assert edited(office, case, campaign="").campaign == ""


def test_a_further_post_is_looked_at_with_all_the_others(office):
    desk = office.desk
    case = opened(office, "阳谷县侨润街道渣土车不盖篷布，一路撒土，扬尘呛人", "air.dust")
    more = "阳谷县侨润街道渣土车不盖篷布，一路撒土，扬尘呛人，还超载闯禁行"
    desk.store.posts.add([replace(raw(7, more), author="另一人")], now=LATER)
    cycle.run(desk, "understand", LATER)
    plan = CasePlan(post_id=2, action=CaseAction.APPEND, case_id=case.id, reason="同一路段")
    desk.store.cases.apply(plan, now=LATER)
    assert desk.store.cases.get(case.id).posts == 2
    assert desk.store.cases.get(case.id).changed_why == "又有新的反映"
    moved = again(office, case)
    assert {case.department, moved.department} == {"城管", "公安交管"}


def test_a_saved_table_is_followed_without_a_restart_and_marks_every_live_case(office):
    desk = office.desk
    case = opened(office)
    folder = desk.config.home / "config"
    old = (SHIPPED / "routes.toml").read_text(encoding="utf-8")
    first = '[[route]]\nid = "all_smoke"\nkinds = ["air.cooking"]\ndepartment = "城管"\nwhy = "本市划转"\n'
    (folder / "routes.toml").write_text(
        old.replace("[[route]]", f'{first}source = "本市文件"\n\n[[route]]', 1), encoding="utf-8"
    )
    moved = again(office, case)
    assert (moved.rule, moved.department) == ("all_smoke", "城管")
    told = [event.note for event in desk.store.cases.history(case.id) if event.action == "rerouted"]
    assert told[0].startswith("派单规则表已更新")
    (folder / "routes.toml").write_text("不是表", encoding="utf-8")
    assert again(office, moved) == moved


def test_two_people_who_edit_one_case_do_not_overwrite_each_other(office):
    case = opened(office)
    edited(office, case, built_up=True)
    said = Edit(kinds=case.kinds, area=case.area, place="别处", built_up=None, happened_at=None)
    with pytest.raises(Conflict):
        rerouting.edit_facts(office.desk, office.press, case.id, case.version, said, "两人同改", LATER)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"kinds": ("nothing",)}, "没有这种类别"),
        ({"area": "999999"}, "没有这个辖区"),
        ({"place": "长" * 201}, "地点过长"),
        ({"happened_at": LATER + timedelta(hours=1)}, "晚于现在"),
        ({"campaign": "没有的行动"}, "没有这项专项行动"),
        ({}, "没有改动"),
        ({"place": "别处", "reason": ""}, "请填写理由"),
    ],
)
def test_wrong_facts_are_refused_with_what_is_wrong(office, facts, told):
    case = opened(office)
    with pytest.raises(BadInput, match=told):
        edited(office, case, **facts)
    assert office.desk.store.cases.get(case.id) == case


def test_only_the_press_office_and_leaders_edit_facts(office):
    case = opened(office)
    said = Edit(kinds=case.kinds, area="", place="别处", built_up=None, happened_at=None)
    with pytest.raises(NotAllowed):
        rerouting.edit_facts(
            office.desk, office.handler(case.unit), case.id, case.version, said, "本单位认为", LATER
        )
