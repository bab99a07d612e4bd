"""A port that several server processes answer at: a new connection goes to the one that holds the fewest.

Left to themselves, whoever wakes first takes every connection that waits: one core works and the other one idles.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
from collections.abc import Callable
from ctypes import Array
from ctypes import c_int
from dataclasses import dataclass
from typing import Final

import structlog

log = structlog.get_logger()

COURTESY: Final = 0.005  #: seconds a process leaves to one that holds fewer; that one may be busy, or dead
REST: Final = 1.0  #: seconds until the next try where nothing could be taken, as with too many files open


@dataclass(frozen=True, slots=True)
class Seats:
    """How many connections each process holds, in memory that all of them share; `place` is one's own."""

    counts: Array[c_int]
    place: int

    @classmethod
    def rows(cls, processes: int) -> list[Seats]:
        """One for each of so many processes, to be given to them as they are spawned."""
        counts = multiprocessing.get_context("spawn").RawArray(c_int, processes)
        return [cls(counts, place) for place in range(processes)]

    def hold(self, count: int) -> None:
        """So many are held here now."""
        self.counts[self.place] = count

    @property
    def yields(self) -> bool:
        """Whether another process holds fewer."""
        return bool(min(self.counts) < self.counts[self.place])


async def admit(
    door: socket.socket, seats: Seats, held: Callable[[], int], made: Callable[[], asyncio.Protocol]
) -> None:
    """Take connections one by one, until cancelled; `made` answers each, `held` tells how many there are."""
    door.setblocking(False)
    while True:
        await _knock(door)
        seats.hold(held())
        if seats.yields:
            await asyncio.sleep(COURTESY)
        try:
            await _take(door, made)
        except BlockingIOError:  # another process was faster
            continue
        except OSError as problem:
            log.warning("connection_not_taken", why=type(problem).__name__, code=problem.errno)
            await asyncio.sleep(REST)
        seats.hold(held())


async def _knock(door: socket.socket) -> None:
    """Until a connection waits."""
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    loop.add_reader(door, heard.set)
    try:
        await heard.wait()
    finally:
        loop.remove_reader(door)


async def _take(door: socket.socket, made: Callable[[], asyncio.Protocol]) -> None:
    connection, _ = door.accept()
    connection.setblocking(False)
    await asyncio.get_running_loop().connect_accepted_socket(made, connection)
