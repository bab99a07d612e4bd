"""POST /alarms: one alarm of a monitoring station, signed with the station's key."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Header

from console.api.asking import Body
from console.api.asking import MayAlarm
from console.api.asking import parsed
from console.api.described import body_schema
from console.api.described import errors
from console.api.shapes import AlarmOut
from console.api.shapes import alarm_out
from console.sessions import Now
from console.sessions import TheDesk
from flow import alarming
from flow.alarming import Signed
from huanyu.errors import BadInput

router = APIRouter()

ABOUT = (
    "监测站点报警，一次一条。除令牌外还要签名：以站点的密钥对“时间戳.请求体”算 HMAC-SHA256，放在 X-Huanyu-Signature。"
    "同一编号（没有编号的，同一点位、因子、时间）只算一次；同一点位、因子在 api.toml 规定的时段内再次报警，并入未了结的那一件，"
    "先后次序不要紧。"
)

Station = Annotated[str, Header(alias="X-Huanyu-Station", description="站点编码", max_length=40)]
Timestamp = Annotated[str, Header(alias="X-Huanyu-Timestamp", description="1970 年以来的秒数", max_length=20)]
Signature = Annotated[
    str, Header(alias="X-Huanyu-Signature", description="sha256= 加 64 位十六进制", max_length=100)
]


@router.post(
    "/alarms",
    summary="监测报警",
    description=ABOUT,
    response_model=AlarmOut,
    responses=errors(400, 401, 403, 413, 415, 422, 429),
    openapi_extra=body_schema("AlarmIn"),
    tags=["报送"],
)
def alarm(
    desk: TheDesk,
    now: Now,
    token: MayAlarm,
    body: Body,
    station: Station = "",
    timestamp: Timestamp = "",
    signature: Signature = "",
) -> AlarmOut:
    signed = Signed(station=station, timestamp=timestamp, signature=signature, body=body)
    known = alarming.station_of(desk, token, signed, now)
    found = alarming.receive(desk, token, known, parsed(body), now)
    if found.result == "bad":
        raise BadInput(found.told, code="alarm_invalid")
    return alarm_out(found)
