"""典型案例: the batches, one with its cases as they will be told, approved, as a paper and on to the calendar."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import payloads
from console.fields import Key
from console.fields import Text
from console.fields import Version
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
def pick(
    desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, version: Version, number: Text = ""
) -> Response:
    case_batches.pick(desk, user, batch_id, version, number, now)
    return _back(batch_id)


@router.post("/{batch_id}/cases/{case_id}")
def reword(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    batch_id: Key,
    case_id: Key,
    version: Version,
    heading: Text = "",
    text: Text = "",
    decision: Text = "",
) -> Response:
    words = (heading, text, decision)
    case_batches.reword(desk, user, batch_id, version, case_id, words, now)
    return _back(batch_id)


@router.post("/{batch_id}/cases/{case_id}/drop")
def drop(desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, case_id: Key, version: Version) -> Response:
    case_batches.drop(desk, user, batch_id, version, case_id, now)
    return _back(batch_id)


@router.post("/{batch_id}/approve")
def approve(
    desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, version: Version, override: Text = ""
) -> Response:
    case_batches.approve(desk, user, batch_id, version, now, override)
    return _back(batch_id)


@router.get("/{batch_id}/files/cases.{form}")
def file(desk: TheDesk, now: Now, user: SignedIn, batch_id: Key, form: Form) -> Response:
    name, body = case_batches.file(desk, user, batch_id, form, now)
    headers = {
        **payloads.LOCKED,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=PAPERS[form], headers=headers)


def _back(batch_id: int) -> Response:
    return RedirectResponse(f"/press/batches/{batch_id}", status_code=303)
