"""Quotas: the next free moment, what is used, and what the store is asked in the moment of a claim."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from huanyu.clock import SHANGHAI
from huanyu.publishing_rows import QuotaRow
from publisher import quotas

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=SHANGHAI)


def row(per: str, count: int, **more: str) -> QuotaRow:
    return QuotaRow.model_validate({"channel": "weibo", "per": per, "count": count, "source": "测试", **more})


def ago(**past: int) -> datetime:
    return NOW - timedelta(**past)


def test_without_a_quota_everything_leaves_now() -> None:
    assert quotas.next_free((), [NOW] * 9, NOW) == quotas.Free(NOW)


def test_a_full_sliding_time_is_free_when_the_oldest_has_left_it() -> None:
    left = [ago(minutes=9), ago(minutes=4), ago(minutes=1)]
    free = quotas.next_free([row("10minutes", 3)], left, NOW)
    assert free.at == ago(minutes=9) + timedelta(minutes=10)
    assert free.why == "每10分钟至多 3 条"
    assert quotas.next_free([row("10minutes", 4)], left, NOW).at == NOW


def test_a_month_and_a_day_are_the_calendars() -> None:
    assert quotas.next_free([row("month", 1)], [ago(days=20)], NOW).at == datetime(
        2026, 4, 1, tzinfo=SHANGHAI
    )
    assert quotas.next_free([row("day", 1)], [ago(hours=9)], NOW).at == datetime(2026, 4, 1, tzinfo=SHANGHAI)
    assert quotas.next_free([row("day", 1)], [ago(hours=11)], NOW).at == NOW


def test_what_left_at_midnight_belongs_to_the_new_day() -> None:
    assert quotas.next_free([row("day", 1)], [NOW.replace(hour=0)], NOW).at > NOW


def test_the_tightest_of_several_quotas_decides_and_says_why() -> None:
    rows = [row("minute", 1), row("hour", 2, why="平台限频")]
    free = quotas.next_free(rows, [ago(minutes=50), ago(minutes=30)], NOW)
    assert (free.at, free.why) == (ago(minutes=50) + timedelta(hours=1), "平台限频")


def test_an_account_has_its_own_quotas_and_its_channels() -> None:
    own = QuotaRow.model_validate({"account": "wx", "per": "day", "count": 1, "source": "测试"})
    rows = [row("hour", 3), own]
    assert quotas.of(rows, "wx", "wechat") == (own,)
    assert quotas.of(rows, "any", "weibo") == (rows[0],)


def test_used_counts_only_what_has_left() -> None:
    (used,) = quotas.used(
        [row("hour", 2)], [ago(minutes=90), ago(minutes=5), NOW + timedelta(minutes=3)], NOW
    )
    assert (used.count, used.is_full, used.told) == (1, False, "每小时 1/2")


@given(
    st.lists(st.integers(0, 3000), max_size=40),
    st.sampled_from(["minute", "10minutes", "hour", "day", "month"]),
    st.integers(1, 5),
)
def test_at_the_planned_moment_the_store_finds_room(minutes: list[int], per: str, count: int) -> None:
    left = sorted(NOW - timedelta(minutes=past) for past in minutes)
    free = quotas.next_free([row(per, count)], left, NOW)
    ((since, most),) = quotas.room([row(per, count)], free.at)
    assert sum(since < moment <= free.at for moment in left) < most
