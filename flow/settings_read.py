"""Settings whose values cannot be read: what holds instead, and what to do; nothing of a value is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Final

import flow.alarms
import flow.intake
from flow.desk import Desk
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.store.samples import UNTIL
from huanyu.store.sources import PAUSED
from huanyu.store.switches import FREEZE
from huanyu.store.switches import KILL_SWITCH
from huanyu.store.switches import OFF
from huanyu.store.switches import ON


@dataclass(frozen=True, slots=True)
class Kept:
    """Settings of one kind: the whole name, or how their names begin."""

    name: str
    reads: Callable[[str], object]  #: raises ValueError, LookupError or TypeError for a broken value
    told: str  #: in Chinese: what it is, what holds now, what to do


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One that cannot be read."""

    name: str
    why: str  #: name of the error
    told: str


def _switch(value: str) -> object:
    return {ON: True, OFF: False}[value]


def _sentence(value: str) -> object:
    told = json.loads(value)
    return told["actor"], told["reason"]


def _headings(value: str) -> object:
    return {name: tuple(words) for name, words in json.loads(value).items()}


def _episode(value: str) -> object:
    return not value or datetime.fromisoformat(value.partition(":")[2])


def _day(value: str) -> object:
    return not value or date.fromisoformat(value)


KEPT: Final = (
    Kept(
        KILL_SWITCH,
        _switch,
        "停止发布的开关读不出，按“停止”办，什么都不发；核实以后在发布页重新停止或恢复一次",
    ),
    Kept(FREEZE, _sentence, "冻结的说明读不出，按“冻结”办；核实以后解除，需要时重新冻结"),
    Kept(PAUSED, _sentence, "来源暂停的说明读不出，仍按“暂停”办；核实以后恢复，需要时重新暂停"),
    Kept(UNTIL, _day, "抽查到哪一天读不出，从已有抽样的最后一天接着抽，抽过即改好"),
    Kept(flow.intake.SETTING, _headings, "导入时选的列读不出，按来源表里的列办；下次导入时重新选一次"),
    Kept(flow.alarms.TOLD, _episode, "已告知的来源故障读不出，会再告知一次，随后改好"),
)


def faults(desk: Desk) -> list[Fault]:
    """Every one that cannot be read now, by name."""
    return sorted(fault for kept in KEPT for fault in _faults(desk, kept))


def _faults(desk: Desk, kept: Kept) -> list[Fault]:
    try:
        found = desk.store.settings.starting(kept.name)
    except StoreAway:
        raise
    except HuanyuError as problem:  # bytes that are no text: the driver gives none of these values
        return [Fault(kept.name, type(problem).__name__, kept.told)]
    return [Fault(name, why, kept.told) for name, value in found.items() if (why := _why(kept, value))]


def _why(kept: Kept, value: str) -> str:
    try:
        kept.reads(value)
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        return type(problem).__name__
    return ""
