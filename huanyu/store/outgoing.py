"""Puts messages into the outbox inside a transaction that may write other things too."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.session import insert_new
from huanyu.store.states import AT_WORK
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import outbox_texts
from huanyu.types import Draft
from huanyu.types import MessageState

LABEL = {
    "site": "网站",
    "weibo": "微博",
    "wechat": "微信",
    "telegram": "Telegram",
    "mail": "邮件",
    "discuz": "论坛",
    "export": "报台供稿",
    "chat": "工作群",
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
}

WAITING = (
    MessageState.DRAFT,
    MessageState.RETURNED,
    MessageState.APPROVED,
    MessageState.REHEARSED,
    MessageState.REFUSED,
)
CORRECTING = ("correction", "withdrawal")  # stages
FIXED = ("accepted", "forwarded")
FIRST = 1  # version of a text nobody has edited yet


def put(
    tx: Connection,
    draft: Draft,
    key: str,
    state: MessageState,
    author: str,
    now: datetime,
    turn: int = 0,
) -> int | None:
    """Add a message; None when one with this key is there already."""
    values = {field.name: getattr(draft, field.name) for field in fields(Draft)} | {
        "key": key,
        "state": state,
        "round": turn,
        "author": author,
        "created_at": now,
        "due_at": now,
        "version": FIRST,
        "approved_version": FIRST if state is MessageState.APPROVED else None,
    }
    found = tx.execute(insert_new(tx, outbox).values(**values).returning(outbox.c.id)).scalar()
    if found is not None:
        keep_text(tx, found, FIRST, draft.text, author, now)
    return found


def put_notice(tx: Connection, case_id: int, draft: Draft | None, author: str, now: datetime) -> int | None:
    """Add the case's next notice, to go out at once under the standing rule."""
    if draft is None:
        return None
    count = cases.c.notices + 1
    tx.execute(update(cases).where(cases.c.id == case_id).values(notices=count))
    number = tx.execute(select(cases.c.notices).where(cases.c.id == case_id)).scalar_one()
    return put(tx, draft, f"notice:{case_id}:{number}", MessageState.APPROVED, author, now)


def withdraw(tx: Connection, case_id: int, note: str, to: str = "") -> None:
    """Cancel every reply of a case that is not out or on its way: the case has moved on without them.

    Corrections stay, whatever becomes of the case; so does 已受理 or 已转办 while its unit is at work (`to`).
    """
    waiting = (
        outbox.c.case_id == case_id,
        outbox.c.purpose == "reply",
        outbox.c.state.in_((*WAITING, MessageState.HANDED)),
        outbox.c.stage.not_in(CORRECTING + (FIXED if to in AT_WORK else ())),
    )
    values = {"state": MessageState.CANCELLED, "note": note, "approved_version": None}
    tx.execute(update(outbox).where(*waiting).values(**values))


def stop(tx: Connection, row: Row[Any], for_good: bool, note: str, now: datetime) -> None:
    """Keep a message in that has not left: for good, or until it is written anew and agreed to by everybody."""
    version = row.version + 1
    values: dict[str, Any] = {"state": MessageState.CANCELLED, "note": note, "approved_version": None}
    if not for_good:
        values |= {"state": MessageState.DRAFT, "version": version}
        keep_text(tx, row.id, version, row.text, row.author, now)
    tx.execute(update(outbox).where(outbox.c.id == row.id).values(**values))


def stop_fixed_texts(tx: Connection, case_id: int, note: str) -> list[int]:
    """What a standing rule let out and has not left yet stays in: a person answers."""
    waiting = (
        outbox.c.case_id == case_id,
        outbox.c.rule_id.is_not(None),
        outbox.c.state.in_((*WAITING, MessageState.HANDED)),
    )
    values = {"state": MessageState.CANCELLED, "note": note, "approved_version": None}
    stopped = update(outbox).where(*waiting).values(**values).returning(outbox.c.id)
    return list(tx.execute(stopped).scalars())


def recall(tx: Connection, case_id: int, note: str) -> None:
    """Cancel the slips of a case that have not left yet: its unit need not act on them."""
    waiting = (
        outbox.c.case_id == case_id,
        outbox.c.purpose == "notice",
        outbox.c.state == MessageState.APPROVED,
    )
    values = {"state": MessageState.CANCELLED, "note": note, "approved_version": None}
    tx.execute(update(outbox).where(*waiting).values(**values))


def keep_text(tx: Connection, message_id: int, version: int, text: str, author: str, now: datetime) -> None:
    """Keep this version of the text: who wrote what is part of 三审三校."""
    tx.execute(
        insert(outbox_texts).values(message_id=message_id, version=version, text=text, author=author, at=now)
    )


def label(channel: str) -> str:
    """What people call the channel."""
    return LABEL.get(channel, channel)
