"""Why an approved message does not leave right now: kill switch, freeze, the hour, the day, what must go first.

The page shows it and the delivery obeys it, from the same function.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import publisher.schedule
import publisher.windows
from flow import switches
from flow.desk import Desk
from huanyu.review_rows import FROZEN
from huanyu.types import Message


@dataclass(frozen=True, slots=True)
class Wait:
    """What a message waits for; `until` is None where that is up to people."""

    why: str  #: Chinese
    until: datetime | None = None


def waits(desk: Desk, message: Message, now: datetime) -> Wait | None:
    """What keeps this message back at `now`; None where it may leave."""
    if switches.is_stopped(desk):
        return Wait("已急停，所有账号停止发布")
    content_class = publisher.schedule.window_class(message)
    if not content_class:
        return None
    return _frozen(desk, content_class) or _without_line(desk, message) or _closed(desk, content_class, now)


def held_classes(desk: Desk) -> frozenset[str]:
    """Classes of which nothing is due at all now."""
    return FROZEN if switches.freeze(desk) is not None else frozenset()


def _frozen(desk: Desk, content_class: str) -> Wait | None:
    frozen = switches.freeze(desk) if content_class in FROZEN else None
    return Wait(f"突发事件冻结中（{frozen.reason}），宣传类暂停发布") if frozen else None


def _without_line(desk: Desk, message: Message) -> Wait | None:
    """An answer about an incident, or a text of it, before its 口径 is set; a correction never waits for that."""
    if message.stage in publisher.schedule.PUTS_RIGHT:
        return None
    on = [one for one in desk.store.incidents.going_on() if not one.line]
    if message.content_class == "incident":
        on = [one for one in on if one.confirmed_at]
    elif message.purpose == "reply" and message.case_id is not None and on:
        mine = desk.store.cases.get(message.case_id).incident_id
        on = [one for one in on if one.id == mine]
    else:
        return None
    return Wait(f"突发环境事件 {on[0].number} 的口径还没有定，暂不对外发布") if on else None


def _closed(desk: Desk, content_class: str, now: datetime) -> Wait | None:
    window = publisher.windows.closed(now, content_class, desk.bureau.publishing)
    if window is None:
        return None
    return Wait(window.why, publisher.windows.next_allowed(now, content_class, desk.bureau.publishing))
