"""Jobs of the engine that many machines work from: Procrastinate's tables in the same PostgreSQL (ADR 0017).

The columns stay the truth of what waits; a job says that it is worth looking now. Where the engine is not set up, and
on SQLite, nothing is written here.
Source: Procrastinate 3.10, sql/schema.sql.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import psycopg
import structlog
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection
from sqlalchemy import text

from huanyu.errors import ConfigError
from huanyu.store.nouns import JobLeft
from huanyu.store.nouns import JobsWaiting
from huanyu.store.session import Database

log = structlog.get_logger()

RANGE: Final = 2000  # posts of one job: batches, not the engine, decide how fast the posts are read
UNDERSTAND: Final = "understand"
LOCK: Final = 0x4855414E5956  # two programs starting at once set the engine up one after the other
DRIVER: Final = psycopg.Error  # what the engine lets through when its pool cannot be opened
_THERE: Final = text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
_PUT: Final = text(
    "SELECT procrastinate_defer_jobs_v1(array_agg(ROW(CAST(:queue AS varchar), CAST(:task AS varchar), 0, NULL, NULL,"
    " jsonb_build_object('first', f, 'last', l), NULL)::procrastinate_job_to_defer_v1))"
    " FROM unnest(CAST(:firsts AS bigint[]), CAST(:lasts AS bigint[])) AS ranges(f, l)"
)
_WAITING: Final = text(
    "SELECT queue_name AS queue, status::text AS state, count(*) AS many, min(begun.at) AS since"
    " FROM procrastinate_jobs LEFT JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events"
    " WHERE job_id = procrastinate_jobs.id) AS begun ON true"
    " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2"
)
_NAMED: Final = text(
    "SELECT args ->> :key FROM procrastinate_jobs WHERE task_name = :task AND status IN ('todo', 'doing')"
)
#: Planned for a time before all that Python knows: the driver cannot read the row, so no job is taken at all. Or for one
#: far away, where ours wait seconds: it holds its lock until then.
_SET_ASIDE: Final = text(
    "UPDATE procrastinate_jobs SET status = 'failed' WHERE status IN ('todo', 'doing')"
    " AND scheduled_at NOT BETWEEN '0001-01-03' AND now() + interval '1 day' RETURNING id, task_name"
)
#: Those that ended with an error, and those that nobody has taken since a moment.
_LEFT: Final = text(
    "SELECT jobs.id, jobs.queue_name AS queue, jobs.task_name AS task, jobs.status = 'failed' AS failed,"
    " (SELECT max(at) FROM procrastinate_events WHERE job_id = jobs.id AND isfinite(at)) AS at"
    " FROM procrastinate_jobs AS jobs WHERE jobs.status = 'failed' OR (jobs.status = 'todo'"
    " AND coalesce(jobs.scheduled_at, '-infinity') < :before AND EXISTS (SELECT 1 FROM procrastinate_events"
    " WHERE job_id = jobs.id AND at < :before)) ORDER BY jobs.id LIMIT :most"
)


class Jobs:
    """What is to be done by whichever worker is free."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_up(self) -> None:
        """Make the engine's tables where they are missing; raises ConfigError on SQLite."""
        if self._database.is_sqlite:
            raise ConfigError('多机运行 (engine = "jobs") 需要 PostgreSQL, 现在的数据库是 SQLite')
        with self._database.write() as tx:
            tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            if not tx.scalar(_THERE):
                # as one simple query: the driver would refuse several statements with parameters
                tx.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))

    def waiting(self) -> list[JobsWaiting]:
        """How many jobs of each queue wait, run or failed; none where there is no engine."""
        with self._database.read() as tx:
            if self._database.is_sqlite or not tx.scalar(_THERE):
                return []
            return [JobsWaiting(row.queue, row.state, row.many, row.since) for row in tx.execute(_WAITING)]

    def set_aside(self) -> None:
        """Take those out of the queues that are planned for an impossible time; each is logged, once."""
        with self._database.write() as tx:
            for row in tx.execute(_SET_ASIDE):
                log.error("broken_job", job=row.id, task=row.task_name, why="scheduled_at")

    def left(self, before: datetime, most: int) -> list[JobLeft]:
        """Jobs that failed, or that nobody has taken since `before`, the oldest first; none without an engine."""
        with self._database.read() as tx:
            if self._database.is_sqlite or not tx.scalar(_THERE):
                return []
            rows = tx.execute(_LEFT, {"before": before, "most": most})
            return [JobLeft(row.id, row.queue, row.task, row.failed, row.at) for row in rows]

    def named(self, task: str, key: str) -> tuple[str, ...]:
        """The argument `key` of every job of a task that waits or runs."""
        with self._database.read() as tx:
            return tuple(tx.scalars(_NAMED, {"task": task, "key": key}))


def of_new_posts(tx: Connection, posts: Sequence[int]) -> None:
    """In the transaction that stores them: posts to be understood, `RANGE` of them a job."""
    if not posts or tx.dialect.name == "sqlite" or not tx.scalar(_THERE):
        return
    ids = sorted(posts)
    parts = [ids[at : at + RANGE] for at in range(0, len(ids), RANGE)]
    values = {"firsts": [part[0] for part in parts], "lasts": [part[-1] for part in parts]}
    tx.execute(_PUT, {"queue": UNDERSTAND, "task": UNDERSTAND, **values})
