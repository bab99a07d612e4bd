"""The embedded way to run: one process, the steps on a timer, each crawl a child process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from flow import crawls
from flow import cycle
from flow import replies
from flow.desk import Desk

log = structlog.get_logger()

TICK = 5  # seconds between two turns of the crank
CRAWLS_AT_ONCE = 2


class Embedded:
    """The desk's clockwork inside one process."""

    def __init__(self, desk: Desk, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._now = now
        # A restart is no reason to visit a site again before its time.
        self._begun = {state.source: state.last_ok for state in desk.store.sources.states() if state.last_ok}
        self._reading: set[str] = set()
        self._ending = Event()
        self._crawlers = ThreadPoolExecutor(CRAWLS_AT_ONCE, thread_name_prefix="crawl")
        self._scheduler = BackgroundScheduler(timezone="Asia/Shanghai")

    def start(self) -> None:
        """Settle what the last run left in flight, then start the timers."""
        replies.sweep(self._desk, self._now(), before=self._now())
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self._turn, "interval", seconds=TICK, next_run_time=self._now(), **options)
        self._scheduler.add_job(self._crawl, "interval", seconds=TICK, next_run_time=self._now(), **options)
        self._scheduler.start()

    def stop(self) -> None:
        """Let the running turn end, tell running crawls to store what they have, start nothing new."""
        self._ending.set()
        self._scheduler.shutdown(wait=True)
        self._crawlers.shutdown(wait=True, cancel_futures=True)

    def _turn(self) -> None:
        cycle.turn(self._desk, self._now())

    def _crawl(self) -> None:
        now = self._now()
        for row in crawls.due(self._desk, now, self._begun):
            if row.key not in self._reading:  # a visit may take longer than the pause between two
                self._begun[row.key] = now
                self._reading.add(row.key)
                self._crawlers.submit(self._read, row.key)

    def _read(self, key: str) -> None:
        try:
            report = crawls.read(self._desk, key, ending=self._ending)
            log.info("crawled", source=key, state=report.state, new=report.new)
        except Exception:
            log.exception("crawl_failed", source=key)  # the worker loop: this source waits for its next poll
        finally:
            self._reading.discard(key)
