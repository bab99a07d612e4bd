"""The embedded way to run: one process, the steps on a timer, each crawl a child process."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from threading import Event
from threading import Thread
from time import monotonic

import structlog
from filelock import FileLock
from filelock import Timeout

from flow import backing_up
from flow import bot
from flow import condition
from flow import crawls
from flow import cycle
from flow import doubts
from flow import evidence
from flow import letters
from flow.desk import Desk
from flow.source_table import SourceTable
from huanyu.bureau import SourceRow
from huanyu.clock import local
from huanyu.errors import ChannelError
from huanyu.errors import Conflict
from huanyu.errors import StoreAway

log = structlog.get_logger()

TICK = 5  # seconds between two turns of the crank
PICTURES = 60  # seconds between two looks for pictures that are due
BACKUPS = 60  # and for a backup that is
LETTERS = 15  # seconds between two looks for mailboxes that are due
CRAWLS_AT_ONCE = 2
REST = 15  # seconds until a bot that could not be reached is asked for news again
PAUSE = 1  # seconds between two calls; where there is no bot, until it is looked for one
WHO = "clockwork.who"  # beside it: which process, and since when
LOCK = "clockwork.lock"  # held in the data folder as long as the clockwork runs
NAMED = re.compile(r"huanyu@(.+):(\d+)")
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Embedded:
    """The desk's clockwork inside one process."""

    def __init__(self, desk: Desk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._now = now
        self._table = SourceTable(desk.config)
        self._begun: dict[str, datetime] = {}
        self._reading: set[str] = set()
        self._ending = Event()
        self._attendant = Thread(target=self._attend, name="bot", daemon=True)
        self._crawlers = ThreadPoolExecutor(CRAWLS_AT_ONCE, thread_name_prefix="crawl")
        # by time that only passes: a timer by the clock would wait for days where that is put back
        self._timers = [
            self._timer("turn", self._turn, TICK, 0),
            self._timer("crawl", self._crawl, TICK, 0),
            self._timer("evidence", self._evidence, PICTURES, PICTURES),
            self._timer("backup", self._backup, BACKUPS, BACKUPS),
            self._timer("letters", self._letters, LETTERS, LETTERS),
        ]
        self._name = f"huanyu@{socket.gethostname()}:{os.getpid()}"
        self._ours = True
        self._lock = FileLock(desk.config.data_dir / LOCK, timeout=0, thread_local=False)

    def start(self) -> None:
        """Settle what the last run left in flight, then start the timers, but for what `work` does elsewhere."""
        if self._desk.config.settings.engine == "jobs":
            self._attendant.start()
            return
        self._alone()
        doubts.sweep(self._desk, self._now())
        for timer in self._timers:
            timer.start()
        self._attendant.start()

    def _alone(self) -> None:
        """One clockwork for a desk: two would read every site twice and count every turn twice."""
        folder = self._desk.config.data_dir
        try:
            self._lock.acquire()
        except Timeout as problem:
            who = _told(*_read(folder / WHO))
            raise Conflict(f"这个舆情台 ({folder}) 已经在运行{who}: 同一个数据目录只能启动一个") from problem
        if holder := self._desk.store.alone.take(self._name):
            self._lock.release()
            who = _told(holder.name, holder.since)
            raise Conflict(f"这个舆情台的数据库已经有程序在用{who}: 同一个数据库只能启动一个")
        (folder / WHO).write_text(f"{self._name} {self._now().isoformat()}\n", encoding="utf-8")

    def _is_alone(self) -> bool:
        """Whether the desk is still ours alone; after PostgreSQL was restarted, whoever comes first has it."""
        holder = self._desk.store.alone.still(self._name)
        if holder is not None:
            log.error("another_clockwork", holder=holder.name, since=holder.since.isoformat())
        return holder is None

    def stop(self) -> None:
        """Let the running turn end, tell running crawls to store what they have, start nothing new."""
        self._ending.set()
        for thread in (*self._timers, self._attendant):
            if thread.ident is not None:
                thread.join()
        self._crawlers.shutdown(wait=True, cancel_futures=True)
        self._desk.store.alone.give_back()
        self._lock.release()

    def _timer(self, name: str, work: Callable[[], None], every: float, wait: float) -> Thread:
        return Thread(target=self._again, args=(work, every, wait), name=name)

    def _again(self, work: Callable[[], None], every: float, wait: float) -> None:
        """Do something every so many seconds until the end; what takes longer is begun anew at once."""
        while not self._ending.wait(wait):
            begun = monotonic()
            work()
            wait = max(0.0, begun + every - monotonic())

    def _turn(self) -> None:
        self._guarded("turn_ended", self._turn_through)
        self._guarded("no_heartbeat", lambda: condition.beat(self._desk, self._now()))

    def _turn_through(self) -> None:
        self._ours = self._is_alone()
        if self._ours:
            cycle.turn(self._desk, self._now())

    def _attend(self) -> None:
        """Wait for news of the bot, one call after another, until the end."""
        heard = 0
        while not self._ending.is_set():
            try:
                heard, pause = bot.attend(self._desk, self._now(), heard), PAUSE
            except ChannelError as problem:
                log.warning("bot_away", why=str(problem.args[0]))
                pause = REST
            except StoreAway as problem:
                log.info("bot_waits", why=problem.why)
                pause = REST
            except Exception:
                log.exception("bot_failed")  # the worker loop: what came is still there in a moment
                pause = REST
            self._ending.wait(pause)

    def _evidence(self) -> None:
        if self._ours:
            self._guarded(
                "evidence_failed", lambda: evidence.fetch(self._desk, self._now(), ending=self._ending)
            )

    def _backup(self) -> None:
        if self._ours:
            self._guarded("backup_failed", lambda: backing_up.tend(self._desk, self._now()))

    def _letters(self) -> None:
        if self._ours:
            self._guarded(
                "letters_failed", lambda: letters.fetch(self._desk, self._now(), ending=self._ending)
            )

    def _guarded(self, name: str, work: Callable[[], object], **about: str) -> None:
        """Do what a timer is there for; whatever fails is still to be done the next time."""
        try:
            work()
        except StoreAway as problem:
            log.debug(name, why=problem.why, **about)  # the store has told already
        except Exception:
            log.exception(name, **about)  # the worker loop

    def _crawl(self) -> None:
        if self._ours:
            self._guarded("no_crawls", self._begin_crawls)

    def _begin_crawls(self) -> None:
        now = self._now()
        self._table.look()
        for row in crawls.due(self._desk, self._table.rows, now, tuple(self._reading), self._table.changed):
            # the plan is in the store; this holds where even that could not be written
            if abs(now - self._begun.get(row.key, LONG_AGO)) >= timedelta(seconds=row.every):
                self._begun[row.key] = now
                self._reading.add(row.key)
                self._table.changed.discard(row.key)
                self._crawlers.submit(self._read, row)

    def _read(self, row: SourceRow) -> None:
        def read() -> None:
            report = crawls.read(self._desk, row.key, ending=self._ending, row=row)
            log.info("crawled", source=row.key, state=report.state, new=report.new)

        try:
            self._guarded("crawl_failed", read, source=row.key)
        finally:
            self._reading.discard(row.key)


def _read(path: Path) -> tuple[str, datetime | None]:
    """What the holder of the lock wrote about itself; nothing where it has not yet."""
    try:
        name, since = path.read_text(encoding="utf-8").split()
        return name, datetime.fromisoformat(since)
    except (OSError, ValueError):
        return "", None


def _told(name: str, since: datetime | None) -> str:
    """Which process that is, in Chinese, "" where nobody knows."""
    found = NAMED.fullmatch(name)
    if found is None or since is None:
        return f" ({name})" if name else ""
    return f" (主机 {found[1]}, 进程号 {found[2]}, 自 {local(since):%Y-%m-%d %H:%M} 起)"
