"""A Telegram bot that is spoken to: news by long polling, short messages with buttons, files people sent to it.

Says what came in plain values and knows nobody; what is done about it is decided by others. core.telegram.org/bots/api.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import Bot
from telegram import ForceReply
from telegram import Message as Came
from telegram import Update as Told

from huanyu.errors import Refused
from publisher.channels.telegram import PLAIN
from publisher.channels.telegram import UNCHANGED
from publisher.channels.telegram import TelegramChannel
from publisher.channels.telegram_keys import Key
from publisher.channels.telegram_keys import markup

PLATFORM: Final = "telegram"
KINDS: Final = ("message", "callback_query")  # allowed_updates: nothing else is asked for
MOST: Final = 20 * 1024 * 1024  # bytes: #getfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One thing that somebody did in a private chat; `kind` "" for what is none of our business."""

    id: int
    kind: str = ""  #: text press picture sound place other
    chat: str = ""
    text: str = ""
    data: str = ""  #: of the button that was pressed
    press_id: str = ""
    message_id: int = 0  #: the message under which the button stands
    media_id: str = ""


class TelegramBot(TelegramChannel):
    """One bot in its private chats; every call raises ChannelError where it fails."""

    def updates(self, after: int, wait: int) -> list[Update]:
        """What came after the update of that number, waiting so many seconds for it; tells Telegram to forget the rest."""
        offset = after + 1 if after else None
        found = self._run(
            lambda bot: bot.get_updates(offset=offset, timeout=wait, allowed_updates=KINDS), sends=False
        )
        return [_read(one) for one in found]

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
        return "place", f"北纬、东经 {at.latitude:.6f}，{at.longitude:.6f}", ""
    return "other", words, ""
