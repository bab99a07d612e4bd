"""事件时间: when a text says it happened; never a day that the text does not give."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import event_time
from huanyu.clock import SHANGHAI
from huanyu.types import RawPost
from huanyu.types import SourceKind


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


POSTED = at(2026, 3, 6, 9, 0, 30)  # Friday


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        ("昨晚八点，凤凰苑东侧工地又开始打桩", at(2026, 3, 5, 20), "昨晚八点"),
        ("昨晚八点半左右闻到异味", at(2026, 3, 5, 20, 30), "昨晚八点半左右"),
        ("2026年3月5日晚8时许，徒骇河边有人倒垃圾", at(2026, 3, 5, 20), "2026年3月5日晚8时许"),
        ("2026-03-05 19:40 拍的", at(2026, 3, 5, 19, 40), "2026-03-05 19:40"),
        ("今早小区里全是煤烟味", at(2026, 3, 6), "今早"),
        ("今早7点就开始了", at(2026, 3, 6, 7), "今早7点"),
        ("上周五投诉过一次", at(2026, 2, 27), "上周五"),
        ("上周五下午三点一刻", at(2026, 2, 27, 15, 15), "上周五下午三点一刻"),
        ("周四晚上十点还在施工", at(2026, 3, 5, 22), "周四晚上十点"),
        ("前天夜里机器响了一夜", at(2026, 3, 4), "前天夜里"),
        ("昨天8点多开始冒黑烟", at(2026, 3, 5), "昨天8点多"),
        ("昨天20时排放", at(2026, 3, 5, 20), "昨天20时"),
        ("今天凌晨2点还在打桩", at(2026, 3, 6, 2), "今天凌晨2点"),
        ("昨天中午12点半", at(2026, 3, 5, 12, 30), "昨天中午12点半"),
        ("三天前就反映了", at(2026, 3, 3), "三天前"),
        ("两小时前河水变红", at(2026, 3, 6, 7, 0, 30), "两小时前"),
        ("昨天２１：３０仍在施工", at(2026, 3, 5, 21, 30), "昨天２１：３０"),
    ],
)
def test_a_phrase_gives_its_moment_and_its_words(text, moment, words):
    assert event_time.find(text, POSTED) == (moment, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3月5日上午，河水发黑", "3月5日上午"),
        ("本网讯 3月4日晚，执法人员夜查工地", "3月4日晚"),
        ("三月五日夜里有人烧塑料", "三月五日夜里"),
        ("这几天味道特别大", "这几天"),
        ("最近每天晚上都有噪音", "最近"),
        ("每天晚上十点准时开机", "每天晚上十点"),
        ("每周六下午都来倒", "每周六下午"),
        ("晚上十一点还在切割", "晚上十一点"),
        ("昨晚两点被吵醒", "昨晚两点"),
        ("昨晚12点还在响", "昨晚12点"),
        ("连续三天没人管", "连续三天"),
        ("半个月来没停过", "半个月来"),
    ],
)
def test_what_names_no_certain_day_gives_words_only(text, words):
    assert event_time.find(text, POSTED) == (None, words)


@pytest.mark.parametrize("text", ["昨晚八点打桩", "上周五投诉过", "今早有味道", "三天前反映过"])
def test_a_relative_word_needs_the_time_of_the_post(text):
    moment, words = event_time.find(text, None)
    assert moment is None and words


def test_a_full_date_needs_none():
    assert event_time.find("2026年3月5日上午9点，河水发黑", None)[0] == at(2026, 3, 5, 9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "工地一直在施工，没有时间观念",
        "新华社北京3月5日电 记者了解到",
        "《噪声污染防治法》2022年6月5日起施行",
        "要求2026年3月31日前整改到位",
        "举报电话12369，每4时间隔",
        "今天下午三点将召开会议",
        "前面的河，昨是今非",
    ],
)
def test_what_does_not_say_when_it_happened_says_nothing(text):
    assert event_time.find(text, POSTED) == (None, "")


def test_what_lies_ahead_is_passed_over_for_what_has_been():
    text = "2026年4月1日起停水检修。昨天下午水就黄了"
    assert event_time.find(text, POSTED) == (at(2026, 3, 5), "昨天下午")


@given(
    st.datetimes(datetime(2016, 1, 1), datetime(2034, 1, 1)),
    st.sampled_from(
        ["昨晚八点", "今早", "前天夜里", "上周五", "周三上午9时", "三天前", "3月5日", "最近", "12月31日晚"]
    ),
    st.text("的工地河水噪声，。 1年月日点", max_size=20),
)
def test_a_moment_is_never_after_the_post_and_never_of_an_inferred_year(posted, phrase, around):
    posted = posted.replace(tzinfo=SHANGHAI)
    moment, words = event_time.find(f"{around}，{phrase}，{around}", posted)
    assert moment is None or posted - timedelta(days=14) <= moment <= posted
    assert words in f"{around}，{phrase}，{around}"


def raw(text: str, inferred: bool = False) -> RawPost:
    return RawPost(
        source="forum",
        kind=SourceKind.FORUM,
        native_id="1",
        url="",
        text=text,
        fetched_at=POSTED + timedelta(hours=1),
        posted_at=POSTED,
        year_inferred=inferred,
    )


def test_an_item_gets_the_time_its_text_tells_and_keeps_what_its_source_gave():
    found = event_time.placed(raw("昨晚八点，工地又开始打桩"))
    assert (found.event_at, found.event_words) == (at(2026, 3, 5, 20), "昨晚八点")
    assert found.posted_at == POSTED and found.fetched_at == POSTED + timedelta(hours=1)
    given_by_source = replace(raw("昨晚八点，工地又开始打桩"), event_at=at(2026, 3, 1), event_words="3月1日")
    assert event_time.placed(given_by_source) == given_by_source


def test_a_post_whose_year_was_supplied_gives_no_moment_to_a_text():
    found = event_time.placed(raw("昨晚八点，工地又开始打桩", inferred=True))
    assert (found.event_at, found.event_words) == (None, "昨晚八点")


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    event_time.find(text, POSTED)
    event_time.find(text, None)
