"""The interface as an application of its own, mounted beside the pages: no session, no form, every refusal a problem."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console import guards
from console.api import alarms
from console.api import cases
from console.api import described
from console.api import items
from console.api import problems
from console.api import reading
from console.api.asking import Refusal
from console.api.pace import Pacing
from console.refusals import RETRY
from console.refusals import let_pass
from console.refusals import status_of
from console.routed import add_routes
from flow import incoming
from flow.desk import Desk
from huanyu.errors import HuanyuError
from huanyu.errors import NotKnown

CODES = {404: "not_found", 409: "conflict", 422: "invalid", 503: "unavailable"}
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": RETRY}}
HTTP = {
    404: ("not_found", "没有这个地址，见 /api/v1/docs"),
    405: ("method_not_allowed", "这个地址不接受这种操作"),
}


def create_api(desk: Desk, now: Callable[[], datetime], pace: Pacing) -> FastAPI:
    """The interface of one desk; `now` is asked once per request."""
    api = Described(title=described.TITLE, docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    api.state.desk = desk
    api.state.now = now
    api.state.pace = pace
    add_routes(api, (module.router for module in (items, alarms, cases, reading)))
    api.add_exception_handler(HuanyuError, _refused)
    api.add_exception_handler(Refusal, _refusal)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _broken)
    return api


class Described(FastAPI):
    """FastAPI with our own description, made once."""

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            self.openapi_schema = described.description(self)
        return self.openapi_schema


async def _refused(request: Request, problem: Exception) -> Response:
    await let_pass(request)
    status = (
        401
        if isinstance(problem, NotKnown)
        else status_of(problem)
        if isinstance(problem, HuanyuError)
        else 500
    )
    detail = str(problem.args[0]) if status < 500 else problems.STATUSES[status]
    told = getattr(problem, "ids", {}).get("code")
    code = told if isinstance(told, str) else CODES.get(status, "failed")
    return problems.response(status, code, detail, HEADERS.get(status, {}))


async def _refusal(request: Request, problem: Exception) -> Response:
    await let_pass(request)
    if not isinstance(problem, Refusal):
        raise problem
    headers = {"Retry-After": str(problem.wait)} if problem.wait else {}
    return problems.response(problem.status, problem.code, problem.detail, headers)


async def _unreadable(_request: Request, problem: Exception) -> Response:
    """A query or a header that is none; a case whose name cannot be one does not exist."""
    wrong = problem.errors() if isinstance(problem, RequestValidationError) else []
    if any(one["loc"][0] == "path" for one in wrong):
        return problems.response(404, "not_found", "没有这个案件")
    told = "；".join(dict.fromkeys(incoming.told(one) for one in wrong))
    return problems.response(422, "invalid", told)


async def _http(_request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    headers = getattr(problem, "headers", None)
    return problems.response(status, *HTTP.get(status, ("failed", "请求无法处理")), headers=headers)


async def _broken(request: Request, _: Exception) -> Response:
    """The server logs the error itself."""
    return guards.protect(request, problems.response(500, "failed", problems.STATUSES[500]))
