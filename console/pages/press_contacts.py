"""媒体联系人 and 栏目: who covers what, one put right, a telephone read (logged); the register of columns."""

from __future__ import annotations

from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Typed
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.view import page
from flow import permits
from flow import press_contacts
from flow.desk import Desk
from flow.press_contacts import Told
from huanyu.types import MediaContact

router = APIRouter(prefix="/press/contacts")
Former = Annotated[Typed, Query(max_length=10)]


def told(
    name: Text = "",
    outlet: Text = "",
    kind: Text = "",
    duty: Text = "",
    phone: Text = "",
    mail: Text = "",
    valid_from: Text = "",
    valid_to: Text = "",
    forget: Text = "",
) -> Told:
    """A contact as typed; raises BadInput for a day that is none."""
    return Told(
        name=name,
        outlet=outlet,
        kind=kind,
        duty=duty,
        phone=phone,
        mail=mail,
        valid_from=day_of("起始日期", valid_from) if valid_from.strip() else None,
        valid_to=day_of("截止日期", valid_to) if valid_to.strip() else None,
        forget=bool(forget),
    )


ToldContact = Annotated[Told, Depends(told)]


@router.get("")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn, former: Former = "") -> Response:
    return page(
        request,
        "press_contacts.html",
        found=press_contacts.listing(desk, user, now, bool(former)),
        former=bool(former),
        columns=press_contacts.columns(desk, now),
        kinds=desk.bureau.press.contact,
        outlets=press_contacts.outlets(desk, now),
    )


@router.post("")
def add(desk: TheDesk, now: Now, user: SignedIn, said: ToldContact) -> Response:
    press_contacts.add(desk, user, said, now)
    return RedirectResponse("/press/contacts", status_code=303)


@router.get("/{contact_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, contact_id: Key) -> Response:
    permits.demand(user, "keep_press")
    return _one(request, desk, now, press_contacts.one(desk, user, contact_id))


@router.post("/{contact_id}")
def change(
    desk: TheDesk, now: Now, user: SignedIn, contact_id: Key, version: Version, said: ToldContact
) -> Response:
    press_contacts.change(desk, user, contact_id, version, said, now)
    return RedirectResponse("/press/contacts", status_code=303)


@router.post("/{contact_id}/reach")
def reach(request: Request, desk: TheDesk, now: Now, user: SignedIn, contact_id: Key) -> Response:
    phone, mail = press_contacts.reach(desk, user, contact_id, now)
    found = press_contacts.one(desk, user, contact_id)
    made = _one(request, desk, now, found, phone=phone, mail=mail, read=True)
    made.headers["Cache-Control"] = "no-store"
    return made


def _one(request: Request, desk: Desk, now: Now, found: MediaContact, **values: Any) -> Response:
    return page(
        request,
        "press_contact.html",
        found=found,
        kinds=desk.bureau.press.contact,
        outlets=press_contacts.outlets(desk, now),
        **{"phone": "", "mail": "", "read": False, **values},
    )
