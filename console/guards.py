"""What every request passes: the same-origin check against CSRF, and the response headers."""

from __future__ import annotations

from collections.abc import Awaitable
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import PlainTextResponse
from starlette.responses import Response

Next = Callable[[Request], Awaitable[Response]]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
#: Below here stand one-time links: the address itself lets in, so it goes nowhere.
ONE_TIME = "/l/"
#: An issued bulletin is one self-contained file with its style inside and no script.
BULLETIN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


async def same_origin(request: Request, go_on: Next) -> Response:
    """Refuse a write that another site made the browser send (Fetch Metadata, else Origin)."""
    if request.method not in SAFE and not _ours(request):
        return PlainTextResponse("请求来源不明, 已拒绝。请从本系统页面内操作。", status_code=403)
    return await go_on(request)


def _ours(request: Request) -> bool:
    if request.url.path.startswith(ONE_TIME):  # no session to ride on, and no-referrer makes Origin "null"
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


async def legible(request: Request, go_on: Next) -> Response:
    """Refuse an address with a NUL in it: no database looks for one, and no browser sends one by itself."""
    if "\x00" in request.url.path or b"%00" in request.scope["query_string"]:
        return PlainTextResponse("网址中有无法识别的字符", status_code=400)
    return await go_on(request)


async def headers(request: Request, go_on: Next) -> Response:
    """Strict policy on every answer."""
    return protect(request, await go_on(request))


def protect(request: Request, response: Response) -> Response:
    """Add the headers every answer carries; pages of the desk are never cached."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    secret = request.url.path.startswith(ONE_TIME)
    response.headers["Referrer-Policy"] = "no-referrer" if secret else "same-origin"
    if secret:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if not request.url.path.startswith(("/vendor/", "/static/")):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
