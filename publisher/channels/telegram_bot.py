"""A Telegram bot that is spoken to: news by long polling, short messages with buttons, files people sent to it.

Says what came in plain values and knows nobody; what is done about it is decided by others. core.telegram.org/bots/api.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import Final

from telegram import Bot
from telegram import ForceReply
from telegram import Message as Came
from telegram import Update as Told
from telegram.error import TelegramError
from telegram.warnings import PTBUserWarning

from huanyu.errors import Refused
from publisher.channels.telegram import PLAIN
from publisher.channels.telegram import SENSELESS
from publisher.channels.telegram import UNCHANGED
from publisher.channels.telegram import TelegramChannel
from publisher.channels.telegram_keys import Key
from publisher.channels.telegram_keys import markup

PLATFORM: Final = "telegram"
UNREADABLE: Final = "unreadable"
KINDS: Final = ("message", "callback_query")  # allowed_updates: nothing else is asked for
MOST: Final = 20 * 1024 * 1024  # bytes: #getfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One thing somebody did in a private chat; `kind` "" for none of our business, UNREADABLE for what is no update."""

    id: int
    kind: str = ""  #: text press picture sound place other
    chat: str = ""
    text: str = ""
    data: str = ""  #: of the button that was pressed
    press_id: str = ""
    message_id: int = 0  #: the message under which the button stands
    media_id: str = ""
    raw: bytes = b""  #: as it came, for what nobody could read


class TelegramBot(TelegramChannel):
    """One bot in its private chats; every call raises ChannelError where it fails."""

    def updates(self, after: int, wait: int) -> list[Update]:
        """What came after the update of that number, waiting so many seconds for it; tells Telegram to forget the rest."""
        asked: dict[str, Any] = {"timeout": wait, "allowed_updates": list(KINDS)}
        asked |= {"offset": after + 1} if after else {}
        return self._run(lambda bot: _came(bot, asked, self._read_timeout + wait), sends=False)

    def say(self, chat: str, text: str, keys: Sequence[Sequence[Key]] = (), asks: bool = False) -> None:
        """A message; with `asks` the person is shown a field to answer in."""
        marked = ForceReply() if asks else markup(keys)
        self._run(lambda bot: bot.send_message(chat, text, link_preview_options=PLAIN, reply_markup=marked))

    def change(self, chat: str, message_id: int, text: str, keys: Sequence[Sequence[Key]] = ()) -> None:
        """Another text and other buttons for a message of ours."""
        marked = markup(keys)
        try:
            self._run(
                lambda bot: bot.edit_message_text(
                    text, chat, message_id, link_preview_options=PLAIN, reply_markup=marked
                ),
                sends=False,
            )
        except Refused as problem:
            if UNCHANGED not in str(problem.args[0]).lower():
                raise

    def answer(self, press_id: str, text: str) -> None:
        """The word that follows the press of a button."""
        self._run(lambda bot: bot.answer_callback_query(press_id, text=text[:190]), sends=False)

    def fetch(self, media_id: str) -> bytes:
        """The bytes of a file; raises Refused where it is too large or gone."""
        return self._run(lambda bot: _fetched(bot, media_id), sends=False)


async def _came(bot: Bot, asked: Mapping[str, Any], longest: float) -> list[Update]:
    """The updates one by one: get_updates would read them all at once, and one it cannot read hides the others."""
    warnings.simplefilter("ignore", PTBUserWarning)  # which says that get_updates is there, too
    told: object = await bot.do_api_request("getUpdates", api_kwargs=dict(asked), read_timeout=longest)
    if not isinstance(told, list):
        raise ValueError("no list of updates")
    return [_understood(bot, one) for one in told]


def _understood(bot: Bot, told: object) -> Update:
    """One update; what Telegram's library cannot read is handed on as it came."""
    raw = json.dumps(told, ensure_ascii=False).encode()
    number = told.get("update_id") if isinstance(told, dict) else None
    known = number if isinstance(number, int) else 0
    try:
        found = Told.de_json(told, bot) if isinstance(told, dict) and known else None
        return replace(_read(found), raw=raw) if found else Update(id=known, kind=UNREADABLE, raw=raw)
    except (TelegramError, *SENSELESS):
        return Update(id=known, kind=UNREADABLE, raw=raw)


async def _fetched(bot: Bot, media_id: str) -> bytes:
    file = await bot.get_file(media_id)
    if (file.file_size or 0) > MOST:
        raise Refused("附件太大")
    return bytes(await file.download_as_bytearray())


def _read(one: Told) -> Update:
    """An update as a value; what comes from a group or a channel says nothing."""
    press, came = one.callback_query, one.message
    if press is not None and press.message is not None and press.message.chat.type == "private":
        return Update(
            id=one.update_id,
            kind="press",
            chat=str(press.message.chat.id),
            data=press.data or "",
            press_id=press.id,
            message_id=press.message.message_id,
        )
    if came is None or came.chat.type != "private":
        return Update(id=one.update_id)
    kind, text, media_id = _said(came)
    return Update(id=one.update_id, kind=kind, chat=str(came.chat.id), text=text, media_id=media_id)


def _said(came: Came) -> tuple[str, str, str]:
    """Kind, words and file of a message."""
    if came.text:
        return "text", came.text, ""
    words = came.caption or ""
    if came.photo:
        return "picture", words, max(came.photo, key=lambda size: size.width * size.height).file_id
    if sound := came.voice or came.audio:
        return "sound", words, sound.file_id
    if at := came.location:
        return "place", f"北纬{at.latitude:.6f}，东经{at.longitude:.6f}", ""
    return "other", words, ""
