"""How long a limit is: laws that must hold for every start, amount, pause and extension from 2020 to 2027."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import LIBRARY_LAST
from cases.calendar import WorkCalendar
from cases.limits import Length
from cases.limits import Standstill
from cases.limits import end
from huanyu.bureau import Calendar
from huanyu.clock import SHANGHAI

PLAIN = WorkCalendar(Calendar())
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
UNITS = ["hours", "office_hours", "same_day", "calendar_days", "working_days"]
LENGTHS = st.builds(Length, st.integers(1, 60), st.sampled_from(UNITS))
EXTENDED = st.builds(Length, st.integers(1, 30), st.sampled_from(["hours", "calendar_days", "working_days"]))
LATER = st.timedeltas(timedelta(0), timedelta(days=40))


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("length", "start", "stop", "due"),
    [
        # two hours of standing still are two hours more
        (
            Length(48, "hours"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 10, 12), at(2026, 3, 10, 14)),
            at(2026, 3, 12, 11),
        ),
        # Wednesday and Thursday stood still: Tuesday to Tuesday becomes Thursday
        (
            Length(5, "working_days"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 10, 12), at(2026, 3, 12, 9)),
            at(2026, 3, 19, 17, 30),
        ),
        # from one hour to another of one day no day is lost
        (
            Length(5, "working_days"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 11, 9), at(2026, 3, 11, 16)),
            at(2026, 3, 17, 17, 30),
        ),
        # a weekend does not count, so nothing of it is lost
        (
            Length(5, "working_days"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 13, 18), at(2026, 3, 15, 18)),
            at(2026, 3, 17, 17, 30),
        ),
        # calendar days: seven days later, which is a Sunday: Monday
        (
            Length(5, "calendar_days"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 10, 12), at(2026, 3, 17, 12)),
            at(2026, 3, 23, 17, 30),
        ),
        # the last day is a Sunday, so Monday still counts: the pause begins on it, and it is left on Thursday
        (
            Length(5, "calendar_days"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 16, 9), at(2026, 3, 19, 9)),
            at(2026, 3, 19, 17, 30),
        ),
        # what was over before the pause stays over
        (
            Length(1, "working_days"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 12, 9), at(2026, 3, 20, 9)),
            at(2026, 3, 11, 17, 30),
        ),
        # office hours: one hour of the pause lay in the noon break
        (
            Length(4, "office_hours"),
            at(2026, 3, 10, 9),
            (at(2026, 3, 10, 11, 30), at(2026, 3, 10, 14, 0)),
            at(2026, 3, 10, 15, 30),
        ),
    ],
)
def test_a_pause_moves_the_end_by_what_stood_still(length, start, stop, due):
    assert end(length, start, PLAIN, stops=[Standstill(*stop)]) == due


def test_office_hours_jump_the_night_and_the_noon_break():
    assert end(Length(2, "office_hours"), at(2026, 3, 13, 11, 30), PLAIN) == at(2026, 3, 13, 15, 0)
    assert end(Length(2, "office_hours"), at(2026, 3, 13, 16, 30), PLAIN) == at(2026, 3, 16, 9, 30)
    assert end(Length(1, "office_hours"), at(2026, 3, 14, 3, 0), PLAIN) == at(2026, 3, 16, 9, 30)


def test_the_same_day_is_today_even_on_a_sunday():
    assert end(Length(0, "same_day"), at(2026, 3, 15, 20, 10), PLAIN) == at(2026, 3, 15, 23, 59)


def test_an_extension_adds_to_the_days_counted():
    more = [Length(10, "working_days")]
    assert end(Length(5, "working_days"), at(2026, 3, 10, 9), PLAIN, more) == at(2026, 3, 31, 17, 30)


@given(LENGTHS, STARTS, LATER)
def test_a_pause_of_no_length_changes_nothing(length, start, offset):
    moment = start + offset
    assert end(length, start, PLAIN, stops=[Standstill(moment, moment)]) == end(length, start, PLAIN)


@given(LENGTHS, STARTS, LATER, LATER, LATER)
def test_a_longer_pause_never_ends_a_limit_earlier(length, start, offset, one, other):
    shorter, longer = sorted((one, other))
    begins = start + offset
    ends = [
        end(length, start, PLAIN, stops=[Standstill(begins, begins + lasts)])
        for lasts in (timedelta(0), shorter, longer)
    ]
    assert ends == sorted(ends)


@given(LENGTHS, STARTS, LATER, LATER)
def test_what_was_left_at_the_pause_is_left_at_its_end(length, start, offset, lasts):
    begins = start + offset
    plain = end(length, start, PLAIN)
    held = end(length, start, PLAIN, stops=[Standstill(begins, begins + lasts)])
    resumed = begins + lasts
    if begins > plain:
        assert held == plain
    elif length.unit == "hours":
        assert held - resumed == plain - begins
    elif length.unit == "office_hours":
        assert PLAIN.office_between(resumed, held) == PLAIN.office_between(begins, plain)
    elif length.unit == "working_days":
        days = [PLAIN.workdays_after(a.date(), b.date()) for a, b in ((resumed, held), (begins, plain))]
        assert days[0] == days[1]


@given(LENGTHS, STARTS, LATER, LATER)
def test_two_pauses_end_to_end_are_one(length, start, offset, lasts):
    begins = start + offset
    middle, last = begins + lasts / 2, begins + lasts
    parts = [Standstill(begins, middle), Standstill(middle, last)]
    assert end(length, start, PLAIN, stops=parts) == end(
        length, start, PLAIN, stops=[Standstill(begins, last)]
    )


@given(LENGTHS, EXTENDED, STARTS)
def test_an_extension_never_ends_a_limit_earlier(length, more, start):
    assert end(length, start, PLAIN, [more]) >= end(length, start, PLAIN)


@given(LENGTHS, STARTS, STARTS)
def test_who_starts_later_never_ends_earlier(length, one, other):
    first, second = sorted((one, other))
    assert end(length, first, PLAIN) <= end(length, second, PLAIN)


@given(LENGTHS, EXTENDED, STARTS, LATER, LATER)
def test_a_limit_in_days_ends_when_an_office_closes(length, more, start, offset, lasts):
    stop = Standstill(start + offset, start + offset + lasts)
    if length.unit in {"calendar_days", "working_days"}:
        found = end(length, start, PLAIN, [more], [stop])
        assert PLAIN.is_workday(found.date())
        assert (found.hour, found.minute) == (17, 30)


@given(STARTS, st.integers(1, 60))
def test_office_time_added_is_the_office_time_between(start, hours):
    length = timedelta(hours=hours)
    assert PLAIN.office_between(start, PLAIN.add_office(start, length)) == length


def test_another_notice_is_another_digest():
    loaded = WorkCalendar(Calendar(published_until=LIBRARY_LAST + 1))
    assert loaded.digest != PLAIN.digest
    assert WorkCalendar(Calendar()).digest == PLAIN.digest
