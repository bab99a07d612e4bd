"""Sessions beyond their beginning: the step between password and code, the list of a person's, their end.

A half session opens nothing; it becomes a whole one, under a new token, in the transaction that takes the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store import news
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.factors import take
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import second_factors
from huanyu.store.tables import sessions
from huanyu.store.tables import users
from huanyu.types import Proof
from huanyu.types import Session
from huanyu.types import User

HANDLE = 16  # characters of a hash that name a session

_handle = func.substr(sessions.c.token_hash, 1, HANDLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A log-in on its way: what is kept of it."""

    token_hash: str
    expires: datetime
    device: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How somebody comes in."""

    user_id: int
    last_login: datetime | None
    open_sessions: int
    factor_since: datetime | None


class Entrances:
    """Half and whole sessions."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def begin(self, user_id: int, token_hash: str, expires: datetime, now: datetime) -> None:
        """The password was right: wait for the code. A new log-in ends whatever waited before."""
        with self._database.write() as tx:
            tx.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.half))
            values = {"user_id": user_id, "started_at": now, "expires_at": expires, "half": True}
            tx.execute(insert(sessions).values(token_hash=token_hash, **values))
            self._trail.record(tx, "session.half", "user", [user_id], token_hash, SYSTEM, now)

    def waiting(self, token_hash: str, now: datetime) -> User | None:
        """Who has shown the password and not yet the code."""
        query = select(users).join(sessions, sessions.c.user_id == users.c.id)
        with self._database.read() as tx:
            row = tx.execute(query.where(_waits(token_hash, now))).mappings().first()
        return None if row is None else noun(User, row)

    def enter(self, half_hash: str, proof: Proof, coming: Coming, now: datetime) -> None:
        """Come in with a code, once: raises Conflict for a used one, NotFound where the first step is too long ago."""
        with self._database.write() as tx:
            query = select(users.c.id, users.c.name).join(sessions, sessions.c.user_id == users.c.id)
            found = tx.execute(query.where(_waits(half_hash, now))).first()
            if found is None:
                raise NotFound("登录已超时，请重新输入密码")
            take(tx, found.id, proof, found.name, now)
            tx.execute(delete(sessions).where(sessions.c.token_hash == half_hash))
            start(tx, found.id, coming, now)
            facts = [coming.token_hash, bool(proof.digest)]
            self._trail.record(tx, "session.start", "user", [found.id], facts, found.name, now)

    def refuse(self, user_id: int, blocked: bool, now: datetime) -> None:
        """The password was right and the code wrong: a line, and when the name rests news for its owner."""
        with self._database.write() as tx:
            if blocked:
                tx.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.half))
                news.tell(tx, user_id, "code_blocked", SYSTEM, now)
            self._trail.record(tx, "factor.refused", "user", [user_id], blocked, SYSTEM, now)

    def listing(self, user_id: int, now: datetime, idle: timedelta) -> list[Session]:
        """A person's sessions, the one used last first."""
        query = select(sessions, _handle.label("handle")).where(
            sessions.c.user_id == user_id, _lives(now, idle)
        )
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(sessions.c.seen_at.desc(), sessions.c.token_hash)).mappings()
            return [noun(Session, row) for row in rows]

    def end(self, user_id: int, handle: str, actor: str, now: datetime) -> None:
        """End one of a person's own; raises NotFound."""
        with self._database.write() as tx:
            gone = delete(sessions).where(sessions.c.user_id == user_id, _handle == handle)
            if not tx.execute(gone).rowcount:
                raise NotFound("这个登录已经退出")
            self._trail.record(tx, "session.end", "user", [user_id], handle, actor, now)

    def end_all(self, user_id: int, actor: str, now: datetime, keep: str = "", by_other: bool = False) -> int:
        """End all of a person's but `keep`; how many. Somebody else's doing is told to the person."""
        with self._database.write() as tx:
            mine = (sessions.c.user_id == user_id, sessions.c.token_hash != keep)
            ended = tx.execute(delete(sessions).where(*mine)).rowcount
            if by_other:
                news.tell(tx, user_id, "sessions_ended", actor, now)
            self._trail.record(tx, "session.end_all", "user", [user_id], ended, actor, now)
            return int(ended)

    def was_idle(self, token_hash: str, now: datetime, idle: timedelta) -> bool:
        """Whether a session is over only because nobody used it."""
        query = select(sessions.c.user_id).where(
            sessions.c.token_hash == token_hash, sessions.c.expires_at > now, sessions.c.seen_at <= now - idle
        )
        with self._database.read() as tx:
            return tx.scalar(query) is not None

    def attendance(self, now: datetime, idle: timedelta) -> dict[int, Attendance]:
        """Of everybody: when they came last, how many sessions they have, since when a factor."""
        open_ = select(func.count()).where(sessions.c.user_id == users.c.id, _lives(now, idle))
        since = select(second_factors.c.confirmed_at).where(second_factors.c.user_id == users.c.id)
        query = select(
            users.c.id.label("user_id"),
            users.c.last_login,
            open_.scalar_subquery().label("open_sessions"),
            since.scalar_subquery().label("factor_since"),
        )
        with self._database.read() as tx:
            return {row["user_id"]: noun(Attendance, row) for row in tx.execute(query).mappings()}


def start(tx: Connection, user_id: int, coming: Coming, now: datetime) -> None:
    """A whole session, and the day of its owner's last log-in; sessions long over are dropped on the way."""
    tx.execute(delete(sessions).where(sessions.c.expires_at <= now))
    told = {"device": coming.device, "address": coming.address, "half": False}
    times = {"started_at": now, "expires_at": coming.expires, "seen_at": now}
    tx.execute(insert(sessions).values(token_hash=coming.token_hash, user_id=user_id, **times, **told))
    tx.execute(update(users).where(users.c.id == user_id).values(last_login=now))


def _lives(now: datetime, idle: timedelta) -> ColumnElement[bool]:
    return and_(~sessions.c.half, sessions.c.expires_at > now, sessions.c.seen_at > now - idle)


def _waits(token_hash: str, now: datetime) -> ColumnElement[bool]:
    mine = sessions.c.token_hash == token_hash
    return and_(mine, sessions.c.half, sessions.c.expires_at > now, users.c.active)
