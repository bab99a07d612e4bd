"""The figures of 今日 that everybody shares: counted once a write, and never older than what is written."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from console.day_figures import KEPT
from console.day_figures import DayFigures
from console.day_figures import OnceAWriteByEyes
from console.tab_counts import TabCounts
from flow import life
from flow import rights
from flow.desk import Desk
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import Office
from tests.flow.office import raw


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


def test_tabs_are_counted_for_the_eyes_that_ask_and_anew_after_a_write(office: Office) -> None:
    office.fill()
    desk, known = office.desk, TabCounts()
    case = office.case("assigned")
    handler = office.handler(case.unit)
    own, all_of_it = rights.seer(handler), rights.seer(office.press)
    mine = desk.store.cases.count(states={"assigned"}, seer=own)
    others = desk.store.cases.count(states={"assigned"}, seer=all_of_it)
    assert 0 < mine < others
    for _ in range(2):  # whoever asks second is not shown what was counted for the first
        assert known.of(desk, NOW, None, all_of_it).told({"assigned"}) == str(others)
        assert known.of(desk, NOW, None, own).told({"assigned"}) == str(mine)
        assert known.of(desk, NOW, case.unit, all_of_it).told({"assigned"}) == str(mine)
    first = known.of(desk, NOW, None, own)
    assert known.of(desk, NOW, None, own) is first
    life.sign(desk, handler, case.id, case.version, NOW)
    assert known.of(desk, NOW, None, own).told({"assigned"}) == str(mine - 1)
    assert known.of(desk, NOW, None, all_of_it).told({"assigned", "signed"}) == str(others)


def test_what_is_overdue_is_counted_for_the_eyes_that_ask(office: Office) -> None:
    office.fill()
    desk, known, later = office.desk, DayFigures(), NOW + timedelta(days=60)
    handler = office.handler(office.case("assigned").unit)
    own, all_of_it = rights.seer(handler), rights.seer(office.press)
    mine, others = (desk.store.limits.overdue(later, seer=one) for one in (own, all_of_it))
    assert 0 < mine < others
    for _ in range(2):
        assert known.overdue(desk, later, all_of_it) == others
        assert known.overdue(desk, later, own) == mine


def test_only_so_many_eyes_are_remembered(office: Office) -> None:
    asked: list[int] = []

    def count(key: int, _desk: Desk, _now: datetime) -> int:
        asked.append(key)
        return key

    known = OnceAWriteByEyes(count)
    for key in (*range(KEPT + 1), 1, 0):
        assert known.of(key, office.desk, NOW) == key
    assert asked == [*range(KEPT + 1), 0], "the one asked for longest ago was let go"
