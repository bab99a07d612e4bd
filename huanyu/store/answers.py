"""Answers of the bot that the platform would not take yet: sealed, each sent once, forgotten as soon as it leaves.

They stand among the messages of chats, without a talk or a sender; what is said and how long it is worth saying is
decided by others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import talk_messages
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer

KIND: Final = "answer"  #: among the kinds of messages
_OWED: Final = (talk_messages.c.kind == KIND, talk_messages.c.sealed.is_not(None))


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer on its way: its row and what is to be said."""

    id: int
    body: Mapping[str, Any]


class Answers:
    """What the bot still owes somebody."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, sealed: Unsealer) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._sealed = sealed

    def owe(self, account: str, mark: str, body: Mapping[str, Any], due: datetime, now: datetime) -> None:
        """Keep an answer until then; a later one of the same mark takes its place."""
        digest = self._keys.digest("talk answer", account, mark)
        sealed = self._keys.seal(json.dumps(body, ensure_ascii=False))
        row = {"account": account, "sender": "", "mark": digest, "once": "", "kind": KIND}
        with self._database.write() as tx:
            new = insert_new(tx, talk_messages).values(**row, sealed=sealed, at=due)
            found = tx.execute(new.returning(talk_messages.c.id)).scalar()
            if found is None:
                mine = (talk_messages.c.account == account, talk_messages.c.mark == digest)
                changed = update(talk_messages).where(*mine).values(sealed=sealed, at=due)
                found = tx.execute(changed.returning(talk_messages.c.id)).scalar_one()
            self._trail.record(tx, "chat.owe", "talk_message", [found], due.isoformat(), SYSTEM, now)

    def due(self, account: str, now: datetime) -> list[int]:
        """Answers whose time has come, in the order in which they were owed."""
        mine = (talk_messages.c.account == account, talk_messages.c.at <= now)
        with self._database.read() as tx:
            query = select(talk_messages.c.id).where(*_OWED, *mine).order_by(talk_messages.c.id)
            return [int(one) for one in tx.execute(query).scalars()]

    def take(self, answer_id: int, now: datetime) -> Owed | None:
        """The answer, which is owed no longer: whoever takes it says it.

        None where somebody else did, and where it cannot be opened: then it stays as it is, told as every such row is.
        """
        mine = talk_messages.c.id == answer_id
        with self._database.write() as tx:
            query = select(talk_messages.c.sealed, talk_messages.c.at).where(mine, *_OWED)
            row = tx.execute(query.with_for_update()).one_or_none()
            if row is None:
                return None
            body = self._sealed.read(talk_messages.name, answer_id, row.at, row.sealed, _body)
            if isinstance(body, Lost):
                return None
            tx.execute(update(talk_messages).where(mine).values(sealed=None))
            self._trail.record(tx, "chat.pay", "talk_message", [answer_id], None, SYSTEM, now)
        return Owed(answer_id, body)

    def void(self, account: str, mark: str, now: datetime) -> None:
        """What was owed under this mark has been overtaken."""
        digest = self._keys.digest("talk answer", account, mark)
        mine = (talk_messages.c.account == account, talk_messages.c.mark == digest, *_OWED)
        with self._database.write() as tx:
            gone = update(talk_messages).where(*mine).values(sealed=None).returning(talk_messages.c.id)
            if ids := list(tx.execute(gone).scalars()):
                self._trail.record(tx, "chat.void", "talk_message", ids, None, SYSTEM, now)


def _body(told: str) -> dict[str, Any]:
    return dict(json.loads(told))
