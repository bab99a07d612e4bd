"""定级: the machine raises and waits, a person confirms, raises or lowers; what somebody has weighed counts no second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from flow import cycle
from flow import grading
from flow import teaching
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import PostType
from huanyu.types import RawPost
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import raw

LATER = NOW + timedelta(minutes=30)
SMELL = "广平镇化工厂的怪味太大了，大家都受不了"


def opened(office: Office, *posts: RawPost) -> Case:
    """A case of air.odour, routed, looked at again."""
    desk = office.desk
    new = desk.store.posts.add(list(posts), now=NOW).new
    cycle.run(desk, "understand", NOW)
    for post_id in new:
        teaching.correct_label(desk, office.press, post_id, PostType.COMPLAINT, ("air.odour",), NOW)
    cycle.turn(desk, NOW, ("open", "route", "reroute"))
    return next(desk.store.cases.iterate())


def far(reach: int, **more: object) -> RawPost:
    return replace(raw(0, SMELL), likes=reach, **more)


def current(office: Office, case: Case) -> Case:
    return office.desk.store.cases.get(case.id)


def test_what_the_machine_raised_waits_for_a_person_who_confirms_it(office):
    desk = office.desk
    case = opened(office, far(600))
    assert (case.level, case.level_by) == ("较大", "")
    (waiting,) = grading.waiting(desk, NOW)
    assert waiting.case == current(office, case)
    assert waiting.reasons == ("较大：转评赞较多",)
    done = grading.confirm_level(desk, office.press, case.id, waiting.case.version, "较大", "", LATER)
    assert (done.level, done.level_by, done.level_at) == ("较大", office.press.name, LATER)
    assert grading.waiting(desk, LATER) == []
    assert done.clocks == waiting.case.clocks  # confirmed: no limit begins anew
    event = desk.store.cases.history(case.id)[-1]
    assert (event.actor, event.note) == (office.press.name, "确认等级：较大")


def test_only_a_leader_lowers_and_the_same_signs_do_not_raise_it_again(office):
    desk = office.desk
    case = opened(office, far(600))
    with pytest.raises(NotAllowed):
        grading.confirm_level(desk, office.press, case.id, case.version, "一般", "都是转发", LATER)
    done = grading.confirm_level(desk, office.leader, case.id, case.version, "一般", "都是转发", LATER)
    assert (done.level, done.level_known) == ("一般", ("reach",))
    assert desk.store.cases.history(case.id)[-1].note == "等级由较大降为一般：都是转发"
    cycle.turn(desk, LATER, ("reroute", "reroute"))
    assert current(office, case).level == "一般"


def test_a_new_sign_raises_a_confirmed_level_and_waits_again(office):
    desk = office.desk
    case = opened(office, far(600))
    grading.confirm_level(desk, office.leader, case.id, case.version, "一般", "都是转发", LATER)
    (post_id,) = desk.store.posts.add([raw(5, "储罐泄漏了，一股白雾")], now=LATER).new
    cycle.run(desk, "understand", LATER)
    plan = CasePlan(post_id=post_id, action=CaseAction.APPEND, case_id=case.id, reason="同一家")
    desk.store.cases.apply(plan, now=LATER)
    cycle.run(desk, "reroute", LATER)
    again = current(office, case)
    assert (again.level, again.level_by) == ("重大", "")
    (waiting,) = grading.waiting(desk, LATER)
    assert waiting.reasons == ("重大：泄漏、爆炸或火灾（“泄漏”）", "较大：转评赞较多")
    assert "转评赞" not in desk.store.cases.history(case.id)[-2].note


def test_a_level_that_no_sign_of_today_tells_is_shown_with_what_was_said_then(office):
    case = opened(office, raw(0, SMELL))
    raised = office.desk.store.moves.grade(case, "重大", "并入的件为重大", now=LATER)
    assert grading.proposal(office.desk, raised, LATER).reasons == ("并入的件为重大",)


def test_raising_needs_a_reason_and_shortens_the_limits(office):
    desk = office.desk
    case = opened(office, raw(0, SMELL))
    assert case.level == "一般"
    with pytest.raises(BadInput, match="请填写理由"):
        grading.confirm_level(desk, office.press, case.id, case.version, "重大", " ", LATER)
    raised = grading.confirm_level(desk, office.press, case.id, case.version, "重大", "省台来电", LATER)
    first = {clock.name: clock.due for clock in case.clocks}["first_response"]
    assert {clock.name: clock.due for clock in raised.clocks}["first_response"] < first
    with pytest.raises(Conflict):
        grading.confirm_level(desk, office.press, case.id, case.version, "特别重大", "同时改", LATER)


def test_the_press_that_speaks_is_known_by_its_name(office):
    case = opened(office, replace(raw(0, SMELL), author="齐鲁网聊城"))
    assert case.level == "重大"
    assert grading.proposal(office.desk, case, NOW).reasons[0] == "重大：中央或省级媒体发声（“齐鲁网”）"


@pytest.mark.parametrize("level", ["", "很大"])
def test_a_level_that_is_none_is_refused(office, level):
    case = opened(office, raw(0, SMELL))
    with pytest.raises(BadInput, match="等级只有"):
        grading.confirm_level(office.desk, office.press, case.id, case.version, level, "理由", LATER)


def test_a_handler_says_nothing_about_the_level(office):
    case = opened(office, raw(0, SMELL))
    with pytest.raises(NotAllowed):
        grading.confirm_level(
            office.desk, office.handler(case.unit), case.id, case.version, "较大", "理由", LATER
        )
