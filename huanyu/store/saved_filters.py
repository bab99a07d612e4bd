"""Filters of lists that people saved under a name: their own, and what others share with the office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.nouns import SavedFilter
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import saved_filters as table

MOST = 30  #: of one person
#: Asked on every list: put together once.
_OF_ALL = select(table).where(or_(table.c.owner == bindparam("owner"), table.c.shared)).order_by(table.c.name)
_OF_PAGE = _OF_ALL.where(table.c.page == bindparam("page"))


class SavedFilters:
    """What a person comes back to."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def save(self, page: str, name: str, query: str, shared: bool, owner: str, now: datetime) -> int:
        """Keep a filter; one of that name is replaced. Raises BadInput for more than MOST."""
        mine = (table.c.owner == owner, table.c.page == page, table.c.name == name)
        values = {"query": query, "shared": shared, "at": now}
        with self._database.write() as tx:
            found = tx.scalar(select(table.c.id).where(*mine))
            if found is None:
                kept = select(func.count()).select_from(table).where(table.c.owner == owner)
                if (tx.scalar(kept) or 0) >= MOST:
                    raise BadInput(f"每人最多存 {MOST} 个筛选，请先删去不用的")
                new = insert(table).values(owner=owner, page=page, name=name, **values)
                found = tx.execute(new.returning(table.c.id)).scalar_one()
            else:
                tx.execute(update(table).where(table.c.id == found).values(**values))
            self._trail.record(tx, "filter.save", "filter", [found], [page, name, query, shared], owner, now)
            return int(found)

    def remove(self, filter_id: int, owner: str, now: datetime) -> None:
        """Drop one's own filter; raises NotFound, also for another person's."""
        gone = delete(table).where(table.c.id == filter_id, table.c.owner == owner)
        with self._database.write() as tx:
            if not tx.execute(gone).rowcount:
                raise NotFound("没有这个筛选，或者不是您存的", filter=filter_id)
            self._trail.record(tx, "filter.remove", "filter", [filter_id], None, owner, now)

    def of(self, owner: str, page: str = "") -> list[SavedFilter]:
        """One's own, then what others share; of one list or of all."""
        query, asked = (_OF_PAGE, {"owner": owner, "page": page}) if page else (_OF_ALL, {"owner": owner})
        with self._database.read() as tx:
            found = [noun(SavedFilter, row) for row in tx.execute(query, asked).mappings()]
        return sorted(found, key=lambda one: one.owner != owner)
