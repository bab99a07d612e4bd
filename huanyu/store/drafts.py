"""登记草稿: what a clerk has typed so far, sealed, so that nothing is lost when a call drops; one's own only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import RowMapping
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.keys import Keys
from huanyu.store.nouns import EntryDraft
from huanyu.store.session import Database
from huanyu.store.tables import entry_drafts as table
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer

MOST = 30  #: of one person


class Drafts:
    """Forms that were begun."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, sealed: Unsealer) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._sealed = sealed

    def save(
        self, token: str, form: str, typed: Mapping[str, str], begun_at: datetime, owner: str, now: datetime
    ) -> None:
        """Keep what is typed so far in place of what was; raises BadInput beyond MOST, Conflict for another's form."""
        sealed = self._keys.seal(json.dumps(dict(typed), ensure_ascii=False))
        with self._database.write() as tx:
            mine = select(table.c.id, table.c.owner).where(table.c.token == token).with_for_update()
            found = tx.execute(mine).mappings().first()
            if found is not None and found["owner"] != owner:
                raise Conflict("这份草稿是别人的")
            if found is None:
                kept = select(func.count()).select_from(table).where(table.c.owner == owner)
                if (tx.scalar(kept) or 0) >= MOST:
                    raise BadInput(f"每人最多存 {MOST} 份登记草稿，请先登记或删去")
                row = {"token": token, "owner": owner, "begun_at": begun_at}
                new = insert(table).values(**row, form=form, sealed=sealed, saved_at=now)
                draft_id = tx.execute(new.returning(table.c.id)).scalar_one()
            else:
                draft_id = found["id"]
                values = {"form": form, "sealed": sealed, "saved_at": now}
                tx.execute(update(table).where(table.c.id == draft_id).values(**values))
            self._trail.record(tx, "draft.save", "entry_draft", [draft_id], form, owner, now)

    def get(self, token: str, owner: str) -> EntryDraft:
        """One's own draft; raises NotFound, also for another person's, BadInput where it cannot be opened."""
        query = select(table).where(table.c.token == token, table.c.owner == owner)
        with self._database.read() as tx:
            row = tx.execute(query).mappings().first()
        if row is None:
            raise NotFound("没有这份草稿：可能已经登记，或已到期删除")
        found = self._opened(row)
        if isinstance(found, Lost):
            raise BadInput(found.told)
        return found

    def of(self, owner: str) -> list[EntryDraft]:
        """One's own drafts, the latest first, without those that cannot be opened."""
        query = select(table).where(table.c.owner == owner).order_by(table.c.saved_at.desc(), table.c.id)
        with self._database.read() as tx:
            rows = tx.execute(query).mappings().all()
        found = (self._opened(row) for row in rows)
        return [one for one in found if isinstance(one, EntryDraft)]

    def remove(self, token: str, owner: str, now: datetime) -> bool:
        """Forget one's own draft; returns whether there was one."""
        gone = delete(table).where(table.c.token == token, table.c.owner == owner)
        with self._database.write() as tx:
            found = tx.execute(gone.returning(table.c.id)).scalar()
            if found is not None:
                self._trail.record(tx, "draft.remove", "entry_draft", [found], None, owner, now)
        return found is not None

    def expire(self, before: datetime, now: datetime) -> int:
        """Forget what nobody has touched since then; returns how many."""
        with self._database.write() as tx:
            gone = delete(table).where(table.c.saved_at < before).returning(table.c.id)
            found = sorted(tx.execute(gone).scalars())
            if found:
                self._trail.record(tx, "draft.expire", "entry_draft", found, None, SYSTEM, now)
        return len(found)

    def _opened(self, row: RowMapping) -> EntryDraft | Lost:
        told = self._sealed.read(table.name, row["id"], row["saved_at"], row["sealed"], _typed)
        if isinstance(told, Lost):
            return told
        return EntryDraft(
            token=row["token"],
            form=row["form"],
            typed=told,
            begun_at=row["begun_at"],
            saved_at=row["saved_at"],
        )


def _typed(text: str) -> dict[str, str]:
    return dict(json.loads(text))
