"""Several at once: what was ticked on the list of posts or cases, what would come of each, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.fields import LARGEST
from console.fields import Ids
from console.fields import Text
from console.fields import Texts
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import several
from flow.desk import Desk
from flow.reasons import reasons
from flow.several_acts import ACTS
from flow.several_acts import CASES
from flow.several_acts import POSTS
from flow.several_acts import Asked
from flow.several_acts import Ticked
from huanyu.errors import BadInput
from huanyu.types import User

router = APIRouter()

LISTS = {POSTS: ("帖文", "条"), CASES: ("案件", "件")}
#: Acts for which something has to be chosen before it can be said what comes of each.
INTO = frozenset({"append", "part"})


@router.get("/several/posts")
def look_at_posts(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    act: str = "",
    item: Ids = (),
    number: str = "",
) -> Response:
    return _look(request, desk, user, POSTS, Asked(act=act, number=_tidy(number)), item, now)


@router.get("/several/cases")
def look_at_cases(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    act: str = "",
    item: Ids = (),
    unit: str = "",
    number: str = "",
) -> Response:
    into = _tidy(number)
    if act == "part" and not into:
        into = several.first_of(desk, user, item[: several.MOST])
    return _look(request, desk, user, CASES, Asked(act=act, unit=unit, number=into), item, now)


@router.post("/several/posts")
def do_to_posts(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    act: Text = "",
    item: Texts = (),
    held: Texts = (),
    number: Text = "",
    reason: Text = "",
) -> Response:
    asked = Asked(act=act, number=_tidy(number), reason=reason)
    done = several.do(desk, user, POSTS, asked, [_ticked(one) for one in item], now)
    return _told(request, POSTS, asked, done, held)


@router.post("/several/cases")
def do_to_cases(
    request: Request,
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    act: Text = "",
    item: Texts = (),
    held: Texts = (),
    unit: Text = "",
    number: Text = "",
    kind: Text = "",
    reason: Text = "",
) -> Response:
    asked = Asked(act=act, unit=unit, number=_tidy(number), kind=kind, reason=reason)
    done = several.do(desk, user, CASES, asked, [_ticked(one) for one in item], now)
    return _told(request, CASES, asked, done, held)


def _look(
    request: Request, desk: Desk, user: User, of: str, asked: Asked, ids: Sequence[int], now: datetime
) -> Response:
    lines = several.look(desk, user, of, asked, ids, now)
    chosen = asked.number if asked.act in INTO else asked.unit if asked.act == "dispatch" else asked.act
    return page(
        request,
        "several.html",
        of=of,
        list_name=LISTS[of][0],
        each=LISTS[of][1],
        asked=asked,
        act_name=ACTS[asked.act].name,
        into=asked.act in INTO,
        chosen=bool(chosen),
        lines=lines,
        going=sum(line.goes for line in lines),
        units=desk.units(now.date()),
        reasons=reasons(desk, "close", now),
    )


def _told(
    request: Request, of: str, asked: Asked, done: Sequence[several.Line], held: Sequence[str]
) -> Response:
    return page(
        request,
        "several_done.html",
        of=of,
        list_name=LISTS[of][0],
        each=LISTS[of][1],
        asked=asked,
        act_name=ACTS[asked.act].name,
        did=[line for line in done if line.goes],
        failed=[line for line in done if not line.goes],
        held=[_number(one) for one in held[: several.MOST]],
    )


def _tidy(number: str) -> str:
    return number.replace("\x00", "").strip().upper()[:40]


def _ticked(sent: str) -> Ticked:
    """A line as the page sent it: the record and the version that was looked at."""
    id_, _, version = sent.partition(".")
    return Ticked(_number(id_), _number(version))


def _number(sent: str) -> int:
    if not (sent.isascii() and sent.isdecimal()) or len(sent) > 10 or int(sent) > LARGEST:
        raise BadInput("勾选的内容读不懂，请回到列表重新勾选")
    return int(sent)
