"""What a person contributes to bulletins: judgement, saved searches, and the signature that numbers an issue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from datetime import datetime

from flow import circulation
from flow import issues
from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.text import normalise
from huanyu.types import Search
from huanyu.types import StoredBulletin
from huanyu.types import User

REMARKS = {"judgement": "研判", "advice": "建议"}
LONGEST = 5000  # characters of one remark
MOST = 50  # matters in one 舆情简报


def remark(
    desk: Desk, user: User, series: str, day: date, kind: str, text: str, now: datetime, scope: str = ""
) -> None:
    """Type judgement or advice for an issue that is not out yet; an empty text takes the last one back."""
    permits.demand(user, "issue_bulletins")
    about = issues.subject(desk, series, day, scope)
    if kind not in REMARKS:
        raise BadInput(f"没有 {kind} 这种话, 可选: {'、'.join(REMARKS)}")
    text = normalise(text).strip()
    if len(text) > LONGEST:
        raise BadInput(f"{REMARKS[kind]}最多 {LONGEST} 字, 现有 {len(text)} 字")
    if _is_out(desk, about):
        raise Conflict("这一期已经印发, 不能再加研判和建议")
    desk.store.writing.remark(
        series, about.period.last, kind, text, user.name, user.full_name, now, scope=scope
    )


def _is_out(desk: Desk, about: issues.Subject) -> bool:
    found = desk.store.bulletins
    if about.scope:
        return found.by_scope(about.series.key, about.scope) is not None
    return found.by_day(about.series.key, about.period.last) is not None


def save_search(desk: Desk, user: User, search: Search, now: datetime) -> Search:
    """Keep what a 专报 is about under its name."""
    permits.demand(user, "issue_bulletins")
    if not search.name.strip():
        raise BadInput("检索条件要有名称")
    if not (search.kinds or search.areas or search.words):
        raise BadInput("类别、区域、词语至少写一项")
    return desk.store.writing.save_search(search, user.name, now)


def sign_brief(desk: Desk, user: User, series: str, case_ids: Sequence[int], now: datetime) -> StoredBulletin:
    """舆情简报: these matters as one numbered issue, signed; raises Conflict for the same matters again."""
    wanted = sorted(dict.fromkeys(case_ids))
    if not 1 <= len(wanted) <= MOST:
        raise BadInput(f"一期舆情简报可列 1 至 {MOST} 件, 现选 {len(wanted)} 件")
    for case_id in wanted:
        desk.store.cases.get(case_id)
    scope = f"{issues.CASES}:{','.join(map(str, wanted))}"
    return _signed(desk, user, issues.subject(desk, series, now.date(), scope), now)


def sign_special(
    desk: Desk, user: User, series: str, search_id: int, first: date, last: date, now: datetime
) -> StoredBulletin:
    """专报: one saved search over whole days, numbered and signed."""
    if not first <= last <= now.date():
        raise BadInput(f"专报的时段 {first} 至 {last} 不对, 要从早到晚, 且不晚于今天")
    desk.store.writing.search(search_id)
    scope = f"{issues.SEARCH}:{search_id}:{first.isoformat()}:{last.isoformat()}"
    return _signed(desk, user, issues.subject(desk, series, now.date(), scope), now)


def sign_period(desk: Desk, user: User, series: str, day: date, now: datetime) -> StoredBulletin:
    """The finished period that holds `day`, of a series that waits for a signature."""
    about = issues.subject(desk, series, day)
    if about.period.last >= now.date():
        raise BadInput(f"{about.period.name()}还没有结束")
    return _signed(desk, user, about, now)


def _signed(desk: Desk, user: User, about: issues.Subject, now: datetime) -> StoredBulletin:
    permits.demand(user, "issue_bulletins")
    if about.series.compiled != "at_signature":
        raise BadInput(f"{about.series.name}不是签发时编号的系列")
    made = issues.issue(desk, about, now, actor=user.name)
    if made is None:
        raise Conflict("这一期此前已经印发")
    circulation.sign(desk, user, made.id, now)
    return made
