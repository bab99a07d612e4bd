"""Second factors: a sealed secret per person, the step of the last code that was taken, recovery codes as digests.

Whether a code is right is not decided here; that no code is taken twice is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import news
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.session import Database
from huanyu.store.tables import recovery_codes
from huanyu.store.tables import second_factors
from huanyu.store.tables import sessions
from huanyu.types import Proof

USED = "这个动态码或恢复码已经用过，请用下一个"


class Factors:
    """One factor per person, confirmed or on its way."""

    def __init__(self, database: Database, trail: Trail, keys: Keys) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys

    def begin(self, user_id: int, secret: str, actor: str, now: datetime) -> None:
        """Keep a secret until its first code confirms it; raises Conflict where one is confirmed already."""
        with self._database.write() as tx:
            unconfirmed = second_factors.c.confirmed_at.is_(None)
            tx.execute(delete(second_factors).where(second_factors.c.user_id == user_id, unconfirmed))
            if tx.scalar(select(second_factors.c.user_id).where(second_factors.c.user_id == user_id)):
                raise Conflict("已经启用了动态码")
            values = {"user_id": user_id, "sealed": self._keys.seal(secret), "made_at": now, "last_step": 0}
            tx.execute(insert(second_factors).values(**values))
            self._trail.record(tx, "factor.begin", "user", [user_id], "", actor, now)

    def pending(self, user_id: int, since: datetime) -> str:
        """The secret that waits for its first code, made after `since`; "" where none does."""
        query = select(second_factors.c.sealed).where(
            second_factors.c.user_id == user_id,
            second_factors.c.confirmed_at.is_(None),
            second_factors.c.made_at > since,
        )
        with self._database.read() as tx:
            sealed = tx.scalar(query)
        return "" if sealed is None else self._keys.open(sealed)

    def confirm(
        self, user_id: int, step: int, codes: Sequence[str], actor: str, now: datetime, keep: str = ""
    ) -> None:
        """The first code was right: the factor counts from now on; raises Conflict where none waits.

        Sessions that were begun without it end, but the one whose token's hash is `keep`.
        """
        with self._database.write() as tx:
            waits = (second_factors.c.user_id == user_id, second_factors.c.confirmed_at.is_(None))
            done = update(second_factors).where(*waits).values(confirmed_at=now, last_step=step)
            if not tx.execute(done).rowcount:
                raise Conflict("没有等待确认的动态码，请重新开始设置")
            self._replace(tx, user_id, codes)
            tx.execute(delete(sessions).where(sessions.c.user_id == user_id, sessions.c.token_hash != keep))
            news.tell(tx, user_id, "factor_on", actor, now)
            self._trail.record(tx, "factor.confirm", "user", [user_id], "", actor, now)

    def confirmed(self, user_id: int) -> tuple[str, int] | None:
        """The secret and the step of the last code that was taken; None without a factor."""
        query = select(second_factors.c.sealed, second_factors.c.last_step).where(
            second_factors.c.user_id == user_id, second_factors.c.confirmed_at.is_not(None)
        )
        with self._database.read() as tx:
            row = tx.execute(query).first()
        return None if row is None else (self._keys.open(row.sealed), int(row.last_step))

    def spend(self, user_id: int, proof: Proof, why: str, actor: str, now: datetime) -> None:
        """Take a code for something done outside a log-in; raises Conflict for one that was taken before."""
        with self._database.write() as tx:
            take(tx, user_id, proof, actor, now)
            self._trail.record(tx, "factor.use", "user", [user_id], why, actor, now)

    def renew(self, user_id: int, proof: Proof, codes: Sequence[str], actor: str, now: datetime) -> None:
        """New recovery codes; the old ones are worth nothing any more."""
        with self._database.write() as tx:
            take(tx, user_id, proof, actor, now)
            self._replace(tx, user_id, codes)
            news.tell(tx, user_id, "codes_new", actor, now)
            self._trail.record(tx, "factor.codes", "user", [user_id], "", actor, now)

    def remove(self, user_id: int, actor: str, now: datetime, proof: Proof | None = None) -> None:
        """Take the factor away: its owner with a code, an administrator without; raises NotFound, Conflict."""
        with self._database.write() as tx:
            if proof is not None:
                take(tx, user_id, proof, actor, now)
            gone = delete(second_factors).where(second_factors.c.user_id == user_id)
            if not tx.execute(gone).rowcount:
                raise NotFound("这位用户没有设置动态码")
            tx.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
            news.tell(tx, user_id, "factor_reset" if proof is None else "factor_off", actor, now)
            self._trail.record(tx, "factor.remove", "user", [user_id], "", actor, now)

    def codes_left(self, user_id: int) -> int:
        """Recovery codes that nobody has used."""
        unused = (recovery_codes.c.user_id == user_id, recovery_codes.c.used_at.is_(None))
        with self._database.read() as tx:
            return int(tx.scalar(select(func.count()).select_from(recovery_codes).where(*unused)) or 0)

    def is_unused(self, user_id: int, digest: str) -> bool:
        """Whether this is a recovery code of the person that nobody has used."""
        query = select(recovery_codes.c.id).where(
            recovery_codes.c.user_id == user_id,
            recovery_codes.c.digest == digest,
            recovery_codes.c.used_at.is_(None),
        )
        with self._database.read() as tx:
            return tx.scalar(query) is not None

    def digest(self, user_id: int, code: str) -> str:
        """What is kept of a recovery code."""
        return self._keys.digest("recovery code", user_id, code)

    def _replace(self, tx: Connection, user_id: int, codes: Sequence[str]) -> None:
        tx.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
        rows = [{"user_id": user_id, "digest": self.digest(user_id, code)} for code in codes]
        tx.execute(insert(recovery_codes), rows)


def take(tx: Connection, user_id: int, proof: Proof, actor: str, now: datetime) -> None:
    """Use a code up, by compare-and-set: of two who show it at once one meets Conflict."""
    if proof.digest:
        unused = (
            recovery_codes.c.user_id == user_id,
            recovery_codes.c.digest == proof.digest,
            recovery_codes.c.used_at.is_(None),
        )
        done = tx.execute(update(recovery_codes).where(*unused).values(used_at=now)).rowcount
        news.tell(tx, user_id, "code_used", actor, now)
    else:
        later = (
            second_factors.c.user_id == user_id,
            second_factors.c.confirmed_at.is_not(None),
            second_factors.c.last_step < proof.step,
        )
        done = tx.execute(update(second_factors).where(*later).values(last_step=proof.step)).rowcount
    if not done:
        raise Conflict(USED)
