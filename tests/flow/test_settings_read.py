"""A broken setting stops nothing but what it must: the safe side holds, it is told once, and people can set it anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from flow import condition
from flow import cycle
from flow import gates
from flow import intake
from flow import setting_aside
from flow import settings_read
from flow import switches
from flow.desk import Desk
from huanyu.store.samples import UNTIL
from huanyu.store.sources import PAUSED
from huanyu.store.switches import FREEZE
from huanyu.store.switches import KILL_SWITCH
from tests.flow.office import NOW
from tests.flow.office import Office

BROKEN = {
    KILL_SWITCH: "offf",
    FREEZE: '{"actor": "周敏", "rea',
    f"{PAUSED}weibo": "[1, 2",
    UNTIL: "2026-02-3o",
    f"{intake.SETTING}hotline": "null",
    "alarm/weibo": "down:gestern",
}


def spoil(desk: Desk) -> None:
    for name, value in BROKEN.items():
        desk.store.settings.put(name, value, NOW)


@pytest.mark.parametrize("value", ["", "offf", "ON", "\ufffd\ufffd", "null", "off "])
def test_a_kill_switch_that_is_neither_on_nor_off_stops(office: Office, value: str) -> None:
    desk = office.desk
    assert not switches.is_stopped(desk)
    desk.store.settings.put(KILL_SWITCH, value, NOW)
    assert switches.is_stopped(desk)
    (told,) = setting_aside.warnings(desk)
    assert "按“停止”办" in told and "恢复一次" in told
    switches.kill_switch(desk, office.press, False, NOW)
    assert not switches.is_stopped(desk) and list(setting_aside.warnings(desk)) == []


def test_bytes_that_are_no_text_stop_too_and_are_told(office: Office) -> None:
    desk = office.desk
    if not desk.store._database.is_sqlite:
        pytest.skip("PostgreSQL takes no such values")
    switches.kill_switch(desk, office.press, False, NOW)
    with desk.store._database.write() as tx:
        tx.exec_driver_sql(
            "UPDATE settings SET value = CAST(X'6FFF66' AS TEXT), at = 'nie' WHERE name = 'kill_switch'"
        )
    assert switches.is_stopped(desk)
    (told,) = setting_aside.warnings(desk)
    assert "按“停止”办" in told
    switches.kill_switch(desk, office.press, False, NOW)
    assert not switches.is_stopped(desk)


def test_the_safe_side_of_every_setting_holds_and_each_is_told(office: Office) -> None:
    desk = office.desk
    spoil(desk)
    frozen = switches.freeze(desk)
    assert frozen is not None and frozen.at is None and "按冻结处理" in frozen.reason
    assert gates.held_classes(desk)
    assert "读不出" in desk.store.sources.paused()["weibo"]
    assert desk.store.samples.drawn_until() is None
    assert {one.name for one in settings_read.faults(desk)} == set(BROKEN)
    told = list(setting_aside.warnings(desk))
    assert (
        len(told)
        == len(BROKEN)
        == next(one.value for one in condition.metrics(desk, NOW) if one.name == "huanyu_broken_rows")
    )
    assert not any("周敏" in line for line in told)


def test_it_is_logged_once_and_once_more_when_mended(office: Office) -> None:
    desk = office.desk
    spoil(desk)
    with capture_logs() as lines:
        for _ in range(3):
            setting_aside.note(desk, NOW)
        assert sorted(one["name"] for one in lines if one["event"] == "broken_setting") == sorted(BROKEN)
        switches.lift_freeze(desk, office.leader, "核实过，值已损坏", NOW)
        setting_aside.note(desk, NOW)
    assert [one["name"] for one in lines if one["event"] == "broken_setting_mended"] == [FREEZE]
    assert "周敏" not in repr(lines)


def test_the_other_steps_go_on_and_the_draw_mends_its_own_note(office: Office) -> None:
    desk = office.desk
    office.fill()
    spoil(desk)
    cycle.turn(desk, NOW, ("understand", "open"))
    later = NOW + timedelta(days=3)
    cycle.turn(desk, later, ("sample",))
    assert desk.store.samples.drawn_until() == (later - timedelta(days=1)).date()
    assert UNTIL not in {one.name for one in settings_read.faults(desk)}


def test_a_note_of_what_is_set_aside_that_is_broken_itself_stops_no_turn(office: Office) -> None:
    desk = office.desk
    for name, value in {"posts/7": "gestern KeyError", "posts/sieben": "x", "nichts/1": "y"}.items():
        desk.store.settings.put(f"{setting_aside.PREFIX}{name}", value, NOW)
    (one,) = setting_aside.listing(desk)
    assert one.told.startswith("帖文 7 号（posts）") and one.told.endswith("何时发现读不出")
    setting_aside.note(desk, NOW)
    assert setting_aside.listing(desk) == []  # there is no such row
