"""The switches of publishing: live mode, kill switch, freeze of an incident, standing rules."""

from __future__ import annotations

from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

import publisher.fixed
from console.fields import Key
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import fixed_texts
from flow import permits
from flow import switches
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.review_rows import CLASSES

router = APIRouter()


@router.get("/publishing")
def switchboard(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "see_outbox")
    signed = switches.signatures(desk)
    rules = desk.store.standing.listing()
    return page(
        request,
        "publishing.html",
        configured=desk.config.settings.publish_live,
        signed=signed,
        has_signed=user.name in {one.actor for one in signed},
        rules=[(rule, desk.store.standing.used(rule, now)) for rule in rules],
        stages=publisher.fixed.STAGES,
        fields=publisher.fixed.FIELDS,
        usable=fixed_texts.usable(desk),
        accounts={account.key: account.name for account in desk.bureau.accounts},
        until=(now + timedelta(days=90)).date(),
        latest=(now + fixed_texts.LONGEST - timedelta(days=1)).date(),
        chains=desk.bureau.review,
        windows=desk.bureau.publishing,
        classes=CLASSES,
    )


@router.post("/publishing/live")
def sign_live(desk: TheDesk, now: Now, user: SignedIn) -> Response:
    switches.sign_live(desk, user, now)
    return back()


@router.post("/publishing/live/end")
def end_live(desk: TheDesk, now: Now, user: SignedIn) -> Response:
    switches.end_live(desk, user, now)
    return back()


@router.post("/publishing/freeze")
def freeze(desk: TheDesk, now: Now, user: SignedIn, reason: Text = "") -> Response:
    switches.begin_freeze(desk, user, reason, now)
    return back()


@router.post("/publishing/thaw")
def thaw(desk: TheDesk, now: Now, user: SignedIn, reason: Text = "") -> Response:
    switches.lift_freeze(desk, user, reason, now)
    return back()


@router.post("/publishing/rules")
def propose(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    name: Text,
    stage: Text,
    text: Text,
    until: Text,
    per_day: Annotated[int, Form()],
    accounts: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    new = fixed_texts.NewRule(
        name=name, stage=stage, accounts=accounts, template=text, per_day=per_day, valid_until=end_of(until)
    )
    fixed_texts.propose(desk, user, new, now)
    return back()


@router.post("/publishing/rules/{rule_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, rule_id: Key) -> Response:
    fixed_texts.sign(desk, user, rule_id, now)
    return back()


@router.post("/publishing/rules/{rule_id}/revoke")
def revoke(desk: TheDesk, now: Now, user: SignedIn, rule_id: Key, reason: Text = "") -> Response:
    fixed_texts.revoke(desk, user, rule_id, reason, now)
    return back()


def back() -> Response:
    return RedirectResponse("/publishing", status_code=303)


def end_of(day: str) -> datetime:
    """The end of the day that a browser's field for days sends; raises BadInput."""
    try:
        found = datetime.strptime(day.strip(), "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        raise BadInput("有效期应写成 2026-12-31") from None
    return datetime.combine(found + timedelta(days=1), time(0), SHANGHAI)
