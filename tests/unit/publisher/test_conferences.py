"""The states of a 新闻发布会, and which answers may be said on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from datetime import date
from datetime import datetime

import pytest

from huanyu.errors import IllegalMove
from huanyu.types import Answer
from huanyu.types import Attendance
from huanyu.types import ConferencePlan
from publisher import conferences

AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
DAY = date(2026, 3, 10)
ANSWER = Answer(
    id=1,
    kind="question",
    question="问",
    answer="答",
    unit="",
    valid_until=DAY,
    state="approved",
    author="宣教",
    made_at=AT,
    approver="局长",
    approved_at=AT,
    version=2,
)


def test_every_state_of_the_table_has_a_name_and_can_be_reached() -> None:
    reached = {to for arrows in conferences.ALLOWED.values() for to in arrows}
    assert conferences.ALLOWED.keys() == conferences.LABEL.keys()
    assert reached | {conferences.START} == conferences.LABEL.keys()
    assert all(source for arrows in conferences.ALLOWED.values() for source in arrows.values())


@pytest.mark.parametrize(
    ("state", "to"), [("planned", "held"), ("held", "cancelled"), ("archived", "planned")]
)
def test_an_arrow_that_the_table_lacks_is_refused(state: str, to: str) -> None:
    with pytest.raises(IllegalMove, match="不能改为"):
        conferences.check(state, to)


def test_an_answer_stands_to_the_end_of_its_day_and_is_said_only_while_it_does() -> None:
    others = [
        replace(ANSWER, id=2, valid_until=date(2026, 3, 9)),
        replace(ANSWER, id=3, state="draft"),
        replace(ANSWER, id=4, state="withdrawn"),
        replace(ANSWER, id=5, kind="line"),
    ]
    assert [one.id for one in conferences.sayable([ANSWER, *others], DAY)] == [5, 1]
    assert conferences.standing(others[0], DAY) == "expired"
    assert conferences.ends_soon(ANSWER, date(2026, 3, 3), 7)
    assert not conferences.ends_soon(ANSWER, date(2026, 3, 2), 7)
    assert not conferences.ends_soon(others[1], DAY, 7)


def test_a_house_that_sent_two_people_came_once() -> None:
    told = [("聊城日报", "甲", True), ("聊城日报", "乙", True), ("聊城电视台", "丙", False)]
    came = [
        Attendance(id=at, conference_id=1, contact_id=None, name=name, outlet=house, came=there)
        for at, (house, name, there) in enumerate(told)
    ]
    assert conferences.houses(came) == 1


def test_a_plan_says_what_it_lacks() -> None:
    plan = ConferencePlan(theme="一季度", at=AT, place="", host="甲", speakers=(), invited=())
    assert conferences.missing(plan) == ("地点", "发布人", "议程")
