"""接口令牌: which systems may use the interface, which stations sign their alarms; a secret is shown this once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Texts
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import alarming
from flow import entries
from flow import permits
from flow import tokens
from flow.alarming import NewStation
from flow.desk import Desk
from flow.tokens import NewToken
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.kinds import KIND_LABEL

router = APIRouter()

DIGITS = 4  # of a number of days


@router.get("/tokens")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "manage_tokens")
    return show(request, desk, now)


@router.post("/tokens")
def add(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text = "",
    unit: Text = "",
    scopes: Texts = (),
    channels: Texts = (),
    days: Text = "",
) -> Response:
    permits.demand(user, "manage_tokens")
    typed = {"name": name, "unit": unit, "scopes": scopes, "channels": channels, "days": days}
    try:
        new = NewToken(name=name, unit=unit, scopes=scopes, channels=channels, days=count(days))
        issued = tokens.add(desk, user, new, now)
    except (BadInput, Conflict) as problem:
        return show(request, desk, now, token=typed, problem=str(problem.args[0]))
    return made(request, "令牌", issued.token.name, issued.secret)


@router.post("/tokens/{token_id}/revoke")
def revoke(desk: TheDesk, now: Now, user: SignedIn, token_id: Key) -> Response:
    tokens.revoke(desk, user, token_id, now)
    return RedirectResponse("/tokens", status_code=303)


@router.post("/stations")
def add_station(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    code: Text = "",
    name: Text = "",
    place: Text = "",
    unit: Text = "",
    area: Text = "",
    kind: Text = "",
) -> Response:
    permits.demand(user, "manage_tokens")
    typed = {"code": code, "name": name, "place": place, "unit": unit, "area": area, "kind": kind}
    try:
        installed = alarming.add_station(desk, user, NewStation(**typed), now)
    except (BadInput, Conflict) as problem:
        return show(request, desk, now, station=typed, problem=str(problem.args[0]))
    return made(request, "密钥", f"{installed.station.name}（{installed.station.code}）", installed.secret)


@router.post("/stations/{station_id}/revoke")
def revoke_station(desk: TheDesk, now: Now, user: SignedIn, station_id: Key) -> Response:
    alarming.revoke_station(desk, user, station_id, now)
    return RedirectResponse("/tokens#stations", status_code=303)


def show(
    request: Request,
    desk: Desk,
    now: datetime,
    token: Mapping[str, object] | None = None,
    station: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    """Everything on one page; what was typed stays where it was wrong."""
    return page(
        request,
        "tokens.html",
        status=422 if problem else 200,
        problem=problem,
        wrong="station" if station else "token",
        token=token or {"days": 365},
        station=station or {},
        tokens=[(one, tokens.state(one, now)) for one in desk.store.tokens.listing()],
        stations=desk.store.stations.listing(),
        scopes=tokens.SCOPES,
        channels=entries.channels(desk, now),
        named={row.key: row.name for row in desk.bureau.channels},
        units={row.key: row for row in desk.units(now.date())},
        areas=desk.bureau.areas(),
        all_kinds=KIND_LABEL,
        limits=desk.bureau.api,
    )


def made(request: Request, what: str, whose: str, secret: str) -> Response:
    """The only page that ever shows the secret."""
    return page(request, "token_made.html", what=what, whose=whose, secret=secret)


def count(typed: str) -> int:
    """A number of days; raises BadInput."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= DIGITS):
        raise BadInput("有效期写天数，例如 365")
    return int(typed)
