"""Evidence: the pictures of complaints, and what a post was read from. Nothing here is ever shown as a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path
from fastapi import Request
from starlette.responses import Response

from console import payloads
from console.fields import Key
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import reading
from flow.desk import Desk
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.types import User

router = APIRouter()

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
KEPT = "private, max-age=3600"  # the bytes of a hash never change, but whoever signs out should not leave them behind


@router.get("/evidence/{sha256}")
def picture(desk: TheDesk, user: SignedIn, sha256: Digest) -> Response:
    """A picture as it was found."""
    permits.demand(user, "see_evidence")
    demand_seen(desk, user, sha256)
    media, body = desk.store.evidence.blob(sha256)
    return Response(body, headers={**payloads.LOCKED, "Content-Type": media, "Cache-Control": KEPT})


def demand_seen(desk: Desk, user: User, sha256: str) -> None:
    """Raise NotAllowed unless the picture belongs to a post this person may see: any, or one in a case of the unit."""
    found = desk.store.evidence.of_blob(sha256)
    if not found:
        raise NotFound("没有这份图片证据", sha256=sha256)
    cases = {case for one in found if (case := desk.store.posts.case_of(one.post_id)) is not None}
    if not cases and permits.may(user, "see_posts"):
        return
    if not any(permits.may_on(user, "see_evidence", desk.store.cases.get(case)) for case in cases):
        raise NotAllowed("这张图片不属于您所在单位的案件", user=user.name)


@router.get("/posts/{post_id}/raw")
def raw(request: Request, desk: TheDesk, user: SignedIn, post_id: Key) -> Response:
    """What a post was read from, as text."""
    post, kept = reading.post(desk, user, post_id), desk.store.evidence.raws(post_id)
    body = desk.store.posts.raw(post_id)
    return page(
        request,
        "raw.html",
        post=post,
        source=desk.bureau.source(post.source),
        kept=kept,
        payload=None if body is None else payloads.shown(body, kept[-1].media if kept else ""),
    )


@router.get("/posts/{post_id}/raw.txt")
def raw_file(desk: TheDesk, user: SignedIn, post_id: Key) -> Response:
    reading.post(desk, user, post_id)
    body = desk.store.posts.raw(post_id)
    if body is None:
        raise NotFound("没有留存这条帖文的原始内容，或已过期清除", post=post_id)
    return payloads.download(body, f"post-{post_id}")
