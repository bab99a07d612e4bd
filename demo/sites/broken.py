"""Sources that don't work: one whose port is closed, one that is slow and then fails."""

from __future__ import annotations

import socket
import time
from types import TracebackType
from typing import Self

from demo.serving import HOST
from demo.sites.server import Reply
from demo.sites.server import Request
from demo.sites.server import Site
from demo.sites.server import html


class DeadSite:
    """An address that refuses every connection: its port is held but nobody listens."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.bind((HOST, port))
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"

    def start(self) -> Self:
        return self

    def stop(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class FailingSite(Site):
    """Answers 500 to everything but robots.txt, after `delay` seconds."""

    def __init__(self, port: int = 0, delay: float = 0.5) -> None:
        super().__init__(port)
        self.delay = delay

    def answer(self, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return Reply(b"User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")
        time.sleep(self.delay)
        return html("<!DOCTYPE html><title>500</title><h1>500 Internal Server Error</h1>", 500)
