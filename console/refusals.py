"""What a person reads when a request was refused or something broke: Chinese, and nothing they typed is lost.

Whoever comes second at a case or a text sees what changed, by whom, and may send theirs again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import guards
from console import sessions
from console.sessions import ChangeNeeded
from console.sessions import SignInNeeded
from console.view import bare
from console.view import page
from flow import changes
from flow.changes import Since
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import FactorNeeded
from huanyu.errors import HuanyuError
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.errors import StoreAway

#: What each refusal means to a browser; anything else in our tree is 500.
STATUS: dict[type[HuanyuError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    IllegalMove: 409,
    Blocked: 422,
    BadInput: 422,
    StoreAway: 503,
}
HTTP = {
    400: "提交的内容太长或格式不对，没有收下；请缩短后再提交",
    404: "没有这个页面",
    405: "这个地址不接受这种操作",
    411: "浏览器没有说明文件的大小",
    413: "文件太大，没有收下",
    429: "打开失败的次数过多，请 15 分钟后再试",
}
DIGITS = 10  # of a version; more are no number of ours, and int() refuses thousands
RETRY = "10"  # seconds after which a program may ask again while the database is away
SMALL = 1 << 20  # bytes of a refused upload that are worth taking in for the sake of the answer
#: Long texts worth giving back to the person who typed them; passwords are not among them.
KEPT = {
    "found": "查明情况",
    "measure": "处理措施",
    "basis": "法律依据",
    "next_step": "后续",
    "done": "已经做了什么",
    "then": "接下来",
    "office": "应由哪个部门办理",
    "phone": "该部门的办公电话",
    "internal_report": "内部报告",
    "text": "文稿",
    "reason": "理由",
    "override": "越过核查的理由",
    "url": "网址",
    "words": "原文中的一句",
    "note": "附言",
    "why": "更正原因",
    "wrong": "原文有误的话",
    "right": "更正后的话",
    "public_answer": "公开答复",
    "opinion": "意见",
    "told": "告知的内容",
    "summary": "摘要",
    "line": "口径",
    "progress": "进展",
    "goal": "整改目标",
    "evidence": "佐证材料",
    "feedback": "公示反馈",
}
#: Whose texts a second person may find changed, and how that is told.
TOLD = {"cases": changes.of_case, "outbox": changes.of_message}
OVERTAKEN = re.compile(r"/(cases|outbox)/(\d+)/[a-z-]+")
#: Forms of which nothing is shown again: who claims a reward is for whoever pays alone.
SEALED = re.compile(r"/rewards/\d+/claim")
RECORD = re.compile(
    r"/(?:cases|papers|outbox|posts|rejects|bulletins|ledger|inspections|incidents|interviews|rankings|press"
    r"|info-requests)/\d+|/sources/[\w.-]+|/(?!evidence)[a-z]+(?:-[a-z]+)*"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the person had typed: to be read, and to be sent again."""

    kept: tuple[tuple[str, str, str], ...] = ()  #: name, Chinese label, text
    rest: tuple[tuple[str, str], ...] = ()  #: choices and dates, by the names of their fields
    version: int | None = None  #: that of the record they had before them
    files: bool = False  #: there were some, which have to be chosen anew


NOTHING = Typed()


def install(app: FastAPI) -> None:
    """Answer every kind of failure with a page."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(ChangeNeeded, _to_account)
    app.add_exception_handler(HuanyuError, _refusal)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def status_of(problem: HuanyuError) -> int:
    """The HTTP status of a refusal."""
    return next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 500)


def typed_in(form: FormData) -> Typed:
    """What the person had typed, with its Chinese labels."""
    told = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and value]
    version = next((value for name, value in told if name == "version"), "")
    return Typed(
        kept=tuple((name, KEPT[name], value) for name, value in told if name in KEPT),
        rest=tuple((name, value) for name, value in told if name not in KEPT and name != "version"),
        version=int(version) if version.isdecimal() and len(version) <= DIGITS else None,
        files=any(getattr(value, "filename", "") for _, value in form.multi_items()),
    )


def record_of(path: str) -> str:
    """The page of the record an action was about: /cases/3/result belongs to /cases/3."""
    found = RECORD.match(path)
    return found.group() if found else "/"


def _to_sign_in(request: Request, _: Exception) -> Response:
    here = request.url.path if request.method == "GET" else record_of(request.url.path)
    return RedirectResponse(f"/login?next={quote(here)}", status_code=303)


def _to_account(_request: Request, _: Exception) -> Response:
    return RedirectResponse("/account", status_code=303)


async def _refusal(request: Request, problem: Exception) -> Response:
    status = status_of(problem) if isinstance(problem, HuanyuError) else 500
    message = str(problem.args[0]) if problem.args else "操作未完成"
    if isinstance(problem, FactorNeeded):
        return await _tell(request, status, message, await _typed(request), factor=True)
    typed = await _typed(request)
    since = await run_in_threadpool(_since, request, typed) if status == 409 else None
    return await _tell(request, status, message, typed, since)


async def _unreadable(request: Request, problem: Exception) -> Response:
    """A form with a field missing, or an address with a number that is none."""
    in_path = isinstance(problem, RequestValidationError) and problem.errors()[0]["loc"][0] == "path"
    if in_path:
        return await _tell(request, 404, HTTP[404])
    return await _tell(request, 422, "填写的内容不完整或格式不对", await _typed(request))


async def _http(request: Request, problem: Exception) -> Response:
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    if not hasattr(request.state, "user"):
        await run_in_threadpool(_recognise, request)
    return await _tell(request, status, HTTP.get(status, "请求无法处理"))


def _recognise(request: Request) -> None:
    """Who asks for what is no page of ours keeps the menu around them; no route has asked who it is."""
    with suppress(SignInNeeded):
        sessions.holder_of(request, request.app.state.desk, sessions.moment_of(request))


async def _broken(request: Request, _: Exception) -> Response:
    """Outside every middleware, so the headers are put on here; the server logs the error itself."""
    return guards.protect(request, await _tell(request, 500, "程序出错，操作未完成；已记入日志"))


async def _typed(request: Request) -> Typed:
    """What the person had typed; nothing of what is sealed, of no form at all, or of one with files that nobody read."""
    if SEALED.fullmatch(request.url.path):
        return NOTHING
    multipart = request.headers.get("content-type", "").startswith("multipart/")
    if multipart and getattr(request, "_form", None) is None:
        await let_pass(request)
        return NOTHING
    try:
        return typed_in(await request.form())
    except HTTPException:
        return NOTHING


def _since(request: Request, typed: Typed) -> Since | None:
    """What was done to the record after the person had opened it; None where that is not what stands in the way."""
    found, user = OVERTAKEN.fullmatch(request.url.path), getattr(request.state, "user", None)
    if found is None or user is None or typed.version is None:
        return None
    try:
        since = TOLD[found[1]](request.app.state.desk, user, int(found[2]), typed.version)
    except HuanyuError:  # it was taken from them meanwhile: they learn that from the page of the record
        return None
    return since if since.version > typed.version else None


async def let_pass(request: Request) -> None:
    """Take in a small body unread: closing on bytes still unread resets the connection, and our answer is lost."""
    size = request.headers.get("content-length", "")
    if size.isdecimal() and int(size) <= SMALL:
        with suppress(ClientDisconnect, RuntimeError):  # gone, or taken in already
            async for _ in request.stream():
                continue


def _both(typed: Typed, since: Since | None) -> Sequence[Mapping[str, str]]:
    """Each text the person had typed beside the one that stands there now."""
    now = since.now if since is not None else {}
    return [
        {"name": name, "label": label, "typed": text, "now": now.get(name, "")}
        for name, label, text in typed.kept
    ]


async def _tell(
    request: Request,
    status: int,
    message: str,
    typed: Typed = NOTHING,
    since: Since | None = None,
    factor: bool = False,
) -> Response:
    values = {
        "message": message,
        "kept": _both(typed, since),
        "rest": typed.rest,
        "files": typed.files,
        "since": since,
        "factor": factor,
        "record": record_of(request.url.path),
    }
    try:
        response = await run_in_threadpool(page, request, "problem.html", status=status, **values)
    except StoreAway as problem:  # the page around it is made of what the store knows
        told = message if status == 503 else str(problem.args[0])
        response = await run_in_threadpool(bare, request, "problem.html", 503, **(values | {"message": told}))
    if response.status_code == 503:
        response.headers["Retry-After"] = RETRY
    return response
