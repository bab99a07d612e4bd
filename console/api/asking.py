"""Who asks, how often, and what they sent: a bearer token, a pace per token, a JSON body within bounds.

No cookie is looked at, so no other site can make a browser ask in somebody's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from typing import Any

from fastapi import Depends
from fastapi import Request
from fastapi.security import HTTPAuthorizationCredentials
from fastapi.security import HTTPBearer
from pydantic_core import from_json

from console.sessions import Now
from console.sessions import TheDesk
from flow import tokens
from huanyu.errors import NotKnown
from huanyu.types import Token

JSON = "application/json"

_bearer = HTTPBearer(auto_error=False, bearerFormat="hy_…", description="管理员在“接口令牌”页发放的令牌")
Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Refusal(Exception):
    """A request that is refused for what it is, not for what it says."""

    def __init__(self, status: int, code: str, detail: str, wait: int = 0) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.wait = wait  #: seconds


def holder(scope: str) -> Callable[..., Token]:
    """A dependency: the token of this request, good for `scope` and not too fast."""

    def found(request: Request, desk: TheDesk, now: Now, shown: Shown) -> Token:
        if shown is None:
            raise NotKnown("请求头缺少令牌：Authorization: Bearer hy_…", code="token_missing")
        token = tokens.holder(desk, shown.credentials, now)
        table = desk.bureau.api
        if wait := request.app.state.pace.wait(token.id, table.per_minute, table.burst, now):
            raise Refusal(429, "too_many", f"请求太密，请等 {wait} 秒再发", wait)
        tokens.demand(desk, token, scope, now)
        return token

    return found


async def body_of(request: Request, desk: TheDesk) -> bytes:
    """The body as it came, within bounds; asked for after the token."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != JSON:
        raise Refusal(415, "not_json", "请求体应为 JSON，请求头写 Content-Type: application/json")
    most = desk.bureau.api.body_bytes
    size = request.headers.get("content-length", "")
    if size.isdecimal() and int(size) > most:
        raise _too_large(most)
    parts, total = [], 0
    async for part in request.stream():
        total += len(part)
        if total > most:
            raise _too_large(most)
        parts.append(part)
    return b"".join(parts)


def parsed(body: bytes) -> Any:
    """The body as values."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as problem:
        raise Refusal(400, "json_invalid", "请求体不是正确的 JSON（UTF-8）") from problem


def _too_large(most: int) -> Refusal:
    return Refusal(413, "too_large", f"请求体最多 {most} 字节，请分批")


Body = Annotated[bytes, Depends(body_of)]
MayHandIn = Annotated[Token, Depends(holder(tokens.ITEMS))]
MayAlarm = Annotated[Token, Depends(holder(tokens.ALARMS))]
MayRead = Annotated[Token, Depends(holder(tokens.CASES))]
