"""Where platforms call us: the address that WeChat is told as its 服务器 URL. No session, no form, no page.

A router by itself: `create_callbacks` is an application for a port of its own, or another one takes it in.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from typing import Annotated

import structlog
from fastapi import APIRouter
from fastapi import Depends
from fastapi import FastAPI
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.responses import Response

from console import guards
from console.routed import add_routes
from console.sessions import Now
from console.sessions import TheDesk
from flow import callbacks
from flow import talking
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import NotKnown
from huanyu.errors import StoreAway
from publisher.channels import wechat_push
from publisher.channels.wechat_push import Asked
from publisher.channels.wechat_push import Door
from publisher.channels.wechat_talk import CANARY

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)

PATH = "/wechat/{account}"


def create_callbacks(desk: Desk, now: Callable[[], datetime]) -> FastAPI:
    """The callbacks of one desk; `now` is asked once per request."""
    app = FastAPI(title="环舆", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.now = now
    app.add_middleware(guards.Guards, own=False)
    add_routes(app, (router,))
    app.add_exception_handler(StoreAway, _later)
    return app


async def _later(_request: Request, _problem: Exception) -> Response:
    """It was not kept: the platform asks again."""
    return PlainTextResponse("稍后再来", status_code=503)


def asked_of(
    signature: str = "",
    timestamp: str = "",
    nonce: str = "",
    msg_signature: str = "",
    encrypt_type: str = "",
) -> Asked:
    """The query as WeChat writes it."""
    return Asked(
        signature=signature,
        timestamp=timestamp,
        nonce=nonce,
        msg_signature=msg_signature,
        encrypt_type=encrypt_type,
    )


AskedOf = Annotated[Asked, Depends(asked_of)]


@router.get(PATH)
def hello(account: str, asked: AskedOf, desk: TheDesk, now: Now, echostr: str = "") -> Response:
    """服务器配置: WeChat asks whether the address is ours."""
    try:
        wechat_push.demand(_door(desk, account), asked, now)
    except NotKnown as problem:
        return _refused(account, problem)
    return PlainTextResponse(echostr)


@router.post(PATH)
async def message(account: str, request: Request, asked: AskedOf, desk: TheDesk, now: Now) -> Response:
    """A message or an event: kept, and answered with an approved text, or with "success"."""
    body = await _body(request)
    if body is None:
        return PlainTextResponse("太长", status_code=413)
    try:
        told = await run_in_threadpool(_heard, desk, account, asked, body, now)
    except NotKnown as problem:
        return _refused(account, problem)
    except BadInput as problem:
        log.warning("wechat_unreadable", account=account, why=str(problem.args[0]))
        return PlainTextResponse(str(problem.args[0]), status_code=400)
    kind = "text/plain" if told == wechat_push.SILENT else "text/xml"
    return Response(told, media_type=f"{kind}; charset=utf-8")


def _heard(desk: Desk, account: str, asked: Asked, body: bytes, now: datetime) -> str:
    """What is answered to a signed body."""
    door = _door(desk, account)
    xml = wechat_push.opened(door, asked, body, now)
    said = wechat_push.read(door, asked, xml, now)
    if said.sender == CANARY:
        return wechat_push.SILENT
    if said.kind == "event":
        callbacks.wechat(desk, account, xml, now)
    text = talking.hear(desk, said, now)
    return wechat_push.answer(door, xml, text, secrets.token_hex(8), secrets.token_bytes(16), now)


def _door(desk: Desk, account: str) -> Door:
    """What this account's messages are believed by; raises NotKnown where it takes none."""
    row = desk.bureau.account(account)
    if row is None or not row.enabled or account != desk.bureau.talk.wechat:
        raise NotKnown("没有这个地址", code="no_account")
    return Door(
        account=row.key,
        token=desk.config.secret(row.push_token),
        app_id=row.app_id,
        key=desk.config.secret(row.push_key),
        window=timedelta(seconds=desk.bureau.talk.window_seconds),
    )


async def _body(request: Request) -> bytes | None:
    """The body, read no further than a message can be long; None for a longer one."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > wechat_push.LONGEST:
            return None
    return body


def _refused(account: str, problem: NotKnown) -> Response:
    log.warning("wechat_refused", account=account[:40], why=problem.ids.get("code"))
    return PlainTextResponse("签名不对", status_code=403)
