"""What is done to a line of the ledger; each POST calls one function of the flow."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.fields import Text
from console.fields import Version
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.typed_day import day_of
from flow import cancelling
from flow import ledger
from flow import oversight
from flow import permits
from flow.cancelling import Checked

router = APIRouter(prefix="/ledger/{line_id}")


@router.post("/progress")
def tell(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, progress: Text = ""
) -> Response:
    ledger.tell(desk, user, line_id, version, progress, now)
    return back(line_id)


@router.post("/check")
def self_check(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    done: Text = "",
    evidence: Text = "",
    opinion: Text = "",
) -> Response:
    said = Checked(done=done, evidence=evidence, opinion=opinion)
    cancelling.self_check(desk, user, line_id, version, said, now)
    return back(line_id)


@router.post("/review")
def review(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    visited: Text = "",
    people: Text = "",
    opinion: Text = "",
) -> Response:
    permits.demand(user, "review_line")
    day = day_of("现场核查日期", visited)
    cancelling.review(desk, user, line_id, version, day, people, opinion, now)
    return back(line_id)


@router.post("/pass")
def passed(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, opinion: Text = ""
) -> Response:
    cancelling.passed(desk, user, line_id, version, opinion, now)
    return back(line_id)


@router.post("/notice")
def write_notice(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, text: Text = ""
) -> Response:
    cancelling.write_notice(desk, user, line_id, version, text, now)
    return back(line_id)


@router.post("/publish")
def publish_notice(desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version) -> Response:
    cancelling.publish_notice(desk, user, line_id, version, now)
    return back(line_id)


@router.post("/end-notice")
def end_notice(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, feedback: Text = ""
) -> Response:
    cancelling.end_notice(desk, user, line_id, version, feedback, now)
    return back(line_id)


@router.post("/sign")
def sign(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    post: Text = "",
    name: Text = "",
    signed: Text = "",
) -> Response:
    permits.demand(user, "record_signature")
    cancelling.sign(desk, user, line_id, version, post, name, day_of("签字日期", signed), now)
    return back(line_id)


@router.post("/cancel")
def cancel(desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version) -> Response:
    cancelling.cancel(desk, user, line_id, version, now)
    return back(line_id)


@router.post("/back")
def send_back(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, reason: Text = ""
) -> Response:
    cancelling.send_back(desk, user, line_id, version, reason, now)
    return back(line_id)


@router.post("/list")
def list_line(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    grade: Text = "",
    reason: Text = "",
    until: Text = "",
) -> Response:
    permits.demand(user, "list_line")
    due = day_of("挂牌期限", until) if until.strip() else None
    oversight.list_line(desk, user, line_id, version, grade, reason, due, now)
    return back(line_id)


@router.post("/unlist")
def unlist(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, reason: Text = ""
) -> Response:
    oversight.unlist(desk, user, line_id, version, reason, now)
    return back(line_id)


@router.post("/charge")
def take_charge(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    leader: Text = "",
    post: Text = "",
) -> Response:
    oversight.take_charge(desk, user, line_id, version, leader, post, now)
    return back(line_id)


@router.post("/uncharge")
def end_charge(
    desk: TheDesk, now: Now, user: SignedIn, line_id: Key, version: Version, reason: Text = ""
) -> Response:
    oversight.end_charge(desk, user, line_id, version, reason, now)
    return back(line_id)


@router.post("/visits")
def visit(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    line_id: Key,
    version: Version,
    visited: Text = "",
    note: Text = "",
) -> Response:
    permits.demand(user, "visit_line")
    oversight.visit(desk, user, line_id, version, day_of("到场日期", visited), note, now)
    return back(line_id)


def back(line_id: int) -> Response:
    return RedirectResponse(f"/ledger/{line_id}", status_code=303)
