"""One request at a time to one site, never sooner than its pace: across sources, processes, kills and restarts.

Knows names of sites and a folder, neither Scrapy nor a source. The lock is the operating system's: it goes with its
holder. A mark beside it says when the last request ended; one that is still open was left by a process that died.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import asynccontextmanager
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from filelock import FileLock
from filelock import Timeout

from huanyu import clock
from huanyu.errors import HuanyuError

LOOK = 0.2  # seconds between two looks at a site that somebody else is reading, or whether we are to stop
JITTER = 0.15  # share of the pace by which a wait is made longer: who waits together should not wake together
PATIENCE = timedelta(seconds=60)  # who is asked to rest for longer ends the visit instead of sleeping
DAY = timedelta(hours=24)


class AskedToRest(HuanyuError):
    """The site wants to be left alone for longer than a process may sleep."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"网站要求在 {until:%H:%M} 之前不要访问")
        self.until = until


class Stopped(HuanyuError):
    """The visit ended while its turn had not come."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is kept of a site between two requests."""

    at: datetime
    open: bool  #: a request was on its way and nobody has said that it ended


class Pacing:
    """The turns of every site that this desk reads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    @asynccontextmanager
    async def turn(
        self, site: str, pace: float, stopped: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[None]:
        """Hold the site for one request, once `pace` seconds have passed since the last one ended.

        Raises AskedToRest, and Stopped as soon as `stopped` says so.
        """
        lock = FileLock(self._path(site, "lock"))
        while wait := self._try(lock, site, pace):
            await rest(wait, stopped)
        try:
            yield
        finally:
            try:
                self._write(site, "mark", {"at": clock.now().isoformat(), "open": False})
            finally:
                lock.release()

    def keep_away(self, site: str, until: datetime) -> None:
        """Let nobody of this desk ask the site before that moment."""
        self._write(site, "rest", {"until": until.isoformat()})

    def _try(self, lock: FileLock, site: str, pace: float) -> float:
        """Seconds to wait before trying again; 0 with the lock in hand and the mark open."""
        if (left := self._asked_to_rest(site)) > PATIENCE:
            raise AskedToRest(clock.now() + left)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return LOOK
        left = max(left, self._left(site, timedelta(seconds=pace)))
        if left > timedelta():
            lock.release()
            return left.total_seconds() + pace * JITTER * random.random()  # noqa: S311 (no secret)
        self._write(site, "mark", {"at": clock.now().isoformat(), "open": True})
        return 0.0

    def _left(self, site: str, pace: timedelta) -> timedelta:
        """How much of the pace is left; the lock is in hand, so an open mark is a dead holder's."""
        now, path = clock.now(), self._path(site, "mark")
        mark = read_mark(path) if path.exists() else Mark(now - pace, False)
        if (
            mark is None or mark.open or mark.at > now
        ):  # unreadable, died on its way, or the clock was set back
            self._write(site, "mark", {"at": now.isoformat(), "open": False})
            return pace
        return max(timedelta(), mark.at + pace - now)

    def _asked_to_rest(self, site: str) -> timedelta:
        told = read(self._path(site, "rest"))
        with suppress(KeyError, TypeError, ValueError):
            # a clock that was set back must not keep us away for ever
            return min(datetime.fromisoformat(told["until"]) - clock.now(), DAY)
        return timedelta()

    def _path(self, site: str, kind: str) -> Path:
        return self._folder / f"{file_name(site)}.{kind}"

    def _write(self, site: str, kind: str, values: dict[str, Any]) -> None:
        write(self._path(site, kind), values)


@contextmanager
def alone(folder: Path, key: str) -> Iterator[bool]:
    """Hold the one visit to a source that may run at a time; False when another process holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{file_name(key)}.visit")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


async def rest(seconds: float, stopped: Callable[[], bool]) -> None:
    """Sleep, and raise Stopped soon after `stopped` says so."""
    while seconds > 0:
        if stopped():
            raise Stopped("这次抓取已经结束")
        await asyncio.sleep(min(seconds, LOOK))
        seconds -= LOOK


def read_mark(path: Path) -> Mark | None:
    found = read(path)
    try:
        return Mark(datetime.fromisoformat(found["at"]), bool(found["open"]))
    except (KeyError, TypeError, ValueError):
        return None


def read(path: Path) -> dict[str, Any]:
    """The JSON object in a file, an empty one where there is none to read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, values: dict[str, Any]) -> None:
    """Put a JSON object into a file, whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(values), encoding="utf-8")
    beside.replace(path)


def file_name(site: str) -> str:
    """A name every file system takes: a host, its port, a source's key."""
    return quote(site.lower(), safe="")
