"""模拟 Telegram: the part of the Bot API that a posting bot uses (core.telegram.org/bots/api)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlsplit

from demo.platforms.pages import Card
from demo.platforms.pages import Key
from demo.platforms.pages import page
from demo.platforms.server import FAULTS
from demo.platforms.server import Fault
from demo.platforms.server import Handler
from demo.platforms.server import Platform
from demo.platforms.server import Upload
from demo.platforms.telegram_talk import Talk
from huanyu import clock

_CALL = re.compile(r"^/bot(?P<token>[^/]+)/(?P<method>\w+)$")
_FILE = re.compile(r"^/file/bot(?P<token>[^/]+)/(?P<name>[\w.]+)$")
MAX_TEXT, MAX_CAPTION, MAX_GROUP = 4096, 1024, 10
TOKEN = "100000001:demo-telegram-token"  # noqa: S105 - opens nothing but this server
CITIZEN, COLLEAGUE = 55501, 55502  #: chats of those one may write as on the page
PUBLISHING = frozenset({"sendMessage", "sendPhoto", "sendMediaGroup"})


@dataclass(frozen=True, slots=True)
class Published:
    """A message in the channel; a picture's text is its caption."""

    id: int
    chat: str
    text: str
    at: datetime
    reply_to: str = ""
    picture: str = ""  #: file name
    body: bytes = b""
    gone: bool = False
    edited: bool = False
    keys: str = ""  #: reply_markup, as it came


class BadRequest(Exception):
    """What the API answers with 400 and this description."""


class TelegramHandler(Handler):
    server: Any

    def do_GET(self) -> None:  # noqa: N802 - http.server calls it so
        """The page for people; the Bot API allows GET too."""
        if urlsplit(self.path).path == "/":
            return self.page(self.server.platform.page())
        if file := _FILE.match(unquote(urlsplit(self.path).path)):
            found = self.server.platform.talk.files.get(file["name"])
            if found is None or file["token"] != self.server.platform.token:
                return self._error(404, "Not Found")
            return self.bytes(found, "application/octet-stream")
        return self.do_POST()

    def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
        telegram: TelegramPlatform = self.server.platform
        if (act := urlsplit(self.path).path) in {"/say", "/press"}:
            form = self.form()
            if act == "/press":
                telegram.talk.press(int(form["chat"]), int(form["message"]), form["data"])
            else:
                telegram.talk.bring(int(form.get("who") or CITIZEN), form, self.files.get("file"))
            return self.send("", "text/html", 303, {"Location": "/"})
        call, form = _CALL.match(urlsplit(self.path).path), self.form()
        if call is None:
            return self._error(404, "Not Found")
        if telegram.expired or call["token"] != telegram.token:
            return self._error(401, "Unauthorized")
        verb = telegram.verbs(form, self.files).get(call["method"])
        if verb is None:
            return self._error(404, "Not Found: method not found")
        fault = (telegram.next_fault() if call["method"] in PUBLISHING else None) or Fault("none")
        if self._before(fault):
            return None
        try:
            result = verb()
        except BadRequest as problem:
            return self._error(400, f"Bad Request: {problem}")
        return self._after(fault, {"ok": True, "result": result})

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
                self.server.platform.wait(fault, 30)
                self.cut()
            case "slow":
                self.server.platform.wait(fault, 1)
                self.answer(body)
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

    def __init__(
        self, token: str = TOKEN, chats: tuple[str, ...] = (), port: int = 0, name: str = "本局账号"
    ) -> None:
        self.token, self.chats, self.name = token, chats, name
        self.expired = False  #: set to let every call meet a revoked token
        self._kept: dict[int, Published] = {}
        self.talk = Talk()
        super().__init__(port)

    @property
    def api(self) -> str:
        """The base address for accounts.toml."""
        return f"{self.url}/bot"

    @property
    def published(self) -> tuple[Published, ...]:
        """Every message that was not deleted, oldest first."""
        with self.lock:
            return tuple(one for one in self._kept.values() if not one.gone)

    def remove(self, message_id: str) -> None:
        """Somebody deletes a message by hand."""
        with self.lock:
            self._kept[int(message_id)] = replace(self._kept[int(message_id)], gone=True)

    def verbs(self, form: Mapping[str, str], files: Mapping[str, Upload]) -> dict[str, Callable[[], Any]]:
        """The methods of the API with what came along."""
        return {
            "getMe": self.me,
            "getUpdates": lambda: self.talk.updates(form),
            "answerCallbackQuery": lambda: self.talk.answered(form),
            "getFile": lambda: self.talk.file(form),
            "getChat": lambda: self._chat(form),
            "getChatMemberCount": lambda: 321 if self._chat(form) else 0,
            "sendMessage": lambda: self._send_message(form),
            "sendPhoto": lambda: self._send_photo(form, files),
            "sendMediaGroup": lambda: self._send_group(form, files),
            "editMessageText": lambda: self._edit(form, "text"),
            "editMessageCaption": lambda: self._edit(form, "caption"),
            "deleteMessage": lambda: self._delete(form),
            "deleteMessages": lambda: self._delete_many(form),
        }

    def me(self) -> dict[str, Any]:
        return {"id": 100000001, "is_bot": True, "first_name": self.name, "username": "demo_huanyu_bot"}

    def _send_message(self, form: Mapping[str, str]) -> dict[str, Any]:
        if not form.get("text"):
            raise BadRequest("message text is empty")
        _fits(form["text"], MAX_TEXT, "message is too long")
        return self._keep(form, form["text"])

    def _send_photo(self, form: Mapping[str, str], files: Mapping[str, Upload]) -> dict[str, Any]:
        _fits(form.get("caption", ""), MAX_CAPTION, "message caption is too long")
        return self._keep(form, form.get("caption", ""), _file(form.get("photo", ""), files))

    def _send_group(self, form: Mapping[str, str], files: Mapping[str, Upload]) -> Sequence[dict[str, Any]]:
        media = json.loads(form.get("media", "[]"))
        if not 2 <= len(media) <= MAX_GROUP:
            raise BadRequest("wrong number of media in the album")
        for one in media:
            _fits(one.get("caption", ""), MAX_CAPTION, "message caption is too long")
        return [self._keep(form, one.get("caption", ""), _file(one["media"], files)) for one in media]

    def _keep(self, form: Mapping[str, str], text: str, picture: Upload | None = None) -> dict[str, Any]:
        """Accept a message and return the Message object."""
        self._chat(form)
        with self.lock:
            kept = Published(
                len(self._kept) + 1,
                form["chat_id"],
                text,
                clock.now(),
                str(json.loads(form.get("reply_parameters", "{}")).get("message_id", "")),
                picture.name if picture else "",
                picture.body if picture else b"",
                keys=form.get("reply_markup", ""),
            )
            self._kept[kept.id] = kept
        if text:
            self.count(text)
        return self._object(kept)

    def _edit(self, form: Mapping[str, str], part: str) -> dict[str, Any]:
        kept, text = self._found(form), form.get(part, "")
        if bool(kept.picture) != (part == "caption"):
            raise BadRequest(f"there is no {part} in the message to edit")
        if text == kept.text and form.get("reply_markup", "") == kept.keys:
            raise BadRequest("message is not modified: specified new message content is the same")
        _fits(text, MAX_CAPTION if kept.picture else MAX_TEXT, "MESSAGE_TOO_LONG")
        with self.lock:
            keys = form.get("reply_markup", "")
            self._kept[kept.id] = changed = replace(kept, text=text, edited=True, keys=keys)
        return self._object(changed)

    def _delete(self, form: Mapping[str, str]) -> bool:
        self.remove(str(self._found(form, "delete").id))
        return True

    def _delete_many(self, form: Mapping[str, str]) -> bool:
        """Ids that are not found are skipped, as documented."""
        for number in json.loads(form["message_ids"]):
            if number in self._kept:
                self.remove(str(number))
        return True

    def _found(self, form: Mapping[str, str], what: str = "edit") -> Published:
        self._chat(form)
        kept = self._kept.get(int(form.get("message_id", 0)))
        if kept is None or kept.gone:
            raise BadRequest(f"message to {what} not found")
        return kept

    def _chat(self, form: Mapping[str, str]) -> dict[str, Any]:
        name = form.get("chat_id", "")
        if self.chats and name not in self.chats:
            raise BadRequest("chat not found")
        chat = {"id": -1001000000001, "type": "channel", "title": self.name}
        return chat | {
            "username": name.removeprefix("@") or "channel",
            "accent_color_id": 0,
            "max_reaction_count": 0,
            "accepted_gift_types": {
                "unlimited_gifts": False,
                "limited_gifts": False,
                "unique_gifts": False,
                "premium_subscription": False,
                "gifts_from_channels": False,
            },
        }

    def _object(self, kept: Published) -> dict[str, Any]:
        name = kept.chat.removeprefix("@") or "channel"
        chat = {"id": -1001000000001, "type": "channel", "title": self.name, "username": name}
        body = {"message_id": kept.id, "date": int(kept.at.timestamp()), "chat": chat}
        if not kept.picture:
            return body | {"text": kept.text}
        size = {"file_id": kept.picture, "file_unique_id": kept.picture, "width": 1, "height": 1}
        return body | {"caption": kept.text, "photo": [size]}

    def page(self) -> str:
        cards = [
            Card(_place(kept.chat), kept.text, f"{kept.at:%Y-%m-%d %H:%M:%S} · 编号 {kept.id}", _keys(kept))
            for kept in reversed(self.published)
        ]
        note = "本机演示用，只显示本系统发布的内容；可以在这里以群众或同事的身份向机器人说话，按它的按钮。"
        who = {str(CITIZEN): "群众", str(COLLEAGUE): "同事（先在控制台“我的账号”取绑定码）"}
        return page("模拟 Telegram", note, "#0369a1", cards, says="向机器人说", who=who)


def _place(chat: str) -> str:
    """Where a message stands, as the page calls it."""
    return f"对话 {chat}" if chat.isdecimal() else f"频道 {chat}"


def _keys(kept: Published) -> tuple[Key, ...]:
    """The buttons under a message, to be pressed by whom it was sent to."""
    rows = json.loads(kept.keys or "{}").get("inline_keyboard", [])
    return tuple(
        Key(
            one["text"],
            one.get("url", ""),
            {"chat": kept.chat, "message": str(kept.id), "data": one.get("callback_data", "")},
        )
        for row in rows
        for one in row
    )


def _fits(text: str, limit: int, told: str) -> None:
    if len(text.encode("utf-16-le")) // 2 > limit:
        raise BadRequest(told)


def _file(name: str, files: Mapping[str, Upload]) -> Upload:
    """A picture named attach://part, or the part itself."""
    found = files.get(name.removeprefix("attach://")) or files.get("photo")
    if found is None:
        raise BadRequest("there is no photo in the request")
    return found
