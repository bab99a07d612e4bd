"""Today: what came in, what must be answered by when, and whether every source is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console import filters
from console.case_views import VIEWS
from console.day_figures import DayFigures
from console.fields import Text
from console.looks import one_look
from console.pages import outbox as outbox_pages
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import reviewing
from flow import rights
from flow import sampling
from flow import standing
from flow import switches
from flow import unsigned
from flow.desk import Desk
from flow.reviewing import Review
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Seer
from huanyu.types import User
from publisher.afterwards import TROUBLE

router = APIRouter()

SHOWN = 12
COUNTED = 99
OURS = re.compile(r"/(?!/)[\w./-]*")  # a page of ours, never another site's


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on top of the page and where a click on it leads."""

    label: str
    count: int
    colour: str
    href: str
    more: bool = False  #: there are more than were counted


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that waits for a step of its reviews, as this person sees it."""

    message: Message
    case: Case | None
    class_name: str
    review: Review


@router.get("/")
@one_look
def today(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    unit = permits.rows_of(user)
    seer = rights.seer(user)
    deadlines = desk.store.limits.running(SHOWN + 1, seer=seer)
    sources = standing.standings(desk) if permits.may(user, "see_sources") else []
    undispatched = desk.store.cases.undispatched(limit=SHOWN) if permits.may(user, "dispatch") else ()
    waiting = drafts(desk, user) if permits.may(user, "review") else []
    figures_of: DayFigures = request.app.state.day_figures
    counted = figures_of.of(desk, now) if unit is None else None
    return page(
        request,
        "today.html",
        cards=cards(desk, user, sum(one.needs_person for one in sources), now, figures_of),
        overdue=figures_of.overdue(desk, now, seer),
        deadlines=[(one.case, one.clock) for one in deadlines[:SHOWN]],
        more_deadlines=len(deadlines) > SHOWN,
        undispatched=[case for case in undispatched if permits.may_see(user, case)],
        mine=[one for one in waiting if one.review.is_mine][:SHOWN],
        others=[one for one in waiting if not one.review.is_mine],
        mine_left=max(0, sum(one.review.is_mine for one in waiting) - SHOWN),
        saved=filters.offered(desk, user),
        news=counted.news if counted else (),
        trend=counted.trend if counted else (),
        sources=sources,
        units={row.key: row.short for row in desk.bureau.units} if unit is None else {},
        bulletins=desk.store.archive.listing(limit=3) if permits.may(user, "see_bulletins") else (),
        unread=desk.store.archive.unread(user.name) if permits.may(user, "see_bulletins") else (),
    )


def cards(desk: Desk, user: User, troubled: int, now: datetime, known: DayFigures) -> list[Card]:
    """What waits, and for whom: only what this person may open; `troubled` sources wait for somebody."""
    unit, seer = permits.rows_of(user), rights.seer(user)
    colours = {"dispatch": "azure", "sign": "indigo", "work": "blue", "check": "cyan"}
    colours |= {"reply": "orange", "answered": "green"}
    looked_at = {state for view in colours for state in VIEWS[view][1]}
    counts = desk.store.cases.count_states(looked_at, seer=seer)
    shown = [
        Card(
            name,
            sum(counts.get(state, 0) for state in states),
            colours[view],
            f"/cases?view={view}",
        )
        for view, (name, states) in VIEWS.items()
        if view in colours and (unit is None or view != "dispatch")
    ]
    if permits.may(user, "correct_label"):
        shown.append(unsure(desk, seer))
    if permits.may(user, "judge_sample"):
        shown.append(sampled(desk, now))
    if permits.may(user, "handle_incident"):
        on = len(desk.store.incidents.going_on())
        shown += [Card("突发事件", on, "red", "/incidents")] if on else []
    if permits.may(user, "join"):
        asked_of = len(desk.store.cases.suggestions(COUNTED + 1, seer=seer))
        more = asked_of > COUNTED
        shown.append(Card("建议并件", min(asked_of, COUNTED), "purple", "/suggestions", more=more))
    if permits.may(user, "confirm_level") and (asked := to_confirm(desk, user)):
        shown.append(Card("待确认", min(asked, COUNTED), "orange", "/confirm", more=asked > COUNTED))
    if permits.may(user, "make_link") and (lost := known.lost(desk, now, seer)):
        shown.append(Card("转办未送达", lost, "red", "/hand-overs"))
    if permits.may(user, "see_outbox"):
        doubt = desk.store.outbox.listing(states=outbox_pages.VIEWS["doubt"][1], seer=seer)
        shown.append(Card("发布待核实", len(doubt), "red", "/outbox?view=doubt&purpose="))
        shown += troubles(desk, seer)
    if permits.may(user, "issue_bulletins"):
        stuck = len(desk.store.archive.undelivered())
        waiting = unsigned.count(desk)
        shown += [Card("简报待签发", waiting, "orange", "/bulletins/waiting")] if waiting else []
        shown += [Card("简报未送到", stuck, "red", "/bulletins#undelivered")] if stuck else []
    if permits.may(user, "tend_sources"):
        shown.append(Card("来源待处理", troubled, "red", "/sources"))
    return shown


def figures(desk: Desk, user: User, now: datetime, known: DayFigures) -> dict[str, str]:
    """The figures on top of the page by where they lead, as they are shown there."""
    sources = standing.standings(desk) if permits.may(user, "tend_sources") else []
    found = cards(desk, user, sum(one.needs_person for one in sources), now, known)
    return {card.href: f"{card.count}{'+' if card.more else ''}" for card in found}


def troubles(desk: Desk, seer: Seer) -> list[Card]:
    """What was found after publishing and waits for a person; nothing where nothing was."""
    counted = (
        ("账号不明内容", len(desk.store.strays.waiting()), "/published#strays"),
        ("被改、被删", len(desk.store.published.listing(sorted(TROUBLE), seer=seer)), "/published#troubles"),
        ("等人接手", len(desk.store.heard.waiting(seer)), "/published#takeovers"),
    )
    return [Card(name, count, "red", href) for name, count, href in counted if count]


def to_confirm(desk: Desk, user: User) -> int:
    """Levels and units that the program proposed and a person has to decide; counted up to COUNTED of each."""
    units = sum(permits.may_see(user, case) for case in desk.store.rerouting.proposed())
    return units + desk.store.rerouting.count_unconfirmed(COUNTED + 1, rights.seer(user))


def unsure(desk: Desk, seer: Seer) -> Card:
    """Posts the classifier is unsure of and nobody judged yet; counted up to COUNTED."""
    found = desk.store.search.count_posts("unsure", "", seer, most=COUNTED + 1)
    return Card("待判帖文", min(found, COUNTED), "yellow", "/posts?view=unsure", more=found > COUNTED)


def sampled(desk: Desk, now: datetime) -> Card:
    """Posts drawn for a look; in red those that have waited too long."""
    if late := sampling.overdue(desk, now):
        return Card("抽查逾期", late, "red", "/samples")
    return Card("抽查待判", desk.store.samples.count_waiting(), "yellow", "/samples")


def drafts(desk: Desk, user: User) -> list[Waiting]:
    """Every public text that waits for a reviewer, oldest first, and whether it waits for this one."""
    waiting = desk.store.outbox.listing(
        states=(MessageState.DRAFT,), limit=outbox_pages.SHOWN, seer=rights.seer(user)
    )
    found = outbox_pages.with_cases(desk, [one for one in waiting if reviewing.is_public(one)])
    reviews = reviewing.desk_of(desk, user, found)
    return [
        Waiting(message, case, outbox_pages.class_name(message), review)
        for message, case in found
        if (review := reviews[message.id]) is not None
    ]


@router.post("/kill-switch")
def kill_switch(desk: TheDesk, now: Now, user: SignedIn, on: Text, back: Text = "/") -> Response:
    switches.kill_switch(desk, user, on=on == "1", now=now)
    return RedirectResponse(back if OURS.fullmatch(back) else "/", status_code=303)
