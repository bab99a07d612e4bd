"""People: who works at the desk, in which role, for which unit."""

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
from flow import permits
from flow import staff

router = APIRouter()


@router.get("/people")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "manage_users")
    return page(
        request,
        "people.html",
        people=desk.store.people.users(),
        units={unit.key: unit for unit in desk.bureau.units},
        roles=permits.ROLES,
    )


@router.post("/people")
def add(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text,
    full_name: Text,
    role: Text,
    password: Text,
    unit: Text = "",
) -> Response:
    permits.demand(user, "manage_users")  # before the hashing, which is dear
    new = staff.NewUser(name=name, full_name=full_name, role=role, unit=unit, temporary=True)
    staff.add(desk, user, new, sessions.hash_password(password), now)
    return RedirectResponse("/people", status_code=303)


@router.post("/people/{name}/active")
def set_active(desk: TheDesk, now: Now, user: SignedIn, name: str, active: Text) -> Response:
    staff.set_active(desk, user, name, active == "1", now)
    return RedirectResponse("/people", status_code=303)


@router.post("/people/{name}/password")
def set_password(desk: TheDesk, now: Now, user: SignedIn, name: str, password: Text) -> Response:
    permits.demand(user, "manage_users")
    staff.set_password(desk, user, name, sessions.hash_password(password), now)
    return RedirectResponse("/people", status_code=303)
