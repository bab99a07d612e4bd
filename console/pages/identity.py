"""Who reported a case: shown once a reason is written, and never without a line in the log of looks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import identities
from flow import permits
from flow.desk import Desk
from flow.identities import Told
from huanyu.errors import NotAllowed
from huanyu.types import User

router = APIRouter()

Days = Annotated[int, Form(ge=1, le=90)]


@router.get("/cases/{case_id}/reporter")
def ask(request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key) -> Response:
    """Ask for the reason; nothing of the reporter stands here."""
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    if not identities.may_read(desk, user, case, now):
        raise NotAllowed("查看举报人信息须有权限，或经宣教科授权", user=user.name, case=case.number)
    return _page(request, desk, user, case_id, None)


@router.post("/cases/{case_id}/reporter")
def read(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, case_id: Key, reason: Text = ""
) -> Response:
    """The answer to the POST shows it: there is no address under which it could be opened again."""
    return _page(request, desk, user, case_id, identities.read(desk, user, case_id, reason, now))


@router.post("/cases/{case_id}/grants")
def grant(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    unit: Text,
    days: Days,
    name: Text = "",
    reason: Text = "",
) -> Response:
    identities.grant(desk, user, case_id, unit, name, days, reason, now)
    return RedirectResponse(f"/cases/{case_id}/reporter", status_code=303)


@router.post("/cases/{case_id}/grants/{grant_id}/revoke")
def revoke(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, grant_id: Key) -> Response:
    identities.revoke(desk, user, case_id, grant_id, now)
    return RedirectResponse(f"/cases/{case_id}/reporter", status_code=303)


def _page(
    request: Request, desk: Desk, user: User, case_id: int, found: tuple[tuple[Told, ...], ...] | None
) -> Response:
    case = desk.store.cases.get(case_id)
    now = request.app.state.now()
    office = permits.may_on(user, "read_reporter", case)
    units = [unit for key in (case.unit, *case.assisting) if (unit := desk.bureau.unit(key)) is not None]
    return page(
        request,
        "reporter.html",
        case=case,
        found=found,
        office=office,
        looks=identities.looks(desk, case_id) if office else None,
        grants=identities.standing(desk, case_id, now) if office else (),
        units=[unit for unit in units if unit.login],
        names={unit.key: unit.short for unit in desk.bureau.units},
        people={one.id: one.full_name for one in desk.store.people.users()},
        staff=[one for one in desk.store.people.users() if one.active and one.unit in {u.key for u in units}],
    )
