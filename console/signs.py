"""Signs of life that a process has heard and the table does not know yet: written together, in nobody's way.

However many pages are opened, a process writes once a second at most, and never while anybody waits for an answer:
each look at a page would else queue for the one writer that SQLite has. What is lost with the process is said again
by the pages that are still open.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from collections.abc import Collection
from threading import Lock
from typing import Final

from starlette.concurrency import run_in_threadpool

from huanyu.errors import HuanyuError
from huanyu.store import Sign

log = logging.getLogger(__name__)

PAUSE: Final = 1.0  #: seconds between two writes: so long another process may not know who is there

Key = tuple[str, int]  #: a page and a person


class Signs:
    """What one process has heard of open pages."""

    def __init__(self, keep: Callable[[Collection[Sign]], None], pause: float = PAUSE) -> None:
        """`keep` writes the last word of each page and person, and is called by one thread at a time."""
        self._keep = keep
        self._pause = pause
        self._lock = Lock()
        self._waiting: dict[Key, Sign] = {}
        #: The last that were written: a look that began before does not see them in the table.
        self._written: dict[Key, Sign] = {}
        self._writer: asyncio.Task[None] | None = None

    def hear(self, sign: Sign) -> None:
        """Take it down; `write` has to follow. A word of an older page does not end one opened since."""
        key = (sign.page, sign.user_id)
        with self._lock:
            known = self._waiting.get(key)
            if sign.gone and known is not None and known.opened_at > sign.opened_at:
                return
            self._waiting[key] = sign

    def of(self, page: str) -> list[Sign]:
        """The last word of each person about this page, where the table may not know it."""
        with self._lock:
            return [one for one in {**self._written, **self._waiting}.values() if one.page == page]

    async def write(self) -> None:
        """See to it that what was heard is written soon; returns at once."""
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_again_and_again())

    async def _write_again_and_again(self) -> None:
        while self._next():
            await run_in_threadpool(self._note)
            await asyncio.sleep(self._pause)

    def _next(self) -> bool:
        """What waits is what is written now; whether there is any."""
        with self._lock:
            self._written, self._waiting = self._waiting, {}
            return bool(self._written)

    def _note(self) -> None:
        """Without them pages are shown all the same, and the next sign tells."""
        try:
            self._keep(list(self._written.values()))
        except HuanyuError as problem:
            log.warning("not noted which pages are open: %s", problem)
