"""期 and 条, reach and response times from a few invented rows."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.clock import SHANGHAI
from huanyu.types import Followers
from huanyu.types import Outgoing
from publisher import statistics

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def row(number: int, **more: object) -> Outgoing:
    values: dict[str, object] = {
        "id": number,
        "channel": "weibo",
        "account": "weibo",
        "purpose": "reply",
        "stage": "result",
        "sent_at": NOW,
        "platform_id": str(number),
        "case_id": number,
        "about": None,
        "learned_at": NOW - HOUR,
        "views": None,
    }
    return Outgoing(**(values | more))  # type: ignore[arg-type]


def wechat(number: int, name: str, **more: object) -> Outgoing:
    return row(number, channel="wechat", account="wechat", platform_id=name, **more)


def test_articles_of_one_push_are_one_issue() -> None:
    rows = [
        wechat(1, "2247483647_1"),
        wechat(2, "2247483647_2"),
        wechat(3, "mass:9:7"),
        wechat(4, "mass:9:8"),
    ]
    assert statistics.pushes(rows) == 2
    (month,) = statistics.months(rows)
    assert (month.pushes, month.articles) == (2, 4)


def test_everywhere_else_each_article_is_a_push_of_its_own() -> None:
    assert (
        statistics.pushes([row(1, platform_id="7_1"), row(2, platform_id="7_2"), row(3, platform_id="")]) == 3
    )


def test_months_are_those_of_shanghai_latest_first_by_account() -> None:
    rows = [
        row(1, sent_at=datetime(2026, 2, 28, 16, 30, tzinfo=SHANGHAI) + timedelta(hours=8)),
        row(2, sent_at=datetime(2026, 2, 28, 12, 0, tzinfo=SHANGHAI)),
        row(3, account="site"),
    ]
    found = [(one.account, one.month, one.articles) for one in statistics.months(rows)]
    assert found == [
        ("site", date(2026, 3, 1), 1),
        ("weibo", date(2026, 3, 1), 1),
        ("weibo", date(2026, 2, 1), 1),
    ]


def test_reach_is_told_only_as_far_as_it_is_known() -> None:
    (some,) = statistics.months([row(1, views=120), row(2, views=None), row(3, views=30)])
    assert (some.views, some.viewed, some.articles) == (150, 2, 3)
    (none,) = statistics.months([row(1), row(2)])
    assert (none.views, none.viewed) == (None, 0)


@pytest.mark.parametrize(("count", "ninth"), [(1, 1), (2, 2), (9, 9), (10, 9), (11, 10), (20, 18)])
def test_nine_in_ten_answers_are_at_least_as_quick(count: int, ninth: int) -> None:
    rows = [row(n, learned_at=NOW - n * HOUR) for n in range(1, count + 1)]
    (speed,) = statistics.speeds(rows, range(1, count + 1))
    assert (speed.stage, speed.count, speed.ninth) == ("result", count, ninth * HOUR)
    quick = sum(n <= ninth for n in range(1, count + 1))
    assert quick >= 0.9 * count


def test_speed_is_told_by_stage_in_the_order_of_a_cases_life() -> None:
    rows = [
        row(1, stage="result"),
        row(2, stage="accepted", sent_at=NOW - HOUR / 2),
        row(3, stage="correction"),
    ]
    found = statistics.speeds(rows, {1, 2, 3})
    assert [(one.stage, one.median) for one in found] == [("accepted", HOUR / 2), ("result", HOUR)]


def test_only_the_first_answer_at_a_stage_counts() -> None:
    rows = [row(1), row(2, case_id=1, sent_at=NOW + 9 * HOUR)]
    (speed,) = statistics.speeds(rows, {1})
    assert (speed.count, speed.median) == (1, HOUR)


def test_the_first_answer_of_a_case_is_the_earliest_whatever_it_said() -> None:
    rows = [row(1, case_id=5, sent_at=NOW + HOUR), row(2, case_id=5, stage="accepted"), row(3, case_id=6)]
    found = statistics.first_answers(rows, {1, 2, 3})
    assert found is not None
    assert (found.count, found.median) == (2, HOUR)
    assert statistics.first_answers(rows, ()) is None


def test_an_answer_before_the_desk_knew_took_no_time() -> None:
    (speed,) = statistics.speeds([row(1, learned_at=NOW + HOUR)], {1})
    assert speed.median == timedelta(0)


def test_followers_grow_between_the_first_and_the_last_day() -> None:
    days = [Followers(account="weibo", day=date(2026, 1, day), followers=100 - day) for day in (3, 1, 9)]
    (found,) = statistics.growth(days)
    assert (found.first.followers, found.last.followers, found.gained) == (99, 91, -8)


def test_nobody_can_be_scored_by_what_is_handed_in() -> None:
    """Neither a name nor a like or a repost of any person is part of a row."""
    assert not {one.name for one in fields(Outgoing)} & {"author", "reviewer", "reposts", "likes", "comments"}
