"""What every request passes: the same-origin check against CSRF, and the response headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.responses import Response
from starlette.types import ASGIApp
from starlette.types import Message
from starlette.types import Receive
from starlette.types import Scope
from starlette.types import Send

from console.api import problems

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
#: Of every answer, whatever it is: taken for nothing it is not, framed and read by nobody else, no device asked for.
ALWAYS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }
)
#: Below here stand one-time links: the address itself lets in, so it goes nowhere.
ONE_TIME = "/l/"
#: Where somebody on the spot may let the device say where it is.
FIELD = "/field"
#: Below here other systems ask, with a token of their own: no cookie is looked at, so there is nothing to ride on.
API = "/api/"
#: What a browser may keep.
FILES = ("/vendor/", "/static/")
#: An issued bulletin is one self-contained file with its style inside and no script.
BULLETIN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


class Guards:
    """Around everything: a request is looked at before it goes in, and no answer leaves without its headers.

    Plain ASGI: each middleware of the framework's own kind costs a request two tasks and a stream.
    """

    def __init__(self, app: ASGIApp, *, own: bool = True) -> None:
        self._app = app
        self._own = own  # writes come from pages of ours; where platforms call us they come from elsewhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the start and the end of the whole application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(scope, MutableHeaders(scope=message))
            await send(message)

        refused = (_foreign(scope) if self._own else None) or _illegible(scope)
        await (refused or self._app)(scope, receive, guarded)


def protect(request: Request, response: Response) -> Response:
    """The same headers on an answer that is given outside of the guards."""
    _mark(request.scope, response.headers)
    return response


def _foreign(scope: Scope) -> Response | None:
    """The refusal of a write that another site made the browser send (Fetch Metadata, else Origin)."""
    if scope["method"] in SAFE or _ours(scope["path"], Headers(scope=scope)):
        return None
    return PlainTextResponse("请求来源不明, 已拒绝。请从本系统页面内操作。", status_code=403)


def _ours(path: str, headers: Headers) -> bool:
    if path.startswith((ONE_TIME, API)):  # no session to ride on, and no-referrer makes Origin "null"
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")


def _illegible(scope: Scope) -> Response | None:
    """The refusal of an address with a control character: no browser sends one by itself, no database keeps NUL."""
    if not CONTROL.search(scope["path"]) and b"%00" not in scope["query_string"]:
        return None
    told = "网址中有无法识别的字符"
    if scope["path"].startswith(API):
        return problems.response(400, "address_invalid", told)
    return PlainTextResponse(told, status_code=400)


def _mark(scope: Scope, headers: MutableHeaders) -> None:
    """Strict policy on every answer; pages of the desk are never cached."""
    path: str = scope["path"]
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if path == FIELD:
        headers["Permissions-Policy"] = ALWAYS["Permissions-Policy"].replace(
            "geolocation=()", "geolocation=(self)"
        )
    secret = path.startswith(ONE_TIME)
    headers["Referrer-Policy"] = "no-referrer" if secret else "same-origin"
    if secret:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    if not path.startswith(FILES):
        headers.setdefault("Cache-Control", "no-store")
