"""How a colleague's chat is bound: a code from their own page, sent to the bot, good once and for minutes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Final

from flow.chat_notices import WANTS
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.types import Chat
from huanyu.types import User

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is taken for something else
LENGTH: Final = 8


@dataclass(frozen=True, slots=True)
class Code:
    """A code to be shown once."""

    text: str
    until: datetime


def is_open(desk: Desk) -> bool:
    """Whether there is a bot to be bound to."""
    return bool(desk.bureau.talk.telegram)


def new_code(desk: Desk, user: User, now: datetime) -> Code:
    """A code for this person; the one before is void. Raises BadInput where there is no bot."""
    if not is_open(desk):
        raise BadInput("还没有设置 Telegram 机器人（talk.toml 的 telegram）")
    text = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    until = now + timedelta(minutes=desk.bureau.talk.code_minutes)
    desk.store.chats.new_code(user.id, text, until, actor=user.name, now=now)
    return Code(text, until)


def bind(desk: Desk, account: str, chat_id: str, code: str, now: datetime) -> Chat:
    """Bind the chat; everything is told of until the person chooses. Raises BadInput."""
    return desk.store.chats.bind(account, chat_id, code.strip().upper(), tuple(WANTS), now)


def unbind(desk: Desk, user: User, now: datetime) -> bool:
    """End a person's binding; whether there was one."""
    return desk.store.chats.end_of(user.id, user.name, now)


def want(desk: Desk, user: User, wants: Collection[str], now: datetime) -> None:
    """What the person is told of; raises BadInput without a binding."""
    chat = desk.store.chats.of_user(user.id)
    if chat is None:
        raise BadInput("还没有绑定 Telegram")
    desk.store.chats.want(chat, [key for key in WANTS if key in wants], user.name, now)
