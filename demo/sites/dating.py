"""When an invented post was written, and how each platform prints it.

Pure: `now` is handed in. Nothing ever lies in the future: what would is moved back by whole days.
"""

from __future__ import annotations

import math
from datetime import UTC
from datetime import datetime
from datetime import time
from datetime import timedelta
from email.utils import format_datetime

from demo.sites.content import Dated
from demo.sites.content import Thread
from huanyu.clock import SHANGHAI
from huanyu.clock import local

DAY = timedelta(days=1)
NBSP = "&nbsp;"


def moment(post: Dated, now: datetime, lasts: timedelta = timedelta()) -> datetime:
    """When `post` was written, in Asia/Shanghai, such that `lasts` after it is not later than `now`."""
    today = local(now).date()
    found = datetime.combine(today - post.day_offset * DAY, time.fromisoformat(post.time), SHANGHAI)
    return found - max(0, math.ceil((found + lasts - now) / DAY)) * DAY


def opened(thread: Thread, now: datetime) -> datetime:
    """When a thread was opened: early enough for its last floor to be past."""
    return moment(thread, now, timedelta(minutes=max((floor.after for floor in thread.floors), default=0)))


def weibo(at: datetime) -> str:
    """Tue Sep 15 08:53:25 +0800 2026."""
    return at.strftime("%a %b %d %H:%M:%S %z %Y")


def weibo_card(at: datetime, now: datetime) -> str:
    """As m.weibo.cn's cards print it: 刚刚, N分钟前, N小时前, 昨天 HH:MM, MM-DD."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)}分钟前"
    days = (local(now).date() - at.date()).days
    if days == 0:
        return f"{passed // timedelta(hours=1)}小时前"
    return f"昨天 {at:%H:%M}" if days == 1 else f"{at:%m-%d}"


def discuz(at: datetime, now: datetime, clock: str = "") -> str:
    """Discuz!'s relative date with the full one in the title, or only the full one after a week.

    `clock`: the strftime form of what follows the day: "" in boards, " %H:%M" for last posts, " %H:%M:%S" in threads.
    """
    full = f"{at.year}-{at.month}-{at.day}{at.strftime(clock)}"
    words = _ago(at, now)
    return full if words is None else f'<span title="{full}">{words}</span>'


def _ago(at: datetime, now: datetime) -> str | None:
    seconds = int((now - at).total_seconds())
    days = (local(now).date() - at.date()).days
    if days == 0:
        return _ago_today(seconds)
    if days <= 2:
        return f"{'昨天' if days == 1 else '前天'}{NBSP}{at:%H:%M}"
    return f"{days}{NBSP}天前" if days <= 7 else None


def _ago_today(seconds: int) -> str:
    if seconds < 60:
        return f"{max(seconds, 1)}{NBSP}秒前"
    if seconds < 1800:
        return f"{seconds // 60}{NBSP}分钟前"
    return "半小时前" if seconds < 3600 else f"{seconds // 3600}{NBSP}小时前"


def rfc822(at: datetime) -> str:
    """Tue, 15 Sep 2026 08:53:25 +0800."""
    return format_datetime(at)


def gmt(at: datetime) -> str:
    """Tue, 15 Sep 2026 00:53:25 GMT."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def plain(at: datetime) -> str:
    """2026-09-15 08:53."""
    return f"{at:%Y-%m-%d %H:%M}"
