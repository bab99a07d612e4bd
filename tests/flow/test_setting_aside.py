"""Broken rows are kept by table and number, told where whoever tends the desk looks, and forgotten once mended."""

from __future__ import annotations

import pytest

from flow import condition
from flow import cycle
from flow import setting_aside
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work
from tests.flow.office import raw


@pytest.fixture
def office(store_url, tmp_path):
    with at_work(tmp_path, store_url) as found:
        if not found.desk.store._database.is_sqlite:
            pytest.skip("PostgreSQL takes no such values")
        yield found


def ask(desk, statement: str) -> None:
    with desk.store._database.write() as tx:
        tx.exec_driver_sql(statement)


def figure(desk) -> float:
    return next(one.value for one in condition.metrics(desk, NOW) if one.name == "huanyu_broken_rows")


def test_what_is_broken_is_noted_once_and_the_rest_goes_its_way(office):
    desk = office.desk
    numbers = desk.store.posts.add([raw(one, TEXTS[one]) for one in range(3)], now=NOW).new
    ask(desk, f"UPDATE posts SET kind = 'nichts' WHERE id = {numbers[1]}")
    for _ in range(2):
        cycle.turn(desk, NOW, ("understand", "open"))
    (one,) = setting_aside.listing(desk)
    assert one.told == f"帖文 {numbers[1]} 号（posts）：有不认识的词，03-10 10:00 发现"
    assert list(setting_aside.warnings(desk)) == [one.told] and figure(desk) == 1
    assert len([line for line in desk.store.audit.listing(limit=500) if line.action == "setting.put"]) == 1
    assert desk.store.posts.verdict(numbers[0]) and desk.store.posts.verdict(numbers[2])
    ask(desk, f"UPDATE posts SET kind = 'weibo' WHERE id = {numbers[1]}")
    cycle.turn(desk, NOW, ("understand", "open"))
    assert setting_aside.listing(desk) == [] and figure(desk) == 0
    assert desk.store.posts.verdict(numbers[1]) is not None
    assert desk.store.audit.verify() == []


def test_what_was_mended_while_the_desk_stood_still_is_forgotten(office):
    desk = office.desk
    (number,) = desk.store.posts.add([raw(0, TEXTS[0])], now=NOW).new
    desk.store.settings.put(f"{setting_aside.PREFIX}posts/{number}", f"{NOW.isoformat()} KeyError", NOW)
    assert len(setting_aside.listing(desk)) == 1
    cycle.turn(desk, NOW, ("understand",))
    assert setting_aside.listing(desk) == []


def test_what_no_queue_asks_for_is_told_by_the_doctor(office):
    desk = office.desk
    office.fill(TEXTS[:1])
    ask(desk, "UPDATE cases SET state = 'irgendwo'")
    (told,) = setting_aside.warnings(desk)
    assert "状态是不认识的词" in told and told.startswith("办件 ")
