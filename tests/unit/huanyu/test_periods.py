"""Where periods begin and end, and what they are compared with."""

from __future__ import annotations

from datetime import date

import pytest

from huanyu.periods import Period
from huanyu.periods import finished


@pytest.mark.parametrize(
    ("span", "day", "first", "last", "name"),
    [
        ("day", date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 9), "3月9日"),
        ("week", date(2026, 3, 11), date(2026, 3, 9), date(2026, 3, 15), "3月9日至15日"),
        ("week", date(2026, 4, 1), date(2026, 3, 30), date(2026, 4, 5), "3月30日至4月5日"),
        ("week", date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4), "2025年12月29日至2026年1月4日"),
        ("month", date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        ("quarter", date(2026, 5, 5), date(2026, 4, 1), date(2026, 6, 30), "2026年第二季度"),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("year", date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_a_period_holds_its_days_and_has_a_name(span, day, first, last, name):
    period = Period.holding(span, day)
    assert (period.first, period.last, period.name()) == (first, last, name)


@pytest.mark.parametrize("span", ["day", "week", "month", "quarter", "year"])
def test_periods_follow_each_other_without_a_gap_for_ten_years(span):
    period = Period.holding(span, date(2030, 6, 15))
    while period.first.year > 2020:
        before = period.before()
        assert (period.first - before.last).days == 1
        assert Period.holding(span, before.first) == before
        period = before


def test_the_same_period_a_year_before():
    assert Period.holding("month", date(2028, 2, 29)).year_before().name() == "2027年2月"
    assert Period.holding("quarter", date(2026, 1, 9)).year_before().name() == "2025年第一季度"
    week = Period.holding("week", date(2026, 3, 11)).year_before()
    assert (week.first, week.first.weekday(), week.days) == (date(2025, 3, 10), 0, 7)
    leap = Period("free", date(2028, 2, 29), date(2028, 2, 29)).year_before()
    assert leap.first == leap.last == date(2027, 2, 28)


def test_a_free_period_is_compared_with_as_many_days_before():
    period = Period("free", date(2026, 3, 10), date(2026, 3, 19)).before()
    assert (period.first, period.last) == (date(2026, 2, 28), date(2026, 3, 9))


def test_the_last_finished_period_is_never_the_running_one():
    assert finished("week", date(2026, 3, 15)).last == date(2026, 3, 8)  # a Sunday: its week is not over
    assert finished("week", date(2026, 3, 16)).last == date(2026, 3, 15)
    assert finished("year", date(2026, 12, 31)).last == date(2025, 12, 31)
