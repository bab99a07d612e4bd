"""One clockwork for one PostgreSQL database: a lock that lasts as long as a connection of its own (SQLite: `flow.run`).

PostgreSQL itself knows who holds it: the name of the connection says which process of which machine, its beginning since
when. Source: PostgreSQL 18 documentation, 13.3.5 (advisory locks) and 53.12 (pg_locks).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy import text

from huanyu.errors import StoreAway
from huanyu.store.session import Database
from huanyu.store.session import translated

log = structlog.get_logger()

KEY: Final = 0x4855414E5957  # beside those of the migrations and of the engine
LONGEST: Final = 63  # bytes of a connection's name
_TAKE: Final = text("SELECT pg_try_advisory_lock(:key)")
_GIVE: Final = text("SELECT pg_advisory_unlock(:key)")
#: With its name, how soon the server lets go of a machine that is gone without a word (two hours, unless told).
_NAME: Final = text(
    "SELECT set_config('application_name', :name, false), set_config('tcp_keepalives_idle', '30', false),"
    " set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false)"
)
_WHO: Final = text(
    "SELECT application_name AS name, backend_start AS since FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND (classid::bigint << 32) + objid::bigint = :key AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has it."""

    name: str
    since: datetime


class Alone:
    """The lock, seen from one process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    def take(self, name: str) -> Holder | None:
        """Take the lock under a name of ASCII letters, or say who has it; on SQLite there is nothing to take.

        Raises StoreAway.
        """
        if self._database.is_sqlite or self._connection is not None:
            return None
        with translated():
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()  # the pool would lend it to others
            try:
                connection.execute(_NAME, {"name": name[:LONGEST]})
                if connection.scalar(_TAKE, {"key": KEY}):
                    self._connection = connection
                    return None
                found = connection.execute(_WHO, {"key": KEY}).first()
            finally:
                if self._connection is None:
                    connection.close()
        return Holder(found.name, found.since) if found else self.take(name)  # it was just given back

    def still(self, name: str) -> Holder | None:
        """As `take`; where the connection was lost meanwhile, and with it the lock, it is taken anew."""
        if self._connection is not None:
            try:
                with translated():
                    self._connection.execute(text("SELECT 1"))
            except StoreAway:
                log.warning("clockwork_lock_lost")
                self.give_back()
        return self.take(name)

    def give_back(self) -> None:
        """Let others have it at once: a server notices only later that a connection was closed."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if not connection.invalidated:
                with translated():
                    connection.execute(_GIVE, {"key": KEY})
        except StoreAway:
            log.info("clockwork_lock_went_with_its_connection")
        finally:
            connection.close()
