"""The hours a text tells, and whether they are night."""

from __future__ import annotations

from datetime import time

import pytest

from cases import hours
from cases.facts import night
from huanyu.text import fold


@pytest.mark.parametrize(
    "text",
    [
        "工地夜里打桩",
        "每天凌晨2点准时开工",
        "晚上十点半还在施工",
        "22点以后才开始",
        "23:30还在浇筑",
        "晚10点到早6点",
        "晚上九点干到凌晨三点",
        "晚上十二点不停",
        "夜里快12点了",
        "从晚上九点到十一点",
        "机器昼夜不停",
        "24小时连轴转",
        "早上五点就开始敲",
        "半夜两点多卸货",
        "樓下凌晨３點還在響",
    ],
)
def test_what_happens_between_ten_and_six_is_night(text):
    assert night(hours.told(fold(text))) is True


@pytest.mark.parametrize("text", ["晚上八点打桩", "中午十二点施工", "下午三点", "上午8时开工", "白天一直响"])
def test_what_happens_by_day_is_not(text):
    assert night(hours.told(fold(text))) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "工地打桩声大",
        "一到晚上就施工",
        "天天吵",
        "夜市一条街",
        "提两点建议",
        "第二十三点要求",
        "早晚高峰堵车",
        "都快十二点了",
    ],
)
def test_where_it_may_be_either_nobody_guesses(text):
    assert night(hours.told(fold(text))) is None


def test_who_works_by_day_and_at_night_works_at_night():
    assert night(hours.told(fold("白天响，半夜也响"))) is True


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(time(21, 59), False), (time(22), True), (time(0), True), (time(5, 59), True), (time(6), False)],
)
def test_night_is_from_ten_to_six_to_the_minute(moment, expected):
    assert night((hours.at(moment),)) is expected


def test_an_evening_lies_within_the_hours_of_the_night_duty_but_is_no_night():
    spans = hours.told(fold("一到晚上就偷排"))
    assert hours.inside(spans, time(18), time(8)).words == "晚上"
    assert hours.inside(spans, time(22), time(6)) is None


def test_the_words_that_tell_the_hour_are_kept():
    assert [span.words for span in hours.told(fold("昨晚十点半到凌晨两点"))] == [
        "昨晚十点半",
        "凌晨两点",
    ]
