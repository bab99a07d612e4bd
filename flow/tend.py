"""What a person does about a source: let it rest, read it now, name a post the desk should have seen."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta

from crawler import health
from crawler import schedule
from flow import permits
from flow import probes
from flow.desk import Desk
from flow.probes import Watched
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.text import normalise
from huanyu.types import User

LONGEST = 500  # characters of a reason
NOON = time(12, tzinfo=SHANGHAI)  # a day without a time; midnight would look like the day before


def pause(desk: Desk, user: User, key: str, reason: str, now: datetime) -> None:
    """暂停: the source is left alone until somebody resumes it."""
    permits.demand(user, "tend_sources")
    row, told = probes.demand(desk, key), normalise(reason)[:LONGEST]
    if not told:
        raise BadInput("请填写暂停的理由")
    desk.store.sources.pause(row.key, told, user.name, now)


def resume(desk: Desk, user: User, key: str, now: datetime) -> None:
    """恢复."""
    permits.demand(user, "tend_sources")
    desk.store.sources.resume(probes.demand(desk, key).key, user.name, now)


def read_now(desk: Desk, user: User, key: str, now: datetime) -> None:
    """立即读取: the next visit is due now; its pace and what the site asked for still hold. Raises BadInput."""
    permits.demand(user, "tend_sources")
    row = probes.demand(desk, key)
    if refusal := why_not_now(desk, row, now):
        raise BadInput(refusal)
    desk.store.sources.hurry(row.key, user.name, now)


def why_not_now(desk: Desk, row: SourceRow, now: datetime) -> str:
    """Why a source is not visited however much somebody wishes it, "" when it is."""
    if row.spider == "import":
        return "这个来源靠导入文件，程序不去读"
    if not row.enabled:
        return "这个来源已停用，请先在 sources.toml 中启用"
    if row.key in desk.store.sources.paused():
        return "这个来源已暂停，请先恢复"
    if until := health.resting(desk.store.sources.state(row.key), now):
        return f"网站要求在 {local(until):%m-%d %H:%M} 之前不要访问，程序照办"
    if schedule.is_quiet(row, now):
        return f"现在是这个来源的免打扰时段，到 {row.quiet_to:%H:%M} 为止"
    return ""


def soonest(desk: Desk, row: SourceRow, now: datetime) -> datetime:
    """When a visit asked for now begins at the latest: two visits keep the source's shortest interval."""
    state = desk.store.sources.state(row.key)
    last = state.last_try if state else None
    return max(now, last + timedelta(seconds=row.every)) if last else now


def add_probe(
    desk: Desk, user: User, key: str, url: str, words: str, day: date | None, now: datetime
) -> Watched:
    """A post somebody knows of, to see whether the desk has it; it is looked for at once. Raises BadInput."""
    permits.demand(user, "tend_sources")
    if day is not None and day > local(now).date():
        raise BadInput("发布日期晚于今天")
    posted_at = min(datetime.combine(day, NOON), now) if day else None
    return probes.add(desk, key, url, words, posted_at, user.name, now)


def retire_probe(desk: Desk, user: User, probe_id: int, now: datetime) -> None:
    """A known post that no longer says anything, because it was deleted or written down wrongly."""
    permits.demand(user, "tend_sources")
    desk.store.probes.retire(probe_id, user.name, now)
