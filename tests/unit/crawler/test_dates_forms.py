"""Every form printed of a true moment is read back as that moment: around new year, midnight, leap days, anywhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from crawler import dates
from huanyu.clock import SHANGHAI

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPANS = (364 * DAY, 7 * DAY, DAY, HOUR, HOUR / 2, MINUTE)
SHIFTS = (0 * DAY, HOUR / 2, HOUR, DAY, 2 * DAY, 7 * DAY)
NUMERALS = "零一二三四五六七八九"
WEEKDAYS = "一二三四五六日"

#: Moments of reading: where a year, a month, a day or a 29 February begins or ends, and anywhere.
EDGES = [
    datetime(year, month, day, tzinfo=SHANGHAI)
    for year in (2016, 2019, 2024, 2025, 2026, 2027, 2028)
    for month, day in ((1, 1), (2, 28), (3, 1), (3, 6), (12, 31))
]
nows = st.one_of(
    st.builds(
        lambda edge, seconds: edge + timedelta(seconds=seconds),
        st.sampled_from(EDGES),
        st.integers(-2 * 86400, 2 * 86400),
    ),
    st.builds(
        lambda edge, seconds: edge + timedelta(seconds=seconds), st.sampled_from(EDGES), st.integers(-90, 90)
    ),
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=SHANGHAI)
    ),
)
#: Ages of what is read: seconds to nearly a year, dense where forms change.
ages = st.one_of(
    st.integers(0, 120),
    st.integers(0, 3 * 3600),
    st.integers(0, 4 * 86400),
    st.integers(0, 363 * 86400),
).map(lambda seconds: timedelta(seconds=seconds))


def numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return head + (NUMERALS[ones] if ones or not tens else "")


@dataclass(frozen=True)
class Form:
    """One way to print a moment: when a site does so, how, how exactly, and whether the year is left out."""

    name: str
    holds: Callable[[datetime, datetime], bool]  # (moment, now)
    shows: Callable[[datetime, datetime], str]
    exact: timedelta  #: the moment read lies less than this from the true one …
    floor: Callable[[datetime], datetime] | None = None  #: … or is exactly this
    no_year: bool = False


def minute(said: datetime) -> datetime:
    return said.replace(second=0)


def midnight(said: datetime) -> datetime:
    return said.replace(hour=0, minute=0, second=0)


def always(said: datetime, now: datetime) -> bool:
    return True


def days_before(number: int) -> Callable[[datetime, datetime], bool]:
    return lambda said, now: (now.date() - said.date()).days == number


def week_before(said: datetime, now: datetime) -> bool:
    return said.isocalendar()[:2] == (now - 7 * DAY).isocalendar()[:2]


FORMS = (
    Form("刚刚", lambda said, now: now - said < MINUTE, lambda said, now: "刚刚", MINUTE),
    Form(
        "5分钟前",
        lambda said, now: MINUTE <= now - said < HOUR,
        lambda said, now: f"{(now - said) // MINUTE}分钟前",
        MINUTE,
    ),
    Form(
        "一小时前",
        lambda said, now: HOUR <= now - said < DAY,
        lambda said, now: f"{numeral((now - said) // HOUR)}小时前",
        HOUR,
    ),
    Form(
        "2小时前",
        lambda said, now: HOUR <= now - said < DAY,
        lambda said, now: f"{(now - said) // HOUR}小时前",
        HOUR,
    ),
    Form("半小时前", lambda said, now: HOUR / 2 <= now - said < HOUR, lambda said, now: "半小时前", HOUR / 2),
    Form(
        "3天前",
        lambda said, now: DAY <= now - said < 7 * DAY,
        lambda said, now: f"{(now - said) // DAY}天前",
        DAY,
    ),
    Form("今天 08:01", days_before(0), lambda said, now: f"今天 {said:%H:%M}", MINUTE, minute),
    Form("昨天 12:30", days_before(1), lambda said, now: f"昨天 {said:%H:%M}", MINUTE, minute),
    Form("前天 23:59", days_before(2), lambda said, now: f"前天 {said:%H:%M}", MINUTE, minute),
    Form("上周五", week_before, lambda said, now: f"上周{WEEKDAYS[said.weekday()]}", DAY, midnight),
    Form(
        "周五 10:22",
        lambda said, now: now - said < 6 * DAY,
        lambda said, now: f"周{WEEKDAYS[said.weekday()]} {said:%H:%M}",
        MINUTE,
        minute,
    ),
    Form(
        "3月5日 10:22",
        always,
        lambda said, now: f"{said.month}月{said.day}日 {said:%H:%M}",
        MINUTE,
        minute,
        True,
    ),
    Form("03-05 10:22", always, lambda said, now: f"{said:%m-%d %H:%M}", MINUTE, minute, True),
    Form(
        "9-27 22:20", always, lambda said, now: f"{said.month}-{said.day} {said:%H:%M}", MINUTE, minute, True
    ),
    Form("5-15", always, lambda said, now: f"{said.month}-{said.day}", DAY, midnight, True),
    Form(
        "11:20",
        lambda said, now: now - said < DAY - dates.SKEW - MINUTE,
        lambda said, now: f"{said:%H:%M}",
        MINUTE,
        minute,
    ),
    Form(
        "2020-05",
        always,
        lambda said, now: f"{said:%Y-%m}",
        31 * DAY,
        lambda said: midnight(said).replace(day=1),
    ),
    Form(
        "2026-3-5 8:01",
        always,
        lambda said, now: f"{said.year}-{said.month}-{said.day} {said.hour}:{said:%M}",
        MINUTE,
        minute,
    ),
    Form("2026/03/05", always, lambda said, now: f"{said:%Y/%m/%d}", DAY, midnight),
    Form("2026年3月5日", always, lambda said, now: f"{said.year}年{said.month}月{said.day}日", DAY, midnight),
    Form(
        "发表于 2018-7-31 13:52",
        always,
        lambda said, now: f"发表于 {said.year}-{said.month}-{said.day} {said:%H:%M}",
        MINUTE,
        minute,
    ),
    Form("发布于 昨天 18:07", days_before(1), lambda said, now: f"发布于 昨天 {said:%H:%M}", MINUTE, minute),
    Form("Weibo", always, lambda said, now: f"{said:%a %b %d %H:%M:%S} +0800 {said:%Y}", MINUTE, lambda said: said),
    Form("Java", always, lambda said, now: f"{said:%a %b %d %H:%M:%S} CST {said:%Y}", MINUTE, lambda said: said),
    Form("RFC 822", always, lambda said, now: format_datetime(said), MINUTE, lambda said: said),
    Form(
        "RFC 822 GMT",
        always,
        lambda said, now: format_datetime(said.astimezone(UTC), usegmt=True),
        MINUTE,
        lambda said: said,
    ),
    Form("ISO", always, lambda said, now: said.isoformat(), MINUTE, lambda said: said),
    Form("ISO UTC", always, lambda said, now: f"{said.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", MINUTE, lambda said: said),
    Form("ISO without zone", always, lambda said, now: f"{said:%Y-%m-%dT%H:%M:%S}", MINUTE, lambda said: said),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_is_read_back_as_the_moment_it_was_printed_of(form):
    @settings(max_examples=200, deadline=None)
    @given(nows, ages, st.sampled_from([" ", "\xa0", "\xa0 ", "&nbsp;", "\u3000"]))
    def holds(now, age, blank):
        said = next((moment for moment in near(now, age) if form.holds(moment, now)), None)
        assume(said is not None)
        found, inferred = dates.parse(form.shows(said, now).replace(" ", blank), now)
        assert inferred is form.no_year
        assert found - said < form.exact and said - found < form.exact
        assert form.floor is None or found == form.floor(said)

    holds()


def near(now: datetime, age: timedelta) -> Iterator[datetime]:
    """The moment of that age, then ever nearer ones: one of them is of an age at which a site uses the form."""
    for span, shift in itertools.product(SPANS, SHIFTS):
        if age % span + shift < 364 * DAY:
            yield now - age % span - shift


@given(nows, ages)
def test_a_page_made_before_midnight_and_read_after_it_keeps_its_day(now, age):
    made = midnight(now) - timedelta(seconds=1)
    said = made - min(age, timedelta(hours=20))
    if said.date() == made.date():
        assert dates.parse(f"今天 {said:%H:%M}", midnight(now)) == (minute(said), False)


@given(nows, st.sampled_from(["02-29", "2月29日", "2-29 08:00"]))
def test_a_leap_day_is_looked_for_in_a_leap_year(now, text):
    found, inferred = dates.parse(text, now)
    assert (found.month, found.day, inferred) == (2, 29, True)
    assert found <= now + dates.SKEW and now - found < timedelta(days=9 * 366)


@pytest.mark.parametrize(
    ("text", "days"),
    [("半年前", (181, 185)), ("半个月前", (15, 16)), ("二十分钟前", (0, 1)), ("二十三天前", (23, 24))],
)
def test_half_a_month_is_not_now(text, days):
    now = datetime(2026, 3, 6, 9, tzinfo=SHANGHAI)
    found, _ = dates.parse(text, now)
    assert days[0] * DAY <= now - found < days[1] * DAY


@pytest.mark.parametrize(
    "text", ["本周日", "2026-02-29", "2026-03-05 24:30", "晚上12:30", "十十分钟前", "2026-3-5-8"]
)
def test_what_has_not_been_or_cannot_be_is_none(text):
    assert dates.parse(text, datetime(2026, 3, 6, 9, tzinfo=SHANGHAI)) is None


@pytest.mark.parametrize(
    ("text", "hour"), [("中午1:20", 13), ("中午12:20", 12), ("凌晨12:20", 0), ("傍晚6:20", 18)]
)
def test_the_part_of_the_day_says_which_of_24_hours(text, hour):
    found, _ = dates.parse(f"2026-03-05 {text}", datetime(2026, 3, 6, 9, tzinfo=SHANGHAI))
    assert (found.hour, found.minute) == (hour, 20)
