"""Bulletins: the archive, the paper itself with its sources, its DOCX and PDF, and what a person does with an issue."""

from __future__ import annotations

from typing import Annotated
from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Form
from fastapi import Query
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import LARGEST
from console.fields import Key
from console.fields import Offset
from console.fields import Text
from console.guards import BULLETIN_POLICY
from console.pages.papers import address_of
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import circulation
from flow import citing
from flow import enclosures
from flow import issues
from flow import lookback
from flow import papers
from flow import permits
from flow import redelivery
from flow import unsigned
from flow import verifying
from flow.desk import Desk
from huanyu.types import MessageState
from huanyu.types import Standing
from huanyu.types.circulation import CORRECTION
from huanyu.types.circulation import correction_scope

router = APIRouter()

SHOWN = 60
FAILED = frozenset({MessageState.REFUSED, MessageState.UNKNOWN})


@router.get("/bulletins")
def listing(
    request: Request,
    desk: TheDesk,
    user: SignedIn,
    series: str = "",
    year: str = "",
    text: str = "",
    at: Offset = 0,
) -> Response:
    permits.demand(user, "see_bulletins")
    archive, text = desk.store.archive, text.strip()[:100]
    chosen = int(year) if year.isdecimal() and len(year) == 4 else 0
    found = archive.listing(series=series, year=chosen, words=text, limit=SHOWN + 1, at=at)
    shelves = archive.shelves()
    return page(
        request,
        "bulletins.html",
        found=found[:SHOWN],
        more=len(found) > SHOWN,
        at=at,
        per_page=SHOWN,
        series=series,
        chosen=chosen,
        text=text,
        names={one: archive.name_of(one) for one, _, _ in shelves},
        years=sorted({one for _, one, _ in shelves}, reverse=True),
        undelivered=archive.undelivered(),
        unread=archive.unread(user.name),
        unsigned=unsigned.count(desk) if permits.may(user, "issue_bulletins") else 0,
        starts=[
            row for row in desk.bureau.bulletins if row.compiled == "at_signature" and row.span == "free"
        ],
        takes_cases=papers.takes_cases,
    )


@router.get("/bulletins/{bulletin_id}")
def one(request: Request, desk: TheDesk, now: Now, user: SignedIn, bulletin_id: Key) -> Response:
    permits.demand(user, "see_bulletins")
    stored = desk.store.bulletins.get(bulletin_id)
    desk.store.circulation.open(bulletin_id, user.name, now)
    standing = desk.store.archive.standing(bulletin_id)
    return page(
        request,
        "bulletin.html",
        stored=stored,
        standing=standing,
        told=told(standing),
        correction=CORRECTION,
        own_papers={one.number: own_paper(desk, bulletin_id, one.number) for one in standing.corrections},
        opened={one.reader: one.at for one in standing.opened},
        others=desk.store.archive.neighbours(bulletin_id),
        labels={figure.key: figure for figure in stored.bulletin.figures},
        recipients=desk.bureau.recipients,
        earlier=issues.predecessor(desk, stored.bulletin.series, stored.bulletin.scope),
        later=issues.successor(desk, stored.bulletin),
    )


@router.get("/bulletins/{bulletin_id}/verify")
def verify(request: Request, desk: TheDesk, user: SignedIn, bulletin_id: Key) -> Response:
    permits.demand(user, "see_bulletins")
    found = verifying.verify(desk, bulletin_id)
    return page(request, "bulletin_verify.html", id=bulletin_id, found=found, verdict=verifying.verdict)


@router.get("/bulletins/{bulletin_id}/sources")
def sources(request: Request, desk: TheDesk, user: SignedIn, bulletin_id: Key, figure: str) -> Response:
    permits.demand(user, "see_bulletins")
    made = desk.store.bulletins.get(bulletin_id).bulletin
    found = citing.cited(desk, user, made, figure)
    return page(
        request,
        "bulletin_sources.html",
        here=f"/bulletins/{bulletin_id}",
        crumb=f"{made.series_name} {made.year} 年第 {made.number} 期",
        found=found,
        verify=f"/bulletins/{bulletin_id}/verify",
        void=desk.store.archive.standing(bulletin_id).withdrawn is not None,
    )


@router.post("/bulletins/{bulletin_id}/sign")
def sign(desk: TheDesk, now: Now, user: SignedIn, bulletin_id: Key) -> Response:
    circulation.sign(desk, user, bulletin_id, now)
    return RedirectResponse(f"/bulletins/{bulletin_id}", status_code=303)


@router.post("/bulletins/{bulletin_id}/withdraw")
def withdraw(desk: TheDesk, now: Now, user: SignedIn, bulletin_id: Key, reason: Text) -> Response:
    circulation.withdraw(desk, user, bulletin_id, reason, now)
    return RedirectResponse(f"/bulletins/{bulletin_id}", status_code=303)


@router.post("/bulletins/{bulletin_id}/anew")
def anew(desk: TheDesk, now: Now, user: SignedIn, bulletin_id: Key) -> Response:
    return RedirectResponse(address_of(papers.anew(desk, user, bulletin_id, now)), status_code=303)


@router.post("/bulletins/{bulletin_id}/correct")
def correct(
    desk: TheDesk,
    now: Now,
    user: SignedIn,
    bulletin_id: Key,
    figure: Text,
    value: Annotated[int, Form(ge=0, le=LARGEST)],
    why: Text,
) -> Response:
    circulation.correct(desk, user, bulletin_id, figure, value, why, now)
    return RedirectResponse(f"/bulletins/{bulletin_id}", status_code=303)


@router.post("/bulletins/deliveries/{delivery_id}/retry")
def retry(desk: TheDesk, now: Now, user: SignedIn, delivery_id: Key) -> Response:
    one = redelivery.retry(desk, user, delivery_id, now)
    return RedirectResponse(f"/bulletins/{one.bulletin_id}#deliveries", status_code=303)


@router.post("/bulletins/deliveries/{delivery_id}/settle")
def settle(desk: TheDesk, now: Now, user: SignedIn, delivery_id: Key, arrived: Text) -> Response:
    one = redelivery.settle(desk, user, delivery_id, arrived == "1", now)
    return RedirectResponse(f"/bulletins/{one.bulletin_id}#deliveries", status_code=303)


@router.get("/bulletins/{bulletin_id}/paper.html")
def paper(desk: TheDesk, now: Now, user: SignedIn, bulletin_id: Key) -> Response:
    permits.demand(user, "see_bulletins")
    stored = desk.store.bulletins.get(bulletin_id)
    desk.store.circulation.open(bulletin_id, user.name, now)
    return Response(stored.html, media_type="text/html", headers={"Content-Security-Policy": BULLETIN_POLICY})


@router.get("/bulletins/{bulletin_id}/paper.{form}")
def download(
    desk: TheDesk, now: Now, user: SignedIn, bulletin_id: Key, form: Literal["pdf", "docx"]
) -> Response:
    permits.demand(user, "see_bulletins")
    stored = desk.store.bulletins.get(bulletin_id)
    desk.store.circulation.open(bulletin_id, user.name, now)
    file = enclosures.attachment(stored, form)
    kept = "inline" if form == "pdf" else "attachment"
    note = "已撤回" if desk.store.archive.standing(bulletin_id).withdrawn else ""
    headers = {
        "Content-Disposition": f"{kept}; filename*=UTF-8''{quote(enclosures.file_name(stored, form, note))}"
    }
    return Response(file.body, media_type=file.media, headers=headers)


@router.get("/bulletins/{bulletin_id}/copy.pdf")
def numbered_copy(
    desk: TheDesk, user: SignedIn, bulletin_id: Key, number: Annotated[int, Query(ge=1, le=LARGEST)]
) -> Response:
    permits.demand(user, "issue_bulletins")
    name, body = lookback.numbered_copy(desk, bulletin_id, number)
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}"}
    return Response(body, media_type="application/pdf", headers=headers)


def own_paper(desk: Desk, bulletin_id: int, number: int) -> int | None:
    """The numbered paper of a correction; None while it is being filed."""
    found = desk.store.bulletins.by_scope(CORRECTION, correction_scope(bulletin_id, number))
    return None if found is None else found.id


def told(standing: Standing) -> str:
    """How far the deliveries of an issue have come: 4 份，已发出 2，没有送到 1，已读 1."""
    opened = {one.reader for one in standing.opened}
    counts = {
        "已发出": sum(one.state == MessageState.SENT for one in standing.deliveries),
        "已演练": sum(one.state == MessageState.REHEARSED for one in standing.deliveries),
        "没有送到": sum(one.state in FAILED for one in standing.deliveries),
        "控制台已读": sum(one.state is None and one.address in opened for one in standing.deliveries),
    }
    parts = [f"{name} {count}" for name, count in counts.items() if count]
    return "，".join([f"{len(standing.deliveries)} 份", *parts])
