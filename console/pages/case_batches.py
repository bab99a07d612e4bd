"""典型案例: the batches, one with its cases as they will be told, approved, as a paper and on to the calendar."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.fields import Key
from console.fields import Text
from console.held import HeldBatch
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import case_batches
from flow import overriding
from flow import permits
from flow.press_papers import Form
from huanyu.media import PAPERS

router = APIRouter(prefix="/press/batches")


@router.get("")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_press")
    found = desk.store.case_batches.all()
    return page(request, "case_batches.html", found=found, labels=case_batches.LABEL)


@router.post("")
def begin(desk: TheDesk, now: Now, user: SignedIn, title: Text = "") -> Response:
    return _back(case_batches.begin(desk, user, title, now).id)


@router.get("/{batch_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, batch_id: Key) -> Response:
    found = case_batches.whole(desk, user, batch_id, now)
    return page(
        request,
        "case_batch.html",
        found=found,
        one=found.batch,
        labels=case_batches.LABEL,
        passes=overriding.may_pass([each for _, findings in found.cases for each in findings]),
    )


@router.post("/{batch_id}/cases")
def pick(held: HeldBatch, now: Now, number: Text = "") -> Response:
    case_batches.pick(*held, number, now)
    return _back(held.id)


@router.post("/{batch_id}/cases/{case_id}")
def reword(
    held: HeldBatch, now: Now, case_id: Key, heading: Text = "", text: Text = "", decision: Text = ""
) -> Response:
    words = (heading, text, decision)
    case_batches.reword(*held, case_id, words, now)
    return _back(held.id)


@router.post("/{batch_id}/cases/{case_id}/drop")
def drop(held: HeldBatch, now: Now, case_id: Key) -> Response:
    case_batches.drop(*held, case_id, now)
    return _back(held.id)


@router.post("/{batch_id}/approve")
def approve(held: HeldBatch, now: Now, override: Text = "") -> Response:
    case_batches.approve(*held, now, override)
    return _back(held.id)


@router.get("/{batch_id}/files/cases.{form}")
def file(desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, form: Form) -> Response:
    name, body = case_batches.file(desk, user, batch_id, form, now)
    return payloads.paper(body, name, PAPERS[form])


def _back(batch_id: int) -> Response:
    return RedirectResponse(f"/press/batches/{batch_id}", status_code=303)
