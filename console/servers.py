"""Several server processes behind one port: started, kept in number, and ended by the process that opened the port.

A server ends by itself when its starter is gone, however that went: its end of a pipe closes. That is also how it is
told to stop, since not every system has signals.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Thread
from time import sleep

import structlog
import uvicorn

from console import ahead
from console import doors
from console import logs
from console import throttle
from console.app import create_app
from console.doors import Seats
from console.live import Live
from console.shared import Pipe
from console.shared import Shared
from console.shared import count_for
from console.shared import counted_by
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.config import Settings

log = structlog.get_logger()

BY_ITSELF = 2  # processes where nobody said how many: a third would wait for the clockwork's core
GRACE = 20.0  # seconds for answers that are being made
PAUSE = 1.0  # seconds before a server that died gets a successor


def wanted(settings: Settings) -> int:
    """How many processes are to serve the console."""
    return settings.console_workers or min(BY_ITSELF, os.cpu_count() or 1)


class Server(uvicorn.Server):
    """A web server that ends the streams of open pages when it is told to stop: it would wait for them for ever."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then as ever."""
        self._live.close()
        await super().shutdown(sockets)


class OneOfSeveral(Server):
    """A server that shares its door with others, and leaves a connection to the one that holds the fewest."""

    def __init__(self, config: uvicorn.Config, live: Live, seats: Seats) -> None:
        super().__init__(config, live)
        self._seats = seats
        self._admitting: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """The application as ever, the doors in our own way."""
        await super().startup(sockets=[])
        for door in sockets or ():
            door.listen(self.config.backlog)
            admitting = doors.admit(door, self._seats, self._held, self._answers)
            self._admitting.append(asyncio.create_task(admitting))

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: those that left make room."""
        self._seats.hold(self._held())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Leave the doors, then as ever."""
        for admitting in self._admitting:
            admitting.cancel()
        await asyncio.gather(*self._admitting, return_exceptions=True)
        await super().shutdown(sockets)

    def _held(self) -> int:
        return len(self.server_state.connections)

    def _answers(self) -> asyncio.Protocol:
        """What answers one connection, as uvicorn makes it."""
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


@dataclass(frozen=True, slots=True)
class Order:
    """What a server process is given."""

    settings: Path | None
    door: socket.socket
    talk: Pipe  #: to whoever counts
    life: Pipe  #: closed at the other end when it is time to go
    ready: Pipe  #: something is sent when it begins to answer
    setup_code: str
    seats: Seats
    count: int  #: how many they are


@dataclass(frozen=True, slots=True)
class Running:
    """A server process, seen from its starter."""

    process: SpawnProcess
    life: Pipe
    ready: Pipe

    def go(self) -> None:
        """Tell it to finish what it is answering; one that is still loading answers nobody, and is not waited for."""
        self.life.close()
        if not self.ready.poll():
            self.process.kill()

    def end(self) -> None:
        """Let it finish what it is answering; past its grace it is ended."""
        self.process.join(GRACE)
        if self.process.is_alive():
            log.warning("server_ended_hard", pid=self.process.pid)
            self.process.kill()
            self.process.join()
        self.ready.close()
        self.process.close()


class Servers:
    """The processes behind one port."""

    def __init__(self, config: Config, door: socket.socket, count: int, shared: Shared) -> None:
        self._config = config
        self._door = door
        self._count = count
        self._shared = shared
        self._seats = Seats.rows(count)
        self._running: list[Running] = []

    def __enter__(self) -> Servers:
        self._running = [self._start(seats) for seats in self._seats]
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._running:
            one.go()  # all of them at once, then each is waited for
        for one in self._running:
            one.end()

    def stay(self) -> None:
        """Until interrupted; a server that died gets a successor."""
        while True:
            connection.wait([one.process.sentinel for one in self._running])
            sleep(
                PAUSE
            )  # told to stop, servers may be faster than the interrupt; and one that cannot live must not spin
            self.renew()

    def renew(self) -> int:
        """Put a new server in the place of each that is dead; how many there were."""
        dead = [place for place, one in enumerate(self._running) if not one.process.is_alive()]
        for place in dead:
            one = self._running[place]
            log.warning("server_died", pid=one.process.pid, code=one.process.exitcode)
            one.life.close()
            one.end()
            self._running[place] = self._start(self._seats[place])
        return len(dead)

    @property
    def pids(self) -> list[int]:
        return [one.process.pid or 0 for one in self._running]

    def _start(self, seats: Seats) -> Running:
        ours, theirs = multiprocessing.Pipe()
        listens, held = multiprocessing.Pipe(duplex=False)
        ready, says = multiprocessing.Pipe(duplex=False)
        code = self._shared.setup_code
        order = Order(self._config.path, self._door, theirs, listens, says, code, seats, self._count)
        process = multiprocessing.get_context("spawn").Process(target=work, args=(order,), name="console")
        with unless_interrupted():
            process.start()
        theirs.close()
        listens.close()
        says.close()
        Thread(target=count_for, args=(ours, self._shared), daemon=True).start()
        return Running(process, held, ready)


@contextmanager
def unless_interrupted() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal: what is started here leaves it to its starter, even while it loads."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def work(order: Order) -> None:
    """The whole life of a server process."""
    logs.configure()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    desk = Desk.open(Config.load(order.settings))
    try:
        side_by_side = max(1, throttle.SIDE_BY_SIDE // order.count)
        app = create_app(desk, now, counted_by(order.talk, order.setup_code, side_by_side))
        # `workers` only says that there are others: on Windows a shared socket wants another event loop.
        settings = uvicorn.Config(app, log_level="warning", server_header=False, workers=order.count)
        server = _server(settings, app.state.live, order)
        gc.collect()
        gc.freeze()  # what is loaded stays: looking through it for garbage stops every answer for 0.15 s
        Thread(target=leave_with, args=(order.life, server), daemon=True).start()
        with suppress(OSError):  # its starter is gone already: it leaves, too
            order.ready.send(True)
        with ahead.begun(), suppress(KeyboardInterrupt):
            server.run(sockets=[order.door])
    finally:
        desk.close()


def _server(settings: uvicorn.Config, live: Live, order: Order) -> Server:
    if sys.platform == "win32":  # the loop that can share a socket there is uvicorn's own affair
        return Server(settings, live)
    return OneOfSeveral(settings, live, order.seats)


def leave_with(life: Pipe, server: uvicorn.Server) -> None:
    """Tell the server to stop once its starter is gone or has said so."""
    with suppress(EOFError, OSError):
        life.recv()
    server.should_exit = True
