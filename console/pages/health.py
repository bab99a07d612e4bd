"""What machines ask: is the desk alive, is it ready, how is it. No log-in, so no word about anybody."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import JSONResponse
from starlette.responses import PlainTextResponse
from starlette.responses import Response

from console.sessions import Now
from console.sessions import TheDesk
from flow import condition
from flow.condition import Metric
from flow.desk import Desk

router = APIRouter()

TOKEN = "metrics_token"  # noqa: S105 the name of a secret
HERE = frozenset({"127.0.0.1", "::1"})
#: A proxy on this machine speaks for somebody elsewhere.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
FORMAT = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz/live")
def live() -> Response:
    """The process answers; whether it should be sent work is told by /healthz."""
    return PlainTextResponse("ok\n")


@router.get("/healthz")
def healthz(desk: TheDesk, now: Now) -> Response:
    """200 while the desk can work, else 503 with the part that cannot."""
    parts = condition.ready(desk, now)
    return JSONResponse(
        {"ready": all(parts.values()), **parts}, status_code=200 if all(parts.values()) else 503
    )


@router.get("/metrics")
def metrics(request: Request, desk: TheDesk, now: Now) -> Response:
    """Figures as Prometheus reads them, for whoever has the token; without one set, for this machine alone."""
    if not _may_see(request, desk):
        return PlainTextResponse("forbidden\n", status_code=403)
    return Response(told(condition.metrics(desk, now)), media_type=FORMAT)


def told(found: Iterable[Metric]) -> str:
    """The text format: each name once with its help and kind, then its figures."""
    by_name: dict[str, list[Metric]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one)
    lines = []
    for name, figures in by_name.items():
        lines += [f"# HELP {name} {figures[0].help}", f"# TYPE {name} {figures[0].kind}"]
        lines += [f"{name}{_labels(one)} {one.value:.15g}" for one in figures]
    return "\n".join(lines) + "\n"


def _labels(one: Metric) -> str:
    if not one.labels:
        return ""
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in one.labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _may_see(request: Request, desk: Desk) -> bool:
    token = desk.config.secret(TOKEN)
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    asked = request.client.host if request.client else ""
    return asked in HERE and not any(name in request.headers for name in FORWARDED)
