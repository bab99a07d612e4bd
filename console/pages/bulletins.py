"""Bulletins: the archive, the paper itself, its DOCX and PDF."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import Response

from console.fields import Key
from console.guards import BULLETIN_POLICY
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from huanyu.types import StoredBulletin

router = APIRouter()

SHOWN = 60
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/bulletins")
def listing(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "see_bulletins")
    return page(request, "bulletins.html", found=desk.store.bulletins.listing(limit=SHOWN))


@router.get("/bulletins/{bulletin_id}")
def one(request: Request, desk: TheDesk, user: SignedIn, bulletin_id: Key) -> Response:
    permits.demand(user, "see_bulletins")
    return page(request, "bulletin.html", stored=desk.store.bulletins.get(bulletin_id))


@router.get("/bulletins/{bulletin_id}/paper.html")
def paper(desk: TheDesk, user: SignedIn, bulletin_id: Key) -> Response:
    permits.demand(user, "see_bulletins")
    stored = desk.store.bulletins.get(bulletin_id)
    return Response(stored.html, media_type="text/html", headers={"Content-Security-Policy": BULLETIN_POLICY})


@router.get("/bulletins/{bulletin_id}/paper.{form}")
def download(desk: TheDesk, user: SignedIn, bulletin_id: Key, form: Literal["pdf", "docx"]) -> Response:
    permits.demand(user, "see_bulletins")
    stored = desk.store.bulletins.get(bulletin_id)
    body, media = (stored.pdf, "application/pdf") if form == "pdf" else (stored.docx, DOCX)
    kept = "inline" if form == "pdf" else "attachment"
    headers = {"Content-Disposition": f"{kept}; filename*=UTF-8''{quote(file_name(stored, form))}"}
    return Response(body, media_type=media, headers=headers)


def file_name(stored: StoredBulletin, form: str) -> str:
    made = stored.bulletin
    return f"{made.series_name}{made.year}年第{made.number}期.{form}"
