"""Which backups were made, of what size, and whether they were found to be good; each step with its audit line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import backups

RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup, or the attempt at one."""

    id: int
    key: str
    state: str  #: running | done | failed
    begun_at: datetime
    ended_at: datetime | None = None
    actor: str = ""
    path: str = ""
    size: int = 0  #: bytes
    sha256: str = ""  #: of the file
    head: str = ""  #: of the audit trail inside
    rows: int = 0
    verified_at: datetime | None = None
    dropped_at: datetime | None = None  #: when the file was thinned out
    note: str = ""  #: Chinese


class Backups:
    """The list of backups."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def begin(self, key: str, path: str, now: datetime, actor: str = SYSTEM) -> Backup | None:
        """Announce one under its key; None where another process has taken it."""
        values = {"key": key, "state": RUNNING, "begun_at": now, "actor": actor, "path": path}
        with self._database.write() as tx:
            new = insert_new(tx, backups).values(**values).returning(backups.c.id)
            found = tx.execute(new).scalar()
            if found is None:
                return None
            self._trail.record(tx, "backup.begin", "backup", [found], [key, path], actor, now)
        return self.get(found)

    def finish(self, backup_id: int, size: int, sha256: str, head: str, rows: int, now: datetime) -> None:
        """The file is there."""
        facts = {"size": size, "sha256": sha256, "head": head, "rows": rows}
        self._write(backup_id, "backup.done", {"state": DONE, "ended_at": now, **facts}, facts, SYSTEM, now)

    def fail(self, backup_id: int, note: str, now: datetime) -> None:
        """There is none, and why."""
        values = {"state": FAILED, "ended_at": now, "note": note}
        self._write(backup_id, "backup.failed", values, note, SYSTEM, now)

    def verified(self, backup_id: int, note: str, now: datetime, actor: str = SYSTEM) -> None:
        """It was restored into an empty place; `note` says what was wrong, "" where nothing was."""
        values: dict[str, Any] = {"note": note} if note else {"note": "", "verified_at": now}
        self._write(backup_id, "backup.verify", values, note, actor, now)

    def dropped(self, backup_id: int, now: datetime) -> None:
        """Its file was removed, because there are enough newer ones."""
        self._write(backup_id, "backup.drop", {"dropped_at": now}, None, SYSTEM, now)

    def taken_out(self, backup_id: int, actor: str, now: datetime) -> None:
        """Somebody takes the file with them; written before it is handed over."""
        self._write(backup_id, "backup.download", {}, None, actor, now)

    def get(self, backup_id: int) -> Backup:
        """One by its number; raises NotFound."""
        with self._database.read() as tx:
            row = tx.execute(select(backups).where(backups.c.id == backup_id)).mappings().first()
        if row is None:
            raise NotFound("没有这份备份", backup=backup_id)
        return noun(Backup, row)

    def listing(self, limit: int = 100) -> list[Backup]:
        """The latest, newest first."""
        query = select(backups).order_by(backups.c.begun_at.desc(), backups.c.id.desc()).limit(limit)
        with self._database.read() as tx:
            return [noun(Backup, row) for row in tx.execute(query).mappings()]

    def last(self) -> Backup | None:
        """The newest one that succeeded."""
        query = select(backups).where(backups.c.state == DONE).order_by(backups.c.begun_at.desc()).limit(1)
        with self._database.read() as tx:
            row = tx.execute(query).mappings().first()
        return None if row is None else noun(Backup, row)

    def _write(
        self, backup_id: int, action: str, values: dict[str, Any], facts: object, actor: str, now: datetime
    ) -> None:
        with self._database.write() as tx:
            if values:
                tx.execute(update(backups).where(backups.c.id == backup_id).values(**values))
            self._trail.record(tx, action, "backup", [backup_id], facts, actor, now)
