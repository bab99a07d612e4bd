"""Who else is at a page: seen by whoever may see what stands on it, told in one sentence each.

A sign of life is no use of the desk: it neither prolongs a session nor leaves a line in the trail.
"""

from __future__ import annotations

import re
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import permits
from flow.desk import Desk
from huanyu.errors import NotFound
from huanyu.store import Beside
from huanyu.types import User

KEPT: Final = timedelta(minutes=5)  #: a page that says nothing is taken for closed
FRESH: Final = timedelta(seconds=60)  #: three signs of life in a row are missing
PAGE: Final = re.compile(r"(case|message)-([0-9]{1,9})|bulletin-([\w-]{1,60})/[^\x00-\x1f]{1,120}")


def of_case(case_id: int) -> str:
    """The name of a case's page."""
    return f"case-{case_id}"


def of_message(message_id: int) -> str:
    """The name of a text's page."""
    return f"message-{message_id}"


def of_bulletin(key: tuple[str, str]) -> str:
    """The name of a proof's page, by the key of its issue."""
    return f"bulletin-{key[0]}/{key[1]}"


def demand(desk: Desk, user: User, page: str) -> None:
    """Raise NotFound for no such page, NotAllowed where this person may not see it."""
    found = PAGE.fullmatch(page)
    if found is None:
        raise NotFound("没有这个页面")
    kind, number, series = found.groups()
    if series:
        permits.demand(user, "issue_bulletins")
        if desk.bureau.series(series) is None:
            raise NotFound("没有这个页面")
        return
    message = desk.store.outbox.get(int(number)) if kind == "message" else None
    case_id = message.case_id if message is not None else int(number)
    case = desk.store.cases.get(case_id) if case_id is not None else None
    if message is not None:
        permits.demand_message(user, case)
    elif case is not None:
        permits.demand_case(user, case)


def others(desk: Desk, user: User, page: str, now: datetime) -> list[Beside]:
    """Who else is at the page; the caller has asked `demand`, or shows the page itself."""
    return desk.store.presence.beside(page, user.id, now - KEPT)


def beat(desk: Desk, user: User, page: str, editing: bool, opened_at: datetime, now: datetime) -> None:
    """The page opened then is still open; a browser whose clock is ahead opened it now."""
    desk.store.presence.beat(page, user.id, editing, min(opened_at, now), now, now - KEPT)


def told(one: Beside, now: datetime) -> str:
    """What a colleague is told: 王丽 正在编辑."""
    minutes = int((now - one.beat_at).total_seconds()) // 60
    if now - one.beat_at < FRESH:
        return f"{one.name} {'正在编辑' if one.editing else '也打开着这一页'}"
    return f"{one.name} {minutes} 分钟前{'在编辑' if one.editing else '打开'}"
