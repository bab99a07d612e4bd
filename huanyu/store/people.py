"""Who works at the desk, and who reported: the latter in one encrypted table with its own read log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import chats as chatting
from huanyu.store import entrances
from huanyu.store import news
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.entrances import Coming
from huanyu.store.keys import Keys
from huanyu.store.nouns import IdentityRead
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import account_news
from huanyu.store.tables import case_posts
from huanyu.store.tables import cases
from huanyu.store.tables import chats
from huanyu.store.tables import identities
from huanyu.store.tables import identity_reads
from huanyu.store.tables import second_factors
from huanyu.store.tables import sessions
from huanyu.store.tables import users
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer
from huanyu.types import User

#: A session is noted as used at most so often: a write for every page would be one too many.
TOUCH = timedelta(minutes=1)
EVER = datetime(1970, 1, 1, tzinfo=UTC)  #: no session was seen before
_NAMES = select(users.c.name, users.c.full_name)
_HAS_FACTOR = (
    select(second_factors.c.user_id)
    .where(second_factors.c.user_id == users.c.id, second_factors.c.confirmed_at.is_not(None))
    .exists()
    .label("second_factor")
)
_UNREAD = (
    select(func.count())
    .where(account_news.c.user_id == users.c.id, account_news.c.seen_at.is_(None))
    .scalar_subquery()
    .label("unread")
)
#: Asked on every page: put together once, or that costs more than the question.
_SESSION = (
    select(users, _HAS_FACTOR, _UNREAD, sessions.c.seen_at)
    .join(sessions, sessions.c.user_id == users.c.id)
    .where(
        sessions.c.token_hash == bindparam("token"),
        sessions.c.expires_at > bindparam("now"),
        ~sessions.c.half,
        sessions.c.seen_at > bindparam("since"),
        users.c.active,
    )
)
_STAFF = select(users.c.unit, func.count()).where(users.c.active, users.c.unit != "").group_by(users.c.unit)
_EVERYBODY = select(users, _HAS_FACTOR).order_by(users.c.name)


class People:
    """Users and their sessions; reporters and who looked at them."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, unsealer: Unsealer) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._unsealer = unsealer

    def add_user(
        self,
        name: str,
        full_name: str,
        role: str,
        unit: str,
        password_hash: str,
        now: datetime,
        actor: str = SYSTEM,
        first: bool = False,
        must_change: bool = False,
    ) -> User:
        """Add a person; raises Conflict when the name is taken, or, with `first`, when there is anybody yet."""
        with self._database.write() as tx:
            if first and tx.scalar(select(users.c.id).limit(1)) is not None:
                raise Conflict("已经设置过第一位用户")
            person: dict[str, Any] = {"name": name, "full_name": full_name, "role": role, "unit": unit}
            state = {"active": True, "must_change": must_change}
            statement = insert_new(tx, users).values(
                **person, **state, password_hash=password_hash, created_at=now
            )
            found = tx.execute(statement.returning(users.c.id)).scalar()
            if found is None:
                raise Conflict("用户名已被使用", user=name)
            self._trail.record(tx, "user.add", "user", [found], [role, unit], actor, now)
            return User(id=found, **person, active=True, must_change=must_change)

    def user(self, name: str) -> tuple[User, str] | None:
        """A person and the hash of their password; None for an unknown name."""
        with self._database.read() as tx:
            row = tx.execute(select(users, _HAS_FACTOR).where(users.c.name == name)).mappings().first()
        return None if row is None else (noun(User, row), row["password_hash"])

    def users(self) -> list[User]:
        """Everybody, by name."""
        with self._database.read() as tx:
            rows = tx.execute(_EVERYBODY).mappings()
            return [noun(User, row) for row in rows]

    def names(self) -> dict[str, str]:
        """Everybody's full name by the name they come in with."""
        with self._database.read() as tx:
            return {row.name: row.full_name for row in tx.execute(_NAMES)}

    def staff(self) -> dict[str, int]:
        """How many people of each unit may come in."""
        with self._database.read() as tx:
            return {str(unit): int(count) for unit, count in tx.execute(_STAFF)}

    def any_user(self) -> bool:
        """Whether the desk has been set up."""
        with self._database.read() as tx:
            return bool(tx.scalar(select(func.count()).select_from(users)))

    def set_password(
        self,
        user_id: int,
        password_hash: str,
        actor: str,
        now: datetime,
        must_change: bool = False,
        keep: str = "",
    ) -> None:
        """Replace a password and end its owner's sessions but the one whose token's hash is `keep`; raises NotFound."""
        values = {"password_hash": password_hash, "must_change": must_change}
        told = "password_given" if must_change else "password_own"
        self._change_user(user_id, values, "user.password", told, actor, now, keep)

    def set_active(self, user_id: int, active: bool, actor: str, now: datetime) -> None:
        """Let a person in or keep them out; their sessions end. Raises NotFound."""
        told = "let_in" if active else "locked_out"
        self._change_user(user_id, {"active": active}, "user.active", told, actor, now)

    def set_role(self, user_id: int, role: str, unit: str, actor: str, now: datetime) -> None:
        """Another role or unit; the person's sessions end. Raises NotFound."""
        self._change_user(user_id, {"role": role, "unit": unit}, "user.role", "role", actor, now)

    def start_session(
        self,
        user_id: int,
        token_hash: str,
        expires: datetime,
        now: datetime,
        device: str = "",
        address: str = "",
    ) -> None:
        """Remember a log-in by the hash of its token; sessions long over are dropped on the way.

        Its audit line names the person who came in; raises NotFound.
        """
        coming = Coming(token_hash=token_hash, expires=expires, device=device, address=address)
        with self._database.write() as tx:
            actor = _name(tx, user_id)
            entrances.start(tx, user_id, coming, now)
            self._trail.record(tx, "session.start", "user", [user_id], token_hash, actor, now)

    def session(
        self, token_hash: str, now: datetime, idle: timedelta | None = None, used: bool = False
    ) -> User | None:
        """Whose session this is; None when it is over, was left alone for `idle`, or its owner may not come in any more.

        `used` notes that it was; no line of the trail, since that somebody is at their desk is no act.
        """
        since = EVER if idle is None else now - idle
        with self._database.read() as tx:
            row = tx.execute(_SESSION, {"token": token_hash, "now": now, "since": since}).mappings().first()
        if row is None:
            return None
        if used and abs(now - row["seen_at"]) >= TOUCH:
            self._touch(token_hash, now)
        return noun(User, row)

    def note_failed_login(self, name: str, now: datetime) -> None:
        """Leave an audit line about a wrong password; of a name nobody has only the keyed digest is kept."""
        with self._database.write() as tx:
            known = tx.scalar(select(users.c.id).where(users.c.name == name))
            ids = [] if known is None else [known]
            self._trail.record(tx, "session.refused", "user", ids, name, SYSTEM, now)

    def end_session(self, token_hash: str, now: datetime) -> None:
        """Log out; an unknown session is fine."""
        with self._database.write() as tx:
            ended = delete(sessions).where(sessions.c.token_hash == token_hash).returning(sessions.c.user_id)
            owner = tx.execute(ended).scalar()
            if owner is not None:
                self._trail.record(tx, "session.end", "user", [owner], token_hash, _name(tx, owner), now)

    def save_reporter(
        self,
        identity: str,
        now: datetime,
        case_id: int | None = None,
        post_id: int | None = None,
        actor: str = SYSTEM,
    ) -> int:
        """Seal who reported, for a case or for a post; `identity` is JSON text. Returns the row's id."""
        if (case_id is None) == (post_id is None):
            raise ValueError("an identity belongs to a case or to a post")
        with self._database.write() as tx:
            row = {"case_id": case_id, "post_id": post_id, "at": now, "sealed": self._keys.seal(identity)}
            found = tx.execute(insert(identities).values(**row).returning(identities.c.id)).scalar_one()
            self._trail.record(tx, "identity.save", "identity", [found], identity, actor, now)
            return int(found)

    def read_reporter(
        self, case_id: int, actor: str, reason: str, now: datetime, post_id: int | None = None
    ) -> tuple[str, ...]:
        """As `reporters`, for checks that need every one: raises ConfigError where one cannot be opened."""
        found = self.reporters(case_id, actor, reason, now, post_id)
        for one in found:
            if isinstance(one, Lost):
                raise ConfigError(one.told, case=case_id)
        return tuple(one for one in found if not isinstance(one, Lost))

    def reporters(
        self, case_id: int, actor: str, reason: str, now: datetime, post_id: int | None = None
    ) -> tuple[str | Lost, ...]:
        """Who reported a case, oldest first; every look is logged with its reason, also one that finds nothing.

        `post_id`: only who told of it in that post. Raises BadInput without a reason, NotFound for an unknown case.
        """
        if not reason.strip():
            raise BadInput("查看举报人信息须写明理由", case=case_id)
        witness = select(case_posts.c.post_id).where(case_posts.c.case_id == case_id)
        query = (
            select(identities.c.id, identities.c.at, identities.c.sealed)
            .where(or_(identities.c.case_id == case_id, identities.c.post_id.in_(witness)))
            .order_by(identities.c.id)
        )
        if post_id is not None:
            query = query.where(identities.c.post_id == post_id)
        with self._database.write() as tx:
            if tx.scalar(select(cases.c.id).where(cases.c.id == case_id)) is None:
                raise NotFound("没有这个案件", case=case_id)
            found = tx.execute(query).all()
            tx.execute(
                insert(identity_reads).values(case_id=case_id, at=now, actor=actor, reason=reason.strip())
            )
            self._trail.record(tx, "identity.read", "case", [case_id], reason, actor, now)
        return tuple(self._unsealer.read(identities.name, row.id, row.at, row.sealed, str) for row in found)

    def has_reporter(self, case_id: int) -> bool:
        """Whether somebody's identity is kept for the case; not a look at it."""
        witness = select(case_posts.c.post_id).where(case_posts.c.case_id == case_id)
        known = or_(identities.c.case_id == case_id, identities.c.post_id.in_(witness))
        with self._database.read() as tx:
            return tx.scalar(select(identities.c.id).where(known).limit(1)) is not None

    def identity_reads(self, case_id: int) -> list[IdentityRead]:
        """Who looked at the reporter of a case and why, oldest first."""
        query = (
            select(identity_reads).where(identity_reads.c.case_id == case_id).order_by(identity_reads.c.id)
        )
        with self._database.read() as tx:
            return [noun(IdentityRead, row) for row in tx.execute(query).mappings()]

    def _touch(self, token_hash: str, now: datetime) -> None:
        with self._database.write() as tx:
            tx.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=now))

    def _change_user(
        self,
        user_id: int,
        values: Mapping[str, object],
        action: str,
        told: str,
        actor: str,
        now: datetime,
        keep: str = "",
    ) -> None:
        with self._database.write() as tx:
            if not tx.execute(update(users).where(users.c.id == user_id).values(**values)).rowcount:
                raise NotFound("没有这位用户", user=user_id)
            tx.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.token_hash != keep))
            if values.get("active") is False:
                chatting.end(tx, chats.c.user_id == user_id, now)  # nothing is said to them from here on
            news.tell(tx, user_id, told, actor, now)
            self._trail.record(tx, action, "user", [user_id], sorted(values), actor, now)


def _name(tx: Connection, user_id: int) -> str:
    found = tx.scalar(select(users.c.name).where(users.c.id == user_id))
    if found is None:
        raise NotFound("没有这位用户", user=user_id)
    return str(found)
