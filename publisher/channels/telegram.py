"""Telegram Bot API through python-telegram-bot: a text, or pictures with their caption, to one channel or group.

A bot cannot read a channel's history: the message id in the answer is the only proof, nothing can be read back. What
it sent it can change and delete. core.telegram.org/bots/api.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Coroutine
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from typing import TypeVar

import httpx
from telegram import Bot
from telegram import InlineKeyboardMarkup
from telegram import InputMediaPhoto
from telegram import LinkPreviewOptions
from telegram import Message as Sent
from telegram import ReplyParameters
from telegram.error import BadRequest
from telegram.error import ChatMigrated
from telegram.error import EndPointNotFound
from telegram.error import Forbidden
from telegram.error import InvalidToken
from telegram.error import NetworkError
from telegram.error import RetryAfter
from telegram.error import TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from huanyu.bureau import AccountRow
from huanyu.errors import BadInput
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.review_rows import STAFF
from huanyu.types import Health
from huanyu.types import Message
from huanyu.types import Picture
from huanyu.types import Receipt
from publisher import pictures
from publisher.channels import wire
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits
from publisher.channels.telegram_keys import markup
from publisher.channels.telegram_keys import of_message

BASE_URL: Final = "https://api.telegram.org/bot"
LIMITS: Final = Limits(length=4096, per_minute=20, source="core.telegram.org/bots/api#sendmessage, /bots/faq")
CAPTION: Final = 1024  # characters after entities parsing: #sendphoto
ALBUM: Final = 10  # items: #sendmediagroup
PICTURE: Final = 10 * 1024 * 1024  # bytes: #sending-files
CONNECT, READ = 10.0, 20.0  # seconds
PLAIN: Final = LinkPreviewOptions(is_disabled=True)

#: The platform's final no, with what a person can do about it, and whether it is about the whole account.
REFUSALS: Final = (
    (InvalidToken, "机器人密钥无效，请管理员更换", True),
    (Forbidden, "机器人不在该频道或没有发言权限", True),
    (ChatMigrated, "群组已升级，请更换频道编号", True),
    (EndPointNotFound, "接口地址有误", True),
    (BadRequest, "Telegram 拒绝", False),
)
#: Of these, the ones that no other chat would fare better with.
TOKEN: Final = (InvalidToken, EndPointNotFound)
#: Failures before the request left (httpx, wrapped by python-telegram-bot).
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: What python-telegram-bot lets through where an answer is not the Bot API's.
SENSELESS: Final = (KeyError, TypeError, AttributeError, ValueError)
#: Words of 400 that are no failure: #editmessagetext, #deletemessage (the API has no codes for them).
UNCHANGED: Final = "message is not modified"
NO_TEXT: Final = "there is no text in the message"
GONE: Final = "message to delete not found"
Answer = TypeVar("Answer")


class TelegramChannel:
    """One bot writing to one chat."""

    abilities: Final = Abilities(amend=True, withdraw=True, health=True, pictures=ALBUM)
    limits: Final = LIMITS

    def __init__(self, account: AccountRow, token: str, read_timeout: float = READ) -> None:
        self._account, self._token, self._read_timeout = account, token, read_timeout
        self._base = account.base_url.rstrip("/") or BASE_URL

    def send(self, message: Message) -> Receipt:
        """Send the text to the recipient, else to the account's chat; pictures carry it where it fits."""
        if _units(message.text) > LIMITS.length:
            raise Refused(f"超过{LIMITS.length}字")
        shown = _cleaned(message.pictures)
        to = _Target(self._chat(message), _answered(message.reply_to))
        try:
            return self._sent(to, message, shown)
        except Refused as problem:
            if to.chat != self._account.chat_id and not isinstance(problem.__cause__, TOKEN):
                problem.whole_account = False  # this recipient's trouble, not the bot's
            raise

    def _sent(self, to: _Target, message: Message, shown: Sequence[Picture]) -> Receipt:
        if not shown:
            keys = markup(of_message(message.key, message.link)) if message.purpose == STAFF else None
            return _receipt(self._run(lambda bot: _send_text(bot, to, message.text, keys)))
        if _units(message.text) <= CAPTION:
            return _receipt(self._run(lambda bot: _send_pictures(bot, to, shown, message.text)))
        return self._text_then_pictures(to, message.text, shown)

    def read_back(self, message: Message) -> Receipt | None:  # noqa: ARG002
        """Always None: the Bot API has no way to read a channel."""
        return None

    def amend(self, message: Message, text: str) -> Receipt:
        """Change the text, or the caption of the first picture."""
        chat, number = self._chat(message), _numbers(message)[0]
        try:
            self._run(
                lambda bot: bot.edit_message_text(text, chat, number, link_preview_options=PLAIN), sends=False
            )
        except _Answered as problem:
            if NO_TEXT in problem.told:
                return self._amend_caption(message, text)
            problem.unless(UNCHANGED)
        return Receipt(platform_id=message.platform_id, url=message.platform_url, note="已改正")

    def withdraw(self, message: Message) -> Receipt:
        """Delete the message with all its pictures; what is gone stays gone."""
        chat, numbers = self._chat(message), _numbers(message)
        try:
            if len(numbers) == 1:
                self._run(lambda bot: bot.delete_message(chat, numbers[0]), sends=False)
            else:
                self._run(lambda bot: bot.delete_messages(chat, numbers), sends=False)
        except _Answered as problem:
            problem.unless(GONE)
        return Receipt(platform_id=message.platform_id, url=message.platform_url, note="已撤回")

    def health(self, now: datetime) -> Health:  # noqa: ARG002
        """Whether the bot lives, and is in its channel; a bot's token has no date on which it ends."""
        chat = self._account.chat_id
        try:
            self._run(lambda bot: bot.get_me(), sends=False)
            self._run(lambda bot: bot.get_chat(chat), sends=False)
            followers = self._run(lambda bot: bot.get_chat_member_count(chat), sends=False)
        except Refused as problem:
            return Health(state="revoked" if problem.whole_account else "failing", note=str(problem.args[0]))
        except Unavailable as problem:
            limited = problem.retry_after is not None
            return Health(state="quota" if limited else "failing", note=str(problem.args[0]))
        return Health(state="ok", followers=followers)

    def _text_then_pictures(self, to: _Target, text: str, shown: Sequence[Picture]) -> Receipt:
        """The text is what counts: once it is out, pictures that fail are told about, not an error."""
        first = self._run(lambda bot: _send_text(bot, to, text))
        below = _Target(to.chat, first[0].message_id)
        try:
            more = self._run(lambda bot: _send_pictures(bot, below, shown, ""))
        except ChannelError as problem:
            note = f"文字已发布，图片没有发出：{problem.args[0]}"
            return Receipt(
                platform_id=str(first[0].message_id), url=first[0].link or "", at=first[0].date, note=note
            )
        return _receipt([*first, *more])

    def _amend_caption(self, message: Message, text: str) -> Receipt:
        if _units(text) > CAPTION:
            raise Refused(f"图片说明超过{CAPTION}字，请撤回后另发")
        chat, number = self._chat(message), _numbers(message)[0]
        try:
            self._run(lambda bot: bot.edit_message_caption(chat, number, caption=text), sends=False)
        except _Answered as problem:
            problem.unless(UNCHANGED)
        return Receipt(platform_id=message.platform_id, url=message.platform_url, note="已改正")

    def _chat(self, message: Message) -> str:
        if not (chat := message.recipient or self._account.chat_id):
            raise Refused(
                f"账号“{self._account.name}”没有 chat_id，请在 accounts.toml 中填写", whole_account=True
            )
        return chat

    def _run(self, call: Callable[[Bot], Awaitable[Answer]], *, sends: bool = True) -> Answer:
        """The answer to one call; raises the error that a failure stands for."""
        try:
            return _alone(self._with_bot(call))
        except TelegramError as problem:
            raise _kind(problem, sends=sends) from problem
        except SENSELESS as problem:
            raise wire.no_answer("Telegram", type(problem).__name__, publishes=sends) from problem

    async def _with_bot(self, call: Callable[[Bot], Awaitable[Answer]]) -> Answer:
        request = HTTPXRequest(
            connect_timeout=CONNECT,
            read_timeout=self._read_timeout,
            media_write_timeout=self._read_timeout,
            httpx_kwargs={"trust_env": False, "verify": wire.trusted()},
        )
        bot = Bot(
            self._token,
            base_url=self._base,
            base_file_url=f"{self._base.removesuffix('/bot')}/file/bot",
            request=request,
            get_updates_request=request,
        )
        try:
            # PTB 22 warns when it builds RetryAfter itself; the text of the error still carries the seconds.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PTBDeprecationWarning)
                return await call(bot)
        finally:
            await request.shutdown()


class _Target:
    """Where a message goes, and under which one."""

    def __init__(self, chat: str, above: int | None) -> None:
        self.chat = chat
        self.reply = ReplyParameters(above, allow_sending_without_reply=True) if above is not None else None


class _Answered(Refused):
    """A 400 whose words say what it is about."""

    def __init__(self, message: str, told: str) -> None:
        super().__init__(message)
        self.told = told.lower()  # python-telegram-bot writes the first letter large

    def unless(self, harmless: str) -> None:
        """Raise, but for the words that mean it is so already."""
        if harmless not in self.told:
            raise self


async def _send_text(
    bot: Bot, to: _Target, text: str, keys: InlineKeyboardMarkup | None = None
) -> list[Sent]:
    sent = await bot.send_message(
        to.chat, text, link_preview_options=PLAIN, reply_parameters=to.reply, reply_markup=keys
    )
    return [sent]


async def _send_pictures(bot: Bot, to: _Target, shown: Sequence[Picture], caption: str) -> list[Sent]:
    if len(shown) == 1:
        one = shown[0]
        sent = await bot.send_photo(
            to.chat, one.body, caption=caption or None, filename=one.name, reply_parameters=to.reply
        )
        return [sent]
    album = [
        InputMediaPhoto(one.body, caption=(caption or None) if number == 0 else None, filename=one.name)
        for number, one in enumerate(shown)
    ]
    return [*await bot.send_media_group(to.chat, album, reply_parameters=to.reply)]


def _alone(call: Coroutine[Any, Any, Answer]) -> Answer:
    """Run to the end on a loop of its own, whether or not the caller's thread has one running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, call).result()


def _cleaned(shown: Sequence[Picture]) -> list[Picture]:
    """The pictures without what the camera wrote into them."""
    if len(shown) > ALBUM:
        raise Refused(f"Telegram 一次最多{ALBUM}张图片")
    try:
        made = [pictures.cleaned(picture) for picture in shown]
    except BadInput as problem:
        raise Refused(str(problem)) from problem
    if large := [old.name for old, new in zip(shown, made, strict=True) if len(new.body) > PICTURE]:
        raise Refused(f"Telegram 图片不能超过10MB：{'、'.join(large)}")
    return made


def _units(text: str) -> int:
    """UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def _answered(reply_to: str) -> int | None:
    if reply_to and not reply_to.isdecimal():
        raise Refused("原消息编号不是数字，无法回复")
    return int(reply_to) if reply_to else None


def _numbers(message: Message) -> list[int]:
    """The ids of a message's parts, the one with the text first."""
    parts = message.platform_id.split(",")
    if not all(part.isdecimal() for part in parts):
        raise Refused("没有 Telegram 的消息编号，请人工处理")
    return [int(part) for part in parts]


def _receipt(sent: Sequence[Sent]) -> Receipt:
    numbers = ",".join(str(one.message_id) for one in sent)
    return Receipt(platform_id=numbers, url=sent[0].link or "", at=sent[0].date)


def _kind(problem: TelegramError, *, sends: bool) -> ChannelError:
    if isinstance(problem, RetryAfter):
        return Unavailable("Telegram 限制发送频率", retry_after=_wait(problem))
    for kind, told, is_account in REFUSALS:
        if isinstance(problem, kind):
            text = f"{told}（{problem.message}）"
            return Refused(text, whole_account=True) if is_account else _Answered(text, problem.message)
    if isinstance(problem.__cause__, NOT_SENT):
        return Unavailable("连不上 Telegram 接口，尚未发出")
    if not sends:
        return Unavailable("Telegram 没有应答完整")
    if isinstance(problem, NetworkError):
        return Unknown("Telegram 没有应答完整，可能已经发布")
    return Unknown("Telegram 应答异常，可能已经发布")


def _wait(problem: RetryAfter) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = problem.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
