"""People: who works at the desk, in which role, for which unit; how each of them comes in."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import sessions
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import factors
from flow import permits
from flow import staff
from huanyu.errors import NotFound

router = APIRouter()


@router.get("/people")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "manage_users")
    return page(
        request,
        "people.html",
        people=desk.store.people.users(),
        comes=desk.store.entrances.attendance(now, sessions.idle_of(desk)),
        units={unit.key: unit for unit in desk.bureau.units},
        roles=permits.ROLES,
    )


@router.post("/people")
def add(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text,
    full_name: Text,
    role: Text,
    password: Text = "",
    unit: Text = "",
) -> Response:
    permits.demand_to_write(user, "manage_users")  # before the hashing, which is dear
    new = staff.NewUser(name=name, full_name=full_name, role=role, unit=unit, temporary=True)
    given = password or staff.one_time_password()
    made = staff.add(desk, user, new, sessions.hash_password(given), now)
    if password:
        return RedirectResponse("/people", status_code=303)
    return page(request, "person_password.html", person=made, given=given)


@router.get("/people/{name}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, name: str) -> Response:
    permits.demand(user, "manage_users")
    found = desk.store.people.user(name)
    if found is None:
        raise NotFound(f"没有用户 {name}")
    person, idle = found[0], sessions.idle_of(desk)
    return page(
        request,
        "person.html",
        person=person,
        comes=desk.store.entrances.attendance(now, idle)[person.id],
        sessions=desk.store.entrances.listing(person.id, now, idle),
        news=desk.store.news.of(person.id),
        told_of=factors.NEWS,
        asked_for=factors.is_asked_for(desk, person),
        units={unit.key: unit for unit in desk.bureau.units},
        roles=permits.ROLES,
    )


@router.post("/people/{name}/active")
def set_active(desk: TheDesk, now: Now, user: SignedIn, name: str, active: Text) -> Response:
    staff.set_active(desk, user, name, active == "1", now)
    return _back(name)


@router.post("/people/{name}/role")
def set_role(desk: TheDesk, now: Now, user: SignedIn, name: str, role: Text, unit: Text = "") -> Response:
    staff.set_role(desk, user, name, role, unit, now)
    return _back(name)


@router.post("/people/{name}/password")
def set_password(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, name: str, password: Text = ""
) -> Response:
    """A password for one log-in: typed, or drawn and shown in this answer only."""
    permits.demand_to_write(user, "manage_users")
    given = password or staff.one_time_password()
    staff.set_password(desk, user, name, sessions.hash_password(given), now)
    if password:
        return _back(name)
    found = desk.store.people.user(name.strip().lower())
    return page(request, "person_password.html", person=found[0] if found else None, given=given)


@router.post("/people/{name}/factor")
def reset_factor(desk: TheDesk, now: Now, user: SignedIn, name: str) -> Response:
    staff.reset_factor(desk, user, name, now)
    return _back(name)


@router.post("/people/{name}/sign-out")
def sign_out(desk: TheDesk, now: Now, user: SignedIn, name: str) -> Response:
    staff.sign_out(desk, user, name, now)
    return _back(name)


def _back(name: str) -> Response:
    return RedirectResponse(f"/people/{staff.log_in_name(name)}", status_code=303)
