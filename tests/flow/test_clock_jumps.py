"""The clock is put forward and back, or the machine lives in another zone: nothing fires twice, nothing waits for days."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from console.api.pace import Pace
from console.throttle import REST
from console.throttle import TRIES
from console.throttle import Tries
from flow import backing_up
from flow import condition
from flow import cycle
from flow import delivery
from flow.run import Embedded
from huanyu.types import Draft
from huanyu.types import MessageState
from tests.flow.office import NOW
from tests.flow.office import TEXTS
from tests.flow.office import at_work

FAR = timedelta(days=3)
WORLD = ("America/New_York", "UTC", None)


def test_tries_of_a_clock_that_was_put_back_shut_nobody_out():
    tries = Tries()
    assert all(tries.admit("lilan", "::1", NOW + FAR) for _ in range(TRIES))
    assert not tries.admit("lilan", "::1", NOW + FAR)
    assert tries.admit("lilan", "::1", NOW)
    assert not tries.admit("lilan", "::1", NOW + FAR + REST / 2), "forward again: they were made a moment ago"


def test_a_pace_fills_up_again_after_the_clock_was_put_back():
    pace = Pace()
    assert [pace.wait("a", 60, 1, NOW + FAR) for _ in range(2)] == [0, 1]
    assert pace.wait("a", 60, 1, NOW) == 1
    assert pace.wait("a", 60, 1, NOW + timedelta(seconds=2)) == 0


def test_a_message_put_off_by_a_clock_ahead_leaves_and_one_that_a_person_set_waits(store):
    def add(key: str, due_at) -> object:
        draft = Draft(
            channel="mail", account="office", purpose="notice", text="转办", recipient="a@example.org"
        )
        return store.outbox.get(store.outbox.add(draft, key, MessageState.APPROVED, "lilan", now=due_at))

    mine = store.outbox.claim(add("tried", NOW + FAR), NOW + FAR)
    again = NOW + FAR + timedelta(minutes=5)
    store.outbox.settle(
        mine, MessageState.APPROVED, receipt=None, note="对方未应答", due_at=again, case_to="", now=NOW + FAR
    )
    add("planned", NOW + timedelta(days=1))
    assert [one.key for one in store.outbox.due(NOW, 10)] == ["tried"]


def test_what_a_clock_ahead_tried_and_a_window_holds_is_planned_once(store_url, tmp_path):
    """It was due again as soon as it was put off, and the delivery never came to an end."""
    with at_work(tmp_path / "desk", store_url) as office:
        office.fill(TEXTS[:1])
        _, replies = office.replying()
        office.approve(replies)
        night, ahead = NOW.replace(hour=23), NOW + timedelta(hours=15)
        mine = office.desk.store.outbox.claim(office.replies(office.case())["site"], ahead)
        office.desk.store.outbox.settle(
            mine, MessageState.APPROVED, receipt=None, note="", due_at=ahead, case_to=None, now=ahead
        )
        assert delivery.deliver(office.desk, night) > 0
        assert delivery.deliver(office.desk, night) == 0
        assert office.replies(office.case())["site"].due_at == NOW.replace(hour=7) + timedelta(days=1)


def test_what_was_fired_ahead_of_time_is_not_fired_again(store_url, tmp_path):
    with at_work(tmp_path / "desk", store_url, live=False) as office:
        desk = office.desk
        office.fill()
        cycle.turn(desk, NOW)

        def told():
            messages = desk.store.outbox.listing(limit=500)
            return Counter(one.key for one in messages), [
                one.number for one in desk.store.bulletins.listing()
            ]

        cycle.turn(desk, NOW + FAR)
        ahead = told()
        for moment in (NOW, NOW + FAR / 2, NOW + FAR):
            cycle.turn(desk, moment)
        assert told() == ahead and set(ahead[0].values()) == {1}
        assert desk.store.audit.verify() == []
        assert condition.clock_ahead(desk, NOW + FAR) == ""
        assert condition.clock_ahead(desk, NOW) == f"{FAR // timedelta(minutes=1)} 分钟"


def test_the_daily_backup_is_made_though_there_is_one_of_the_future(store_url, tmp_path):
    with at_work(tmp_path / "desk", store_url, live=False) as office:
        assert backing_up.make(office.desk, NOW + FAR) is not None
        assert backing_up.due(office.desk, NOW) is not None


def test_the_clockwork_goes_on_by_the_time_that_passes(store_url, tmp_path):
    """Its timers once waited until the clock had come back to where it was."""
    with at_work(tmp_path / "desk", store_url, live=False) as office:
        clock = [NOW + FAR]
        work = Embedded(office.desk, lambda: clock[0])
        work.start()
        try:
            wait_for(lambda: office.desk.pulse.steps.get("seal"))
            clock[0] = NOW
            before = office.desk.pulse.steps["seal"][0]
            wait_for(lambda: office.desk.pulse.steps["seal"][0] >= before + 2)
            assert {one.at for one in office.desk.store.beats.listing()} == {NOW}
        finally:
            work.stop()


def wait_for(done) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_limits_and_pages_are_of_shanghai_whatever_zone_the_machine_is_set_to(tmp_path):
    program = Path(__file__).with_name("zone.py")
    root = str(Path(__file__).parents[2])
    told = []
    for number, zone in enumerate(WORLD):
        mine = {
            name: value
            for name, value in os.environ.items()
            if name != "TZ" and not name.startswith("HUANYU")
        }
        mine |= {"PYTHONPATH": root, "PYTHONUTF8": "1"} | ({"TZ": zone} if zone else {})
        folder = tmp_path / str(number)
        done = subprocess.run(
            [sys.executable, str(program), str(folder)], env=mine, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    assert len(set(told)) == 1
    assert "8:00:00" in told[0] and "+08:00" in told[0]
