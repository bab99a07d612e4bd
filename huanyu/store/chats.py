"""Private chats of colleagues with the bot: bound by a code that counts once, ended, and each update of the bot's heard once.

What the bot does with an update is not decided here; a chat ends with its owner's account (`end_of`).
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.store import news
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import chat_codes
from huanyu.store.tables import chat_updates
from huanyu.store.tables import chats
from huanyu.store.tables import outbox
from huanyu.store.tables import users
from huanyu.types import Chat

WRONG = "绑定码不对、已用过或已过期，请在控制台“我的账号”再取一个"


class Chats:
    """Who is bound to which chat, and which updates were acted on."""

    def __init__(self, database: Database, trail: Trail, keys: Keys) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys

    def new_code(self, user_id: int, code: str, expires_at: datetime, actor: str, now: datetime) -> None:
        """Keep the digest of a code; the person's older ones are void."""
        with self._database.write() as tx:
            mine = (chat_codes.c.user_id == user_id, chat_codes.c.used_at.is_(None))
            tx.execute(update(chat_codes).where(*mine).values(used_at=now))
            row = {"user_id": user_id, "digest": self._digest(code), "expires_at": expires_at}
            tx.execute(insert(chat_codes).values(**row))
            self._trail.record(tx, "chat.code", "user", [user_id], expires_at.isoformat(), actor, now)

    def bind(self, account: str, chat_id: str, code: str, wants: Iterable[str], now: datetime) -> Chat:
        """Bind a chat to whom the code was given, once; whatever either was bound to is ended. Raises BadInput."""
        with self._database.write() as tx:
            good = (
                chat_codes.c.digest == self._digest(code),
                chat_codes.c.used_at.is_(None),
                chat_codes.c.expires_at > now,
            )
            used = update(chat_codes).where(*good).values(used_at=now).returning(chat_codes.c.user_id)
            user_id = tx.execute(used).scalar()
            owner = select(users.c.name).where(users.c.id == user_id, users.c.active)
            name = tx.scalar(owner) if user_id is not None else None
            if user_id is None or name is None:
                raise BadInput(WRONG)
            end(tx, chats.c.user_id == user_id, now)
            end(tx, (chats.c.account == account) & (chats.c.chat_id == chat_id), now)
            row = {"user_id": user_id, "account": account, "chat_id": chat_id, "asked": ""}
            new = insert(chats).values(**row, wants=",".join(wants), bound_at=now).returning(chats)
            found = _chat(tx.execute(new).mappings().one())
            news.tell(tx, user_id, "chat_bound", name, now)
            self._trail.record(tx, "chat.bind", "chat", [found.id], user_id, name, now)
            return found

    def end_of(self, user_id: int, actor: str, now: datetime) -> bool:
        """Unbind a person; whether there was anything to end."""
        with self._database.write() as tx:
            ended = end(tx, chats.c.user_id == user_id, now)
            if ended:
                news.tell(tx, user_id, "chat_ended", actor, now)
                self._trail.record(tx, "chat.end", "chat", ended, user_id, actor, now)
            return bool(ended)

    def of_user(self, user_id: int) -> Chat | None:
        """The chat a person is bound to."""
        return self._first(chats.c.user_id == user_id)

    def of_chat(self, account: str, chat_id: str) -> Chat | None:
        """The binding of a chat whose owner may still come in."""
        return self._first((chats.c.account == account) & (chats.c.chat_id == chat_id))

    def live(self, account: str) -> list[Chat]:
        """Every binding whose owner may come in."""
        with self._database.read() as tx:
            query = _LIVE.where(chats.c.account == account).order_by(chats.c.id)
            return [_chat(row) for row in tx.execute(query).mappings()]

    def want(self, chat: Chat, wants: Iterable[str], actor: str, now: datetime) -> None:
        """What the person is told of from now on."""
        self._set(chat, "wants", ",".join(wants), "chat.want", actor, now)

    def ask(self, chat: Chat, asked: str, actor: str, now: datetime) -> None:
        """What the bot waits to be told; "" for nothing."""
        self._set(chat, "asked", asked, "chat.ask", actor, now)

    def heard(self, account: str, update_id: int, now: datetime) -> bool:
        """Whether this update is new; it never is again."""
        with self._database.write() as tx:
            new = insert_new(tx, chat_updates).values(account=account, update_id=update_id, at=now)
            found = tx.execute(new.returning(chat_updates.c.id)).scalar()
            if found is not None:
                self._trail.record(tx, "chat.update", "chat_update", [found], update_id, SYSTEM, now)
            return found is not None

    def acted(self, chat: Chat, act: str, case_id: int, actor: str, now: datetime) -> None:
        """The audit line beside the act itself: it came by way of the chat."""
        with self._database.write() as tx:
            self._trail.record(tx, "chat.act", "case", [case_id], ["telegram", act, chat.id], actor, now)

    def told(self, keys: Collection[str]) -> set[str]:
        """Which of these messages are in the outbox already."""
        with self._database.read() as tx:
            return {
                key
                for some in chunks(keys)
                for key in tx.execute(select(outbox.c.key).where(outbox.c.key.in_(some))).scalars()
            }

    def _set(self, chat: Chat, column: str, value: str, action: str, actor: str, now: datetime) -> None:
        with self._database.write() as tx:
            tx.execute(update(chats).where(chats.c.id == chat.id).values({column: value}))
            self._trail.record(tx, action, "chat", [chat.id], value, actor, now)

    def _first(self, where: ColumnElement[bool]) -> Chat | None:
        with self._database.read() as tx:
            row = tx.execute(_LIVE.where(where)).mappings().first()
        return None if row is None else _chat(row)

    def _digest(self, code: str) -> str:
        return self._keys.digest("chat code", code)


_LIVE = (
    select(chats).join(users, users.c.id == chats.c.user_id).where(chats.c.ended_at.is_(None), users.c.active)
)


def end(tx: Connection, where: ColumnElement[bool], now: datetime) -> list[int]:
    """End bindings, inside the transaction of what ended them; returns which."""
    mine = update(chats).where(where, chats.c.ended_at.is_(None)).values(ended_at=now, asked="")
    return [int(one) for one in tx.execute(mine.returning(chats.c.id)).scalars()]


def _chat(row: RowMapping) -> Chat:
    return noun(Chat, row, wants=tuple(one for one in row["wants"].split(",") if one))
