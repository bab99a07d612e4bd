"""The stream of an open page, and the same figures asked for once."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.responses import Response
from starlette.responses import StreamingResponse

from console import sessions
from console.live import Live
from console.live import event
from console.sessions import SignedIn

router = APIRouter()

STREAM = "text/event-stream"
COME_BACK = {"Retry-After": "60"}  #: seconds
#: A proxy that gathers an answer before it hands it on would hand on nothing.
HEADERS = {"X-Accel-Buffering": "no"}


@router.get("/live")
async def live(request: Request, user: SignedIn, today: str = "") -> Response:
    """Whoever does not ask for a stream gets one event."""
    found: Live = request.app.state.live
    if STREAM not in request.headers.get("accept", ""):
        counts = await run_in_threadpool(found.counts, user, today == "1")
        return Response(event(counts), media_type=STREAM)
    listener = found.join(sessions.session_of(request), user, today == "1")
    if listener is None:
        return PlainTextResponse("同时打开的页面过多，本页不自动更新，其他功能不受影响", 503, COME_BACK)
    return StreamingResponse(found.stream(listener, user), media_type=STREAM, headers=HEADERS)
