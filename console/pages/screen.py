"""大屏: the desk at a glance for a wall, counts only: nobody's name, no text, no case; refreshes itself."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta

from fastapi import APIRouter
from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.responses import Response

import flow.topics
from console.fields import Text
from console.sessions import Now
from console.sessions import SignedIn
from console.sessions import TheDesk
from console.view import page
from flow import permits
from flow import standing
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.kinds import KIND_LABEL
from huanyu.types import Topic

router = APIRouter()

TREND = 14  #: days of the trend
DAYS = 30  #: of kinds, districts
HOT = 7  #: days of the topics
SHOWN = 8
SHADES = 4
KEY = "screen_key"  #: digest of the key of the screen among the settings; "" = none
NUMBERS = (
    ("posts_new", "新增帖文"),
    ("complaints_new", "投诉"),
    ("cases_opened", "新立案件"),
    ("cases_answered", "公开答复"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A count and its share of the highest, 0–100."""

    label: str
    count: int
    share: int


@router.get("/screen")
def screen(request: Request, desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "see_screen")
    return shown(request, desk, now)


@router.get("/screen/by-key/{key}")
def by_key(request: Request, desk: TheDesk, now: Now, key: str) -> Response:
    """The same for a screen nobody signs in at: whoever has the key sees this page and nothing else."""
    known = desk.store.settings.get(KEY) or ""
    if not known or not hmac.compare_digest(known.encode(), hashed(key).encode()):
        raise NotFound("没有这个页面")
    answer = shown(request, desk, now)
    answer.headers["referrer-policy"] = "no-referrer"
    answer.headers["cache-control"] = "no-store"
    return answer


@router.get("/screen/key")
def about_key(request: Request, desk: TheDesk, user: SignedIn) -> Response:
    permits.demand(user, "manage_tokens")
    return page(request, "screen_key.html", there=bool(desk.store.settings.get(KEY)), address="")


@router.post("/screen/key")
def make_key(request: Request, desk: TheDesk, now: Now, user: SignedIn, sure: Text = "") -> Response:
    """A new key, shown this once; the one before opens nothing any more."""
    permits.demand(user, "manage_tokens")
    if sure != "1":
        raise BadInput("请在页面上点“生成地址”")
    key = secrets.token_urlsafe(32)
    desk.store.settings.put(KEY, hashed(key), now, user.name)
    address = f"{desk.config.settings.console_url.rstrip('/')}/screen/by-key/{key}"
    return page(request, "screen_key.html", there=True, address=address)


@router.post("/screen/key/end")
def end_key(desk: TheDesk, now: Now, user: SignedIn) -> Response:
    permits.demand(user, "manage_tokens")
    desk.store.settings.put(KEY, "", now, user.name)
    return RedirectResponse("/screen/key", status_code=303)


def hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def shown(request: Request, desk: Desk, now: datetime) -> Response:
    today = local(now).date()
    begins = (local(now) - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = desk.store.counts.month(begins, now)
    kinds = Counter({KIND_LABEL.get(one.key, one.key): one.value for one in counts if one.group == "kind"})
    areas = Counter({one.key: one.value for one in counts if one.group == "area"})
    standings = [one for one in standing.standings(desk) if one.row.enabled]
    return page(
        request,
        "screen.html",
        numbers=[(label, desk.store.figures.recompute(key, today)) for key, label in NUMBERS],
        overdue=desk.store.limits.overdue(now),
        soon=sum(now <= one.clock.due < now + timedelta(days=1) for one in desk.store.limits.running(500)),
        trend=trend(desk, today),
        kinds=bars(kinds.most_common(SHOWN)),
        tiles=tiles(desk, areas),
        topics=[(said(desk, one), one.heat) for one in hot(desk, today)],
        sources=standings[: 2 * SHOWN],
        well=sum(not one.needs_person for one in standings),
        all_sources=len(standings),
    )


def trend(desk: Desk, today: date) -> list[Bar]:
    """Complaints day by day, oldest first."""
    days = [today - timedelta(days=back) for back in reversed(range(TREND))]
    return bars(
        [(f"{day.month}-{day.day}", desk.store.figures.recompute("complaints_new", day)) for day in days]
    )


def bars(counted: list[tuple[str, int]]) -> list[Bar]:
    highest = max((count for _, count in counted), default=0) or 1
    return [Bar(label, count, round(100 * count / highest)) for label, count in counted]


def tiles(desk: Desk, areas: Counter[str]) -> list[tuple[str, int, int]]:
    """Every district in its official order: name, complaints, shade."""
    highest = max(areas.values(), default=0) or 1
    return [
        (name, areas[code], -(-SHADES * areas[code] // highest)) for code, name in desk.bureau.areas().items()
    ]


def hot(desk: Desk, today: date) -> tuple[Topic, ...]:
    return flow.topics.topics(desk, today - timedelta(days=HOT - 1), today)[:SHOWN]


def said(desk: Desk, topic: Topic) -> str:
    """District and kind: a wall names no enterprise and no village."""
    kind = KIND_LABEL.get(topic.kinds[0], "") if topic.kinds else ""
    return f"{desk.bureau.area_name(topic.area) or '地点不明'} {kind}".strip()
