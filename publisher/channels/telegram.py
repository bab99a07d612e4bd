"""Telegram Bot API through python-telegram-bot: a text to one channel or group.

A bot cannot read a channel's history: the message id in the answer is the only proof, nothing can be read back.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from typing import Final

import httpx
from telegram import Bot
from telegram import LinkPreviewOptions
from telegram import Message as Sent
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
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Message
from huanyu.types import Receipt
from publisher.channels.contract import Abilities
from publisher.channels.contract import Limits

BASE_URL: Final = "https://api.telegram.org/bot"
LIMITS: Final = Limits(length=4096, per_minute=20, source="core.telegram.org/bots/api#sendmessage, /bots/faq")
CONNECT, READ = 10.0, 20.0  # seconds

#: The platform's final no, with what a person can do about it.
REFUSALS: Final = (
    (InvalidToken, "机器人密钥无效，请管理员更换"),
    (Forbidden, "机器人不在该频道或没有发言权限"),
    (ChatMigrated, "群组已升级，请更换频道编号"),
    (EndPointNotFound, "接口地址有误"),
    (BadRequest, "Telegram 拒绝"),
)
#: Failures before the request left (httpx, wrapped by python-telegram-bot).
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class TelegramChannel:
    """One bot writing to one chat."""

    abilities: Final = Abilities()
    limits: Final = LIMITS

    def __init__(self, account: AccountRow, token: str, read_timeout: float = READ) -> None:
        self._account, self._token, self._read_timeout = account, token, read_timeout
        self._base = account.base_url.rstrip("/") or BASE_URL

    def send(self, message: Message) -> Receipt:
        """Send the text to the recipient, else to the account's chat."""
        if len(message.text.encode("utf-16-le")) // 2 > LIMITS.length:
            raise Refused(f"超过{LIMITS.length}字")
        try:
            sent = _alone(self._send(message.text, message.recipient or self._account.chat_id))
        except TelegramError as problem:
            raise _kind(problem) from problem
        return Receipt(platform_id=str(sent.message_id), url=sent.link or "", at=sent.date)

    def read_back(self, message: Message) -> Receipt | None:  # noqa: ARG002
        """Always None: the Bot API has no way to read a channel."""
        return None

    async def _send(self, text: str, chat: str) -> Sent:
        request = HTTPXRequest(
            connect_timeout=CONNECT, read_timeout=self._read_timeout, httpx_kwargs={"trust_env": False}
        )
        bot = Bot(self._token, base_url=self._base, request=request, get_updates_request=request)
        try:
            # PTB 22 warns when it builds RetryAfter itself; the text of the error still carries the seconds.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PTBDeprecationWarning)
                return await bot.send_message(
                    chat, text, link_preview_options=LinkPreviewOptions(is_disabled=True)
                )
        finally:
            await request.shutdown()


def _alone(call: Coroutine[Any, Any, Sent]) -> Sent:
    """Run to the end on a loop of its own, whether or not the caller's thread has one running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, call).result()


def _kind(problem: TelegramError) -> ChannelError:
    if isinstance(problem, RetryAfter):
        return Unavailable("Telegram 限制发送频率", retry_after=_wait(problem))
    for kind, told in REFUSALS:
        if isinstance(problem, kind):
            return Refused(f"{told}（{problem.message}）")
    if isinstance(problem.__cause__, NOT_SENT):
        return Unavailable("连不上 Telegram 接口，尚未发出")
    if isinstance(problem, NetworkError):
        return Unknown("Telegram 没有应答完整，可能已经发布")
    return Unknown("Telegram 应答异常，可能已经发布")


def _wait(problem: RetryAfter) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PTBDeprecationWarning)
        wait = problem.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
