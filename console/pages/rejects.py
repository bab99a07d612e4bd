"""Items that could not be read: looked at as text, read again, or taken off the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.fields import Key
from console.fields import Offset
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.uploads import RowForm
from console.view import page
from crawler.imports import CALLBACK
from flow import permits
from flow import replay
from flow import row_corrections
from flow import tend
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import NotAllowed
from huanyu.store import RejectHead
from huanyu.store import StoredReject
from huanyu.types import User

router = APIRouter()
CELL = "cell-"  #: before a heading, in the name of the field its cell stands in


@router.get("/rejects/{reject_id}")
def one(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    reject_id: Key,
    new: Offset | None = None,
    seen: Offset = 0,
    more: Offset = 0,
) -> Response:
    """One item; after it was read the address carries what came of that."""
    permits.demand(user, "see_sources")
    return show(request, desk, user, reject_id, now, None if new is None else (new, seen, more))


def show(
    request: Request,
    desk: Desk,
    user: User,
    reject_id: int,
    now: datetime,
    told: tuple[int, int, int] | None = None,
    still: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """The page of one item.

    `told` counts what it gave, `still` says why it cannot be read today either, or as `typed`.
    """
    head = desk.store.rejects.head(reject_id)
    row = desk.bureau.source(head.source)
    handed_in = is_handed_in(desk, head)
    visible = _visible(user, head, handed_in)
    item, lost = looked(desk, user, head, now) if visible else (None, "")
    readers = permits.PERMITS[row_corrections.reader_of(head)]
    cells = row_corrections.cells(user, item) if item and head.resolved_at is None else {}
    return page(
        request,
        "reject.html",
        status=200 if typed is None else 422,
        reject=head,
        source=row,
        payload=payloads.shown(item.payload) if item else None,
        lost=lost,
        cells={name: (typed or {}).get(name, value) for name, value in cells.items()},
        handed_in=handed_in,
        readers="、".join(name for role, name in permits.ROLES.items() if role in readers),
        can_visit=row is not None and not tend.why_not_now(desk, row, now),
        told=told,
        still=still,
    )


@router.get("/rejects/{reject_id}/payload.txt")
def file(desk: TheDesk, now: Now, user: SignedIn, reject_id: Key) -> Response:
    permits.demand(user, "see_sources")
    head = desk.store.rejects.head(reject_id)
    if not _visible(user, head, is_handed_in(desk, head)):
        raise NotAllowed("您无权查看这一项的原始内容", user=user.name)
    return payloads.download(opened(desk, user, head, now).payload, f"reject-{reject_id}")


@router.post("/rejects/{reject_id}/replay")
def read_again(request: Request, desk: TheDesk, now: Now, user: SignedIn, reject_id: Key) -> Response:
    done = replay.replay(desk, user, reject_id, now)
    counts = (done.new, done.seen, done.more)
    if done.reason:
        return show(request, desk, user, reject_id, now, counts, done.reason)
    told = "?new={}&seen={}&more={}".format(*counts)
    return RedirectResponse(f"/rejects/{reject_id}{told}", status_code=303)


@router.post("/rejects/{reject_id}/correct")
def correct(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, reject_id: Key, form: RowForm
) -> Response:
    typed = {name.removeprefix(CELL): str(value) for name, value in form.items() if name.startswith(CELL)}
    try:
        is_new = row_corrections.correct(desk, user, reject_id, typed, now)
    except BadInput as problem:
        return show(request, desk, user, reject_id, now, still=str(problem.args[0]), typed=typed)
    told = f"?new={is_new:d}&seen={not is_new:d}"
    return RedirectResponse(f"/rejects/{reject_id}{told}", status_code=303)


@router.post("/rejects/{reject_id}/resolve")
def resolve(desk: TheDesk, now: Now, user: SignedIn, reject_id: Key) -> Response:
    replay.resolve_reject(desk, user, reject_id, now)
    return RedirectResponse("/sources", status_code=303)


def is_handed_in(desk: Desk, head: RejectHead) -> bool:
    """Whether it is a row of a file or a mail, which names its reporter; of a source nobody knows any more that is assumed."""
    row = desk.bureau.source(head.source)
    return head.callback == CALLBACK or row is None or row.spider in {"import", "mailbox"}


def _visible(user: User, head: RejectHead, handed_in: bool) -> bool:
    return row_corrections.may_read(user, head) if handed_in else permits.may_read_payload(user, False)


def looked(desk: Desk, user: User, head: RejectHead, now: datetime) -> tuple[StoredReject | None, str]:
    """The item, or why its payload cannot be opened."""
    try:
        return opened(desk, user, head, now), ""
    except BadInput as problem:
        return None, str(problem.args[0])


def opened(desk: Desk, user: User, head: RejectHead, now: datetime) -> StoredReject:
    """The item with its payload; a look at one that names a reporter is written down."""
    if is_handed_in(desk, head):
        return desk.store.rejects.look(head.id, user.name, now)
    return desk.store.rejects.get(head.id)
