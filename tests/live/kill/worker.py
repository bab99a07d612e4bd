"""The program that gets killed: one desk's working day, each step by name, in a process of its own.

It is forked from a server that has imported everything, so that dozens of lives fit into a test. Only in the
process that runs it, the database engine is listened to: the Nth statement or commit of a step is its last.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import event

from flow import cycle
from flow import doubts
from flow import findings
from flow import intake
from flow import life
from flow import switches
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import MessageState
from huanyu.types import User
from tests.agreed import sign_off
from tests.flow.office import ELSEWHERE
from tests.flow.office import MANY
from tests.flow.office import MORNING
from tests.flow.office import NOW
from tests.flow.office import PAINT
from tests.flow.office import TEXTS
from tests.flow.office import colleague
from tests.flow.office import found
from tests.flow.office import opened
from tests.flow.office import raw
from tests.flow.office import reader

FILE = "12345.csv"
REPORTED = 2  # cases whose units report the same day


def step(name: str) -> Callable[[Desk], object]:
    return lambda desk: cycle.run(desk, name, MORNING if name == "bulletin" else NOW)


def hand_in(desk: Desk) -> None:
    """A file of the hotline is imported, and two posts come in from a crawl."""
    folder = desk.config.home
    source = desk.bureau.source("hotline-12345")
    assert source is not None
    intake.import_file(desk, folder / FILE, source, NOW)
    desk.store.posts.add([raw(0, PAINT), raw(1, TEXTS[1])], now=NOW)


def restart(desk: Desk) -> None:
    """What `up` does first: whatever was in flight may be out."""
    doubts.sweep(desk, NOW)


def report(desk: Desk) -> None:
    """Two units sign what they got and report on it."""
    for case in in_state(desk, "assigned"):
        life.sign(desk, handler(desk, case.unit), case.id, case.version, NOW)
    for case in in_state(desk, "signed"):
        told = ELSEWHERE if case.id % 2 else {}
        result = found(NOW, **told)
        findings.record_result(desk, handler(desk, case.unit), case.id, case.version, result, NOW)


def approve(desk: Desk) -> None:
    """Two people read every draft."""
    people = (colleague(desk, "press", "press"), colleague(desk, "reviewer", "reviewer"))
    for message in desk.store.outbox.listing(states=(MessageState.DRAFT,), limit=MANY):
        sign_off(desk, people, message, NOW)


def sign(desk: Desk) -> None:
    """Two people sign for live mode, unless they have."""
    signed = {one.actor for one in switches.signatures(desk)}
    for name in sorted({"leader", "admin"} - signed):
        switches.sign_live(desk, colleague(desk, name, name), NOW)


def in_state(desk: Desk, state: str) -> list[Case]:
    return [case for case in desk.store.cases.listing(states=(state,), limit=MANY) if case.id <= REPORTED]


def handler(desk: Desk, unit: str) -> User:
    return colleague(desk, unit, "handler", unit)


#: The day in order; every entry may be run again.
DAY: dict[str, Callable[[Desk], object]] = {
    "sign": sign,
    "restart": restart,
    "read_back": step("read_back"),
    "hand_in": hand_in,
    "understand": step("understand"),
    "open": step("open"),
    "route": step("route"),
    "notify": step("deliver"),
    "report": report,
    "draft": step("draft"),
    "approve": approve,
    "deliver": step("deliver"),
    "seal": step("seal"),
    "bulletin": step("bulletin"),
}


def live(
    settings: Path, until: str, last: tuple[str, ...] = (), at: int = 0, counted: Path | None = None
) -> None:
    """Work through the day as far as `until`; die before statement `at` of the steps `last`, or count them all."""
    desk = opened(settings)
    seen = dict.fromkeys(DAY, 0)
    now_in = ""

    def count(*_: object) -> None:
        seen[now_in] = seen.get(now_in, 0) + 1
        if now_in in last and sum(seen[name] for name in last) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    for now_in, work in DAY.items():
        work(desk)
        if now_in == until:
            break
    if counted is not None:
        counted.write_text("\n".join(f"{name} {number}" for name, number in seen.items()))
    desk.close()


reader().read(["预先载入模型"])
