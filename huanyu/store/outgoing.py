"""Puts messages into the outbox inside a transaction that may write other things too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import Update
from sqlalchemy import bindparam
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.broken import Kind
from huanyu.store.broken import readable
from huanyu.store.rows import nouns
from huanyu.store.session import insert_new
from huanyu.store.states import AT_WORK
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import outbox_texts
from huanyu.types import Draft
from huanyu.types import Message
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
_MESSAGES = Kind("outbox", outbox.c.id, select(outbox))
FIRST = 1  # version of a text nobody has edited yet
_TOLD = tuple(field.name for field in fields(Draft))
_TEXT = insert(outbox_texts)
_OF_CASE = update(cases).where(cases.c.id == bindparam("case"))
_COUNTED = _OF_CASE.values(notices=cases.c.notices + 1).returning(cases.c.notices)
_COUNT = _OF_CASE.values(notices=cases.c.notices + bindparam("more"))


def _cancel(kept: tuple[str, ...]) -> Update:
    """Of a case the replies not yet out, those of the stages `kept` aside."""
    waiting = (
        outbox.c.case_id == bindparam("case"),
        outbox.c.purpose == "reply",
        outbox.c.state.in_((*WAITING, MessageState.HANDED)),
        outbox.c.stage.not_in(kept),
    )
    values: dict[str, Any] = {"state": MessageState.CANCELLED, "note": bindparam("because")}
    values |= {"approved_version": None}
    return update(outbox).where(*waiting).values(**values)


_CANCEL, _CANCEL_REPLIES = _cancel(CORRECTING), _cancel(CORRECTING + FIXED)


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
    values = _row(draft, key, state, author, now, turn)
    found = tx.execute(insert_new(tx, outbox).returning(outbox.c.id), values).scalar()
    if found is not None:
        keep_text(tx, found, FIRST, draft.text, author, now)
    return found


def _row(
    draft: Draft, key: str, state: MessageState, author: str, now: datetime, turn: int
) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _TOLD} | {
        "key": key,
        "state": state,
        "round": turn,
        "author": author,
        "created_at": now,
        "due_at": now,
        "version": FIRST,
        "approved_version": FIRST if state is MessageState.APPROVED else None,
    }


def put_notice(tx: Connection, case_id: int, draft: Draft | None, author: str, now: datetime) -> int | None:
    """Add the case's next notice, to go out at once under the standing rule."""
    if draft is None:
        return None
    number = tx.execute(_COUNTED, {"case": case_id}).scalar_one()
    return put(tx, draft, f"notice:{case_id}:{number}", MessageState.APPROVED, author, now)


def put_notices(tx: Connection, drafts: Iterable[tuple[int, Draft]], author: str, now: datetime) -> None:
    """Add the next notices of many cases, (case, notice) each, as `put_notice` does with one."""
    told: dict[int, list[Draft]] = defaultdict(list)
    for case_id, draft in drafts:
        told[case_id].append(draft)
    if not told:
        return
    tx.execute(_COUNT, [{"case": one, "more": len(theirs)} for one, theirs in sorted(told.items())])
    counted = select(cases.c.id, cases.c.notices).where(cases.c.id.in_(told))
    named = {
        f"notice:{row.id}:{row.notices - place}": draft
        for row in tx.execute(counted)
        for place, draft in enumerate(reversed(told[row.id]))
    }
    rows = [_row(draft, key, MessageState.APPROVED, author, now, 0) for key, draft in named.items()]
    put_in = insert_new(tx, outbox).returning(outbox.c.id, outbox.c.key)
    texts = [
        {"message_id": row.id, "version": FIRST, "text": named[row.key].text, "author": author, "at": now}
        for row in tx.execute(put_in, rows)
    ]
    tx.execute(_TEXT, texts)


def withdraw(tx: Connection, case_id: int, note: str, to: str = "") -> None:
    """Cancel every reply of a case that is not out or on its way: the case has moved on without them.

    Corrections stay, whatever becomes of the case; so does 已受理 or 已转办 while its unit is at work (`to`).
    """
    cancel = _CANCEL_REPLIES if to in AT_WORK else _CANCEL
    tx.execute(cancel, {"case": case_id, "because": note})


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
    written = {"message_id": message_id, "version": version, "text": text, "author": author, "at": now}
    tx.execute(_TEXT, written)


def label(channel: str) -> str:
    """What people call the channel."""
    return LABEL.get(channel, channel)


def messages(tx: Connection, query: Select[Any]) -> list[Message]:
    """The messages of a queue or list, without those that are broken, which are set aside."""
    return readable(tx, _MESSAGES, query, lambda some: [*nouns(Message, tx.execute(some).mappings())])
