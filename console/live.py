"""The figures of what waits, sent to open pages as they change: one loop looks for all of them, while there are any.

A look costs one number where nothing was written; figures are a person's, counted once for all their windows.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Final

from starlette.concurrency import run_in_threadpool

from console import sessions
from console.day_figures import DayFigures
from console.pages.today import figures
from flow import factors
from flow import inbox
from flow.desk import Desk
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.types import User

log = logging.getLogger(__name__)

EVERY: Final = 4.0  #: seconds between two looks
HEARTBEAT: Final = 20.0  #: seconds; proxies close what is silent for longer
RETRY: Final = 10_000  #: milliseconds until a browser comes back
MOST: Final = 100  #: streams of one process
MOST_OF_ONE: Final = 8  #: of one person: a stream per window they look at
NEVER_CAME: Final = 15  #: looks
STALE: Final = timedelta(minutes=1)  #: duty and stand-ins begin by the clock, without a write

Counts = Mapping[str, object]


@dataclass(eq=False, slots=True)
class Listener:
    """One open page."""

    session: str  #: what the database keeps of its token
    user_id: int
    today: bool  #: whether the figures of 今日 are on it
    said: Counts | None = None
    rounds: int = 0  #: looks since it came and was told nothing: a page that was gone before its stream began
    news: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)  #: None: the stream ends


@dataclass(frozen=True, slots=True)
class Counted:
    """A person's figures, and what they were counted at."""

    counts: Counts
    write: int
    at: datetime


class Live:
    """The open streams of one process."""

    def __init__(
        self, desk: Desk, now: Callable[[], datetime], day_figures: DayFigures | None = None
    ) -> None:
        self._desk = desk
        self._day_figures = day_figures or DayFigures()
        self._now = now
        self._listeners: set[Listener] = set()
        self._counted: dict[tuple[int, bool], Counted] = {}
        self._watch: asyncio.Task[None] | None = None

    def join(self, session: str, user: User, today: bool) -> Listener | None:
        """A place for one more page; None where all are taken."""
        own = sum(one.user_id == user.id for one in self._listeners)
        if len(self._listeners) >= MOST or own >= MOST_OF_ONE:
            return None
        listener = Listener(session, user.id, today)
        self._listeners.add(listener)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look_again_and_again())
        return listener

    async def stream(self, listener: Listener, user: User) -> AsyncIterator[str]:
        """What the page is told: its figures now, then each time they change."""
        try:
            yield f"retry: {RETRY}\n\n"
            try:
                counts = await run_in_threadpool(self.counts, user, listener.today)
            except StoreAway:  # the store has told; the answer has begun, so the page comes back by itself
                return
            listener.said = counts
            yield event(counts)
            while True:
                try:
                    told = await asyncio.wait_for(listener.news.get(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if told is None:
                    return
                yield told
        finally:
            self._listeners.discard(listener)

    def counts(self, user: User, today: bool) -> Counts:
        """What waits for this person; counted anew only where something was written since."""
        now, write = self._now(), self._desk.store.audit.last()
        known = self._counted.get((user.id, today))
        if known is None or known.write != write or abs(now - known.at) > STALE:
            known = self._counted[user.id, today] = Counted(self._count(user, today, now), write, now)
        return known.counts

    def _count(self, user: User, today: bool, now: datetime) -> Counts:
        with self._desk.store.looking():
            person = factors.present(self._desk, user, now)
            counts: dict[str, object] = {"inbox": inbox.shown(len(inbox.queue(self._desk, person)))}
            if today:
                counts["today"] = figures(self._desk, person, now, self._day_figures)
        return counts

    def close(self) -> None:
        """End every stream; browsers come back by themselves when the desk does."""
        for listener in self._listeners:
            listener.news.put_nowait(None)
        if self._watch is not None:
            self._watch.cancel()

    async def _look_again_and_again(self) -> None:
        while self._listeners:
            await asyncio.sleep(EVERY)
            try:
                found = await run_in_threadpool(self._look, tuple(self._listeners))
            except HuanyuError as problem:
                log.warning("open pages were not told of what waits: %s", problem)
                continue
            for listener, counts in found:
                self._tell(listener, counts)
        self._counted.clear()

    def _look(self, listeners: Collection[Listener]) -> list[tuple[Listener, Counts | None]]:
        """The figures of each; None where the session is over."""
        now, idle = self._now(), sessions.idle_of(self._desk)
        found: list[tuple[Listener, Counts | None]] = []
        for one in listeners:
            user = self._desk.store.people.session(one.session, now, idle)
            over = user is None or user.must_change
            found.append((one, None if user is None or over else self.counts(user, one.today)))
        return found

    def _tell(self, listener: Listener, counts: Counts | None) -> None:
        if counts is None:
            listener.news.put_nowait("event: over\ndata: {}\n\n")
            listener.news.put_nowait(None)
        elif listener.said is None:
            listener.rounds += 1
            if listener.rounds > NEVER_CAME:
                self._listeners.discard(listener)
        elif counts != listener.said:
            listener.said = counts
            listener.news.put_nowait(event(counts))


def event(counts: Counts) -> str:
    """The figures as one event of the stream."""
    return f"event: counts\ndata: {json.dumps(counts, ensure_ascii=False)}\n\n"
