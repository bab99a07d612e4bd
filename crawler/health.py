"""Judge one visit to a source: what state it is in, in a sentence a press officer understands.

Pure: what happened and the state before come in, the new state goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta

from crawler import rhythm
from crawler.rhythm import Quiet
from crawler.rhythm import Usual
from crawler.walls import Wall
from huanyu.types import SourceState

LAST_NEW = "last_new_at"  #: cursor key: when something new last came
NOT_BEFORE = "not_before"  #: cursor key: the site asked us to stay away until then

ROBOTS_CLOSED = "该网站的 robots.txt 不允许抓取; 如已取得书面许可, 请在来源设置中填写许可"
NOTHING_READ = "没有读到任何页面"
SILENT = "已有 {span}没有新内容, 平时这段时间约 {items} 条; 每年误报不超过 {alarms:g} 次, 请人工看一眼"
CHANGED = "读到了页面, 但没有一条能识别 ({rejects} 项), 页面格式可能已改变"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What happened on one visit."""

    pages: int  #: responses that were results, also "not modified" and "empty"
    new: int
    seen: int
    rejects: int
    first_seen: int = 0  #: items this source had not shown before, though another may have
    walls: tuple[Wall, ...] = ()
    forbidden: int = 0  #: requests that robots.txt forbids
    finished: bool = True  #: every page was read to the end and everything is stored
    cursor: Mapping[str, str] = field(default_factory=dict)  #: what the next visit may start from
    wait_until: datetime | None = None  #: from Retry-After
    remarks: tuple[str, ...] = ()  #: Chinese; said where all is well otherwise


def judge(
    source: str, before: SourceState | None, visit: Visit, usual: Usual | None, now: datetime
) -> SourceState:
    """The state of `source` after `visit`; without `usual` no silence is an alarm."""
    cursor = next_cursor(before, visit, now)
    since = datetime.fromisoformat(cursor[LAST_NEW]) if LAST_NEW in cursor else now
    state, sentence = verdict(visit, rhythm.quiet(usual, since, now), now - since)
    went_well = state in {"ok", "silent"}
    return SourceState(
        source=source,
        state=state,
        since=before.since if before and before.state == state else now,
        sentence=sentence,
        last_ok=now if went_well else (before.last_ok if before else None),
        last_new=visit.new,
        cursor=cursor,
    )


def next_cursor(before: SourceState | None, visit: Visit, now: datetime) -> dict[str, str]:
    """The old cursor, moved on only by a visit that was read and stored to its end."""
    cursor = dict(before.cursor) if before else {}
    cursor.pop(NOT_BEFORE, None)
    if visit.finished:
        cursor.update(visit.cursor)
    if visit.new or visit.first_seen or (LAST_NEW not in cursor and visit.pages):
        cursor[LAST_NEW] = now.isoformat()
    if visit.wait_until:
        cursor[NOT_BEFORE] = visit.wait_until.isoformat()
    return {name: value for name, value in cursor.items() if value}


def verdict(visit: Visit, quiet: Quiet | None, quiet_for: timedelta) -> tuple[str, str]:
    """State and sentence, the worst news first: a site that cannot be read is not called silent."""
    walls = [wall for wall in visit.walls if wall.state != "gone"]
    stopped = [wall for wall in walls if wall.stop]
    if stopped:
        return stopped[0].state, stopped[0].sentence
    if visit.forbidden and not visit.pages:
        return "robots_closed", ROBOTS_CLOSED
    closed = [wall for wall in walls if wall.state != "failing"]
    if closed:
        return closed[0].state, f"{closed[0].sentence}; 其余部分{counted(visit)}"
    if not visit.pages and (walls or not visit.walls):
        return "failing", walls[0].sentence if walls else NOTHING_READ
    if visit.rejects and not visit.new + visit.seen:
        return "failing", CHANGED.format(rejects=visit.rejects)
    if quiet is not None and quiet.is_alarm:
        return "silent", silence(quiet, quiet_for)
    unread = (f"有 {len(walls)} 个页面没有读到: {walls[0].sentence}",) if walls else ()
    return "ok", "; ".join((f"正常, {counted(visit)}", *unread, *visit.remarks))


def counted(visit: Visit) -> str:
    """读到 12 条, 其中新增 3 条."""
    if not visit.new + visit.seen + visit.rejects:
        return "没有新内容"
    told = f"读到 {visit.new + visit.seen} 条, 其中新增 {visit.new} 条"
    return told + (f", {visit.rejects} 项无法识别" if visit.rejects else "")


def silence(quiet: Quiet, quiet_for: timedelta) -> str:
    """已有 9 小时没有新内容, 平时这段时间约 14 条."""
    return SILENT.format(
        span=spoken(quiet_for), items=round(quiet.expected), alarms=rhythm.FALSE_ALARMS_PER_YEAR
    )


def spoken(span: timedelta) -> str:
    hours = int(span / timedelta(hours=1))
    return f"{hours // 24} 天 " if hours >= 48 else f"{hours} 小时"


def resting(before: SourceState | None, now: datetime) -> datetime | None:
    """Until when the site asked us to stay away, if that is still ahead."""
    told = before.cursor.get(NOT_BEFORE) if before else None
    until = datetime.fromisoformat(told) if told else None
    return until if until and until > now else None
