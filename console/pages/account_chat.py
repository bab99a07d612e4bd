"""One's own chat with the bot: a code that binds it, what it tells of, and its end.

The code stands in the answer to a POST only; the password is asked for, so that an unattended screen binds nobody.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Text
from console.pages import account
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.sessions import TheThrottle
from flow import chat_binding
from huanyu.errors import BadInput

router = APIRouter()


@router.post("/account/chat/code")
def code(
    request: Request, desk: TheDesk, now: Now, throttle: TheThrottle, user: SignedIn, password: Text
) -> Response:
    """A code to be sent to the bot within minutes."""
    if problem := account.why_not_own(request, desk, throttle, user, password, now):
        return account.shown(request, desk, user, now, status=problem.status, chat_problem=problem.told)
    try:
        made = chat_binding.new_code(desk, user, now)
    except BadInput as refusal:
        return account.shown(request, desk, user, now, status=422, chat_problem=str(refusal.args[0]))
    return account.shown(request, desk, user, now, chat_code=made)


@router.post("/account/chat/wants")
def wants(
    desk: TheDesk, now: Now, user: SignedIn, want: Annotated[list[str] | None, Form()] = None
) -> Response:
    """What the bot tells this person of."""
    chat_binding.want(desk, user, want or [], now)
    return RedirectResponse("/account#chat", status_code=303)


@router.post("/account/chat/unbind")
def unbind(desk: TheDesk, now: Now, user: SignedIn) -> Response:
    chat_binding.unbind(desk, user, now)
    return RedirectResponse("/account#chat", status_code=303)
