"""Who else is at a page: seen by whoever may see what stands on it, told in one sentence each.

A sign of life is no use of the desk: it neither prolongs a session nor leaves a line in the trail.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow import permits
from flow.desk import Desk
from huanyu.errors import NotFound
from huanyu.store import Beside
from huanyu.store import Sign
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


def others(desk: Desk, user: User, page: str, now: datetime, heard: Collection[Sign] = ()) -> list[Beside]:
    """Who else is at the page; the caller has asked `demand`, or shows the page itself.

    `heard`: signs that are not, or only just, in the table.
    """
    over = now - KEPT
    found = desk.store.presence.beside(page, user.id, over)
    return with_heard(found, [one for one in heard if one.user_id != user.id and one.beat_at > over])


def with_heard(found: Collection[Beside], heard: Collection[Sign]) -> list[Beside]:
    """What is known of a page, and the last word of each person on top of it; whoever came first first."""
    known = {one.user_id: one for one in found}
    for one in heard:
        if not one.gone:
            known[one.user_id] = _beside(one)
        elif one.user_id in known and known[one.user_id].opened_at <= one.opened_at:
            del known[one.user_id]
    return sorted(known.values(), key=lambda one: (one.opened_at, one.user_id))


def _beside(one: Sign) -> Beside:
    return Beside(
        user_id=one.user_id,
        name=one.name,
        editing=one.editing,
        opened_at=one.opened_at,
        beat_at=one.beat_at,
    )


def sign(
    user: User, page: str, opened_at: datetime, now: datetime, *, editing: bool = False, gone: bool = False
) -> Sign:
    """The page opened then is still open, or closed; a browser whose clock is ahead opened it now."""
    return Sign(
        page=page,
        user_id=user.id,
        name=user.full_name,
        editing=editing,
        opened_at=min(opened_at, now),
        beat_at=now,
        gone=gone,
    )


def note(desk: Desk, signs: Collection[Sign], now: datetime) -> None:
    """Keep the last word of each page and person, and forget what has fallen silent."""
    desk.store.presence.note(signs, now - KEPT)


def told(one: Beside, now: datetime) -> str:
    """What a colleague is told: 王丽 正在编辑."""
    minutes = int((now - one.beat_at).total_seconds()) // 60
    if now - one.beat_at < FRESH:
        return f"{one.name} {'正在编辑' if one.editing else '也打开着这一页'}"
    return f"{one.name} {minutes} 分钟前{'在编辑' if one.editing else '打开'}"
