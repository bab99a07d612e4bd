"""What the bot says, now or when Telegram lets it: each answer once, kept sealed while it waits, the latest of a message.

An answer that was cut off may have arrived and is not said again; one that nobody waits for any more is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

import structlog

from flow.bot_acts import Answer
from flow.desk import Desk
from huanyu.errors import ChannelError
from huanyu.errors import Unavailable
from publisher.channels.telegram_bot import TelegramBot
from publisher.channels.telegram_bot import Update
from publisher.channels.telegram_keys import Key

log = structlog.get_logger()

WAIT: Final = timedelta(seconds=30)  # where Telegram does not say how long
WORTH: Final = timedelta(days=1)  # an answer after that answers nothing


def say(desk: Desk, bot: TelegramBot, account: str, one: Update, answer: Answer, now: datetime) -> None:
    """Say it, or keep it for later; an answer that does not arrive is no reason to act again."""
    if answer.alert and one.press_id and _alerted(bot, one, answer):
        return
    changes = answer.changes and one.message_id
    body = {
        "chat": one.chat,
        "message": one.message_id if changes else 0,
        "text": answer.text,
        "keys": [[[key.label, key.data, key.url] for key in row] for row in answer.keys],
        "asks": answer.asks,
        "until": (now + WORTH).isoformat(),
    }
    mark = f"change/{one.chat}/{one.message_id}" if changes else f"say/{one.id}/{answer.text}"
    if changes:
        desk.store.answers.void(
            account, mark, now
        )  # an older shape of the message must not come after this one
    _out(desk, bot, account, mark, body, now)


def pay(desk: Desk, bot: TelegramBot, account: str, now: datetime) -> int:
    """Say what was owed and is due; returns how many answers were taken up."""
    taken = 0
    for answer_id in desk.store.answers.due(account, now):
        owed = desk.store.answers.take(answer_id, now)
        if owed is None or datetime.fromisoformat(owed.body["until"]) < now:
            continue
        taken += 1
        if not _out(desk, bot, account, owed.body.get("mark", ""), owed.body, now):
            break  # the limit is the bot's, not the chat's: the others wait, too
    return taken


def _alerted(bot: TelegramBot, one: Update, answer: Answer) -> bool:
    """The word after a press; False where it is worth saying as a message instead."""
    try:
        bot.answer(one.press_id, answer.text)
    except Unavailable:
        return False
    except ChannelError as problem:
        log.warning("bot_not_answered", update=one.id, why=str(problem.args[0]))
    return True


def _out(
    desk: Desk, bot: TelegramBot, account: str, mark: str, body: Mapping[str, Any], now: datetime
) -> bool:
    """Whether it went out, or never will; False where it is owed from now on."""
    keys = [[Key(*key) for key in row] for row in body["keys"]]
    try:
        if body["message"]:
            bot.change(body["chat"], body["message"], body["text"], keys)
        else:
            bot.say(body["chat"], body["text"], keys, asks=body["asks"])
    except Unavailable as problem:
        due = now + (timedelta(seconds=problem.retry_after) if problem.retry_after else WAIT)
        desk.store.answers.owe(account, mark, {**body, "mark": mark}, due, now)
        log.info("bot_answer_owed", account=account, due=due.isoformat())
        return False
    except ChannelError as problem:
        log.warning("bot_not_answered", account=account, why=str(problem.args[0]))
    return True
