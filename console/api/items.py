"""POST /items: a batch of items of another system, each taken or told why not."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Response

from console.api.asking import Body
from console.api.asking import MayHandIn
from console.api.asking import parsed
from console.api.described import body_schema
from console.api.described import errors
from console.api.shapes import ItemsOut
from console.api.shapes import items_out
from console.sessions import Now
from console.sessions import TheDesk
from flow import receiving
from huanyu.errors import BadInput

router = APIRouter()

ABOUT = (
    "网格平台、12369 和其他系统报送事项，一次一批。每一项单独处理：收下的回答受理编号，有误的写明哪里、为什么，"
    "原样留存，改好重发即可。同一渠道同一编号只立一件，重发、补发都不会重复。全部收下为 200，有误的为 207。"
)


@router.post(
    "/items",
    summary="报送事项",
    description=ABOUT,
    response_model=ItemsOut,
    responses={
        207: {"model": ItemsOut, "description": "有的项有误"},
        **errors(400, 401, 403, 413, 415, 422, 429),
    },
    openapi_extra=body_schema("ItemsIn"),
    tags=["报送"],
)
def hand_in(desk: TheDesk, now: Now, token: MayHandIn, body: Body, response: Response) -> ItemsOut:
    said = parsed(body)
    if not isinstance(said, dict) or not said.keys() <= {"channel", "items"}:
        raise BadInput('请求体应为 {"channel": "…", "items": [ … ]}', code="batch_invalid")
    channel, items = said.get("channel", ""), said.get("items")
    if not isinstance(channel, str) or not isinstance(items, list) or not items:
        raise BadInput("channel 应为文字，items 应为至少一项的列表", code="batch_invalid")
    if len(items) > desk.bureau.api.items:
        raise BadInput(f"一次最多 {desk.bureau.api.items} 项，这次有 {len(items)} 项", code="batch_invalid")
    found = items_out(receiving.receive(desk, token, channel, items, now))
    if found.bad:
        response.status_code = 207
    return found
