"""The start page, and the folder of the channel `site`: results by their unguessable ids, the list, the feeds.

Only what the channel writes for readers is served; what it keeps for itself (data/) is not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from typing import Final

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.responses import PlainTextResponse
from starlette.responses import RedirectResponse
from starlette.responses import Response

from console.public.view import page
from console.sessions import TheDesk
from flow.desk import Desk

router = APIRouter()

Result = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{6,64}\.html$")]
Picture = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_-]{6,80}\.(jpg|png|gif|webp)$")]
FEEDS: Final = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "sitemap.xml": "application/xml; charset=utf-8",
    "site.css": "text/css; charset=utf-8",
}


@router.get("/")
def start(request: Request, desk: TheDesk) -> Response:
    """Where everything begins."""
    return page(request, "start.html", has_results=(desk.config.site_dir / "index.html").is_file())


@router.get("/robots.txt")
def robots() -> Response:
    """Results may be found; forms and look-ups are no business of a search engine."""
    return PlainTextResponse("User-agent: *\nDisallow: /report\nDisallow: /progress\n")


@router.get("/results")
def results() -> Response:
    """The list by a name one can say on the telephone."""
    return RedirectResponse("/index.html", status_code=303)


@router.get("/index.html")
def listing(request: Request, desk: TheDesk) -> Response:
    """The list of results; a page of ours while there are none."""
    file = desk.config.site_dir / "index.html"
    return FileResponse(file) if file.is_file() else page(request, "no_results.html")


@router.get("/r/{name}")
def result(desk: TheDesk, name: Result) -> Response:
    """One result."""
    return _file(desk, Path("r") / name)


@router.get("/p/{name}")
def picture(desk: TheDesk, name: Picture) -> Response:
    """A picture of a result."""
    return _file(desk, Path("p") / name)


@router.get("/{name}")
def feed(desk: TheDesk, name: str) -> Response:
    """Feeds, the map of the site and its style."""
    if name not in FEEDS:
        raise HTTPException(404)
    return _file(desk, Path(name), FEEDS[name])


def _file(desk: Desk, name: Path, media: str | None = None) -> Response:
    file = desk.config.site_dir / name
    if not file.is_file():
        raise HTTPException(404)
    return FileResponse(file, media_type=media)
