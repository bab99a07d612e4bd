"""How a database is migrated while others are at work on it: nobody who writes is ended for it, and it is tried again.

On PostgreSQL a migration first holds every table there is against writing. Where it cannot have them before the server
would look for a deadlock, it lets go and waits: of two that wait for each other it is always the migration that gives
way, never a worker whose message is on its way to a platform.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from time import sleep
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy import inspect
from sqlalchemy import text

from huanyu.errors import StoreAway
from huanyu.store.session import Database
from huanyu.store.tables import metadata

log = structlog.get_logger()

LOCK: Final = 0x4855414E5955  # "HUANYU": two programs starting at once migrate one after the other
SHARE: Final = 0.8  #: of the time after which PostgreSQL looks for a deadlock, and may end somebody
BUSY: Final = "busy"  # key of huanyu.store.trouble.TOLD


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a migration waits for others; all in seconds."""

    reader: float = 10.0  #: for who reads a table that is changed: whoever comes after waits behind us
    first: float = 1.0  #: until the second try; doubled from try to try
    longest: float = 30.0  #: between two tries
    whole: float = 600.0  #: then a person has to stop what is at work


PATIENCE: Final = Patience()


def migrate(database: Database, run: Callable[[Connection], None], patience: Patience = PATIENCE) -> None:
    """Call `run` in one transaction, again where others were in the way; raises StoreAway when that never ends."""
    if database.is_sqlite:
        with database.write() as connection:
            run(connection)
        return
    begun, rest = monotonic(), patience.first
    while True:
        try:
            with database.write() as connection:
                _hold(connection, patience)
                run(connection)
            return
        except StoreAway as problem:
            if problem.why != BUSY:
                raise
            if monotonic() - begun + rest > patience.whole:
                raise _given_up(patience) from problem
            log.warning("migration_gave_way", again_in=rest, cause=_cause(problem))
        sleep(rest)
        rest = min(2 * rest, patience.longest)


def _cause(problem: StoreAway) -> str:
    """What the driver calls it: LockNotAvailable, DeadlockDetected."""
    return type(getattr(problem.__cause__, "orig", problem)).__name__


def _given_up(patience: Patience) -> StoreAway:
    return StoreAway(
        f"数据库结构没有升级: {patience.whole / 60:.0f} 分钟里一直有别的程序占着表, 数据库没有改动。"
        "请先停掉旧程序和正在运行的大查询、导出, 再试一次",
        why=BUSY,
    )


def _hold(connection: Connection, patience: Patience) -> None:
    """Have every table that is there against writing, or raise StoreAway before anybody is ended for it."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    looked_after = connection.scalar(
        text("SELECT CAST(setting AS float) / 1000 FROM pg_settings WHERE name = 'deadlock_timeout'")
    )
    until = monotonic() + SHARE * float(looked_after or 0)
    quoted = connection.dialect.identifier_preparer.quote
    for name in sorted(metadata.tables.keys() & set(inspect(connection).get_table_names())):
        _wait_at_most(connection, until - monotonic())
        connection.exec_driver_sql(f"LOCK TABLE {quoted(name)} IN EXCLUSIVE MODE")
    _wait_at_most(connection, patience.reader)


def _wait_at_most(connection: Connection, seconds: float) -> None:
    """For each lock from here to the end of the transaction; a time that is over is the shortest there is."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, round(seconds * 1000))}")
