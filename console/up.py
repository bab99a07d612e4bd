"""The desk at work: the clockwork and the web server in one process."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress

import uvicorn

from console.app import create_app
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
        work.start()
        try:
            answer(desk, door)
        finally:
            work.stop()
            desk.close()


def serve_console(desk: Desk, host: str, port: int) -> None:
    """Serve the web console alone until interrupted."""
    with listen(host, port) as door:
        answer(desk, door)


def listen(host: str, port: int) -> socket.socket:
    """A socket on which the console will answer; raises Conflict saying what is wrong with the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as problem:
        raise Conflict(f"控制台不能使用 {host}:{port}: 端口已被占用, 或地址不属于本机") from problem


def answer(desk: Desk, door: socket.socket) -> None:
    """Serve the web console on an open socket, and say how to get in."""
    app = create_app(desk, now)
    host, port = door.getsockname()[:2]
    print(f"控制台: http://{f'[{host}]' if ':' in host else host}:{port}/", flush=True)
    if app.state.setup_code:
        print(f"首次设置码 (只能用一次): {app.state.setup_code}", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    with suppress(KeyboardInterrupt):
        server.run(sockets=[door])
