"""The public pages as an application of its own, on a port of its own: no session, none of the console's routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from console.public import figures
from console.public import guards
from console.public import notices
from console.public import progress
from console.public import report
from console.public import results
from console.public.figures import Counted
from console.public.gate import Paces
from console.public.heads import Heads
from console.public.view import HERE
from console.routed import add_routes
from flow.desk import Desk


def create_public(desk: Desk, now: Callable[[], datetime]) -> FastAPI:
    """The public pages of one desk; `now` is asked once per request."""
    app = FastAPI(title="环舆 公众页面", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.now = now
    app.state.paces = Paces()
    app.state.counted = Counted()
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    add_routes(app, (module.router for module in (report, progress, figures, notices, results)))
    guards.install(app)
    app.add_middleware(Heads)
    return app
