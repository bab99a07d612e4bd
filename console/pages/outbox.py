"""The review desk and the outbox: what waits for approval, what is out, what nobody is sure of."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import actions
from flow import permits
from flow.checks import checked
from flow.desk import Desk
from huanyu.types import Case
from huanyu.types import Finding
from huanyu.types import Message
from huanyu.types import MessageState
from publisher.checks import Checked

router = APIRouter()

SHOWN = 200
#: Parts of the list: name, and the states in it; no states means every one.
VIEWS: Mapping[str, tuple[str, tuple[MessageState, ...]]] = MappingProxyType(
    {
        "draft": ("待审核", (MessageState.DRAFT,)),
        "returned": ("退回修改", (MessageState.RETURNED,)),
        "due": ("待发布", (MessageState.APPROVED, MessageState.SENDING)),
        "doubt": ("待核实", (MessageState.UNKNOWN, MessageState.REFUSED)),
        "out": ("已发布", (MessageState.SENT, MessageState.REHEARSED)),
        "all": ("全部", ()),
    }
)
PURPOSES = {"reply": "公开答复", "notice": "转办通知", "internal": "来源告警", "bulletin": "简报", "": "全部"}


@router.get("/outbox")
def listing(
    request: Request, desk: TheDesk, user: SignedIn, view: str = "draft", purpose: str = "reply"
) -> Response:
    permits.demand(user, "see_outbox")
    view, purpose = view if view in VIEWS else "draft", purpose if purpose in PURPOSES else ""
    found = desk.store.outbox.listing(
        states=VIEWS[view][1], purpose=purpose or None, limit=SHOWN, newest=view in {"out", "all"}
    )
    return page(
        request,
        "outbox.html",
        found=[(message, _case_of(desk, message)) for message in found],
        shown=SHOWN,
        view=view,
        views=VIEWS,
        purpose=purpose,
        purposes=PURPOSES,
    )


@router.get("/outbox/{message_id}")
def one(request: Request, desk: TheDesk, user: SignedIn, message_id: Key) -> Response:
    message = desk.store.outbox.get(message_id)
    case = _case_of(desk, message)
    permits.demand_message(user, case)
    found = checked(desk, message) if message.purpose == "reply" else Checked(title=(), text=())
    return page(
        request,
        "message.html",
        message=message,
        case=case,
        account=desk.bureau.account(message.account),
        findings=found.all,
        pieces=pieces(message.text, found.text),
        texts=desk.store.outbox.texts(message_id),
        own=message.author == user.name,
    )


@router.post("/outbox/{message_id}/edit")
def edit(desk: TheDesk, now: Now, user: SignedIn, message_id: Key, version: Version, text: Text) -> Response:
    actions.edit_draft(desk, user, message_id, version, text, now)
    return back(message_id)


@router.post("/outbox/{message_id}/approve")
def approve(
    desk: TheDesk, now: Now, user: SignedIn, message_id: Key, version: Version, override: Text = ""
) -> Response:
    actions.approve(desk, user, message_id, version, now, override=override)
    return back(message_id)


@router.post("/outbox/{message_id}/send-back")
def send_back(
    desk: TheDesk, now: Now, user: SignedIn, message_id: Key, version: Version, reason: Text = ""
) -> Response:
    actions.send_back(desk, user, message_id, version, reason, now)
    return back(message_id)


@router.post("/outbox/{message_id}/release")
def release(
    desk: TheDesk, now: Now, user: SignedIn, message_id: Key, version: Version, override: Text = ""
) -> Response:
    actions.release(desk, user, message_id, version, now, override=override)
    return back(message_id)


@router.post("/outbox/{message_id}/settle")
def settle(
    desk: TheDesk, now: Now, user: SignedIn, message_id: Key, version: Version, is_out: Text, url: Text = ""
) -> Response:
    actions.settle_unknown(desk, user, message_id, version, is_out == "1", url.strip(), now)
    return back(message_id)


def back(message_id: Key) -> Response:
    return RedirectResponse(f"/outbox/{message_id}", status_code=303)


def _case_of(desk: Desk, message: Message) -> Case | None:
    return desk.store.cases.get(message.case_id) if message.case_id is not None else None


def pieces(text: str, findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """The text cut where the checks found something: each piece with the reason, "" for what is fine."""
    cut, last = [], 0
    for finding in sorted(findings, key=lambda one: one.start):
        if finding.start >= last:
            cut += [(text[last : finding.start], ""), (text[finding.start : finding.end], finding.reason)]
            last = finding.end
    return [piece for piece in (*cut, (text[last:], "")) if piece[0]]
