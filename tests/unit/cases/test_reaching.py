"""Whether a hand-over has reached its unit, from what became of each slip."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest

from cases.reaching import is_lost
from cases.reaching import missing
from cases.reaching import ways
from huanyu.bureau import UnitRow
from huanyu.clock import SHANGHAI
from huanyu.types import Message
from huanyu.types import MessageState

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)
LATE = NOW - timedelta(hours=2)
UNIT = UnitRow(
    key="hutun",
    name="湖屯镇人民政府",
    short="湖屯镇",
    kind="outside",
    department="镇政府",
    mail="hutun@zhen.example.org",
    login=False,
    robot="town_group",
)


def slip(state: MessageState, channel: str = "mail", **more: object) -> Message:
    values: dict[str, object] = {
        "id": 1,
        "key": "notice:1:1",
        "state": state,
        "channel": channel,
        "account": "mail" if channel == "mail" else "town_group",
        "purpose": "notice",
        "title": "",
        "text": "转办单",
        "case_id": 1,
        "reply_to": "",
        "recipient": UNIT.mail if channel == "mail" else "",
        "link": "",
        "after": "",
        "author": "系统",
        "created_at": NOW,
        "due_at": NOW,
        "attempts": 1,
        "version": 1,
    }
    return Message(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "lost"),
    [
        (MessageState.SENT, False),
        (MessageState.APPROVED, False),
        (MessageState.SENDING, False),
        (MessageState.UNKNOWN, False),
        (MessageState.REHEARSED, True),
        (MessageState.REFUSED, True),
        (MessageState.CANCELLED, True),
    ],
)
def test_a_slip_that_left_or_still_may_is_not_lost(state: MessageState, lost: bool) -> None:
    assert is_lost(ways(UNIT, [slip(state)], 0, LATE)) is lost


@pytest.mark.parametrize(
    ("state", "lost"),
    [
        (MessageState.APPROVED, True),
        (MessageState.SENDING, True),
        (MessageState.UNKNOWN, False),
        (MessageState.SENT, False),
    ],
)
def test_a_slip_that_has_not_left_for_hours_is_waited_for_no_longer(state: MessageState, lost: bool) -> None:
    old = slip(state, created_at=LATE - timedelta(minutes=1), note="邮件服务器连不上")
    (way, _) = found = ways(UNIT, [old], 0, LATE)
    assert is_lost(found) is lost
    assert ("迟迟没有发出：邮件服务器连不上" in way.told) is lost


def test_one_way_that_arrived_is_enough() -> None:
    assert not is_lost(ways(UNIT, [slip(MessageState.REFUSED), slip(MessageState.SENT, "wecom")], 0, LATE))


def test_the_latest_slip_of_a_way_counts() -> None:
    assert not is_lost(ways(UNIT, [slip(MessageState.REFUSED), slip(MessageState.SENT)], 0, LATE))


def test_a_unit_that_logs_in_is_reached_where_somebody_can() -> None:
    inside = UNIT.model_copy(update={"login": True, "mail": "", "robot": ""})
    assert not is_lost(ways(inside, [], 1, LATE))
    assert is_lost(ways(inside, [], 0, LATE))


def test_why_a_slip_was_refused_is_told() -> None:
    (way, _) = ways(UNIT, [slip(MessageState.REFUSED, note="收件人被拒绝")], 0, LATE)
    assert way.told == "没有发出：收件人被拒绝"


def test_a_slip_to_somebody_else_is_none_of_this_units() -> None:
    other = slip(MessageState.SENT, recipient="other@example.org")
    assert is_lost(ways(UNIT, [other], 0, LATE))
    assert missing(UNIT, [other]) == ("mail", "chat")


def test_only_ways_that_no_slip_has_taken_are_missing() -> None:
    assert missing(UNIT, [slip(MessageState.REFUSED)]) == ("chat",)
    assert missing(UNIT.model_copy(update={"mail": "", "robot": ""}), []) == ()
