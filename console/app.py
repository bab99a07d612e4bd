"""The console as an ASGI application: pages, static files, sign-in, and the guards every request passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from console import guards
from console import refusals
from console import setup
from console.api.app import create_api
from console.api.problems import BASE
from console.day_figures import DayFigures
from console.live import Live
from console.pages import account
from console.pages import account_chat
from console.pages import accounts
from console.pages import audit
from console.pages import backups
from console.pages import bulletins
from console.pages import calendar
from console.pages import case_batches
from console.pages import case_files
from console.pages import case_moves
from console.pages import case_route
from console.pages import case_steps
from console.pages import cases
from console.pages import charts
from console.pages import choosing
from console.pages import conferences
from console.pages import deadlines
from console.pages import documents
from console.pages import entering
from console.pages import enterprise_import
from console.pages import enterprises
from console.pages import evidence
from console.pages import exports
from console.pages import field
from console.pages import filters
from console.pages import findings
from console.pages import grid
from console.pages import hand_overs
from console.pages import health
from console.pages import help
from console.pages import identity
from console.pages import illustrating
from console.pages import imports
from console.pages import inbox
from console.pages import incidents
from console.pages import info_requests
from console.pages import inspections
from console.pages import interviews
from console.pages import ledger
from console.pages import ledger_acts
from console.pages import ledger_files
from console.pages import links
from console.pages import live
from console.pages import matters
from console.pages import outbox
from console.pages import papers
from console.pages import people
from console.pages import posts
from console.pages import presence
from console.pages import press_answers
from console.pages import press_contacts
from console.pages import press_log
from console.pages import prints
from console.pages import published
from console.pages import publishing
from console.pages import publishing_statistics
from console.pages import rankings
from console.pages import registering
from console.pages import regulations
from console.pages import rejects
from console.pages import replying
from console.pages import rewards
from console.pages import roster
from console.pages import rules
from console.pages import samples
from console.pages import screen
from console.pages import search
from console.pages import second_factor
from console.pages import several
from console.pages import sign_in
from console.pages import sources
from console.pages import statistics
from console.pages import tables
from console.pages import today
from console.pages import tokens
from console.pages import topics
from console.routed import add_routes
from console.shared import Shared
from console.signs import Signs
from console.tab_counts import TabCounts
from console.throttle import Throttle
from flow.desk import Desk
from flow.presence import note

HERE = Path(__file__).resolve().parent

#: In the order in which a path is looked for.
PAGES: Final = (
    *(
        sign_in,
        account,
        account_chat,
        second_factor,
        today,
        inbox,
        search,
        filters,
        evidence,
        posts,
        samples,
        cases,
        outbox,
    ),
    *(statistics, choosing, papers, bulletins, imports, rejects, sources, people, audit, topics),
    *(replying, publishing, calendar, published, publishing_statistics, accounts),
    *(several, exports, deadlines, incidents, case_moves, case_steps, matters, findings, registering),
    *(entering,),
    *(case_files, documents, case_route, rules, illustrating),
    *(
        field,
        links,
        hand_overs,
        identity,
        prints,
        roster,
        tokens,
        tables,
        screen,
        charts,
        presence,
        live,
        help,
    ),
    *(ledger, ledger_acts, ledger_files, enterprises, enterprise_import, inspections, grid, rewards),
    *(rankings, interviews, info_requests, regulations),
    *(press_log, press_contacts, press_answers, case_batches, conferences),  # /press/{n} after the words
    *(backups, health),
)


def create_app(desk: Desk, now: Callable[[], datetime], shared: Shared | None = None) -> FastAPI:
    """The console of one desk; `now` is asked once per request, `shared` is what its processes have in common."""
    shared = shared or Shared(setup_code=setup.new_code(desk))
    app = FastAPI(title="环舆", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.state.now = now
    app.state.throttle = Throttle(shared.tries, shared.side_by_side)
    app.state.code_throttle = Throttle(shared.codes)
    app.state.signs = Signs(lambda signs: note(desk, signs, now()))
    app.state.day_figures = DayFigures()
    app.state.tab_counts = TabCounts()
    app.state.live = Live(desk, now, app.state.day_figures)
    app.state.setup_code = shared.setup_code
    app.add_middleware(guards.Guards)
    app.mount("/vendor", StaticFiles(packages=[("starlette_admin", "static")]), name="vendor")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.mount(BASE, create_api(desk, now, shared.pace), name="api")
    add_routes(app, (module.router for module in PAGES))
    refusals.install(app)
    return app
