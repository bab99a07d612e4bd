"""After publishing: what stands where, what is not ours, what was put right, whom the answers left unhappy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
from flow import corrections
from flow import permits
from flow import rights
from flow import settling
from flow.desk import Desk
from huanyu.types import Copy
from huanyu.types import Heard
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PublicCorrection
from huanyu.types import Takeover
from publisher.afterwards import SETTLED
from publisher.afterwards import TROUBLE
from publisher.afterwards import differences
from publisher.correction import STAGES

router = APIRouter()

SHOWN = 100
#: A 更正 that can still be dropped.
OPEN = frozenset({MessageState.DRAFT, MessageState.RETURNED, MessageState.REFUSED, MessageState.REHEARSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfMessage:
    """What became of one message once it was out; and, of a 更正, what it is about."""

    copy: Copy | None
    later: list[Message]  #: 更正 and 撤回 of it
    entry: PublicCorrection | None  #: the register's, where the message is itself one
    heard: list[Heard]
    found: list[tuple[str, bool]]  #: what the platform shows now, cut where it is not what was sent
    can_correct: bool
    can_drop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCase:
    """What became of the answers in one case."""

    copies: Mapping[int, Copy]
    heard: list[Heard]
    takeover: Takeover | None
    corrections: list[PublicCorrection]


def of_message(desk: Desk, message: Message) -> OfMessage:
    """Everything the page of a message says of the time after it went out."""
    is_slip = message.stage in STAGES and message.about is not None
    copy = desk.store.published.of([message.id]).get(message.id)
    is_out = message.state is MessageState.SENT and message.purpose in corrections.PUBLIC
    stands = is_out and not (copy is not None and copy.state in SETTLED) and message.stage != "withdrawal"
    return OfMessage(
        copy=copy,
        later=desk.store.corrections.about(message.id),
        entry=desk.store.corrections.by_serial(message.serial) if is_slip else None,
        heard=desk.store.heard.of_message(message.id) if is_out else [],
        found=differences(message.text, copy.found) if copy is not None and copy.found else [],
        can_correct=stands,
        can_drop=is_slip and message.state in OPEN,
    )


def of_case(desk: Desk, case_id: int, messages: list[Message]) -> OfCase:
    """Everything the page of a case says of the time after its answers went out."""
    return OfCase(
        copies=desk.store.published.of([one.id for one in messages]),
        heard=desk.store.heard.of_case(case_id),
        takeover=desk.store.heard.takeover(case_id),
        corrections=desk.store.corrections.of_case(case_id),
    )


@router.get("/published")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_outbox")
    seer = rights.seer(user)
    found = desk.store.published.listing(sorted(TROUBLE), limit=SHOWN, seer=seer)
    entries = desk.store.corrections.register(limit=SHOWN, seer=seer)
    return page(
        request,
        "published.html",
        strays=desk.store.strays.waiting(),
        settled=desk.store.strays.settled(limit=SHOWN),
        troubles=[(copy, desk.store.outbox.get(copy.message_id)) for copy in found],
        takeovers=[(one, desk.store.cases.get(one.case_id)) for one in desk.store.heard.waiting(seer)],
        entries=entries,
        slips=desk.store.corrections.messages([entry.serial for entry in entries]),
        accounts={account.key: account.name for account in desk.bureau.accounts},
    )


@router.post("/published/strays/{stray_id}")
def settle(desk: TheDesk, now: Now, user: SignedIn, stray_id: Key, note: Text = "") -> Response:
    settling.settle_stray(desk, user, stray_id, note, now)
    return RedirectResponse("/published", status_code=303)


@router.post("/cases/{case_id}/take-over")
def take_over(desk: TheDesk, now: Now, user: SignedIn, case_id: Key) -> Response:
    settling.take_over(desk, user, case_id, now)
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


@router.post("/outbox/{message_id}/accept")
def accept(desk: TheDesk, now: Now, user: SignedIn, message_id: Key, note: Text = "") -> Response:
    settling.accept_copy(desk, user, message_id, note, now)
    return back(message_id)


@router.post("/outbox/{message_id}/correct")
def correct(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    message_id: Key,
    wrong: Text = "",
    right: Text = "",
    reason: Text = "",
) -> Response:
    corrections.correct(desk, user, message_id, wrong, right, reason, now)
    return back(message_id)


@router.post("/outbox/{message_id}/withdraw")
def withdraw(desk: TheDesk, now: Now, user: SignedIn, message_id: Key, reason: Text = "") -> Response:
    corrections.withdraw(desk, user, message_id, reason, now)
    return back(message_id)


@router.post("/outbox/{message_id}/drop")
def drop(
    desk: TheDesk, now: Now, user: SignedIn, message_id: Key, version: Version, reason: Text = ""
) -> Response:
    corrections.drop(desk, user, message_id, version, reason, now)
    return back(message_id)


def back(message_id: Key) -> Response:
    return RedirectResponse(f"/outbox/{message_id}", status_code=303)
