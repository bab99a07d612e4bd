"""A threaded local HTTP server whose next answers can be made to go wrong.

What every platform shares: starting, stopping, the queue of faults, reading a form, answering JSON or a page.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from typing import ClassVar
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from demo.serving import HOST
from demo.serving import LocalServer

#: What `fail_next` understands; platforms may add their own.
FAULTS = frozenset(
    {
        "refuse",  # with error_code
        "rate_limit",  # with retry_after
        "stall",  # accept, then answer only after `seconds`
        "drop_before_accept",  # cut the connection, nothing kept
        "drop_after_accept",  # keep it, cut the connection
        "error_before_accept",  # HTTP 500, nothing kept
        "error_after_accept",  # keep it, HTTP 500
        "answer_twice",  # keep it, send the same answer twice over
        "html",  # a captive portal's page instead of JSON, nothing kept
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour to come."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


class Platform(LocalServer):
    """A server on a free port of this machine; use it in a `with` block."""

    handler: ClassVar[type[Handler]]
    faults: ClassVar[frozenset[str]] = FAULTS

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.Lock()
        self.released = threading.Event()  # set on exit, so that a stalled answer never outlives the server
        self._queue: deque[Fault] = deque()
        super().__init__(Server((HOST, port), self.handler, self))

    def fail_next(self, name: str, times: int = 1, **options: object) -> None:
        """Let the next `times` publications go wrong in the way called `name` (see FAULTS)."""
        if name not in self.faults:
            raise ValueError(f"unknown fault {name!r}; one of {sorted(self.faults)}")
        self._queue.extend(Fault(name, options) for _ in range(times))

    def next_fault(self) -> Fault | None:
        with self.lock:
            return self._queue.popleft() if self._queue else None

    def stop(self) -> None:
        self.released.set()
        super().stop()


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[Handler], platform: Platform) -> None:
        self.platform = platform
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what we are here to provoke."""


class Handler(BaseHTTPRequestHandler):
    """Reads forms, answers JSON and pages."""

    protocol_version = "HTTP/1.1"
    server: Server

    def form(self) -> dict[str, str]:
        """Body and query, as urlencoded or JSON."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8")
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if self.headers.get("Content-Type", "").startswith("application/json"):
            return query | {key: str(value) for key, value in json.loads(raw or "{}").items()}
        return query | dict(parse_qsl(raw, keep_blank_values=True))

    def answer(
        self, body: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send(json.dumps(body, ensure_ascii=False), "application/json", status, headers)

    def page(self, html: str, status: int = HTTPStatus.OK) -> None:
        self.send(html, "text/html", status)

    def send(
        self, text: str, kind: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
    ) -> None:
        content = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def cut(self) -> None:
        """Close the connection without a word."""
        self.close_connection = True
        self.connection.shutdown(2)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: these servers run inside tests and the demo's progress display."""
