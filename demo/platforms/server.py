"""A threaded local HTTP server whose next answers can be made to go wrong.

What every platform shares: starting, stopping, the faults to come, reading a form, answering JSON or a page,
counting what was published. README.md beside this file lists the faults.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections import deque
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from email.parser import BytesParser
from email.policy import HTTP
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
        "stall",  # keep it, then cut the connection after `seconds`
        "slow",  # keep it, then answer in full after `seconds`
        "drop_before_accept",  # cut the connection, nothing kept
        "drop_after_accept",  # keep it, cut the connection
        "error_before_accept",  # HTTP 500, nothing kept
        "error_after_accept",  # keep it, HTTP 500
        "answer_twice",  # keep it, send the same answer twice over
        "html",  # a captive portal's page instead of JSON, nothing kept
    }
)


CALLS = 100
#: Options of a fault that comes by chance.
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "refuse": {"error_code": 400},
    "rate_limit": {"retry_after": 1},
    "http_429": {"retry_after": 1},
    "stall": {"seconds": 0.2},
    "slow": {"seconds": 0.2},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One misbehaviour to come."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart form."""

    name: str
    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came over the wire."""

    method: str
    path: str
    query: Mapping[str, str]
    fields: Mapping[str, Any]  #: of the form, or the JSON object
    files: tuple[str, ...]  #: names of the parts that were files


class Platform(LocalServer):
    """A server on a free port of this machine; use it in a `with` block."""

    handler: ClassVar[type[Handler]]
    faults: ClassVar[frozenset[str]] = FAULTS

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.Lock()
        self.released = threading.Event()  # set on exit, so that a stalled answer never outlives the server
        self.after_accept: Callable[[str], None] | None = None  #: told each text kept, before it is answered
        self.calls: deque[Call] = deque(maxlen=CALLS)  #: the latest requests, oldest first
        self._queue: deque[Fault] = deque()
        self._chance: random.Random | None = None
        self._rates: Mapping[str, float] = {}
        self._times: Counter[str] = Counter()
        self._failing_reads = 0
        super().__init__(Server((HOST, port), self.handler, self))

    def fail_next(self, name: str, times: int = 1, **options: object) -> None:
        """Let the next `times` publications go wrong in the way called `name` (see FAULTS)."""
        self._known(name)
        with self.lock:
            self._queue.extend(Fault(name, options) for _ in range(times))

    def misbehave(self, chance: random.Random, rates: Mapping[str, float]) -> None:
        """From now on let each publication go wrong by chance; `rates` is fault -> share, {} = never more."""
        for name in rates:
            self._known(name)
        with self.lock:
            self._chance, self._rates = chance, dict(rates)

    def next_fault(self) -> Fault | None:
        """The fault for this publication: what `fail_next` ordered, else what chance brings."""
        with self.lock:
            if self._queue:
                return self._queue.popleft()
            return self._by_chance(self._chance) if self._chance else None

    def fail_reads(self, times: int = 1) -> None:
        """Let the next `times` requests that only read be answered with HTTP 503."""
        with self.lock:
            self._failing_reads += times

    def next_read_fails(self) -> bool:
        with self.lock:
            fails, self._failing_reads = self._failing_reads > 0, max(0, self._failing_reads - 1)
            return fails

    def times(self) -> Counter[str]:
        """How often each text was published, withdrawn ones too; more than once is a duplicate."""
        with self.lock:
            return Counter(self._times)

    def count(self, text: str) -> None:
        """Note that `text` was accepted; platforms call it inside `keep`, outside of the lock."""
        with self.lock:
            self._times[text] += 1
        if self.after_accept is not None:
            self.after_accept(text)

    def wait(self, fault: Fault, default: float) -> None:
        """Let the seconds of a fault pass, or until the server stops."""
        self.released.wait(float(fault.options.get("seconds", default)))

    def _by_chance(self, chance: random.Random) -> Fault | None:
        drawn = chance.random()
        for name, rate in self._rates.items():
            if drawn < rate:
                return Fault(name, DEFAULTS.get(name, {}))
            drawn -= rate
        return None

    def _known(self, name: str) -> None:
        if name not in self.faults:
            raise ValueError(f"unknown fault {name!r}; one of {sorted(self.faults)}")

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
    disable_nagle_algorithm = True  # else a body waits 40 ms for the acknowledgement of its head
    server: Server

    def form(self) -> dict[str, str]:
        """Body and query, as urlencoded, multipart or JSON; files stand in `self.files`."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.files: dict[str, Upload] = {}
        query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        fields = self._fields(self.headers.get("Content-Type", ""), body)
        call = Call(self.command, urlsplit(self.path).path, query, fields, tuple(self.files))
        self.server.platform.calls.append(call)
        return query | {key: str(value) for key, value in fields.items()}

    def _fields(self, kind: str, body: bytes) -> dict[str, Any]:
        self.raw = body
        if kind.startswith("multipart/form-data"):
            return dict(self._parts(kind, body))
        if "xml" in kind:
            return {}
        raw = body.decode("utf-8")
        if kind.startswith("application/json"):
            self.json: dict[str, Any] = dict(json.loads(raw or "{}"))
            return self.json
        return dict(parse_qsl(raw, keep_blank_values=True))

    def _parts(self, kind: str, body: bytes) -> dict[str, str]:
        head = f"Content-Type: {kind}\r\n\r\n".encode()
        fields: dict[str, str] = {}
        for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            data = content if isinstance(content, bytes) else b""
            if (file := part.get_filename()) is not None:
                self.files[name] = Upload(file, part.get_content_type(), data)
            else:
                fields[name] = data.decode("utf-8")
        return fields

    def answer(
        self, body: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send(json.dumps(body, ensure_ascii=False), "application/json", status, headers)

    def page(self, html: str, status: int = HTTPStatus.OK) -> None:
        self.send(html, "text/html", status)

    def send(
        self, text: str, kind: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
    ) -> None:
        self.bytes(text.encode("utf-8"), f"{kind}; charset=utf-8", status, headers)

    def bytes(
        self,
        content: bytes,
        kind: str,
        status: int = HTTPStatus.OK,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
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
