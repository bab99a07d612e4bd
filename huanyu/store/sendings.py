"""What devices hand in once there is a line again: each known by its key, so that what is sent twice is done once.

The key stands among the messages of chats, as a digest without a talk; what was handed in is kept by whoever acts on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import talk_messages
from huanyu.types import User

KIND: Final = "field"  #: among the kinds of messages


class Sendings:
    """Keys of what has come in."""

    def __init__(self, database: Database, trail: Trail, keys: Keys) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys

    def new(self, user: User, key: str, now: datetime) -> bool:
        """Whether this person's key is new; it never is again, unless the transaction around it fails."""
        mark = self._keys.digest("field sending", user.id, key)
        row = {"account": f"field/{user.id}", "sender": "", "mark": mark, "once": "", "kind": KIND, "at": now}
        with self._database.write() as tx:
            added = insert_new(tx, talk_messages).values(**row).returning(talk_messages.c.id)
            found = tx.execute(added).scalar()
            if found is not None:
                self._trail.record(tx, "field.send", "talk_message", [found], None, user.name, now)
            return found is not None
