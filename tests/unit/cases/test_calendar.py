"""Working days with 调休, against days everybody in China remembers, and laws that must hold on any day."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import LIBRARY_LAST
from cases.calendar import WorkCalendar
from huanyu.bureau import Calendar
from huanyu.clock import SHANGHAI

PLAIN = WorkCalendar(Calendar())
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


@pytest.mark.parametrize(
    "day",
    [
        date(2020, 1, 19),  # Sunday before 春节
        date(2021, 2, 20),  # Saturday after 春节
        date(2022, 4, 24),  # Sunday before 劳动节
        date(2023, 10, 8),  # Sunday after 国庆
        date(2024, 2, 4),  # Sunday before 春节
        date(2025, 1, 26),  # Sunday before 春节
        date(2025, 9, 28),  # Sunday before 国庆
        date(2026, 2, 14),  # Saturday before 春节
        date(2026, 10, 10),  # Saturday after 国庆
    ],
)
def test_a_make_up_day_is_worked_though_it_is_a_weekend(day):
    assert day.weekday() >= 5
    assert PLAIN.is_workday(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2020, 1, 31),  # Friday: 春节 was prolonged in 2020
        date(2022, 10, 3),
        date(2024, 9, 17),  # 中秋
        date(2025, 10, 8),
        date(2026, 2, 17),  # 春节
        date(2026, 10, 1),
    ],
)
def test_a_holiday_is_free_though_it_is_a_weekday(day):
    assert day.weekday() < 5
    assert not PLAIN.is_workday(day)


def test_a_year_without_a_notice_is_plain_weekdays_and_says_so():
    year = LIBRARY_LAST + 1
    assert not PLAIN.published(year)
    assert all(
        PLAIN.is_workday(day) == (day.weekday() < 5)
        for day in (date(year, 1, 1) + timedelta(days=offset) for offset in range(365))
    )


def test_a_notice_loaded_by_hand_counts_and_makes_the_year_certain():
    year = LIBRARY_LAST + 1
    friday = next(day for day in (date(year, 10, n) for n in range(1, 8)) if day.weekday() == 4)
    saturday = friday + timedelta(days=1)
    told = WorkCalendar(Calendar(workdays=(saturday,), holidays=(friday,), published_until=year))
    assert told.published(year)
    assert told.is_workday(saturday)
    assert not told.is_workday(friday)


@pytest.mark.parametrize(
    ("moment", "at_work"),
    [
        (datetime(2026, 3, 10, 8, 30), True),
        (datetime(2026, 3, 10, 8, 29), False),
        (datetime(2026, 3, 10, 12, 30), False),  # noon break
        (datetime(2026, 3, 10, 17, 30), False),
        (datetime(2026, 3, 14, 10, 0), False),  # Saturday
        (datetime(2026, 2, 14, 10, 0), True),  # Saturday worked for 春节
    ],
)
def test_office_hours_follow_the_table(moment, at_work):
    assert PLAIN.office_hours(moment.replace(tzinfo=SHANGHAI)) is at_work


@given(DAYS, st.integers(1, 40))
def test_counting_working_days_always_ends_on_one(day, amount):
    assert PLAIN.is_workday(PLAIN.add_workdays(day, amount))


@given(DAYS, st.integers(1, 40))
def test_exactly_that_many_working_days_are_counted(day, amount):
    end = PLAIN.add_workdays(day, amount)
    between = (day + timedelta(days=offset) for offset in range(1, (end - day).days + 1))
    assert sum(PLAIN.is_workday(each) for each in between) == amount


@given(DAYS, DAYS, st.integers(1, 20))
def test_who_starts_later_is_never_due_earlier(one, other, amount):
    first, second = sorted((one, other))
    assert PLAIN.add_workdays(first, amount) <= PLAIN.add_workdays(second, amount)


@given(DAYS, st.integers(1, 20))
def test_counting_back_undoes_counting_on_for_working_days(day, amount):
    start = PLAIN.workday_on_or_after(day)
    assert PLAIN.add_workdays(PLAIN.add_workdays(start, amount), -amount) == start


@given(MOMENTS)
def test_the_next_office_moment_is_in_office_hours_and_not_past(moment):
    following = PLAIN.next_office_moment(moment)
    assert PLAIN.office_hours(following)
    assert following >= moment
    assert PLAIN.next_office_moment(following) == following
