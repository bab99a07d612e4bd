"""What somebody says to one of our accounts is kept, once, and answered with an approved text or not at all.

Nothing is read, judged or fetched here: the platform waits for the answer. What becomes of it is `talk_items`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

import structlog

from flow.desk import Desk
from huanyu.clock import local
from huanyu.store.talks import LOOKUP
from huanyu.store.talks import Bounds
from huanyu.talk_rows import TalkTable
from huanyu.types import Case
from huanyu.types import Event
from huanyu.types import Spoken
from huanyu.types import Talk

log = structlog.get_logger()

LOOK: Final = re.compile(r"(?:查询|进度)?[\s,，:：]*(W[0-9]{6}-[0-9]{5,})[\s,，:：]+([A-Z2-7]{8})", re.ASCII)
ASKS: Final = re.compile(r"(?:查询|进度|帮助|HELP|/HELP|/START)[。.!！?？]*")
BEGUN: Final = frozenset({"subscribe", "/start"})
#: What a reporter is told of a case's state; how far it is and no more.
STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pending": "已收到，待受理",
        "accepted": "已受理",
        "assigned": "已转承办单位",
        "returned": "已受理，正在确定承办单位",
        "paused": "办理中，因客观原因暂停",
        "answered": "已答复",
        "interim": "阶段性办结",
        "visited": "已回访",
        "closed": "已办结",
        "refused": "不予受理",
        "transferred": "已移送有关部门",
        "joined": "与其他反映并案办理",
    }
)
AT_WORK: Final = "办理中"
WAITING: Final = "已收到"
KEPT: Final = "已收到，没有立为办件"


def hear(desk: Desk, said: Spoken, now: datetime) -> str:
    """Keep a message; returns the approved text that answers it, "" for silence. Raises NotKnown for a replay."""
    table, day = desk.bureau.talk, local(now).date()
    asked = LOOK.fullmatch(_plain(said.text)) if said.kind == "text" else None
    if asked is not None:
        said = replace(said, kind=LOOKUP, text="")
    elif said.kind == "text" and ASKS.fullmatch(_plain(said.text)):
        said = replace(said, kind="help")
    heard = desk.store.talks.hear(said, bounds(table), now)
    log.info("talk_heard", platform=said.platform, account=said.account, kind=said.kind, result=heard.result)
    if heard.result == "known":
        return ""
    if heard.result == "slow":
        return table.said("slow", day)
    if asked is not None:
        return progress(desk, asked[1], asked[2], now)
    if heard.talk is None:
        return _unkept(table, said, now)
    number = desk.store.talks.number(heard.talk)
    if heard.result == "added":
        return table.said("added", day, number=number)
    return table.said("received", day, number=number, code=desk.store.talks.code(heard.talk))


def progress(desk: Desk, number: str, code: str, now: datetime) -> str:
    """How far it is; the same words for a wrong code as for a number that there is not."""
    table, day = desk.bureau.talk, local(now).date()
    talk = desk.store.talks.find(number, code)
    if talk is None:
        return table.said("unknown", day)
    case = None if talk.case_id is None else desk.store.cases.get(talk.case_id)
    return told_progress(table, number, talk, case, desk.store.cases.history(case.id) if case else (), day)


def told_progress(
    table: TalkTable, number: str, talk: Talk, case: Case | None, history: Iterable[Event], on: date
) -> str:
    """The approved text of how far it is: number, stage and day, nothing else of the case."""
    stage, at = _stage(talk, case, history)
    return table.said("progress", on, number=number, stage=stage, day=_day(at))


def bounds(table: TalkTable) -> Bounds:
    """How much is taken, by the table."""
    return Bounds(
        gather=timedelta(minutes=table.gather_minutes),
        longest=timedelta(minutes=table.longest_minutes),
        messages=table.messages_per_hour,
        lookups=table.lookups_per_hour,
        waiting=table.most_waiting,
    )


def _stage(talk: Talk, case: Case | None, history: Iterable[Event]) -> tuple[str, datetime]:
    """The stage and since when."""
    if talk.look_at is not None:
        return WAITING, talk.begun_at
    if case is None:
        return KEPT, talk.last_at
    last = [event.at for event in history if event.state == case.state]
    return STAGES.get(case.state, AT_WORK), last[0] if last else case.opened_at


def _unkept(table: TalkTable, said: Spoken, now: datetime) -> str:
    """The answer to what becomes no item: a new follower, a question for help, a film."""
    day = local(now).date()
    if said.kind == "event":
        return table.said("welcome", day) if said.text in BEGUN else ""
    if said.kind == "help":
        return table.said("help", day)
    return table.said("not_taken", day) if said.kind == "other" else ""


def _day(at: datetime) -> str:
    day = local(at)
    return f"{day.year}年{day.month}月{day.day}日"


def _plain(text: str) -> str:
    """Full-width letters and small ones are what thumbs type."""
    return unicodedata.normalize("NFKC", text).strip().upper()
