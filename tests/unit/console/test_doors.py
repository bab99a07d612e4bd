"""Several processes at one port: a connection goes to the one that holds the fewest, and waits for none that is gone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from console import doors
from console.doors import Seats

PATIENCE = 240.0  # seconds: the machine may be busy with other tests


class Held(asyncio.Protocol):
    """Answers nothing, and counts itself among those that are held."""

    def __init__(self, held: list[Held]) -> None:
        self._held = held

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._held.append(self)


@asynccontextmanager
async def process(door: socket.socket, seats: Seats) -> AsyncIterator[list[Held]]:
    """One of those that answer; what it holds."""
    held: list[Held] = []
    own = door.dup()
    admitting = asyncio.create_task(doors.admit(own, seats, held.__len__, lambda: Held(held)))
    try:
        yield held
    finally:
        admitting.cancel()
        await asyncio.gather(admitting, return_exceptions=True)
        for one in held:
            one.transport.close()
        own.close()


def apart(work: Coroutine[Any, Any, tuple[int, int]]) -> tuple[int, int]:
    """What comes of it in a thread of its own: where a browser runs beside, this one has a loop already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def come(door: socket.socket, count: int, *places: list[Held]) -> None:
    """So many come, are all taken, and leave."""
    came = [await asyncio.open_connection(*door.getsockname()) for _ in range(count)]
    async with asyncio.timeout(PATIENCE):
        while sum(map(len, places)) < count:
            await asyncio.sleep(0.01)
    for _, writer in came:
        writer.close()
        await writer.wait_closed()


def test_those_who_come_are_shared_evenly() -> None:
    async def run() -> tuple[int, int]:
        one, two = Seats.rows(2)
        with socket.create_server(("127.0.0.1", 0)) as door:
            async with process(door, one) as first, process(door, two) as second:
                await come(door, 20, first, second)
                return len(first), len(second)

    first, second = apart(run())
    assert first + second == 20
    assert abs(first - second) <= 2


def test_nobody_waits_for_a_process_that_does_not_come() -> None:
    async def run() -> tuple[int, int]:
        one, gone = Seats.rows(2)
        with socket.create_server(("127.0.0.1", 0)) as door:
            async with process(door, one) as held:
                await come(door, 5, held)
                return len(held), one.counts[gone.place]

    assert apart(run()) == (5, 0)


def test_only_who_holds_more_than_another_leaves_it_the_next_one() -> None:
    one, two, three = Seats.rows(3)
    assert not one.yields
    one.hold(2)
    two.hold(1)
    assert (one.yields, two.yields, three.yields) == (True, True, False)
    three.hold(1)
    assert (one.yields, two.yields, three.yields) == (True, False, False)
