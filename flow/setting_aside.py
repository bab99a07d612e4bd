"""Rows that nobody can read: noted once by table and number, shown to whoever tends the desk, forgotten once mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

import cases.lifecycle
from flow import settings_read
from flow.desk import Desk
from flow.settings_read import Fault
from huanyu.clock import local
from huanyu.clock import utc
from huanyu.store.broken import BrokenRow

SETTINGS: Final = "settings"
PREFIX: Final = "aside/"  #: settings: aside/TABLE/NUMBER = since when and why, "" once it could be read again
SETTLED: Final = timedelta(minutes=10)  # another process may have found what is wrong with it
#: What the rows of a table are called.
CALLED: Final = MappingProxyType(
    {
        "posts": "帖文",
        "verdicts": "研判",
        "cases": "办件",
        "clocks": "时限",
        "cards": "催办卡",
        "assignments": "转办",
        "outbox": "待发消息",
    }
)
#: What is wrong with it, by the name of the error.
WHY: Final = MappingProxyType(
    {"KeyError": "有不认识的词", "JSONDecodeError": "内容不完整", "ValueError": "日期或内容不对"}
)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that waits for somebody to mend it."""

    row: BrokenRow
    since: datetime | None  #: None where the note of it is broken itself
    words: str = ""  #: what is to be said instead of the table and the number

    @property
    def told(self) -> str:
        """In Chinese, by what the table's rows are called."""
        if self.words:
            return self.words
        name, why = CALLED.get(self.row.table, self.row.table), WHY.get(self.row.why, "内容读不出")
        found = f"{local(self.since):%m-%d %H:%M} 发现" if self.since else "何时发现读不出"
        return f"{name} {self.row.number} 号（{self.row.table}）：{why}，{found}"


def note(desk: Desk, now: datetime) -> int:
    """Keep what this process has set aside, let go what reads again; returns how many of both."""
    found = {(one.table, one.number): one for one in desk.store.shelf.listing()}
    desk.store.shelf.settings({one.name: one.why for one in settings_read.faults(desk)})
    known = {(one.row.table, one.row.number): one for one in _noted(desk)}
    new = [one for key, one in found.items() if key not in known]
    for one in new:
        desk.store.settings.put(_name(one), f"{now.isoformat()} {one.why}", now)
    least = SETTLED if desk.config.settings.engine == "jobs" else timedelta()
    left = [one for key, one in known.items() if key not in found and _age(one, now) >= least]
    mended = [one.row for one in left if desk.store.shelf.reads(one.row.table, one.row.number)]
    for row in mended:
        desk.store.settings.put(_name(row), "", now)
    return len(new) + len(mended)


def listing(desk: Desk) -> list[SetAside]:
    """What is set aside, by table and number, and the settings that cannot be read."""
    broken = settings_read.faults(desk)
    return [*_noted(desk), *(SetAside(BrokenRow(SETTINGS, 0, one.why), None, _told(one)) for one in broken)]


def warnings(desk: Desk) -> Iterator[str]:
    """What is to be said of it in Chinese, with what is in a state that no queue asks for."""
    known = listing(desk)
    yield from (one.told for one in known)
    told = {(one.row.table, one.row.number) for one in known}
    for row in desk.store.shelf.strangers(cases.lifecycle.LABEL):
        if (row.table, row.number) not in told:
            yield f"{CALLED[row.table]} {row.number} 号（{row.table}）：状态是不认识的词，没有一步会办它"


def _noted(desk: Desk) -> list[SetAside]:
    kept = desk.store.settings.starting(PREFIX)
    found = [one for name, value in kept.items() if value and (one := _read(name, value))]
    return sorted(found, key=lambda one: one.row)


def _age(one: SetAside, now: datetime) -> timedelta:
    return timedelta.max if one.since is None else abs(now - one.since)


def _told(fault: Fault) -> str:
    return f"设置 {fault.name}（{SETTINGS}）：{fault.told}"


def _name(row: BrokenRow) -> str:
    return f"{PREFIX}{row.table}/{row.number}"


def _read(name: str, value: str) -> SetAside | None:
    """None where the name is of no row there could be."""
    table, _, number = name.removeprefix(PREFIX).partition("/")
    if table not in CALLED or not number.isdecimal():
        return None
    since, _, why = value.partition(" ")
    return SetAside(BrokenRow(table, int(number), why), _moment(since))


def _moment(told: str) -> datetime | None:
    try:
        return utc(datetime.fromisoformat(told))
    except ValueError:
        return None
