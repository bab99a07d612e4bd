"""查找: words anywhere in posts and cases, by place, unit, source and day; a person finds only what they may see."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from fastapi import Query
from fastapi import Request
from starlette.responses import Response

from cases.clocks import next_due
from console.fields import Id
from console.looks import one_look
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.source_words import SOURCE_LABEL
from huanyu.store import Asked
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import SourceKind
from huanyu.types import User
from huanyu.types import Verdict

router = APIRouter()

CASES = 20
POSTS = 30
LONGEST = 100
Words = Annotated[str, Query(max_length=LONGEST)]


@router.get("/search")
@one_look
def search(
    request: Request,
    desk: TheDesk,
    user: SignedIn,
    q: Words = "",
    area: str = "",
    unit: str = "",
    kind: str = "",
    first: str = "",
    last: str = "",
    before: Id | None = None,
) -> Response:
    text = " ".join(q.split())
    asked = Asked(
        text=text,
        area=area,
        unit=unit,
        kind=SourceKind(kind) if kind in SOURCE_LABEL else None,
        first=day_of(first),
        last=day_of(last),
    )
    full = permits.may(user, "see_posts")
    found, cases = find(desk, user, asked, before)
    return page(
        request,
        "search.html",
        text=text,
        words=text.split(),
        asked=asked,
        looked=asked != Asked(),
        full=full,
        posts=found[:POSTS],
        older=found[POSTS - 1][0].id if len(found) > POSTS else None,
        cases=cases[:CASES],
        more_cases=len(cases) > CASES,
        before=before,
        areas=desk.bureau.areas(),
        units={row.key: row for row in desk.bureau.units},
        kinds=SOURCE_LABEL,
        names={row.key: row.name for row in desk.bureau.sources},
        area_name=desk.bureau.area_name,
        next_due=next_due,
        several=rights.units_of(user) is None or len(rights.units_of(user) or ()) > 1,
    )


def find(
    desk: Desk, user: User, asked: Asked, before: int | None
) -> tuple[list[tuple[Post, Verdict | None]], list[Case]]:
    """Posts for who may read them, and cases on the first page; one more of each than is shown."""
    if asked == Asked():
        return [], []
    full, seer = permits.may(user, "see_posts"), rights.seer(user)
    posts = desk.store.search.posts(asked, POSTS + 1, seer, before) if full and not asked.unit else []
    if before is not None or asked.kind is not None:
        return posts, []
    return posts, desk.store.search.cases(asked, CASES + 1, seer, deep=full)


def day_of(typed: str) -> date | None:
    """A day as a browser's field sends it; raises BadInput."""
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as problem:
        raise BadInput("日期应写成 2026-03-10") from problem
