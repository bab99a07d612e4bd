"""Tokens of other systems: made, found by their hash, used, revoked; each with its audit line.

The token is kept nowhere. What it lets its holder do is not decided here.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import tokens
from huanyu.types import Token

USED = timedelta(
    minutes=5
)  # how exactly the last use is known: a line in the trail each time, not at every request


class Tokens:
    """Who may use the interface."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def add(
        self,
        name: str,
        unit: str,
        scopes: tuple[str, ...],
        channels: tuple[str, ...],
        token_hash: str,
        hint: str,
        expires_at: datetime,
        now: datetime,
        actor: str = SYSTEM,
    ) -> Token:
        """Keep a new token; raises Conflict while another of that name is not revoked."""
        values = {"name": name, "unit": unit, "scopes": scopes, "channels": channels, "hint": hint}
        made = {"made_at": now, "made_by": actor, "expires_at": expires_at}
        with self._database.write() as tx:
            new = insert_new(tx, tokens).values(**values, **made, token_hash=token_hash)
            found = tx.execute(new.returning(tokens.c.id)).scalar()
            if found is None:
                raise Conflict(f"已有名为“{name}”的令牌，请先停用它，或换一个名称")
            facts = [name, unit, scopes, channels, expires_at.isoformat()]
            self._trail.record(tx, "token.add", "token", [found], facts, actor, now)
            row = tx.execute(select(tokens).where(tokens.c.id == found)).mappings().one()
            return noun(Token, row)

    def find(self, token_hash: str) -> Token | None:
        """The token of this hash, dead ones too."""
        with self._database.read() as tx:
            row = tx.execute(select(tokens).where(tokens.c.token_hash == token_hash)).mappings().first()
        return None if row is None else noun(Token, row)

    def listing(self) -> list[Token]:
        """Every token there ever was, those in use first, the newest first."""
        query = select(tokens).order_by(tokens.c.revoked_at.is_not(None), tokens.c.id.desc())
        with self._database.read() as tx:
            return [noun(Token, row) for row in tx.execute(query).mappings()]

    def use(self, token: Token, now: datetime) -> None:
        """Note that it is in use, unless that was noted a moment ago."""
        stale = or_(tokens.c.used_at.is_(None), tokens.c.used_at <= now - USED)
        with self._database.write() as tx:
            if tx.execute(update(tokens).where(tokens.c.id == token.id, stale).values(used_at=now)).rowcount:
                self._trail.record(tx, "token.use", "token", [token.id], None, SYSTEM, now)

    def refuse(self, token: Token, what: str, now: datetime) -> None:
        """Leave a line about something it was not let do."""
        with self._database.write() as tx:
            self._trail.record(tx, "token.refused", "token", [token.id], what, SYSTEM, now)

    def revoke(self, token_id: int, actor: str, now: datetime) -> Token:
        """Shut it for good; raises NotFound, or Conflict where it was shut before."""
        with self._database.write() as tx:
            mine = and_(tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
            done = tx.execute(update(tokens).where(mine).values(revoked_at=now, revoked_by=actor)).rowcount
            row = tx.execute(select(tokens).where(tokens.c.id == token_id)).mappings().first()
            if row is None:
                raise NotFound("没有这个令牌", token=token_id)
            if not done:
                raise Conflict("这个令牌已经停用", token=token_id)
            self._trail.record(tx, "token.revoke", "token", [token_id], None, actor, now)
            return noun(Token, row)
