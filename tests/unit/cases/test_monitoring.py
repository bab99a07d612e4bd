"""Alarms as sentences, figures that are figures, and the matter an alarm belongs to."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import monitoring
from huanyu.clock import SHANGHAI
from huanyu.types import HeardReading
from huanyu.types import Reading
from huanyu.types import Station

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)
STATION = Station(
    id=1,
    code="LC-DJ-01",
    name="顺河污水处理厂",
    place="许营镇顺河路",
    area="",
    kind="",
    unit="",
    made_at=NOW,
    made_by="",
)


def reading(hours: float = 0, value: str = "212.5", limit: str = "50") -> Reading:
    at = NOW + timedelta(hours=hours)
    return Reading(
        number="", point="1号排口", substance="化学需氧量", value=value, limit=limit, unit="mg/L", at=at
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (212.5, "212.5"),
        (50, "50"),
        ("0050.10", "50.1"),
        ("1e3", "1000"),
        (" 7 ", "7"),
        ("-3.20", "-3.2"),
        ("0", "0"),
        ("x", None),
        ("", None),
        ("nan", None),
        ("1e400", None),
        (float("inf"), None),
        ("１２", "12"),
    ],
)
def test_a_figure_is_kept_plain(said: str | float, kept: str | None) -> None:
    assert monitoring.figure(said) == kept


@given(st.floats(-1e9, 1e9))
def test_a_figure_is_the_number_that_was_measured(value: float) -> None:
    kept = monitoring.figure(value)
    assert kept is None or float(kept) == value


def test_the_sentence_says_where_what_how_much_and_when() -> None:
    assert monitoring.sentence(STATION, reading()) == (
        "监测报警：顺河污水处理厂 1号排口，化学需氧量 212.5 mg/L，限值 50 mg/L，超标 3.25 倍，监测时间 2026-03-10 10:00"
    )
    assert "超标" not in monitoring.sentence(STATION, reading(value="40"))
    assert "限值" not in monitoring.sentence(STATION, reading(limit=""))


def test_an_alarm_belongs_to_the_nearest_within_the_window_before_or_after() -> None:
    known = [
        HeardReading(id=number, reading=reading(hours), case_id=case)
        for number, (hours, case) in enumerate([(-30, 1), (-20, 2), (6, 3), (25, 4)], start=1)
    ]
    assert monitoring.nearest(reading(), known, timedelta(hours=24)) == [3, 2]
    assert monitoring.nearest(reading(), [], timedelta(hours=24)) == []


def test_without_a_number_the_same_moment_is_the_same_alarm() -> None:
    one = monitoring.number_of("1号排口", "化学需氧量", NOW)
    assert one == monitoring.number_of("1号排口", "化学需氧量", NOW.astimezone(UTC))
    assert one != monitoring.number_of("2号排口", "化学需氧量", NOW)
    assert one != monitoring.number_of("1号排口", "化学需氧量", NOW + timedelta(minutes=1))
