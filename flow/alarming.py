"""监测报警: a station signs what it measured; the first alarm of a point is an item, those soon after belong to it.

The order in which alarms arrive does not matter, nor how often. Who may send any is `tokens`.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

import cases.lifecycle
from cases import monitoring
from flow import incoming
from flow import receiving
from flow import registering
from flow import steps
from flow import tokens
from flow.desk import Desk
from flow.entries import Entry
from flow.incoming import AlarmIn
from flow.receiving import Outcome
from huanyu import signature
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.errors import NotKnown
from huanyu.kinds import LEAVES
from huanyu.redact import mask
from huanyu.store.registry import Entered
from huanyu.types import Case
from huanyu.types import Reading
from huanyu.types import Reject
from huanyu.types import Station
from huanyu.types import Token
from huanyu.types import User

CALLBACK: Final = "alarm"  #: what a kept alarm is read again by
HOW: Final = "监测报警"
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,39}")
AHEAD: Final = timedelta(minutes=5)  # a station's clock may be off
TRIES: Final = 5  # alarms of one point at the very same moment
NOBODY: Final = secrets.token_urlsafe(32)  # signed with where no such station is: both answers take as long
FAULTS: Final = {
    signature.MISSING: "缺少站点、时间或签名（X-Huanyu-Station、X-Huanyu-Timestamp、X-Huanyu-Signature）",
    signature.STALE: "签名的时间与本局相差太多，请校准时钟后重发",
    signature.WRONG: "站点或签名不对",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """What is asked about a station."""

    code: str
    name: str
    place: str
    unit: str
    area: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """A new station and the key that nobody will see again."""

    station: Station
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A request as it came."""

    station: str
    timestamp: str
    signature: str
    body: bytes


def add_station(desk: Desk, by: User | None, new: NewStation, now: datetime) -> Installed:
    """Make a station and its key; raises NotAllowed, BadInput or Conflict."""
    tokens.demand_admin(by)
    tokens.demand_unit(desk, new.unit, now)
    code, place = new.code.strip(), " ".join(new.place.split())
    problems = [
        ("站点编码用字母、数字、点、横线，2–40 位", CODE.fullmatch(code) is None),
        ("请填写站点所在的地点", not place),
        ("没有这个辖区", new.area != "" and new.area not in desk.bureau.areas()),
        ("没有这个污染类型", new.kind != "" and new.kind not in LEAVES),
    ]
    if wrong := [told for told, is_wrong in problems if is_wrong]:
        raise BadInput("；".join(wrong))
    secret = secrets.token_urlsafe(32)
    station = desk.store.stations.add(
        code=code,
        name=tokens.named("站点名称", new.name),
        place=place[:200],
        area=new.area,
        kind=new.kind,
        unit=new.unit,
        secret=secret,
        actor=tokens.actor_of(by),
        now=now,
    )
    return Installed(station, secret)


def revoke_station(desk: Desk, by: User | None, station_id: int, now: datetime) -> Station:
    """Believe a station no more; raises NotAllowed, NotFound or Conflict."""
    tokens.demand_admin(by)
    return desk.store.stations.revoke(station_id, actor=tokens.actor_of(by), now=now)


def of_code(desk: Desk, code: str) -> Station:
    """The station in use that bears this code; raises NotFound."""
    found = desk.store.stations.find(code)
    if found is None:
        raise NotFound(f"没有编码为 {code} 的站点")
    return found[0]


def station_of(desk: Desk, token: Token, signed: Signed, now: datetime) -> Station:
    """Who has signed; raises NotKnown, or NotAllowed where the station is another unit's."""
    found = desk.store.stations.find(signed.station) if CODE.fullmatch(signed.station) else None
    window = timedelta(seconds=desk.bureau.api.signature_seconds)
    secret = found[1] if found else NOBODY
    wrong = signature.fault(secret, signed.timestamp, signed.body, signed.signature, now, window)
    if not signed.station:
        wrong = signature.MISSING
    if wrong or found is None:
        code = wrong or signature.WRONG
        desk.store.tokens.refuse(token, code, now)
        raise NotKnown(FAULTS[code], code=code)
    if found[0].unit != token.unit:
        desk.store.tokens.refuse(token, "station", now)
        raise NotAllowed("这个站点不属于令牌的单位", code="station_forbidden")
    return found[0]


def receive(desk: Desk, token: Token, station: Station, said: Any, now: datetime) -> Outcome:
    """Take one alarm; what cannot be taken is kept for a person."""
    by = tokens.actor(token)
    one = take(desk, station, said, by, now)
    if one.result == "bad":
        kept = json.dumps({"station": station.code, "alarm": said}, ensure_ascii=False)
        reject = Reject(
            source=receiving.SOURCE,
            where=f"{station.name} 监测报警 {mask(one.number)}".strip(),
            reason=one.told,
            payload=kept.encode("utf-8", "replace"),
            at=now,
            callback=CALLBACK,
        )
        desk.store.posts.add_rejects([reject], now=now, actor=by)
    return one


def take(desk: Desk, station: Station, said: Any, by: str, now: datetime, any_age: bool = False) -> Outcome:
    """One alarm: an item of its own, a further one of a known item, known, or what is wrong with it."""
    number = ""
    try:
        one = reading_of(desk, incoming.read(AlarmIn, said), now, any_age)
        number = one.number
        entered, joined = _enter(desk, station, one, by, now)
        found = receiving.outcome(0, number, entered)
        return replace(found, result="joined") if joined else found
    except (BadInput, Conflict) as problem:
        return Outcome(index=0, number=number, result="bad", told=mask(str(problem.args[0])))


def again(desk: Desk, payload: bytes, by: str, now: datetime) -> Outcome:
    """A kept alarm once more, for a person who looked at it: its age does not matter any longer."""
    kept = json.loads(payload)
    return take(desk, of_code(desk, kept["station"]), kept["alarm"], by, now, any_age=True)


def reading_of(desk: Desk, said: AlarmIn, now: datetime, any_age: bool = False) -> Reading:
    """The alarm as a value; raises BadInput."""
    value = monitoring.figure(said.value)
    limit = "" if said.limit is None or said.limit == "" else monitoring.figure(said.limit)
    oldest = timedelta(days=desk.bureau.api.alarm_oldest_days)
    problems = [
        ("value：应为数字", value is None),
        ("limit：应为数字", limit is None),
        ("time：晚于现在，请校准站点的时钟", said.time > now + AHEAD),
        (f"time：在 {oldest.days} 天以前，不再自动立件", not any_age and said.time < now - oldest),
    ]
    if wrong := [told for told, is_wrong in problems if is_wrong]:
        raise BadInput("；".join(wrong))
    point, substance = " ".join(said.point.split()), " ".join(said.substance.split())
    at = local(min(said.time, now))
    return Reading(
        number=said.number.strip() or monitoring.number_of(point, substance, at),
        point=point,
        substance=substance,
        value=value or "",
        limit=limit or "",
        unit=said.unit.strip(),
        at=at,
    )


def entry_of(desk: Desk, station: Station, one: Reading, now: datetime) -> Entry:
    """An alarm as what a person would have typed in."""
    channel = receiving.channel_of(desk, desk.bureau.api.alarm_channel, now)
    return Entry(
        token=hashlib.sha256(f"{station.code}/{one.number}".encode()).hexdigest()[:32],
        type=channel.type,
        channel=channel.key,
        text=monitoring.sentence(station, one),
        learned_at=now,
        place=station.place,
        area=station.area,
        kinds=(station.kind,) if station.kind else (),
        external_number=f"{station.code}/{one.number}",
        happened_at=one.at,
        fields=fields(station, one),
    )


def fields(station: Station, one: Reading) -> Mapping[str, str]:
    """Whatever the type of item may ask for; what it does not is left out when it is kept."""
    measured = {"factor": one.substance, "value": one.value, "unit": one.unit, "limit": one.limit}
    where = station.name if one.point == station.name else f"{station.name} {one.point}"
    return {"station": where, **measured, "at": f"{one.at:%Y-%m-%dT%H:%M}"}


def _enter(desk: Desk, station: Station, one: Reading, by: str, now: datetime) -> tuple[Entered, bool]:
    """Keep it with the matter it belongs to, and whether that was known; again where another came in meanwhile."""
    entry = entry_of(desk, station, one, now)
    for _ in range(TRIES):
        newest = desk.store.stations.newest(station, one)
        into = _matter(desk, station, one)
        item = registering.item_of(desk, entry, by, now, into, HOW)
        try:
            entered = desk.store.stations.take(station, one, item, newest, by, now)
        except Conflict:
            continue
        joined = into is not None and entered.result == "new"
        if joined:
            steps.tighten(desk, entered.case.id, desk.store.cases.posts(entered.case.id)[-1], now)
        return entered, joined
    raise Conflict("同一点位的报警太密，请稍后重发")


def _matter(desk: Desk, station: Station, one: Reading) -> Case | None:
    """The open case of the nearest alarm of the same point within the window."""
    window = timedelta(hours=desk.bureau.api.alarm_window_hours)
    known = desk.store.stations.around(station, one, one.at - window, one.at + window)
    for case_id in monitoring.nearest(one, known, window):
        case = desk.store.cases.get(case_id)
        while case.joined_into is not None:
            case = desk.store.cases.get(case.joined_into)
        if cases.lifecycle.is_open(case.state):
            return case
    return None
