"""When a message leaves: windows, quotas and an account's rest together, and the sentence that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.clock import SHANGHAI
from huanyu.errors import ConfigError
from huanyu.publishing_rows import PublishingTable
from huanyu.types import Message
from publisher import schedule
from publisher.schedule import Held
from tests.unit.publisher.test_outbox import SENDING

NIGHT = {"from": "22:00:00", "to": "07:00:00", "classes": ["petition", "press"], "why": "夜间不发"}
TEN = {"channel": "weibo", "per": "10minutes", "count": 2, "why": "不刷屏", "source": "本局约定"}
TABLE = PublishingTable.model_validate({"quiet": [NIGHT], "quota": [TEN]})
EVENING = datetime(2026, 3, 12, 21, 55, tzinfo=SHANGHAI)
SEVEN = datetime(2026, 3, 13, 7, 0, tzinfo=SHANGHAI)


def queue(count: int) -> list[Message]:
    return [replace(SENDING, id=number) for number in range(1, count + 1)]


def test_a_queue_is_paced_by_the_quota_and_rests_at_night() -> None:
    planned = schedule.plan(queue(5), TABLE, {}, EVENING, {})
    ten = timedelta(minutes=10)
    assert [one.at for one in planned] == [EVENING, EVENING, SEVEN, SEVEN, SEVEN + ten]
    assert [one.message.id for one in planned] == [1, 2, 3, 4, 5]


def test_the_page_can_say_when_and_why() -> None:
    told = [schedule.told(one, EVENING) for one in schedule.plan(queue(3), TABLE, {}, EVENING, {})]
    assert told[0] == ""
    assert told[2] == "夜间不发（22:00—07:00），排到3月13日07:00发出"


def test_what_tells_of_an_incident_leaves_at_night_too() -> None:
    urgent = replace(SENDING, content_class="incident", purpose="press")
    night = EVENING + timedelta(hours=3)
    assert schedule.next_moment(urgent, TABLE, [], night).at == night


def test_an_account_that_rests_keeps_everything_back() -> None:
    held = Held(until=EVENING + timedelta(minutes=3), why="平台要求暂停")
    one = schedule.next_moment(SENDING, TABLE, [], EVENING, held)
    assert (one.at, one.why) == (held.until, "平台要求暂停")


def test_one_account_takes_nobody_elses_place() -> None:
    other = replace(SENDING, id=9, account="second")
    planned = schedule.plan([*queue(2), other], TABLE, {}, EVENING, {})
    assert planned[-1].at == EVENING


def test_departures_of_the_past_count() -> None:
    left = {"weibo": [EVENING - timedelta(minutes=4), EVENING - timedelta(minutes=6)]}
    (one,) = schedule.plan(queue(1), TABLE, left, EVENING, {})
    assert (one.at, one.why) == (EVENING + timedelta(minutes=4), "不刷屏")


def test_a_table_that_leaves_no_moment_is_told_of() -> None:
    day = NIGHT | {"from": "07:00:00", "to": "22:00:00"}
    with pytest.raises(ConfigError, match="没有留下可以发布的时间"):
        schedule.plan(queue(1), PublishingTable.model_validate({"quiet": [NIGHT, day]}), {}, EVENING, {})


@pytest.mark.parametrize("stage", ["correction", "withdrawal"])
def test_what_puts_right_a_text_that_stands_at_night_leaves_at_night(stage: str) -> None:
    at_night = EVENING + timedelta(hours=3)
    (planned,) = schedule.plan([replace(SENDING, stage=stage)], TABLE, {}, at_night, {})
    assert planned.at == at_night


def test_taking_a_text_down_waits_for_no_quota_and_a_new_notice_does() -> None:
    full = {SENDING.account: [SEVEN, SEVEN]}
    down, notice = (replace(SENDING, stage=stage) for stage in ("withdrawal", "correction"))
    assert schedule.plan([down], TABLE, full, SEVEN, {})[0].at == SEVEN
    assert schedule.plan([notice], TABLE, full, SEVEN, {})[0].at == SEVEN + timedelta(minutes=10)
