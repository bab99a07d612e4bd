"""模拟 Telegram: the part of the Bot API that a posting bot uses (core.telegram.org/bots/api)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from demo.platforms.pages import Card
from demo.platforms.pages import page
from demo.platforms.server import FAULTS
from demo.platforms.server import Fault
from demo.platforms.server import Handler
from demo.platforms.server import Platform
from huanyu import clock

_CALL = re.compile(r"^/bot(?P<token>[^/]+)/(?P<method>\w+)$")
MAX_TEXT = 4096
TOKEN = "100000001:demo-telegram-token"  # noqa: S105 - opens nothing but this server


@dataclass(frozen=True, slots=True)
class Published:
    """A message in the channel."""

    id: int
    chat: str
    text: str
    at: datetime


class TelegramHandler(Handler):
    server: Any

    def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
        """The page for people; the Bot API allows GET too."""
        if urlsplit(self.path).path == "/":
            return self.page(self.server.platform.page())
        return self.do_POST()

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
        telegram: TelegramPlatform = self.server.platform
        call, form = _CALL.match(urlsplit(self.path).path), self.form()
        if call is None:
            return self._error(404, "Not Found")
        if telegram.expired or call["token"] != telegram.token:
            return self._error(401, "Unauthorized")
        if call["method"] == "getMe":
            return self.answer({"ok": True, "result": telegram.me()})
        if call["method"] != "sendMessage":
            return self._error(404, "Not Found: method not found")
        return self._send_message(telegram, form)

    def _send_message(self, telegram: TelegramPlatform, form: Mapping[str, str]) -> None:
        fault = telegram.next_fault() or Fault("none")
        if self._before(fault):
            return
        if problem := telegram.check(form):
            self._error(400, problem)
            return
        self._after(fault, {"ok": True, "result": telegram.keep(form)})

    def _before(self, fault: Fault) -> bool:
        options = fault.options
        match fault.name:
            case "refuse":
                self._error(
                    int(options["error_code"]), str(options.get("description", "Bad Request: refused"))
                )
            case "rate_limit":
                wait = int(options.get("retry_after", 30))
                self._error(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})
            case "drop_before_accept":
                self.cut()
            case "error_before_accept":
                self._error(500, "Internal Server Error")
            case "html":
                self.page("<h1>登录网络</h1>")
            case _:
                return False
        return True

    def _after(self, fault: Fault, body: Mapping[str, Any]) -> None:
        match fault.name:
            case "drop_after_accept":
                self.cut()
            case "error_after_accept":
                self._error(502, "Bad Gateway")
            case "stall":
                self.server.platform.released.wait(float(fault.options.get("seconds", 30)))
                self.cut()
            case "answer_twice":
                self.answer(body)
                self.answer(body)
            case _:
                self.answer(body)

    def _error(self, code: int, told: str, parameters: Mapping[str, int] | None = None) -> None:
        body: dict[str, Any] = {"ok": False, "error_code": code, "description": told}
        self.answer(body | ({"parameters": dict(parameters)} if parameters else {}), HTTPStatus(code))


class TelegramPlatform(Platform):
    """模拟 Telegram: one bot and the channels it may write to."""

    handler = TelegramHandler
    faults = FAULTS

    def __init__(self, token: str = TOKEN, chats: tuple[str, ...] = (), port: int = 0) -> None:
        self.token, self.chats = token, chats
        self.expired = False  #: set to let every call meet a revoked token
        self._kept: list[Published] = []
        super().__init__(port)

    @property
    def api(self) -> str:
        """The base address for accounts.toml."""
        return f"{self.url}/bot"

    @property
    def published(self) -> tuple[Published, ...]:
        with self.lock:
            return tuple(self._kept)

    def me(self) -> dict[str, Any]:
        return {"id": 100000001, "is_bot": True, "first_name": "聊城环境", "username": "demo_lchj_bot"}

    def check(self, form: Mapping[str, str]) -> str:
        if not form.get("text"):
            return "Bad Request: message text is empty"
        if len(form["text"].encode("utf-16-le")) // 2 > MAX_TEXT:
            return "Bad Request: message is too long"
        if self.chats and form.get("chat_id") not in self.chats:
            return "Bad Request: chat not found"
        return ""

    def keep(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Accept a message and return the Message object."""
        with self.lock:
            kept = Published(len(self._kept) + 1, form["chat_id"], form["text"], clock.now())
            self._kept.append(kept)
        name = kept.chat.removeprefix("@") or "channel"
        chat = {"id": -1001000000001, "type": "channel", "title": "聊城环境", "username": name}
        return {"message_id": kept.id, "date": int(kept.at.timestamp()), "chat": chat, "text": kept.text}

    def page(self) -> str:
        cards = [
            Card(f"频道 {kept.chat}", kept.text, f"{kept.at:%Y-%m-%d %H:%M:%S} · 编号 {kept.id}")
            for kept in reversed(self.published)
        ]
        return page("模拟 Telegram", "本机演示用，只显示本系统发布的内容。", "#0369a1", cards)
