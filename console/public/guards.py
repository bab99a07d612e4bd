"""Headers of every public answer, and what a citizen reads when something was refused or broke."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from fastapi import FastAPI
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.responses import Response

from console.public.view import page
from console.refusals import RETRY
from console.refusals import let_pass
from console.refusals import status_of
from huanyu.errors import HuanyuError

Next = Callable[[Request], Awaitable[Response]]

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(self), geolocation=(self), payment=(), usb=()",
    }
)
TOLD: Final = MappingProxyType(
    {
        404: "没有这个页面",
        405: "这个地址不接受这种操作",
        411: "浏览器没有说明内容的大小，没有收下",
        413: "内容太大，没有收下。请减少照片，或把录音分成两次",
        503: "系统暂时用不了，请过几分钟再试；情况紧急的请直接打电话",
        429: "提交得太快了，请稍后再试；情况紧急的请直接打电话",
    }
)
BROKEN: Final = "程序出错，操作没有完成；请稍后再试，或打电话"
KEPT: Final = ("/static/", "/p/", "/feed.xml", "/atom.xml", "/sitemap.xml", "/site.css")


async def headers(request: Request, go_on: Next) -> Response:
    """Strict policy on every answer; an address with control characters is none."""
    if CONTROL.search(request.url.path) or b"%00" in request.scope["query_string"]:
        return protect(request, PlainTextResponse("网址中有无法识别的字符", status_code=400))
    return protect(request, await go_on(request))


def protect(request: Request, response: Response) -> Response:
    """The headers every answer carries; what shows a report is never kept by a browser."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.url.scheme == "https":
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    keeps = request.method == "GET" and request.url.path.startswith(KEPT)
    response.headers.setdefault("Cache-Control", "public, max-age=300" if keeps else "no-store")
    return response


def install(app: FastAPI) -> None:
    """Answer every kind of failure with a page."""
    app.middleware("http")(headers)
    app.add_exception_handler(HuanyuError, _refused)
    app.add_exception_handler(RequestValidationError, _missing)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, problem: Exception) -> Response:
    status = status_of(problem) if isinstance(problem, HuanyuError) else 500
    told = str(problem.args[0]) if status < 500 else TOLD.get(status, BROKEN)
    response = page(request, "problem.html", status=status, told=told)
    if status == 503:
        response.headers["Retry-After"] = RETRY
    return response


async def _missing(request: Request, _: Exception) -> Response:
    return page(request, "problem.html", status=404, told=TOLD[404])


async def _http(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    await let_pass(request)
    response = page(request, "problem.html", status=status, told=TOLD.get(status, "请求无法处理"))
    response.headers.update(getattr(problem, "headers", None) or {})
    return response


async def _broken(request: Request, _: Exception) -> Response:
    """Outside every middleware, so the headers are put on here; the server logs the error itself."""
    return protect(request, page(request, "problem.html", status=500, told=BROKEN))
