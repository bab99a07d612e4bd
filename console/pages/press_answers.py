"""口径和答问: the library with its search, one written, checked, approved, withdrawn."""

from __future__ import annotations

from typing import Annotated
from typing import Any

from fastapi import APIRouter
from fastapi import Depends
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Number
from console.fields import Text
from console.fields import Typed
from console.held import HeldAnswer
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from console.view import page
from flow import conferences
from flow import overriding
from flow import permits
from flow import press_answers
from flow.press_answers import Said
from huanyu.clock import local
from publisher import conferences as rules

router = APIRouter(prefix="/press/answers")
Words = Annotated[Typed, Query(max_length=100)]
Conference = Annotated[int, Query(ge=0, le=2**31 - 1)]


def said(
    kind: Text = "question", question: Text = "", answer: Text = "", unit: Text = "", valid_until: Text = ""
) -> Said:
    """An entry as typed; raises BadInput for a day that is none."""
    until = day_of("有效期", valid_until) if valid_until.strip() else None
    return Said(kind=kind, question=question, answer=answer, unit=unit, valid_until=until)


ToldAnswer = Annotated[Said, Depends(said)]


@router.get("")
def listing(
    request: Request, desk: TheDesk, now: Now, user: SignedIn, q: Words = "", conference: Conference = 0
) -> Response:
    today = local(now).date()
    found = press_answers.search(desk, user, q)
    soon = desk.bureau.press.soon_days
    return page(
        request,
        "press_answers.html",
        found=[(one, rules.standing(one, today), rules.ends_soon(one, today, soon)) for one in found],
        q=q,
        conference=conference,
        **_words(desk),
    )


@router.post("")
def write(desk: TheDesk, now: Now, user: SignedIn, told: ToldAnswer, conference: Number = 0) -> Response:
    permits.demand(user, "keep_press")
    with desk.store.together():
        one = press_answers.write(desk, user, told, now)
        if conference:
            conferences.add_answer(desk, user, conference, one.id, now)
    where = f"/press/{conference}" if conference else f"/press/answers/{one.id}"
    return RedirectResponse(where, status_code=303)


@router.get("/{answer_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, answer_id: Key) -> Response:
    permits.demand(user, "see_press")
    found = desk.store.press_answers.get(answer_id)
    findings = press_answers.problems(desk, found, now)
    return page(
        request,
        "press_answer.html",
        found=found,
        standing=rules.standing(found, local(now).date()),
        findings=findings,
        passes=overriding.may_pass(findings),
        **_words(desk),
    )


@router.post("/{answer_id}")
def rewrite(held: HeldAnswer, now: Now, told: ToldAnswer) -> Response:
    press_answers.rewrite(*held, told, now)
    return _back(held.id)


@router.post("/{answer_id}/approve")
def approve(held: HeldAnswer, now: Now, override: Text = "") -> Response:
    press_answers.approve(*held, now, override)
    return _back(held.id)


@router.post("/{answer_id}/withdraw")
def withdraw(held: HeldAnswer, now: Now, reason: Text = "") -> Response:
    press_answers.withdraw(*held, reason, now)
    return _back(held.id)


def _words(desk: TheDesk) -> dict[str, Any]:
    return {
        "kinds": rules.KINDS,
        "standings": rules.STANDING,
        "units": [row for row in desk.bureau.units if row.kind in {"section", "branch", "zone"}],
        "days": desk.bureau.press.answer_days,
    }


def _back(answer_id: int) -> Response:
    return RedirectResponse(f"/press/answers/{answer_id}", status_code=303)
