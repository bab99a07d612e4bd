"""Signs of life are written together, in nobody's way, and count before they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event
from time import monotonic
from typing import Any

import pytest

from console.signs import Signs
from flow import presence
from huanyu.errors import StoreAway
from huanyu.store import Sign
from huanyu.store import Store
from huanyu.types import User

PATIENCE = 120.0  # seconds


@pytest.fixture
def wang(store: Store, now: datetime) -> User:
    return store.people.add_user("wangli", "王丽", "press", "", "", now=now)


class Table:
    """The table, and how often it was written."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        self.writes = 0
        self.go_on = Event()
        self.go_on.set()
        self.is_away = False

    def keep(self, signs: Any) -> None:
        self.go_on.wait(PATIENCE)
        self.writes += 1
        if self.is_away:
            raise StoreAway("数据库暂时连不上", why="away")
        self.store.presence.note(signs, self.now - presence.KEPT)

    def has(self, page: str) -> bool:
        return bool(self.store.presence.beside(page, 0, self.now - presence.KEPT))


@pytest.fixture
def table(store: Store, now: datetime) -> Table:
    return Table(store, now)


def sign(user: User, page: str, now: datetime) -> Sign:
    return presence.sign(user, page, now, now)


def alone(opened: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: in this one the browser of other tests may have its loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(opened())).result()


async def until(asked: Any) -> None:
    """Wait for something, at most PATIENCE."""
    over = monotonic() + PATIENCE
    while not await asyncio.to_thread(asked):
        assert monotonic() < over
        await asyncio.sleep(0.01)


def test_many_pages_that_are_opened_cost_one_write(table: Table, wang: User, now: datetime) -> None:
    async def opened() -> None:
        signs = Signs(table.keep, pause=0)
        for number in range(50):
            signs.hear(sign(wang, f"case-{number}", now))
            await signs.write()
        await until(lambda: table.has("case-49"))

    alone(opened)
    assert all(table.has(f"case-{number}") for number in range(50))
    assert table.writes == 1


def test_what_is_heard_during_a_write_shows_at_once_and_is_written_next(
    table: Table, wang: User, now: datetime
) -> None:
    async def opened() -> None:
        signs = Signs(table.keep, pause=0)
        table.go_on.clear()
        signs.hear(sign(wang, "case-1", now))
        await signs.write()
        await until(lambda: not signs._waiting)  # they are being written
        signs.hear(sign(wang, "case-2", now))
        await signs.write()
        assert [one.name for page in ("case-1", "case-2") for one in signs.of(page)] == ["王丽", "王丽"]
        table.go_on.set()
        await until(lambda: table.has("case-1") and table.has("case-2"))
        await until(lambda: not signs.of("case-2"))  # from now on the table alone tells
        signs.hear(sign(wang, "case-3", now))
        await signs.write()
        await until(lambda: table.has("case-3"))

    alone(opened)
    assert table.writes == 3


def test_a_table_that_cannot_be_written_loses_these_signs_and_takes_the_next(
    table: Table, wang: User, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    async def opened() -> None:
        signs = Signs(table.keep, pause=0)
        table.is_away = True
        signs.hear(sign(wang, "case-1", now))
        await signs.write()
        await until(lambda: "not noted which pages are open" in caplog.text)
        table.is_away = False
        signs.hear(sign(wang, "case-2", now))
        await signs.write()
        await until(lambda: table.has("case-2"))

    alone(opened)
    assert not table.has("case-1")


def test_a_late_word_of_an_older_page_does_not_end_the_one_opened_since(wang: User, now: datetime) -> None:
    signs = Signs(lambda _: None)
    later = presence.sign(wang, "case-1", now, now)
    signs.hear(later)
    signs.hear(presence.sign(wang, "case-1", now - presence.FRESH, now, gone=True))
    assert signs.of("case-1") == [later]
