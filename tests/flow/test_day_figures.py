"""The figures of 今日 that everybody shares: counted once a write, and never older than what is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from console.day_figures import DayFigures
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import at_work
from tests.flow.office import raw


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        yield opened


def test_nothing_is_counted_again_before_something_is_written(office: Office) -> None:
    figures, desk = DayFigures(), office.desk
    first = figures.of(desk, NOW)
    assert figures.of(desk, NOW + timedelta(seconds=30)) is first
    desk.store.posts.add([raw(1, PAINT, NOW)], now=NOW)
    second = figures.of(desk, NOW)
    assert dict(second.news)["新增帖文"] == dict(first.news)["新增帖文"] + 1
    assert figures.of(desk, NOW) is second


def test_the_day_and_a_minute_count_anew_without_a_write(office: Office) -> None:
    figures, desk = DayFigures(), office.desk
    first = figures.of(desk, NOW)
    assert figures.of(desk, NOW + timedelta(minutes=2)).at == NOW + timedelta(minutes=2)
    tomorrow = figures.of(desk, NOW + timedelta(days=1))
    assert [bar.day for bar in tomorrow.trend] == [bar.day + timedelta(days=1) for bar in first.trend]


def test_a_look_counts_what_stood_when_it_began(office: Office) -> None:
    figures, desk = DayFigures(), office.desk
    before = figures.of(desk, NOW)
    with desk.store.looking():
        assert desk.store.posts.count() == 0  # a look begins with its first question
        desk.store.posts.add([raw(1, PAINT, NOW)], now=NOW)
        assert figures.of(desk, NOW).news == before.news
    assert figures.of(desk, NOW).news != before.news
