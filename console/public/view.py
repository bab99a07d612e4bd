"""Templates of the public pages and the few words around values. Knows no user: there is no session here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from fastapi import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from flow.desk import Desk
from huanyu.clock import local

HERE = Path(__file__).resolve().parent
TEMPLATES = Jinja2Templates(directory=HERE / "templates")


def page(request: Request, template: str, status: int = 200, **values: object) -> Response:
    """Render one template with what every public page shows around it."""
    desk: Desk = request.app.state.desk
    frame = {"bureau": desk.bureau.bureau, "path": request.url.path}
    return TEMPLATES.TemplateResponse(request, template, frame | values, status_code=status)


def when(moment: datetime | None) -> str:
    """A moment as a citizen reads it: 2026年3月5日 10:22."""
    if moment is None:
        return ""
    here = local(moment)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


TEMPLATES.env.filters.update(when=when)
TEMPLATES.env.trim_blocks = True
