"""The desk at work: the clockwork in this process, the console in it or in server processes of its own."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextlib import suppress
from threading import Thread

import uvicorn
from fastapi import FastAPI

from console import ahead
from console import servers
from console import setup
from console.app import create_app
from console.callbacks import create_callbacks
from console.public.app import create_public
from console.servers import Server
from console.servers import Servers
from console.shared import Shared
from flow.desk import Desk
from flow.run import Embedded
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import Conflict


def serve(config: Config, host: str, port: int) -> None:
    """Run the desk until it is told to stop; raises Conflict when the port is taken."""
    # uvicorn raises the signal again when it is done: the default would end us in the middle of a delivery.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listen(host, port) as door:
        desk = Desk.open(config)
        work = Embedded(desk, now)
        try:
            work.start()
            with called(desk), open_to_all(desk):
                console(desk, door)
        finally:
            work.stop()
            desk.close()


def serve_console(desk: Desk, host: str, port: int) -> None:
    """Serve the web console, and the public pages where a port is set for them, until interrupted."""
    with listen(host, port) as door, open_to_all(desk):
        answer(desk, door)


@contextmanager
def called(desk: Desk) -> Iterator[None]:
    """Answer the platforms that call us on a port of its own, where one is set; raises Conflict when it is taken."""
    settings = desk.config.settings
    if not settings.callback_port:
        yield
        return
    with (
        listen(settings.callback_host, settings.callback_port) as door,
        beside(create_callbacks(desk, now), door),
    ):
        yield


@contextmanager
def open_to_all(desk: Desk) -> Iterator[None]:
    """Serve the pages for citizens on a port of their own, where one is set; raises Conflict when it is taken."""
    settings = desk.config.settings
    if not settings.public_port:
        yield
        return
    with (
        listen(settings.public_host, settings.public_port) as door,
        beside(create_public(desk, now), door),
    ):
        print(f"公众页面: {desk.config.public_url}/", flush=True)
        yield


@contextmanager
def beside(app: FastAPI, door: socket.socket) -> Iterator[None]:
    """Serve an application in a thread of its own as long as this lasts."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    thread = Thread(target=server.run, args=([door],), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def listen(host: str, port: int) -> socket.socket:
    """A socket on which the console will answer; raises Conflict saying what is wrong with the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family)
    except OSError as problem:
        raise Conflict(f"不能使用 {host}:{port}: 端口已被占用, 或地址不属于本机") from problem
    # asyncio sees to this for sockets that name their protocol only; without it a page whose head and body
    # go out one after the other waits 40 ms for the browser's delayed acknowledgement. Connections inherit it.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def console(desk: Desk, door: socket.socket) -> None:
    """Serve the web console on an open socket, by as many processes as the settings say."""
    count = servers.wanted(desk.config.settings)
    if count == 1:
        answer(desk, door)
        return
    shared = Shared(setup_code=setup.new_code(desk))
    with suppress(KeyboardInterrupt), Servers(desk.config, door, count, shared) as running:
        tell(door, shared.setup_code)
        running.stay()


def answer(desk: Desk, door: socket.socket) -> None:
    """Serve the web console on an open socket in this process, and say how to get in."""
    app = create_app(desk, now)
    tell(door, app.state.setup_code)
    server = Server(uvicorn.Config(app, log_level="warning", server_header=False), app.state.live)
    with ahead.begun(), suppress(KeyboardInterrupt):
        server.run(sockets=[door])


def tell(door: socket.socket, setup_code: str) -> None:
    """Say where the console is, and how the first user gets in."""
    host, port = door.getsockname()[:2]
    print(f"控制台: http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)
    if setup_code:
        print(f"首次设置码 (只能用一次): {setup_code}", flush=True)
