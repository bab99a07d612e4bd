"""Posts: what was collected, what the classifier made of it and why, and a person's correction."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from classify.keywords import keywords
from console import differences
from console import filters
from console import payloads
from console.fields import Id
from console.fields import Key
from console.fields import Text
from console.labels import fitting
from console.looks import one_look
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import MOODS
from console.view import TYPES
from console.view import page
from flow import alike
from flow import opening
from flow import permits
from flow import public_reports
from flow import reading
from flow import rights
from flow import several
from flow import teaching
from flow.desk import Desk
from flow.several_acts import POSTS
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.kinds import KIND_LABEL
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import User

router = APIRouter()

PER_PAGE = 50
VIEWS = {"all": "全部", "complaint": "投诉", "unsure": "拿不准", "rest": "其他"}


@router.get("/posts")
@one_look
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
    found = desk.store.posts.listing(
        view=view, text=text.strip(), limit=PER_PAGE + 1, before=before, seer=rights.seer(user)
    )
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
        saved=filters.offered(desk, user, "posts"),
        acts=several.offered(user, POSTS),
    )


@router.get("/posts/{post_id}")
@one_look
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, post_id: Key) -> Response:
    post, verdict = reading.post(desk, user, post_id), desk.store.posts.verdict(post_id)
    return page(
        request,
        "post.html",
        post=post,
        verdict=verdict,
        versions=differences.history(desk.store.posts.versions(post_id), post.text),
        like_posts=alike.posts(desk, user, post, verdict) if verdict else (),
        like_cases=alike.cases_of(desk, user, post, verdict, now) if verdict else (),
        case_id=desk.store.posts.case_of(post_id),
        types=TYPES,
        all_kinds=KIND_LABEL,
        source=desk.bureau.source(post.source),
        pictures=desk.store.evidence.of_post(post_id),
        related=keywords(f"{post.title} {post.text}"),
        corrections=list(desk.store.posts.corrections(post_id)),
        moods=MOODS,
        plan_reason=desk.store.cases.planned(post_id),
        item_types=opening.types(desk, now),
        reported=public_reports.of_post(desk, user, post_id),
    )


@router.get("/posts/{post_id}/files/{file_id}")
def report_file(desk: TheDesk, user: SignedIn, post_id: Key, file_id: Key) -> Response:
    """A photo or recording as the citizen sent it, to be kept, never shown as a page."""
    found, body = public_reports.fetch(desk, user, post_id, file_id)
    way = "inline" if found.kind == "sound" else "attachment"
    told = {
        "Content-Type": found.media,
        "Content-Disposition": f"{way}; filename*=utf-8''{quote(found.name)}",
    }
    return Response(body, headers={**payloads.LOCKED, **told})


@router.post("/posts/{post_id}/label")
def label(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    post_id: Key,
    type: Annotated[PostType, Form()],
    kinds: Annotated[list[str] | None, Form()] = None,
    sentiment: Annotated[Sentiment | None, Form()] = None,
    urgent: Annotated[bool | None, Form()] = None,
) -> Response:
    teaching.correct_label(desk, user, post_id, type, fitting(type, kinds or ()), now, sentiment, urgent)
    return RedirectResponse(f"/posts/{post_id}", status_code=303)


@router.post("/posts/{post_id}/case")
def open_case(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    post_id: Key,
    number: Text = "",
    type: Text = "",
    reason: Text = "",
) -> Response:
    """A case of its own, or where a number is given a further witness of that one."""
    if number.strip():
        case = opening.append(desk, user, post_id, number, reason, now)
    else:
        case = opening.open_case(desk, user, post_id, type, reason, now)
    return RedirectResponse(f"/cases/{case.id}", status_code=303)


@router.post("/posts/{post_id}/judge")
def judge(desk: TheDesk, now: Now, user: SignedIn, post_id: Key, complaint: Text) -> Response:
    """One click about a post the classifier is unsure of, and on to the next one."""
    permits.demand(user, "correct_label")
    verdict = desk.store.posts.verdict(post_id)
    if verdict is None:
        raise NotFound("这条帖文还没有研判", post=post_id)
    if not verdict.unsure:
        raise Conflict("这条帖文已有人判定", post=post_id)
    type_, kinds = teaching.judged(verdict, complaint == "1")
    teaching.correct_label(desk, user, post_id, type_, kinds, now)
    return RedirectResponse(next_unsure(desk, user, post_id), status_code=303)


def next_unsure(desk: Desk, user: User, post_id: int) -> str:
    """Where triage goes on: the next older post in doubt, else the newest, else the list that is empty now."""
    seer = rights.seer(user)
    waiting = desk.store.posts.listing(view="unsure", limit=1, before=post_id, seer=seer)
    waiting = waiting or desk.store.posts.listing(view="unsure", limit=1, seer=seer)
    return f"/posts/{waiting[0][0].id}" if waiting else "/posts?view=unsure"
