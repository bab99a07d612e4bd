"""What people say to the local bot: updates that wait until a call confirms them, presses of buttons, files.

Fields as on core.telegram.org/bots/api: getUpdates, Update, Message, CallbackQuery, getFile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import Final

from demo.platforms.server import Upload

AT: Final = 1_773_108_000
MOST: Final = 4096  # characters of a message


class Talk:
    """Updates in the order in which they are handed out, which a test may disturb."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, str] = {}  #: callback_query id -> the word after the press
        self._last = 0

    def say(self, chat: int, **said: Any) -> dict[str, Any]:
        """Somebody writes in their private chat."""
        message = {"message_id": 9000 + self._last, "date": AT, "chat": person(chat), "from": sender(chat)}
        return self.put({"message": message | said})

    def bring(self, chat: int, form: Mapping[str, str], file: Upload | None) -> None:
        """What was sent on the page: words, a photo or recording, a place; each is a message of its own."""
        if text := form.get("text", "").strip():
            self.say(chat, text=text[:MOST])
        if file is not None and file.body:
            name = f"F{len(self.files) + 1}"
            self.files[name] = file.body
            one = {"file_id": name, "file_unique_id": name, "file_size": len(file.body)}
            if file.media.startswith("audio/"):
                self.say(chat, voice=one | {"duration": 3, "mime_type": file.media})
            else:
                self.say(chat, photo=[one | {"width": 8, "height": 8}])
        if position := form.get("position", "").strip():
            latitude, _, longitude = position.partition(",")
            self.say(chat, location={"latitude": float(latitude), "longitude": float(longitude)})

    def press(self, chat: int, message_id: int, data: str) -> dict[str, Any]:
        """Somebody presses a button under a message of the bot's."""
        under = {"message_id": message_id, "date": AT, "chat": person(chat), "text": "…"}
        query = {"id": f"q{self._last}", "from": sender(chat), "chat_instance": "1", "data": data}
        return self.put({"callback_query": query | {"message": under}})

    def put(self, what: Mapping[str, Any]) -> dict[str, Any]:
        """Whatever else happened; returns the update, to be delivered again."""
        self._last += 1
        update = {"update_id": self._last, **what}
        self.waiting.append(update)
        return update

    def updates(self, form: Mapping[str, str]) -> list[dict[str, Any]]:
        """What waits; an offset confirms what came before it."""
        offset = int(form.get("offset") or 0)
        self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
        return list(self.waiting)

    def answered(self, form: Mapping[str, str]) -> bool:
        self.answers[form["callback_query_id"]] = form.get("text", "")
        return True

    def file(self, form: Mapping[str, str]) -> dict[str, Any]:
        name = form["file_id"]
        size = len(self.files.get(name, b""))
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": name}


def person(chat: int) -> dict[str, Any]:
    return {"id": chat, "type": "private", "first_name": "同事"}


def sender(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "同事"}
