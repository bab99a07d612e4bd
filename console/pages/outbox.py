"""The outbox: what waits for which step of its reviews, what is out, what nobody is sure of."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from types import MappingProxyType

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import beside
from console import payloads
from console import previews
from console.fields import Key
from console.fields import Text
from console.held import HeldMessage
from console.pages import published
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import discards
from flow import illustrating
from flow import outgoing
from flow import permits
from flow import prospects
from flow import reviewing
from flow import rights
from flow.checks import checked
from flow.desk import Desk
from flow.presence import of_message
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.review_rows import CLASSES
from huanyu.review_rows import class_of
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User
from publisher.checks import Checked
from publisher.review import Shown

router = APIRouter()

SHOWN = 200
SEARCHED = 300  # messages looked through for the same text on other accounts
IMAGES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
MINE = "mine"
#: Parts of the list: name, and the states in it; no states means every one.
VIEWS: Mapping[str, tuple[str, tuple[MessageState, ...]]] = MappingProxyType(
    {
        MINE: ("我可审", (MessageState.DRAFT,)),
        "draft": ("待审核", (MessageState.DRAFT,)),
        "returned": ("退回修改", (MessageState.RETURNED,)),
        "due": ("待发布", (MessageState.APPROVED, MessageState.SENDING)),
        "doubt": ("待核实", (MessageState.UNKNOWN, MessageState.REFUSED, MessageState.HANDED)),
        "out": ("已发布", (MessageState.SENT, MessageState.REHEARSED)),
        "all": ("全部", ()),
    }
)
PURPOSES = {
    "reply": "公开答复",
    "press": "宣传、突发",
    "notice": "转办通知",
    "internal": "内部提醒",
    "staff": "同事提醒",
    "receipt": "来信回执",
    "bulletin": "简报",
    "": "全部",
}


@router.get("/outbox")
def listing(
    request: Request, desk: TheDesk, user: SignedIn, view: str = "", purpose: str = "reply"
) -> Response:
    permits.demand(user, "see_outbox")
    if view not in VIEWS:  # who came by the menu: what waits for them, of whatever kind
        view = MINE if permits.may(user, "review") else "draft"
    purpose = "" if view == MINE or purpose not in PURPOSES else purpose
    messages = desk.store.outbox.listing(
        states=VIEWS[view][1],
        purpose=purpose or None,
        limit=SHOWN,
        newest=view in {"out", "all"},
        seer=rights.seer(user),
    )
    found = with_cases(desk, messages)
    reviews = reviewing.desk_of(desk, user, found)
    if view == MINE:
        found = [(message, case) for message, case in found if (one := reviews[message.id]) and one.is_mine]
    return page(
        request,
        "outbox.html",
        found=found,
        reviews=reviews,
        classes={message.id: class_name(message) for message in messages},
        shown=SHOWN,
        view=view,
        views=VIEWS,
        purpose=purpose,
        purposes=PURPOSES,
    )


@router.get("/outbox/{message_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, message_id: Key) -> Response:
    message = desk.store.composing.with_pictures(desk.store.outbox.get(message_id))
    case = case_of(desk, message)
    permits.demand_message(user, case)
    public = reviewing.is_public(message)
    found = checked(desk, message) if public else Checked(title=(), text=())
    account = desk.bureau.account(message.account)
    posts = desk.store.cases.posts(case.id) if case is not None else []
    response = page(
        request,
        "message.html",
        presence=beside.notice(request, desk, user, of_message(message_id), now),
        message=message,
        case=case,
        account=account,
        public=public,
        class_name=class_name(message),
        findings=found.all,
        look=previews.preview(message, account, found.text),
        parent=previews.parent(message, case, posts),
        review=reviewing.of(desk, user, message, case) if public else None,
        votes=desk.store.approvals.votes(message_id),
        prospect=prospects.of(desk, message, now),
        texts=desk.store.outbox.texts(message_id),
        after=published.of_message(desk, message),
        made_it=user.name in reviewing.makers(desk, message),
        together=together(desk, user, message),
        discards=discards.may(user, message, case),
        following=following(desk, user, message),
        pictures_offer=illustrating.offer(desk, user, message, case),
    )
    return beside.opened(request, response, user, of_message(message_id), now)


@router.get("/outbox/{message_id}/pictures/{number}")
def picture(desk: TheDesk, user: SignedIn, message_id: Key, number: Key) -> Response:
    """A picture of a message, byte for byte as it will leave: what the camera wrote into it is gone already."""
    message = desk.store.outbox.get(message_id)
    permits.demand_message(user, case_of(desk, message))
    found = desk.store.composing.pictures(message_id)
    if number > len(found) or found[number - 1].media not in IMAGES:
        raise NotFound("没有这张图片", message=message_id)
    one = found[number - 1]
    return Response(one.body, headers={**payloads.LOCKED, "Content-Type": one.media})


@router.post("/outbox/{message_id}/discard")
def discard(held: HeldMessage, now: Now, reason: Text = "") -> Response:
    discards.discard(*held, reason, now)
    return back(held.id)


@router.post("/outbox/{message_id}/edit")
def edit(held: HeldMessage, now: Now, text: Text) -> Response:
    outgoing.edit_draft(*held, text, now)
    return back(held.id)


@router.post("/outbox/{message_id}/approve")
def approve(
    held: HeldMessage, now: Now, override: Text = "", account: Text = "", parent: Text = ""
) -> Response:
    shown = Shown(account, parent) if account or parent else None
    outgoing.approve(*held, now, override=override, shown=shown)
    return back(held.id)


@router.post("/outbox/{message_id}/schedule")
def schedule(held: HeldMessage, now: Now, at: Text) -> Response:
    outgoing.schedule(*held, moment(at), now)
    return back(held.id)


@router.post("/outbox/{message_id}/send-back")
def send_back(held: HeldMessage, now: Now, reason: Text = "") -> Response:
    outgoing.send_back(*held, reason, now)
    return back(held.id)


@router.post("/outbox/{message_id}/release")
def release(held: HeldMessage, now: Now, override: Text = "") -> Response:
    outgoing.release(*held, now, override=override)
    return back(held.id)


@router.post("/outbox/{message_id}/settle")
def settle(held: HeldMessage, now: Now, is_out: Text, url: Text = "") -> Response:
    outgoing.settle_unknown(*held, is_out == "1", url.strip(), now)
    return back(held.id)


@router.post("/outbox/{message_id}/posted")
def posted(held: HeldMessage, now: Now, url: Text) -> Response:
    outgoing.posted(*held, url.strip(), now)
    return back(held.id)


def back(message_id: Key) -> Response:
    return RedirectResponse(f"/outbox/{message_id}", status_code=303)


def moment(text: str) -> datetime:
    """What a browser's field for day and time sends; raises BadInput."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput("时间应写成 2026-03-10 09:30") from None
    return found.replace(tzinfo=SHANGHAI) if found.tzinfo is None else found


def class_name(message: Message) -> str:
    """信访答复, 宣传, 突发; "" for what goes to colleagues."""
    return CLASSES.get(class_of(message.purpose, message.content_class, message.channel), "")


def together(desk: Desk, user: User, message: Message) -> Sequence[Message]:
    """The same text as it was written for every account, this one among them; empty where it stands alone."""
    if not reviewing.is_public(message):
        return ()
    listed = desk.store.outbox.listing(
        purpose=message.purpose,
        case_id=message.case_id,
        limit=SEARCHED,
        newest=True,
        seer=rights.seer(user),
    )
    found = [one for one in listed if one.created_at == message.created_at and one.link == message.link]
    return sorted(found, key=lambda one: one.id) if len(found) > 1 else ()


def with_cases(desk: Desk, messages: Iterable[Message]) -> list[tuple[Message, Case | None]]:
    """Each message with its case, all cases in one look."""
    messages = list(messages)
    known = desk.store.cases.of_ids({one.case_id for one in messages if one.case_id is not None})
    return [(one, known.get(one.case_id) if one.case_id is not None else None) for one in messages]


def following(desk: Desk, user: User, message: Message) -> Message | None:
    """The next text that waits for this person, so that a pile is worked through without the list."""
    if not permits.may(user, "review") or not reviewing.is_public(message):
        return None
    drafts = desk.store.outbox.listing(states=(MessageState.DRAFT,), limit=SHOWN, seer=rights.seer(user))
    found = with_cases(desk, [one for one in drafts if one.id != message.id and reviewing.is_public(one)])
    reviews = reviewing.desk_of(desk, user, found)
    mine = [one for one, _ in found if (review := reviews[one.id]) and review.is_mine]
    return next((one for one in mine if one.id > message.id), mine[0] if mine else None)


def case_of(desk: Desk, message: Message) -> Case | None:
    """The case a message belongs to; None for a text of our own choosing."""
    return desk.store.cases.get(message.case_id) if message.case_id is not None else None
