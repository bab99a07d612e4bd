"""备份: which there are, how old, whether they can be restored; make one, try one out, take one away."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import FileResponse
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.fields import Key
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import backing_up
from flow import condition
from flow import permits
from flow import restoring
from flow import setting_aside

router = APIRouter()

MEDIA = "application/octet-stream"


@router.get("/backups")
def listing(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "tend_backups")
    rows = desk.store.backups.listing()
    restored = desk.store.restores.latest()
    return page(
        request,
        "backups.html",
        rows=[(one, backing_up.is_running(one, now), Path(one.path).is_file()) for one in rows],
        warnings=backing_up.warnings(desk, now),
        advice=backing_up.advice(desk),
        jobs=condition.left_jobs(desk, now),
        aside=setting_aside.listing(desk),
        wanted=backing_up.is_wanted(desk),
        restored=restored if restored and restored.ended_at is None else None,
        settings=desk.config.settings,
        folder=desk.config.backup_dir,
        now=now,
    )


@router.post("/backups")
def make(desk: TheDesk, now: Now, user: SignedIn) -> Response:
    backing_up.ask(desk, user, now)
    return RedirectResponse("/backups", status_code=303)


@router.post("/backups/{backup_id}/verify")
def verify(desk: TheDesk, now: Now, user: SignedIn, backup_id: Key) -> Response:
    backing_up.ask_to_verify(desk, user, backup_id, now)
    return RedirectResponse("/backups", status_code=303)


@router.post("/backups/{backup_id}/download")
def download(desk: TheDesk, now: Now, user: SignedIn, backup_id: Key) -> Response:
    path = backing_up.take_out(desk, user, backup_id, now)
    return FileResponse(path, media_type=MEDIA, filename=path.name, headers={"Cache-Control": "no-store"})


@router.post("/restores/end")
def end(desk: TheDesk, now: Now, user: SignedIn) -> Response:
    restoring.end(desk, user, now)
    return RedirectResponse("/", status_code=303)
