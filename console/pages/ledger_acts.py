"""What is done to a line of the ledger; each POST calls one function of the flow."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Text
from console.held import HeldLine
from console.sessions import Now
from console.typed_day import day_of
from flow import cancelling
from flow import ledger
from flow import oversight
from flow import permits
from flow.cancelling import Checked

router = APIRouter(prefix="/ledger/{line_id}")


@router.post("/progress")
def tell(held: HeldLine, now: Now, progress: Text = "") -> Response:
    ledger.tell(*held, progress, now)
    return back(held.id)


@router.post("/check")
def self_check(
    held: HeldLine, now: Now, done: Text = "", evidence: Text = "", opinion: Text = ""
) -> Response:
    said = Checked(done=done, evidence=evidence, opinion=opinion)
    cancelling.self_check(*held, said, now)
    return back(held.id)


@router.post("/review")
def review(held: HeldLine, now: Now, visited: Text = "", people: Text = "", opinion: Text = "") -> Response:
    permits.demand(held.user, "review_line")
    day = day_of("现场核查日期", visited)
    cancelling.review(*held, day, people, opinion, now)
    return back(held.id)


@router.post("/pass")
def passed(held: HeldLine, now: Now, opinion: Text = "") -> Response:
    cancelling.passed(*held, opinion, now)
    return back(held.id)


@router.post("/notice")
def write_notice(held: HeldLine, now: Now, text: Text = "") -> Response:
    cancelling.write_notice(*held, text, now)
    return back(held.id)


@router.post("/publish")
def publish_notice(held: HeldLine, now: Now) -> Response:
    cancelling.publish_notice(*held, now)
    return back(held.id)


@router.post("/end-notice")
def end_notice(held: HeldLine, now: Now, feedback: Text = "") -> Response:
    cancelling.end_notice(*held, feedback, now)
    return back(held.id)


@router.post("/sign")
def sign(held: HeldLine, now: Now, post: Text = "", name: Text = "", signed: Text = "") -> Response:
    permits.demand(held.user, "record_signature")
    cancelling.sign(*held, post, name, day_of("签字日期", signed), now)
    return back(held.id)


@router.post("/cancel")
def cancel(held: HeldLine, now: Now) -> Response:
    cancelling.cancel(*held, now)
    return back(held.id)


@router.post("/back")
def send_back(held: HeldLine, now: Now, reason: Text = "") -> Response:
    cancelling.send_back(*held, reason, now)
    return back(held.id)


@router.post("/list")
def list_line(held: HeldLine, now: Now, grade: Text = "", reason: Text = "", until: Text = "") -> Response:
    permits.demand(held.user, "list_line")
    due = day_of("挂牌期限", until) if until.strip() else None
    oversight.list_line(*held, grade, reason, due, now)
    return back(held.id)


@router.post("/unlist")
def unlist(held: HeldLine, now: Now, reason: Text = "") -> Response:
    oversight.unlist(*held, reason, now)
    return back(held.id)


@router.post("/charge")
def take_charge(held: HeldLine, now: Now, leader: Text = "", post: Text = "") -> Response:
    oversight.take_charge(*held, leader, post, now)
    return back(held.id)


@router.post("/uncharge")
def end_charge(held: HeldLine, now: Now, reason: Text = "") -> Response:
    oversight.end_charge(*held, reason, now)
    return back(held.id)


@router.post("/visits")
def visit(held: HeldLine, now: Now, visited: Text = "", note: Text = "") -> Response:
    permits.demand(held.user, "visit_line")
    oversight.visit(*held, day_of("到场日期", visited), note, now)
    return back(held.id)


def back(line_id: int) -> Response:
    return RedirectResponse(f"/ledger/{line_id}", status_code=303)
