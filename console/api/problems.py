"""What another system is told when something is refused: one shape (RFC 9457), a code for machines, Chinese for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel
from pydantic import Field
from starlette.responses import JSONResponse
from starlette.responses import Response

MEDIA = "application/problem+json"
BASE = "/api/v1"
#: What each status means here, for whoever reads the description.
STATUSES: Mapping[int, str] = MappingProxyType(
    {
        400: "请求体不是 JSON，或网址中有无法识别的字符",
        401: "没有令牌，令牌无效、过期或停用；报警的签名缺失、过时或不对",
        403: "令牌没有这项权限，或者渠道、站点不归它",
        404: "没有这个案件，或不属于令牌的单位",
        409: "与已有的内容冲突",
        413: "请求体太大，请分批",
        415: "请求体应为 application/json",
        422: "内容不完整或不对，detail 写明哪里、为什么",
        429: "请求太密；等 Retry-After 秒再发",
        503: "数据库暂时用不了；等 Retry-After 秒再原样重发，重复的只算一次",
        500: "程序出错，已记入日志；可以原样重发，重复的只算一次",
    }
)
#: What a program may act upon, and what the person behind it should do then.
CODES: Mapping[str, str] = MappingProxyType(
    {
        "address_invalid": "改正网址",
        "json_invalid": "请求体改成 UTF-8 的 JSON",
        "token_missing": "请求头带上令牌",
        "token_invalid": "向本局管理员要新的令牌",
        "signature_missing": "补上站点、时间戳、签名三个请求头",
        "signature_stale": "校准时钟，重新签名后再发",
        "signature_wrong": "核对站点编码、密钥，以及签的是“时间戳.请求体”的原始字节",
        "scope_missing": "请管理员另发有这项权限的令牌",
        "channel_forbidden": "改用令牌的来件渠道，或请管理员另发",
        "station_forbidden": "用站点所属单位的令牌",
        "not_found": "核对地址和编号",
        "method_not_allowed": "核对请求方法",
        "conflict": "按 detail 处理后再发",
        "too_large": "分成几批",
        "not_json": "请求头写 Content-Type: application/json",
        "batch_invalid": "核对请求体的外层",
        "alarm_invalid": "按 detail 改正后重发；这一条已留存",
        "invalid": "按 detail 改正",
        "too_many": "等 Retry-After 秒",
        "unavailable": "等 Retry-After 秒再原样重发",
        "failed": "稍后原样重发；一再出现请联系本局",
    }
)


class Problem(BaseModel):
    """为什么没有办成。"""

    type: str = Field(description="说明页中的位置")
    title: str = Field(description="这一类问题")
    status: int = Field(description="HTTP 状态码")
    code: str = Field(description="供程序判断的代码，例如 token_invalid")
    detail: str = Field(description="哪里、为什么，中文")


def response(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that was refused."""
    told = Problem(
        type=f"{BASE}/docs#{code}",
        title=STATUSES.get(status, "请求无法处理"),
        status=status,
        code=code,
        detail=detail,
    )
    return JSONResponse(told.model_dump(), status_code=status, headers=dict(headers or {}), media_type=MEDIA)
