"""值班: who has duty in which unit from when to when, who is away and who stands in."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import rights
from flow import roster
from flow import rostering
from flow.desk import Desk
from huanyu.bureau import UnitRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.types import User

router = APIRouter()

AHEAD = timedelta(days=31)  # of the roster that is shown
EVERY = ("press", "leader", "admin", "reviewer")


@router.get("/roster")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn, unit: str = "") -> Response:
    units = seen(desk, user, now)
    chosen = unit if unit in {row.key for row in units} else first(desk, user, units)
    people = desk.store.people.users()
    mine = {one.id for one in people if one.unit == chosen}
    absences = desk.store.rosters.absences(since=now)
    return page(
        request,
        "roster.html",
        units=units,
        chosen=chosen,
        names={row.key: row.name for row in units},
        shifts=desk.store.rosters.shifts(chosen, now, now + AHEAD),
        duty=rostering.named_on_duty(desk, chosen, now),
        kinds=desk.bureau.bureau.shift_kinds,
        people={one.id: one for one in people},
        staff=[one for one in people if one.active and (one.id in mine or not one.unit)],
        everybody=[one for one in people if one.active],
        stands_for=roster.stands_for,
        absences=[
            one for one in absences if one.user_id in mine or _sees_all(user) or one.user_id == user.id
        ],
        edits=roster.may_edit(user, chosen),
    )


@router.post("/roster")
def add_shift(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    unit: Text,
    name: Text,
    from_at: Text,
    to_at: Text,
    kind: Text,
) -> Response:
    roster.add_shift(
        desk, user, unit, name, moment("开始时间", from_at), moment("结束时间", to_at), kind, now
    )
    return RedirectResponse(f"/roster?unit={unit}", status_code=303)


@router.post("/roster/{shift_id}/end")
def end_shift(desk: TheDesk, now: Now, user: SignedIn, shift_id: Key) -> Response:
    unit = roster.end_shift(desk, user, shift_id, now)
    return RedirectResponse(f"/roster?unit={unit}", status_code=303)


@router.post("/absences")
def add_absence(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text,
    deputy: Text,
    from_at: Text,
    to_at: Text,
) -> Response:
    begins, ends = moment("开始时间", from_at), moment("结束时间", to_at)
    roster.add_absence(desk, user, name, begins, ends, deputy, now)
    return RedirectResponse("/roster", status_code=303)


@router.post("/absences/{absence_id}/end")
def end_absence(desk: TheDesk, now: Now, user: SignedIn, absence_id: Key) -> Response:
    roster.end_absence(desk, user, absence_id, now)
    return RedirectResponse("/roster", status_code=303)


def seen(desk: Desk, user: User, now: datetime) -> list[UnitRow]:
    """Units whose roster this person may read; raises NotAllowed for whoever has none to do with any."""
    rows = list(desk.units(now.date()))
    people = list(rights.selves(user))
    own = {unit for one in people for unit in (one.unit, *one.below)}
    found = rows if _sees_all(user) else [row for row in rows if row.key in own]
    if not found:
        raise NotAllowed("没有您可以查看的值班表", user=user.name)
    return found


def _sees_all(user: User) -> bool:
    return any(one.role in EVERY for one in rights.selves(user))


def first(desk: Desk, user: User, units: list[UnitRow]) -> str:
    """One's own unit, else the press office, else the first of the table."""
    office = desk.bureau.bureau.office
    keys = [row.key for row in units]
    if user.unit in keys:
        return user.unit
    return next((row.key for row in units if row.short == office), keys[0])


def moment(what: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput(f"请填写{what}, 例如 2026-03-05 17:30") from problem
