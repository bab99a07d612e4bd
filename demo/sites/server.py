"""A small threaded web server for the demo's pretended sites: one `answer` per site, nothing else.

Knows HTTP and nothing of platforms. Listens on this machine only.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from demo.serving import HOST
from demo.serving import LocalServer

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Request:
    """What a site is asked."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  #: names in lower case


@dataclass(frozen=True, slots=True)
class Reply:
    """What it says."""

    body: bytes
    media: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def html(page: str, status: int = 200) -> Reply:
    """A page in UTF-8."""
    return Reply(page.encode("utf-8"), HTML, status)


def not_found(what: str = "没有这个页面") -> Reply:
    """A plain 404."""
    return html(f"<!DOCTYPE html><meta charset=utf-8><title>404</title><p>{what}</p>", 404)


class Site(LocalServer):
    """A pretended site: `with NewsSite(…) as site: site.url`. Subclasses write `answer`."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(_Server((HOST, port), self))
        self.asked: list[str] = []  #: path and query of every request, oldest first

    def answer(self, request: Request) -> Reply:
        """Reply to one request; may run in several threads at once."""
        raise NotImplementedError


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], site: Site) -> None:
        self.site = site
        super().__init__(address, _Handler)

    def handle_error(self, _request: Any, client_address: Any) -> None:
        log.debug("client %s went away", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.site.asked.append(self.path)
        self._send(self.server.site.answer(self._request()), body=True)

    def do_HEAD(self) -> None:
        self._send(self.server.site.answer(self._request()), body=False)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Request(parts.path, query, {name.lower(): value for name, value in self.headers.items()})

    def _send(self, reply: Reply, *, body: bool) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if body and reply.status != 304:
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)
