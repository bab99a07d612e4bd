"""What a person contributes to bulletins: judgement, saved searches, and the signature that numbers an issue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime

from flow import circulation
from flow import issues
from flow import permits
from flow.desk import Desk
from flow.issues import Subject
from huanyu import blocks
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL
from huanyu.series import SeriesRow
from huanyu.text import normalise
from huanyu.types import Bulletin
from huanyu.types import Search
from huanyu.types import StoredBulletin
from huanyu.types import User
from huanyu.types.papers import PROPOSED

REMARKS = {"judgement": "研判", "advice": "建议"}
LONGEST = 5000  # characters of one remark
NOTE = 200  # characters of a word to whoever signs
NAME = 40  # characters of a saved search's name
WORDS = 20  # words of one search
MOST = 50  # matters in one 舆情简报
PLEASE = "请签发"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """样稿: what an issue would print now, and a mark by which a later look knows whether that has changed."""

    about: Subject
    made: Bulletin
    seen: str


def about(desk: Desk, series: str, day: date, scope: str = "") -> Subject:
    """What a person wants an issue of; what was withdrawn may be issued anew. Raises NotFound, BadInput."""
    found = issues.subject(desk, series, day, scope)
    return _anew(desk, replace(found, scope=_scope(desk, found, day)), redo=found.anew)


def _scope(desk: Desk, found: Subject, today: date) -> str:
    """The scope as it is filed, without what tells a second issue from the first."""
    if found.named:
        one = f"{issues.CASE}:{found.named[0]}"
        return one if found.series.compiled == "by_trigger" else cases_scope(desk, found.named)
    if found.search:
        return search_scope(desk, found.search.id, found.period.first, found.period.last, today)
    if found.series.span == "free":
        raise BadInput(f"{found.series.name}要先选定案件, 或检索条件和时段")
    return ""


def cases_scope(desk: Desk, case_ids: Sequence[int]) -> str:
    """The scope of an issue about these matters; raises NotFound, BadInput."""
    wanted = sorted(dict.fromkeys(case_ids))
    if not 1 <= len(wanted) <= MOST:
        raise BadInput(f"一期可列 1 至 {MOST} 件, 现选 {len(wanted)} 件")
    for case_id in wanted:
        desk.store.cases.get(case_id)
    return f"{issues.CASES}:{','.join(map(str, wanted))}"


def search_scope(desk: Desk, search_id: int, first: date, last: date, today: date) -> str:
    """The scope of an issue about a saved search over whole days; raises NotFound, BadInput."""
    if not first <= last <= today:
        raise BadInput(f"时段 {first} 至 {last} 不对, 要从早到晚, 且不晚于今天")
    desk.store.writing.search(search_id)
    return f"{issues.SEARCH}:{search_id}:{first.isoformat()}:{last.isoformat()}"


def _anew(desk: Desk, wanted: Subject, redo: bool) -> Subject:
    """The subject itself, or as what takes the place of its last issue: a void one, with `redo` an unsigned one too."""
    while (out := _issued(desk, wanted)) is not None:
        standing = desk.store.archive.standing(out.id)
        if not standing.withdrawn and (standing.signed or not redo):
            break
        wanted = replace(wanted, scope=issues.next_scope(out.bulletin))
    return wanted


def _issued(desk: Desk, wanted: Subject) -> StoredBulletin | None:
    found = desk.store.bulletins
    if wanted.scope:
        return found.by_scope(wanted.series.key, wanted.scope)
    return found.by_day(wanted.series.key, wanted.period.last)


def anew(desk: Desk, user: User, bulletin_id: int, now: datetime) -> Subject:
    """重编: what may take the place of an issue that was withdrawn, or is not signed yet; what people typed goes along.

    Nothing is numbered before its signature, which also withdraws an unsigned predecessor. Raises Conflict.
    """
    permits.demand_to_write(user, "issue_bulletins")
    made, standing = desk.store.bulletins.get(bulletin_id).bulletin, desk.store.archive.standing(bulletin_id)
    if standing.signed and not standing.withdrawn:
        raise Conflict("这一期已经签发, 要重编请先撤回", bulletin=bulletin_id)
    wanted = about(desk, made.series, now.date(), issues.next_scope(made))
    writing, last = desk.store.writing, wanted.period.last
    if not writing.remarks(made.series, last, wanted.scope):
        for one in writing.remarks(made.series, made.day, made.scope):
            writing.remark(
                made.series, last, one.kind, one.text, user.name, one.author, now, scope=wanted.scope
            )
    return wanted


def is_out(desk: Desk, wanted: Subject) -> bool:
    """Whether the issue was issued."""
    found = desk.store.bulletins
    if wanted.scope:
        return found.by_scope(wanted.series.key, wanted.scope) is not None
    return found.has(wanted.series.key, wanted.period.last)


def takes_cases(series: SeriesRow) -> bool:
    """Whether an issue of this series is about chosen matters: its template has the hand-over slips."""
    return any(blocks.alone(line) == "转办单" for line in series.template.splitlines())


def proof(desk: Desk, wanted: Subject, now: datetime) -> Proof:
    """The issue as it would be printed now, filed nowhere."""
    made = issues.preview(desk, wanted, now)
    figures = [(one.key, one.value, one.previous, one.year_before) for one in made.figures]
    printed = repr((made.title, made.sections, figures, made.distribution, made.signatory))
    return Proof(about=wanted, made=made, seen=hashlib.sha256(printed.encode()).hexdigest())


def remark(
    desk: Desk, user: User, series: str, day: date, kind: str, text: str, now: datetime, scope: str = ""
) -> None:
    """Type judgement or advice for an issue that is not out yet; an empty text takes the last one back."""
    permits.demand(user, "issue_bulletins")
    if kind not in REMARKS:
        raise BadInput(f"没有 {kind} 这种话, 可选: {'、'.join(REMARKS)}")
    _say(desk, user, series, day, scope, kind, _within(REMARKS[kind], text, LONGEST), now)


def propose(
    desk: Desk, user: User, series: str, day: date, scope: str, now: datetime, note: str = ""
) -> None:
    """送签: ask that an issue be signed; it stands on everybody's list of what waits, with a word about it."""
    permits.demand(user, "issue_bulletins")
    _say(desk, user, series, day, scope, PROPOSED, _within("附言", note, NOTE) or PLEASE, now)


def take_back(desk: Desk, user: User, series: str, day: date, scope: str, now: datetime) -> None:
    """撤下: an issue that was proposed is not wanted after all; nothing was numbered, nothing is lost."""
    permits.demand(user, "issue_bulletins")
    _say(desk, user, series, day, scope, PROPOSED, "", now)


def _say(
    desk: Desk, user: User, series: str, day: date, scope: str, kind: str, text: str, now: datetime
) -> None:
    wanted = issues.subject(desk, series, day, scope)
    if is_out(desk, wanted):
        raise Conflict("这一期已经印发或编好, 不能再加研判和建议; 还没有签发的, 可在那一期的页面上补写后重编")
    last, author = wanted.period.last, user.full_name
    desk.store.writing.remark(series, last, kind, text, user.name, author, now, scope=wanted.scope)


def _within(what: str, text: str, most: int) -> str:
    tidy = normalise(text).strip()
    if len(tidy) > most:
        raise BadInput(f"{what}最多 {most} 字, 现有 {len(tidy)} 字")
    return tidy


def save_search(desk: Desk, user: User, search: Search, now: datetime) -> Search:
    """Keep what a 专报 is about under its name; one that an issue rests on is never changed."""
    permits.demand(user, "issue_bulletins")
    name = _within("名称", search.name, NAME)
    words = tuple(dict.fromkeys(filter(None, (normalise(word) for word in search.words))))
    if not name:
        raise BadInput("检索条件要有名称")
    if not (search.kinds or search.areas or words):
        raise BadInput("类别、区域、词语至少写一项")
    if len(words) > WORDS:
        raise BadInput(f"词语最多 {WORDS} 个, 现有 {len(words)} 个")
    _demand_known(desk, search)
    if search.id and desk.store.writing.uses(search.id):
        raise Conflict("已有专报用了这个检索条件, 改了就说不清那几期写的是什么; 请换一个名称另存")
    return desk.store.writing.save_search(replace(search, name=name, words=words), user.name, now)


def told(desk: Desk, search: Search) -> str:
    """A search in words: 噪声；东昌府区、临清市；含“夜间”."""
    parts = (
        "、".join(FAMILY_LABEL.get(key) or KIND_LABEL.get(key, key) for key in search.kinds),
        "、".join(desk.bureau.area_name(key) for key in search.areas),
        f"含“{'”“'.join(search.words)}”" if search.words else "",
    )
    return "；".join(filter(None, parts))


def _demand_known(desk: Desk, search: Search) -> None:
    for what, given, known in (
        ("类别", search.kinds, {**FAMILY_LABEL, **KIND_LABEL}),
        ("区域", search.areas, desk.bureau.areas()),
    ):
        strange = [one for one in given if one not in known]
        if strange:
            raise BadInput(f"没有 {strange[0]} 这个{what}, 可选: {'、'.join(known.values())}")


def sign_brief(
    desk: Desk, user: User, series: str, case_ids: Sequence[int], now: datetime, seen: str = ""
) -> StoredBulletin:
    """舆情简报: these matters as one numbered issue, signed; raises Conflict for the same matters again."""
    permits.demand_to_write(user, "issue_bulletins")
    return sign(desk, user, about(desk, series, now.date(), cases_scope(desk, case_ids)), now, seen)


def demand_named(desk: Desk, user: User, wanted: Subject) -> None:
    """Raise NotAllowed where an issue is about a matter this person may not see."""
    for case_id in wanted.named:
        permits.demand_case(user, desk.store.cases.get(case_id))


def sign_special(
    desk: Desk,
    user: User,
    series: str,
    search_id: int,
    first: date,
    last: date,
    now: datetime,
    seen: str = "",
) -> StoredBulletin:
    """专报: one saved search over whole days, numbered and signed."""
    permits.demand_to_write(user, "issue_bulletins")
    scope = search_scope(desk, search_id, first, last, now.date())
    return sign(desk, user, about(desk, series, now.date(), scope), now, seen)


def sign_period(
    desk: Desk, user: User, series: str, day: date, now: datetime, seen: str = ""
) -> StoredBulletin:
    """The finished period that holds `day`, of a series that waits for a signature."""
    permits.demand_to_write(user, "issue_bulletins")
    return sign(desk, user, about(desk, series, day), now, seen)


def sign(desk: Desk, user: User, wanted: Subject, now: datetime, seen: str = "") -> StoredBulletin:
    """签发: the issue takes its number, is filed and sent out; `seen` is the mark of the proof the signer read.

    Raises Conflict where it is out already, or would print something else by now.
    """
    permits.demand_to_write(user, "issue_bulletins")
    demand_named(desk, user, wanted)
    if wanted.series.compiled != "at_signature" and not wanted.anew:
        raise BadInput(f"{wanted.series.name}不是签发时编号的系列")
    if not wanted.scope and wanted.period.last >= now.date():
        raise BadInput(f"{wanted.period.name()}还没有结束")
    if is_out(desk, wanted):
        raise Conflict("这一期此前已经印发")
    if seen and proof(desk, wanted, now).seen != seen:
        raise Conflict("您打开之后内容有变化, 请看过现在的样稿再签")
    made = issues.issue(desk, wanted, now, actor=user.name)
    if made is None:
        raise Conflict("这一期此前已经印发")
    circulation.sign(desk, user, made.id, now)
    return made
