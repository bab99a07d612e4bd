"""Every form that sites print, and the days on which forms without a year or a day go wrong."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import dates
from huanyu.clock import SHANGHAI

NOW = datetime(2026, 3, 6, 9, 0, 30, tzinfo=SHANGHAI)  # Friday


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("刚刚", at(2026, 3, 6, 9, 0, 30)),
        ("30秒前", at(2026, 3, 6, 9, 0)),
        ("36&nbsp;秒前".replace("&nbsp;", "\xa0"), at(2026, 3, 6, 8, 59, 54)),
        ("5分钟前", at(2026, 3, 6, 8, 55, 30)),
        ("十分钟前", at(2026, 3, 6, 8, 50, 30)),
        ("一小时前", at(2026, 3, 6, 8, 0, 30)),
        ("2小时前", at(2026, 3, 6, 7, 0, 30)),
        ("两个小时前", at(2026, 3, 6, 7, 0, 30)),
        ("半小时前", at(2026, 3, 6, 8, 30, 30)),
        ("半天前", at(2026, 3, 5, 21, 0, 30)),
        ("3天前", at(2026, 3, 3, 9, 0, 30)),
        ("1周前", at(2026, 2, 27, 9, 0, 30)),
        ("1个月前", at(2026, 2, 6, 9, 0, 30)),
        ("2年前", at(2024, 3, 6, 9, 0, 30)),
        ("今天 08:01", at(2026, 3, 6, 8, 1)),
        ("今天", at(2026, 3, 6)),
        ("昨天 12:30", at(2026, 3, 5, 12, 30)),
        ("昨天\xa012:30", at(2026, 3, 5, 12, 30)),
        ("前天 23:59", at(2026, 3, 4, 23, 59)),
        ("上周五", at(2026, 2, 27)),
        ("上周日 20:15", at(2026, 3, 1, 20, 15)),
        ("周四", at(2026, 3, 5)),
        ("11:20", at(2026, 3, 5, 11, 20)),
        ("08:20", at(2026, 3, 6, 8, 20)),
        ("2020-05", at(2020, 5, 1)),
        ("2026-3-5 8:01", at(2026, 3, 5, 8, 1)),
        ("2026/03/05", at(2026, 3, 5)),
        ("2026.03.05 08:01:02", at(2026, 3, 5, 8, 1, 2)),
        ("2026年3月5日", at(2026, 3, 5)),
        ("2026年3月5日 星期四 下午3:20", at(2026, 3, 5, 15, 20)),
        ("2026-03-05 12:05 AM", at(2026, 3, 5, 0, 5)),
        ("发表于 2018-7-31 13:52", at(2018, 7, 31, 13, 52)),
        ("发布于 昨天 18:07", at(2026, 3, 5, 18, 7)),
        ("发布时间：2026-03-05 08:01 来源：齐鲁网", at(2026, 3, 5, 8, 1)),
        ("昨天 18:07 来自 iPhone客户端", at(2026, 3, 5, 18, 7)),
        ("Thu Mar 05 10:22:33 +0800 2026", at(2026, 3, 5, 10, 22, 33)),
        ("Thu, 05 Mar 2026 02:22:33 GMT", at(2026, 3, 5, 10, 22, 33)),
        ("Thu, 05 Mar 2026 10:22:33 +0800", at(2026, 3, 5, 10, 22, 33)),
        ("2026-03-05T10:22:33Z", at(2026, 3, 5, 18, 22, 33)),
        ("2026-03-05T10:22:33+08:00", at(2026, 3, 5, 10, 22, 33)),
        ("2026-03-05T10:22:33.123+0000", at(2026, 3, 5, 18, 22, 33)),
        ("2026-03-05T10:22", at(2026, 3, 5, 10, 22)),
        ("２０２６－０３－０５　０８：０１", at(2026, 3, 5, 8, 1)),
    ],
)
def test_a_complete_form_gives_its_moment(text, expected):
    found, inferred = dates.parse(text, NOW)
    assert found.replace(microsecond=0) == expected
    assert found.utcoffset() == timedelta(hours=8)
    assert not inferred


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3月5日 10:22", at(2026, 3, 5, 10, 22)),
        ("03-05 10:22", at(2026, 3, 5, 10, 22)),
        ("5-15", at(2025, 5, 15)),
        ("9-27 22:20", at(2025, 9, 27, 22, 20)),
        ("12月31日 23:59", at(2025, 12, 31, 23, 59)),
        ("03-06 09:05", at(2026, 3, 6, 9, 5)),  # a clock five minutes ahead of ours
        ("03-06 09:30", at(2025, 3, 6, 9, 30)),
        ("2月29日", at(2024, 2, 29)),
    ],
)
def test_a_form_without_a_year_takes_the_latest_that_has_been_and_says_so(text, expected):
    assert dates.parse(text, NOW) == (expected, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨晚",
        "来自微博",
        "2月30日",
        "25:00",
        "13-45",
        "2026-13-05",
        "12369",
        "第3楼",
        "1.2万",
        "99999年前",
    ],
)
def test_what_is_no_time_is_none(text):
    assert dates.parse(text, NOW) is None


def test_a_time_just_printed_on_new_years_eve_by_a_fast_clock_is_not_a_year_old():
    now = at(2026, 12, 31, 23, 58)
    assert dates.parse("01-01 00:03", now) == (at(2027, 1, 1, 0, 3), True)


#: Around midnight, around new year, and anywhere: what a site prints of a moment must be read back as that moment.
moments = st.one_of(
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),
    st.builds(
        lambda year, minutes: datetime(year, 1, 1) + timedelta(minutes=minutes),
        st.integers(2016, 2034),
        st.integers(-3000, 3000),
    ),
    st.builds(
        lambda day, minutes: datetime(2024, 2, 27) + timedelta(days=day, minutes=minutes),
        st.integers(0, 5),
        st.integers(-5, 5),
    ),
)


@given(moments, st.integers(0, 363 * 24 * 60))
def test_month_day_and_time_are_read_back_within_a_year(now, minutes):
    now = now.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
    said = now - timedelta(minutes=minutes)
    for form in ("%m-%d %H:%M", "%m月%d日 %H:%M"):
        found = dates.parse(said.strftime(form), now)
        assert found == (said, True)


@given(moments, st.integers(0, 3 * 24 * 60))
def test_day_words_are_read_back_across_midnight_and_new_year(now, minutes):
    now = now.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
    said = now - timedelta(minutes=minutes)
    word = {0: "今天", 1: "昨天", 2: "前天", 3: "大前天"}[(now.date() - said.date()).days]
    assert dates.parse(f"{word} {said:%H:%M}", now) == (said, False)


@given(moments)
def test_a_bare_time_is_never_in_the_future_and_less_than_a_day_old(now):
    now = now.replace(tzinfo=SHANGHAI)
    for hour in range(24):
        found, _ = dates.parse(f"{hour}:20", now)
        assert now - timedelta(days=1) <= found <= now + dates.SKEW


@given(moments)
def test_full_forms_do_not_depend_on_now(said):
    said = said.replace(microsecond=0, tzinfo=SHANGHAI)
    forms = (
        "%Y-%m-%d %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%a %b %d %H:%M:%S +0800 %Y",
        "%Y-%m-%dT%H:%M:%S+08:00",
    )
    for form in forms:
        for now in (NOW, datetime(2030, 1, 1, tzinfo=UTC)):
            assert dates.parse(said.strftime(form), now) == (said, False)


@given(st.text(max_size=40))
def test_no_text_breaks_the_grammar(text):
    found = dates.parse(text, NOW)
    assert found is None or found[0].tzinfo is not None
