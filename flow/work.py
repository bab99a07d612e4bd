"""The way to run on many machines: the same steps as jobs of PostgreSQL, in as many processes as wanted (ADR 0017).

Every process plans the same turns, the database keeps one of each; a turn of a queue runs in one process at a time.
What a dead process had in hand goes back to the queue once it has missed its heartbeats.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from threading import Event
from types import MappingProxyType
from typing import Any
from typing import Final

import structlog
from procrastinate import App
from procrastinate import JobContext
from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.exceptions import ConnectorException
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.retry import RetryStrategy
from procrastinate.tasks import ConfigureTaskOptions
from procrastinate.worker import Worker

from crawler import manners
from flow import backing_up
from flow import condition
from flow import crawls
from flow import cycle
from flow import doubts
from flow import evidence
from flow import letters
from flow import steps
from flow.desk import Desk
from flow.source_table import SourceTable
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.store.jobs import DRIVER
from huanyu.store.jobs import UNDERSTAND
from huanyu.store.session import REACH

log = structlog.get_logger()

#: What a turn of each queue does, in the order of the flow; `understand` there is for what no job was made for.
QUEUES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        UNDERSTAND: ("understand",),
        "cases": (
            *("talks", "reposts", "open", "route", "reroute", "incident_watch", "recalendar", "revisits"),
            *("plan_cards", "cards", "hand_over_watch", "draft"),
        ),
        "deliver": (
            *(
                "flash",
                "alarm",
                "ledger_cards",
                "ledger_silent",
                "info_cards",
                "fixed_texts",
                "occasions",
                "sweep",
                "read_back",
                "doubt",
                "accounts",
            ),
            *("chat_notices", "deliver", "look", "timelines"),
        ),
        "bulletins": ("bulletin", "circulate"),
        "care": ("probe", "sample", "expire", "seal"),
        "crawl": (),
    }
)
#: When the turns begin (minute, hour, day, month, weekday, then the second); the embedded clock has one every 5 s, too.
EVERY: Final[Mapping[str, str]] = MappingProxyType(
    {
        UNDERSTAND: "* * * * * 20",
        "cases": "* * * * * */5",
        "deliver": "* * * * * */5",
        "bulletins": "* * * * * */15",
        "care": "* * * * * 30",
    }
)
HEARTBEAT: Final = 5.0  # seconds between two signs of life
DEAD: Final = 20.0  # seconds without one, after which the jobs of a process go to others
LOOK: Final = 5.0  # seconds between two looks for such jobs
REST: Final = (
    1.0,
    10.0,
)  # seconds until the database is tried again that could not be reached: at first, at most
FREE: Final = (
    10.0  # seconds a connection is waited for: what asks for one is short, so the database is away by then
)
AGAIN: Final = (
    5  # seconds until posts are tried again that could not be read or stored, with the database away
)
AT_ONCE: Final = 4  # jobs of one process: most of them wait for sites, platforms and the database
KEPT: Final = 168  # hours a failed job is kept to be looked at
UNREAD: Final = "unread"  #: stands for arguments that are none


class Work:
    """One process that works off queues until it is told to stop."""

    def __init__(
        self, desk: Desk, now: Callable[[], datetime], queues: Sequence[str] = tuple(QUEUES)
    ) -> None:
        desk.store.jobs.set_up()
        self._desk = desk
        self._now = now
        self._queues = tuple(queues)
        self._table = SourceTable(desk.config)
        self._ending = Event()
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._app = self._tasks()

    def run(self, at_once: int = AT_ONCE) -> None:
        """Work until `stop`; what is running then is finished, nothing new begun."""
        # psycopg cannot wait on the loop that Windows has by default
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._work(at_once))

    def stop(self) -> None:
        """Tell the process to end; may be called from a signal or another thread."""
        self._ending.set()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def _work(self, at_once: int) -> None:
        self._loop = asyncio.get_running_loop()
        if self._ending.is_set():
            return
        while await self._reached():
            try:
                await asyncio.to_thread(self._desk.store.jobs.set_aside)
                async with self._app.open_async():
                    await self._serve(at_once)
            except StoreAway:  # the store has told
                await self._told_to_stop(within=REST[0])
            except (ConnectorException, DRIVER, OSError) as problem:
                log.warning("work_interrupted", why=type(problem.__cause__ or problem).__name__)
                await self._told_to_stop(within=REST[0])

    async def _reached(self) -> bool:
        """Wait until the database answers, each time a little longer; False when told to stop first."""
        pause, most = REST
        while not self._stop.is_set():
            try:
                await asyncio.to_thread(self._desk.store.queues.reach)
            except StoreAway:  # the store has told
                await self._told_to_stop(within=pause)
                pause = min(2 * pause, most)
            else:
                return True
        return False

    async def _serve(self, at_once: int) -> None:
        """Work and look after the dead until told to stop, or until one of both cannot go on."""
        worker = asyncio.create_task(
            self._app.run_worker_async(
                queues=list(self._queues),
                concurrency=at_once,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD,
                fetch_job_polling_interval=LOOK,
                worker_middleware=[_demand_read],
            )
        )
        sweeper = asyncio.create_task(self._sweep())
        try:
            await self._told_to_stop(worker, sweeper)
        finally:
            sweeper.cancel()
            worker.cancel()  # it finishes what it is at
            ended = await asyncio.gather(worker, sweeper, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                raise one

    async def _told_to_stop(self, *others: asyncio.Task[None], within: float | None = None) -> None:
        """Wait to be told, for one of the others to end, or for so many seconds."""
        told = asyncio.create_task(self._stop.wait())
        await asyncio.wait({told, *others}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        told.cancel()

    async def _sweep(self) -> None:
        """Give back what dead processes had in hand, again and again."""
        jobs = self._app.job_manager
        while True:
            for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=DEAD):
                log.warning("job_of_a_dead_process", task=job.task_name, queue=job.queue)
                try:
                    await jobs.retry_job(job)
                except UniqueViolation:  # the same turn waits already: nothing is lost without this one
                    await _drop(self._app, job.id)
                except ConnectorException:
                    log.info("job_was_taken", job=job.id)  # another process was quicker
            await jobs.prune_stalled_workers(DEAD)
            await asyncio.to_thread(self._desk.store.jobs.set_aside)
            await asyncio.sleep(LOOK)

    @property
    def planned(self) -> frozenset[str]:
        """What is done again and again, by the names of its jobs."""
        return frozenset(name or task for task, name in self._app.periodic_registry.periodic_tasks)

    def _tasks(self) -> App:
        told = address(self._desk)
        patience = {name: value for name, value in REACH.items() if f"{name}=" not in told}
        app = App(
            connector=PsycopgConnector(
                json_loads=arguments, conninfo=told, kwargs=patience, min_size=1, max_size=4, timeout=FREE
            )
        )
        again = RetryStrategy(wait=AGAIN, retry_exceptions=(StoreAway,))
        app.task(name=UNDERSTAND, queue=UNDERSTAND, retry=again)(self._understand)
        app.task(name="crawl", queue="crawl")(_unless_away(self._read))
        turn = app.task(name="turn")(_unless_away(self._turn))
        for queue, cron in EVERY.items():
            options = _alone(queue, queue)
            options["task_kwargs"] = {"queue": queue}
            app.periodic_registry.register_task(turn, cron, queue, options)
        for name, work, queue, cron in (
            ("plan", _unless_away(self._plan), "crawl", "* * * * * */5"),
            ("evidence", _unless_away(self._evidence), "crawl", "* * * * * 10"),
            ("letters", _unless_away(self._letters), "crawl", "* * * * * */15"),
            ("backup", _unless_away(self._backup), "care", "* * * * * 40"),
            ("tidy", self._tidy, "care", "17 3 * * * 0"),
        ):
            app.periodic_registry.register_task(app.task(name=name)(work), cron, name, _alone(name, queue))
        return app

    def _understand(self, first: int, last: int) -> int:
        self._desk.take_in()
        return steps.understand_range(self._desk, first, last, self._now())

    def _turn(self, timestamp: int, queue: str) -> dict[str, int]:  # noqa: ARG002 - planned turns are told their second
        done = cycle.turn(self._desk, self._now(), QUEUES[queue])
        condition.beat(self._desk, self._now())
        return done

    def _evidence(self, **_when: int) -> int:
        return evidence.fetch(self._desk, self._now(), ending=self._ending)

    def _letters(self, **_when: int) -> int:
        return letters.fetch(self._desk, self._now(), ending=self._ending)

    def _backup(self, **_when: int) -> None:
        backing_up.tend(self._desk, self._now())

    def _plan(self, **_when: int) -> int:
        """A job for each source that is due and not being read, on whichever machine."""
        self._table.look()
        reading = self._desk.store.jobs.named("crawl", "source")
        due = crawls.due(self._desk, self._table.rows, self._now(), reading, self._table.changed)
        for row in due:
            self._table.changed.discard(row.key)
            site = min(manners.sites(row))
            job = self._app.configure_task("crawl", lock=f"site {site}", queueing_lock=f"source {row.key}")
            try:
                job.defer(source=row.key)
            except AlreadyEnqueued:
                continue
        return len(due)

    def _read(self, source: str) -> str:
        report = crawls.read(self._desk, source, ending=self._ending)
        log.info("crawled", source=source, state=report.state, new=report.new)
        return report.state

    async def _tidy(self, **_when: int) -> None:
        await self._app.job_manager.delete_old_jobs(KEPT, include_failed=True, include_aborted=True)


def begin(desk: Desk, now: Callable[[], datetime], queues: Sequence[str]) -> Work:
    """A process for these queues, what the last run of this machine left in flight settled; raises ConfigError."""
    if unknown := sorted(set(queues) - set(QUEUES)):
        raise HuanyuError(f"没有这样的队列: {'、'.join(unknown)}; 可选: {'、'.join(QUEUES)}")
    if "deliver" in queues:
        doubts.sweep(desk, now())
    return Work(desk, now, queues)


def _alone(name: str, queue: str) -> ConfigureTaskOptions:
    """One of it runs and one waits, in the whole cluster."""
    return ConfigureTaskOptions(queue=queue, lock=f"turn {name}", queueing_lock=f"turn {name}")


def _unless_away(work: Callable[..., object]) -> Callable[..., object]:
    """What is planned again in a moment: with the database away it is left at that, and nothing has failed."""

    def begun(**told: object) -> object:
        try:
            return work(**told)
        except StoreAway as problem:
            log.info("turn_ended", why=problem.why)
            return None

    return begun


def address(desk: Desk) -> str:
    """Where the engine's tables are, as its driver is told."""
    return desk.config.database.replace("postgresql+psycopg://", "postgresql://", 1)


def arguments(told: str | bytes) -> dict[str, Any]:
    """What a job is called with; what is none is marked: the engine would never end such a job, nor take the next."""
    try:
        found = json.loads(told)
    except (ValueError, RecursionError) as problem:  # digits or brackets beyond what Python reads
        return {UNREAD: type(problem).__name__}
    return found if isinstance(found, dict) else {UNREAD: type(found).__name__}


async def _demand_read(
    begin: Callable[[], Awaitable[object]], context: JobContext, _worker: Worker | None
) -> object:
    """Begin a job whose arguments could be read; else it has failed."""
    if UNREAD in context.job.task_kwargs:
        raise BadInput("arguments of a job that are none", job=context.job.id)
    return await begin()


async def _drop(app: App, job_id: int | None) -> None:
    if job_id is not None:
        await app.job_manager.finish_job_by_id_async(job_id, Status.ABORTED, delete_job=True)
