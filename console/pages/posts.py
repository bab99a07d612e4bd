"""Posts: what was collected, what the classifier made of it and why, and a person's correction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Id
from console.fields import Key
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import TYPES
from console.view import page
from flow import actions
from flow import permits
from huanyu.errors import BadInput
from huanyu.kinds import KIND_LABEL
from huanyu.types import PostType

router = APIRouter()

PER_PAGE = 50
VIEWS = {"all": "全部", "complaint": "投诉", "unsure": "拿不准", "rest": "其他"}


@router.get("/posts")
def listing(
    request: Request,
    desk: TheDesk,
    user: SignedIn,
    view: str = "all",
    text: str = "",
    before: Id | None = None,
) -> Response:
    permits.demand(user, "see_posts")
    view = view if view in VIEWS else "all"
    found = desk.store.posts.listing(view=view, text=text.strip(), limit=PER_PAGE + 1, before=before)
    return page(
        request,
        "posts.html",
        found=found[:PER_PAGE],
        older=found[PER_PAGE - 1][0].id if len(found) > PER_PAGE else None,
        first=before is None,
        view=view,
        views=VIEWS,
        text=text,
        names={row.key: row.name for row in desk.bureau.sources},
    )


@router.get("/posts/{post_id}")
def one(request: Request, desk: TheDesk, user: SignedIn, post_id: Key) -> Response:
    permits.demand(user, "see_posts")
    post = desk.store.posts.get(post_id)
    return page(
        request,
        "post.html",
        post=post,
        verdict=desk.store.posts.verdict(post_id),
        versions=desk.store.posts.versions(post_id),
        case_id=desk.store.posts.case_of(post_id),
        types=TYPES,
        all_kinds=KIND_LABEL,
        source=desk.bureau.source(post.source),
    )


@router.post("/posts/{post_id}/label")
def label(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    post_id: Key,
    type: Annotated[PostType, Form()],
    kinds: Annotated[list[str] | None, Form()] = None,
) -> Response:
    actions.correct_label(desk, user, post_id, type, known(kinds or ()), now)
    return RedirectResponse(f"/posts/{post_id}", status_code=303)


def known(kinds: Sequence[str]) -> tuple[str, ...]:
    """Codes of kinds as they were ticked; raises BadInput for one that is none."""
    for kind in kinds:
        if kind not in KIND_LABEL:
            raise BadInput("没有这个类别", kind=kind)
    return tuple(kinds)
