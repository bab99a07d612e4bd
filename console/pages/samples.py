"""抽查: one drawn post after another, and what their answers say of all that is called no complaint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter
from fastapi import Form
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.labels import fitting
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import TYPES
from console.view import page
from flow import permits
from flow import sampling
from flow.missrate import Cell
from huanyu.errors import BadInput
from huanyu.kinds import KIND_LABEL
from huanyu.store import Label
from huanyu.types import PostType

router = APIRouter()

NO = "no"  #: no complaint; what else it is stays the classifier's word
#: Exact types beside yes and no, each with its key.
EXACT = {kind: (name, str(at)) for at, (kind, name) in enumerate(list(TYPES.items())[1:], start=1)}


@dataclass(frozen=True, slots=True)
class Line:
    """One day's draw."""

    day: date
    population: int
    drawn: int
    judged: int
    missed: tuple[int, ...]
    seed: str


@router.get("/samples")
def samples(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "see_samples")
    waiting = desk.store.samples.waiting(limit=1)
    post = desk.store.posts.get(waiting[0].post_id) if waiting else None
    missed = sampling.missed(desk, now)
    seeds = {cell.day: sampling.seed(desk, cell.day) for cell in missed.cells}
    return page(
        request,
        "samples.html",
        one=waiting[0] if waiting else None,
        post=post,
        source=desk.bureau.source(post.source) if post else None,
        missed=missed,
        days=sampling.PERIOD,
        limit=desk.bureau.bureau.sample.overdue_days,
        lines=lines(missed.cells, seeds),
        exact=EXACT,
        all_kinds=KIND_LABEL,
    )


@router.post("/samples/{sample_id}")
def judge(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    sample_id: Key,
    type: Annotated[str, Form()],
    kinds: Annotated[list[str] | None, Form()] = None,
) -> Response:
    sampling.judge(desk, user, sample_id, said(type, kinds or ()), now)
    return RedirectResponse("/samples", status_code=303)


def said(type_: str, kinds: Sequence[str]) -> Label | None:
    """What a person said; None: no complaint. Raises BadInput."""
    if type_ == NO:
        return None
    if type_ not in TYPES:
        raise BadInput("没有这个类型", type=type_)
    found = PostType(type_)
    return Label(found, fitting(found, kinds))


def lines(cells: Sequence[Cell], seeds: dict[date, str]) -> list[Line]:
    """The cells of each day as one line, the latest day first."""
    by_day: dict[date, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_day[cell.day].append(cell)
    return [
        Line(
            day=day,
            population=sum(cell.population for cell in found),
            drawn=sum(cell.drawn for cell in found),
            judged=sum(cell.judged for cell in found),
            missed=tuple(post_id for cell in found for post_id in cell.missed),
            seed=seeds[day],
        )
        for day, found in sorted(by_day.items(), reverse=True)
    ]
