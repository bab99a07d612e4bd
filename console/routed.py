"""The routes of routers as an application's own.

`FastAPI.include_router` reads every function's signature a second time, at the first request that passes by: half a
second of processor per application. Our routers stand alone (own prefixes, no overrides), so their routes do as they are.
"""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi import FastAPI


def add_routes(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let the application answer what the routers do, in their order."""
    for router in routers:
        app.router.routes.extend(router.routes)
