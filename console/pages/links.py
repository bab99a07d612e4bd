"""The page behind a one-time link: a unit without log-in reads its slip, signs, sends back or reports.

No session and no other page; wrong links are counted by address. Offices make links on the case page.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import result_form
from console import sessions
from console.refusals import status_of
from console.sessions import Now
from console.sessions import TheDesk
from console.sessions import TheThrottle
from console.throttle import Throttle
from console.view import page
from flow import by_link
from flow.by_link import Opened
from flow.desk import Desk
from flow.findings import FINDINGS
from flow.routing import assist_names
from huanyu.errors import HuanyuError
from huanyu.errors import NotFound

router = APIRouter()

PHOTOS = 3  # at once
WORDS = 10  # fields of a form without files
Typed = Mapping[str, str]


async def opened(request: Request, desk: TheDesk, now: Now, throttle: TheThrottle, token: str) -> None:
    """The link opens something: of any other not a byte of the form is read."""
    if not throttle.admit(_name(request), sessions.address_of(request), now):
        raise HTTPException(429)
    await run_in_threadpool(by_link.look, desk, token, now)
    throttle.take_back(_name(request), sessions.address_of(request), now)


async def short_form(request: Request, _: Annotated[None, Depends(opened)]) -> AsyncIterator[FormData]:
    """A form of a few words and no file."""
    size = request.headers.get("content-length", "")
    if not size.isdecimal():
        raise HTTPException(411)
    if int(size) > result_form.AROUND:
        raise HTTPException(413)
    async with request.form(max_files=0, max_fields=WORDS) as form:
        yield form


async def link_form(
    request: Request, desk: TheDesk, _: Annotated[None, Depends(opened)]
) -> AsyncIterator[FormData]:
    """The form of a result, with its photos."""
    async for form in result_form.bounded(request, desk):
        yield form


@router.get("/l/{token}")
def look(
    request: Request, desk: TheDesk, now: Now, throttle: TheThrottle, token: str, done: str = ""
) -> Response:
    return _answer(request, desk, throttle, token, now, done=done)


@router.post("/l/{token}/sign")
def sign(request: Request, desk: TheDesk, now: Now, throttle: TheThrottle, token: str) -> Response:
    return _act(request, desk, throttle, token, now, "sign", {}, lambda: by_link.sign(desk, token, now))


@router.post("/l/{token}/send-back")
def send_back(
    request: Request,
    desk: TheDesk,
    now: Now,
    throttle: TheThrottle,
    token: str,
    form: Annotated[FormData, Depends(short_form)],
) -> Response:
    typed = {name: str(form.get(name, "")) for name in ("reason", "kind")}
    return _act(
        request, desk, throttle, token, now, "sent_back", typed,
        lambda: by_link.send_back(desk, token, typed["reason"], now, kind=typed["kind"]),
    )  # fmt: skip


@router.post("/l/{token}/report")
def report(
    request: Request,
    desk: TheDesk,
    now: Now,
    throttle: TheThrottle,
    token: str,
    form: Annotated[FormData, Depends(link_form)],
) -> Response:
    given = result_form.typed(form)

    def work() -> None:
        result, values = result_form.result_of(given), result_form.measured(given)
        by_link.report(desk, token, result, now, measured=values, photos=given.uploads)

    return _act(request, desk, throttle, token, now, "reported", given.fields, work)


@router.post("/l/{token}/opinion")
def give_opinion(
    request: Request,
    desk: TheDesk,
    now: Now,
    throttle: TheThrottle,
    token: str,
    form: Annotated[FormData, Depends(short_form)],
) -> Response:
    typed = {"opinion": str(form.get("opinion", ""))}
    return _act(
        request, desk, throttle, token, now, "opinion", typed,
        lambda: by_link.give_opinion(desk, token, typed["opinion"], now),
    )  # fmt: skip


def _act(
    request: Request,
    desk: Desk,
    throttle: Throttle,
    token: str,
    now: datetime,
    done: str,
    typed: Typed,
    work: Callable[[], None],
) -> Response:
    """Do what was asked; what was typed is given back where it could not be done."""
    if not throttle.admit(_name(request), sessions.address_of(request), now):
        return _closed(request, 429, WAIT)
    try:
        work()
    except NotFound as problem:
        return _closed(request, 404, str(problem.args[0]))
    except HuanyuError as problem:
        throttle.take_back(_name(request), sessions.address_of(request), now)
        told, status = str(problem.args[0]), status_of(problem)
        return _answer(request, desk, throttle, token, now, problem=told, typed=typed, status=status)
    throttle.take_back(_name(request), sessions.address_of(request), now)
    if done == "sent_back":  # the unit has the case no longer, and the link opens nothing any more
        return page(request, "link_closed.html", done="已退单，本件不再由贵单位办理，链接随之失效。")
    return RedirectResponse(f"/l/{token}?done={done}", status_code=303)


def _answer(
    request: Request,
    desk: Desk,
    throttle: Throttle,
    token: str,
    now: datetime,
    done: str = "",
    problem: str = "",
    typed: Typed | None = None,
    status: int = 200,
) -> Response:
    """The slip; a try is counted before the link is looked at, and taken back where it was good."""
    if not throttle.admit(_name(request), sessions.address_of(request), now):
        return _closed(request, 429, WAIT)
    try:
        opened: Opened = by_link.look(desk, token, now)
    except NotFound as refusal:
        return _closed(request, 404, str(refusal.args[0]))
    throttle.take_back(_name(request), sessions.address_of(request), now)
    return page(
        request,
        "link.html",
        status=status,
        token=token,
        opened=opened,
        case=opened.case,
        area=desk.bureau.area_name(opened.case.area),
        assist_names=assist_names(desk, opened.case.assist),
        findings=FINDINGS,
        pictures_at_once=range(PHOTOS),
        rows_of_values=result_form.ROWS,
        shown_values=result_form.SHOWN,
        files_allowed=[row for row in desk.bureau.quality.file if row.key == "picture"],
        reasons=[row for row in desk.bureau.reasons if row.act == "return" and row.valid_on(now.date())],
        done=DONE.get(done, ""),
        problem=problem,
        typed=typed or {},
    )


WAIT = "打开失败的次数过多，请 15 分钟后再试"
DONE = {
    "sign": "已签收。查清以后，仍用这个链接反馈结果。",
    "reported": "已反馈，谢谢。需要补充时会另行通知。",
    "opinion": "协办意见已送交承办单位，谢谢。",
}


def _closed(request: Request, status: int, problem: str) -> Response:
    return page(request, "link_closed.html", status=status, problem=problem)


def _name(request: Request) -> str:
    """Tries are counted for an address, whatever the token: one address cannot close the door to another."""
    return f"/l/ {sessions.address_of(request)}"
