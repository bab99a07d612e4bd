"""Cases: the list of one's own unit or of all, the case page, and what a person may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from cases.clocks import next_due
from cases.clocks import runs
from cases.lifecycle import ALLOWED
from cases.lifecycle import ENDS
from cases.lifecycle import JOINS
from cases.lifecycle import LABEL
from console.fields import Key
from console.fields import Offset
from console.fields import Text
from console.fields import Version
from console.pages import published
from console.pages import replying
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import actions
from flow import matters
from flow import permits
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Evidence
from huanyu.types import Result
from huanyu.types import User

router = APIRouter()

PER_PAGE = 50
FINDINGS = ("属实", "部分属实", "不属实", "未发现")
#: Parts of the list: name, and the states in it; no states means every one.
VIEWS: Mapping[str, tuple[str, frozenset[str]]] = MappingProxyType(
    {
        "open": ("在办", frozenset(LABEL) - ENDS),
        "dispatch": ("待派单", frozenset({"pending", "accepted", "returned"})),
        "sign": ("待签收", frozenset({"assigned"})),
        "work": ("查处中", frozenset({"signed", "paused"})),
        "reply": ("待答复", frozenset({"handled", "replying"})),
        "answered": ("已答复", frozenset({"answered"})),
        "over": ("已了结", ENDS),
        "all": ("全部", frozenset()),
    }
)
#: A reply that is being written may still speak for a further witness; afterwards nothing is joined.
JOINABLE = frozenset(JOINS) | {"replying"}
#: The straight way of a case, as steps on its page.
STEPS = ("pending", "assigned", "signed", "handled", "replying", "answered", "closed")


@router.get("/cases")
def listing(
    request: Request,
    desk: TheDesk,
    user: SignedIn,
    view: str = "open",
    unit: str = "",
    text: str = "",
    at: Offset = 0,
) -> Response:
    view, text = view if view in VIEWS else "open", text.strip()
    rows = permits.rows_of(user)
    wanted = unit or None if rows is None else rows
    deep = permits.may(user, "see_posts")
    found = desk.store.cases.listing(
        unit=wanted, states=VIEWS[view][1], text=text, limit=PER_PAGE + 1, offset=at, deep=deep
    )
    return page(
        request,
        "cases.html",
        found=found[:PER_PAGE],
        more=len(found) > PER_PAGE,
        view=view,
        tabs=[
            (key, name, desk.store.cases.count(unit=wanted, states=states, text=text, deep=deep))
            for key, (name, states) in VIEWS.items()
        ],
        unit=unit,
        all_units=rows is None,
        text=text,
        searched="编号、标题、地点、原文" if deep else "编号、标题、地点",
        at=at,
        per_page=PER_PAGE,
        units={row.key: row for row in desk.bureau.units},
        areas=desk.bureau.area_name,
        next_due=next_due,
    )


@router.get("/suggestions")
def suggestions(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    """Posts that may belong to a known case: a person joins them or opens another."""
    permits.demand(user, "dispatch")
    waiting = [
        (one, desk.store.posts.get(one.post_id), desk.store.cases.get(one.case_id))
        for one in desk.store.cases.suggestions(PER_PAGE)
    ]
    return page(request, "suggestions.html", waiting=waiting)


@router.post("/suggestions/{suggestion_id}")
def decide(desk: TheDesk, now: Now, user: SignedIn, suggestion_id: Key, join: Text) -> Response:
    actions.decide_suggestion(desk, user, suggestion_id, join == "1", now)
    return RedirectResponse("/suggestions", status_code=303)


@router.get("/cases/{case_id}")
def one(request: Request, desk: TheDesk, user: SignedIn, case_id: Key) -> Response:
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    unit = desk.bureau.unit(case.unit)
    messages = desk.store.outbox.listing(case_id=case_id)
    after = published.of_case(desk, case_id, messages)
    for_unit = unit is not None and not unit.login and permits.may(user, "proxy")
    return page(
        request,
        "case.html",
        case=case,
        by_proxy=for_unit,
        records=for_unit or permits.may(user, "record_result"),
        returns=for_unit or permits.may(user, "return"),
        history=desk.store.cases.history(case_id),
        posts=desk.store.cases.posts(case_id),
        pictures=pictures(desk, user, case_id),
        messages=messages,
        after=after,
        replies=replying.offer(desk, user, case, after.takeover, messages),
        steps=STEPS,
        unit=unit,
        units=desk.bureau.units,
        area=desk.bureau.area_name(case.area),
        arrows=set(ALLOWED[case.state]),
        findings=FINDINGS,
        runs=runs,
        into=desk.store.cases.get(case.joined_into) if case.joined_into else None,
        joins=case.state in JOINABLE,
        rows=permits.rows_of(user),
        took_in=desk.store.cases.joined(case_id),
        full=permits.may(user, "see_posts"),
        opens_messages=permits.may(user, "see_outbox") or permits.rows_of(user) is not None,
    )


@router.post("/cases/{case_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version) -> Response:
    actions.sign(desk, user, case_id, version, now)
    return back(case_id)


@router.post("/cases/{case_id}/return")
def send_away(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    actions.send_away(desk, user, case_id, version, reason, now)
    return RedirectResponse("/cases", status_code=303)


@router.post("/cases/{case_id}/refuse")
def refuse(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    actions.refuse(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/dispatch")
def dispatch(desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, unit: Text) -> Response:
    actions.dispatch(desk, user, case_id, version, unit, now)
    return back(case_id)


@router.post("/cases/{case_id}/close")
def close(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, note: Text = ""
) -> Response:
    actions.close(desk, user, case_id, version, note, now)
    return back(case_id)


@router.post("/cases/{case_id}/send-to-unit")
def send_to_unit(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    actions.send_to_unit(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/posts/{post_id}/apart")
def take_apart(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    post_id: Key,
    version: Version,
    reason: Text = "",
    number: Text = "",
) -> Response:
    matters.take_apart(desk, user, case_id, version, post_id, reason, now, number)
    return back(case_id)


@router.post("/cases/{case_id}/join")
def join(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    number: Text = "",
    reason: Text = "",
) -> Response:
    return back(matters.join(desk, user, case_id, version, number, reason, now).id)


@router.post("/cases/{case_id}/unjoin")
def unjoin(
    desk: TheDesk, now: Now, user: SignedIn, case_id: Key, version: Version, reason: Text = ""
) -> Response:
    matters.unjoin(desk, user, case_id, version, reason, now)
    return back(case_id)


@router.post("/cases/{case_id}/result")
def record_result(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    case_id: Key,
    version: Version,
    finding: Text,
    visited_at: Text,
    found: Text,
    measure: Text,
    basis: Text = "",
    next_step: Text = "",
    internal_report: Text = "",
) -> Response:
    result = Result(
        finding=_finding(finding),
        visited_at=_moment(visited_at),
        found=found.strip(),
        measure=measure.strip(),
        basis=basis.strip(),
        next_step=next_step.strip(),
        internal_report=internal_report.strip(),
    )
    actions.record_result(desk, user, case_id, version, result, now)
    return back(case_id)


def pictures(desk: Desk, user: User, case_id: int) -> dict[int, list[Evidence]]:
    """The pictures of a case by their post, for those who may look at them."""
    found: dict[int, list[Evidence]] = {}
    for one in desk.store.evidence.of_case(case_id) if permits.may(user, "see_evidence") else ():
        found.setdefault(one.post_id, []).append(one)
    return found


def back(case_id: Key) -> Response:
    return RedirectResponse(f"/cases/{case_id}", status_code=303)


def _finding(text: str) -> str:
    if text not in FINDINGS:
        raise BadInput("请选择是否属实")
    return text


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as problem:
        raise BadInput("请填写现场检查时间, 例如 2026-03-05 10:30") from problem
