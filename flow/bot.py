"""The bot at work: every update is heard once, acted on with the person's own rights, then answered.

What was heard and what was done about it are one transaction; an answer that does not arrive undoes nothing. What cannot
be understood is kept among the bad items, and what Telegram will not take yet is said later (`bot_answers`).
"""

from __future__ import annotations

from datetime import datetime

import structlog

from flow import bot_acts
from flow import bot_answers
from flow import talking
from flow.bot_acts import Answer
from flow.chat_notices import owner
from flow.desk import Desk
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.types import Reject
from huanyu.types import Spoken
from publisher.channels.telegram_bot import PLATFORM
from publisher.channels.telegram_bot import UNREADABLE
from publisher.channels.telegram_bot import TelegramBot
from publisher.channels.telegram_bot import Update

log = structlog.get_logger()

SOURCE = "Telegram 机器人"  #: under which what could not be read is listed
CITIZEN = frozenset({"text", "picture", "sound", "place", "other"})


def open_bot(desk: Desk) -> TelegramBot | None:
    """The bot of talk.toml; None where there is none, or none that may be used yet."""
    account = desk.bureau.account(desk.bureau.talk.telegram)
    if account is None or not account.enabled or not account.verified:
        return None
    token = desk.config.secret(account.secret)
    return TelegramBot(account, token) if token else None


def attend(desk: Desk, now: datetime, after: int = 0) -> int:
    """Wait for news and act on it; returns the number of the last update, to be handed in the next time.

    Whoever begins hands in 0: Telegram still has what no call has confirmed, in whatever order, and what was heard
    is known. Raises ChannelError where Telegram is away.
    """
    desk.take_in()
    bot, account = open_bot(desk), desk.bureau.talk.telegram
    if bot is None:
        return after
    bot_answers.pay(desk, bot, account, now)
    came = bot.updates(after, desk.bureau.talk.poll_seconds)
    for one in came:
        handle(desk, bot, account, one, now)
    return max([after, *(one.id for one in came)])


def handle(desk: Desk, bot: TelegramBot, account: str, one: Update, now: datetime) -> bool:
    """One update; whether it was new. A button pressed once more is answered with how things stand."""
    if one.kind == UNREADABLE:
        return _set_aside(desk, account, one, "Telegram 发来的更新读不懂", now)
    try:
        new, answers = _decided(desk, account, one, now)
    except StoreAway:  # it comes again
        raise
    except Exception:  # one update that cannot be understood holds up nobody else
        log.exception("bot_update_failed", update=one.id)
        return _set_aside(desk, account, one, "处理这条 Telegram 更新时出错", now)
    for answer in answers:
        bot_answers.say(desk, bot, account, one, answer, now)
    return new


def _set_aside(desk: Desk, account: str, one: Update, reason: str, now: datetime) -> bool:
    """Keep what could not be dealt with among the bad items, sealed; raises where even that fails: it comes again."""
    bad = Reject(source=SOURCE, where=f"{account} #{one.id}", reason=reason, payload=one.raw, at=now)
    with desk.store.together():
        new = desk.store.chats.heard(account, one.id, now) if one.id else True
        if new:
            desk.store.posts.add_rejects([bad], now=now)
    return new


def _decided(desk: Desk, account: str, one: Update, now: datetime) -> tuple[bool, list[Answer]]:
    with desk.store.together():
        if not desk.store.chats.heard(account, one.id, now):
            return False, _once_more(desk, account, one, now)
        try:
            with desk.store.together():
                return True, _answers(desk, account, one, now)
        except StoreAway:
            raise
        except HuanyuError as problem:
            return True, [Answer(str(problem.args[0]), alert=True), *_once_more(desk, account, one, now)]


def _answers(desk: Desk, account: str, one: Update, now: datetime) -> list[Answer]:
    """What is done and said about an update."""
    chat = desk.store.chats.of_chat(account, one.chat) if one.kind else None
    user = owner(desk, chat, now) if chat is not None else None
    if chat is not None and user is not None:
        return bot_acts.of_colleague(desk, user, chat, one, now)
    if one.kind == "text" and (code := bot_acts.code_in(one.text)):
        return bot_acts.bind(desk, account, one.chat, code, now)
    if not desk.bureau.talk.citizen_intake or one.kind not in CITIZEN:
        return [Answer(bot_acts.STRANGER)] if one.kind in {"text", "press"} else []
    return _citizen(desk, account, one, now)


def _citizen(desk: Desk, account: str, one: Update, now: datetime) -> list[Answer]:
    """A report of somebody who is no colleague, or how far theirs is: approved texts alone."""
    is_start = one.text.strip().casefold() == "/start"
    said = Spoken(
        platform=PLATFORM,
        account=account,
        sender=one.chat,
        mark=str(one.id),
        kind="event" if is_start else one.kind,
        text="/start" if is_start else one.text,
        media_id=one.media_id,
        at=now,
    )
    told = talking.hear(desk, said, now)
    return [Answer(told)] if told else []


def _once_more(desk: Desk, account: str, one: Update, now: datetime) -> list[Answer]:
    """How the matter of a button stands, for whoever presses it again or was refused."""
    chat = desk.store.chats.of_chat(account, one.chat) if one.kind == "press" else None
    user = owner(desk, chat, now) if chat is not None else None
    return bot_acts.shown(desk, user, one.data) if user is not None else []
