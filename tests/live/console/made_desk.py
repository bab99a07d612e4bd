"""A desk with a few days of work on it, made by the real flow from the demo's invented posts.

`make(folder)` fills an empty folder; `Moment` is the clock the console of that desk is given.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import time
from datetime import timedelta
from pathlib import Path

import made_papers
import made_press
import made_sources
from made_tables import ACCOUNTS
from made_tables import SETTINGS
from made_tables import SOURCES

from console.sessions import digest
from console.sessions import hash_password
from demo.sites import content
from flow import cycle
from flow import doubts
from flow import findings
from flow import life
from flow import morning
from flow import staff
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Message
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import Result
from huanyu.types import SourceKind
from huanyu.types import SourceState
from huanyu.types import User
from tests.agreed import sign_off

NOW = datetime(2026, 3, 5, 10, 20, tzinfo=SHANGHAI)  # a Thursday
PASSWORD = "Yunhe-2026-Gucheng"
#: role -> (log-in name, full name); handlers get their unit from the cases
PEOPLE = {
    "admin": ("guanli", "管丽娟"),
    "press": ("xuanjiao", "宣晓敏"),
    "reviewer": ("shenhe", "申建国"),
    "leader": ("juzhang", "高志远"),
    "assessor": ("pinggu", "平安宁"),
}
HANDLER = ("chengban", "程立群")
OTHER_HANDLER = ("yidi", "易建东")  #: works in another unit
STATES = (
    ("weibo-mentions", "ok", "读到 12 条，新增 3 条"),
    ("weibo-search", "login_needed", "平台要求登录：Cookie 已失效，请更换后再试"),
    ("forum", "ok", "读到 2 个版块，新增 4 条"),
    ("news", "silent", "3 天没有新内容，平时每天约 2 条"),
    ("old-forum", "failing", "连接被拒绝：对方服务器没有应答，已连续 6 次"),
)
FOUND = "现场查看，反映的问题确实存在，责任单位管理不到位，对周边居民生活造成影响"
MEASURE = "责令责任单位立即整改，当日整改完毕，并约谈其负责人"
#: What was found and done elsewhere: no reply is a copy of another.
ELSEWHERE = (
    (FOUND, MEASURE),
    ("检查时车间正在喷涂，集气罩脱落一处，活性炭早已失效未换", "查封喷涂工位，限十日内装好治理设施并报验"),
    ("院内养着两百来只鸭子，粪水顺着土沟流进村东的坑塘", "填埋土沟，督促养殖户清运粪污，镇里派人盯到清完"),
    ("沿街三家店共用一根烟道，净化器滤网糊满油垢，风机带病运转", "三家店当场停灶清洗，烟道改到楼顶排放"),
)
BASIS = "《中华人民共和国环境保护法》第六条"
NEXT = "一周内复查一次，整改不到位的依法从严处理"

NOWHERE = (
    "家附近这几天晚上味道很大，闻着头晕，也不知道该找谁反映，希望有关部门来查一查",
    "夜归人",
    "求助：晚上味道大",
)
REJECT = Reject(
    source="forum",
    where="https://forum.example.org/forum.php?mod=viewthread&tid=5150",
    reason="应为帖子页面，收到的是登录提示页",
    payload="<html>请先登录</html>".encode(),
    at=NOW - timedelta(hours=5),
)

#: A result as a handler's browser sends it.
FORM = {"finding": "属实", "visited_at": "2026-03-05T10:00", "found": FOUND, "measure": MEASURE}


class Moment:
    """A clock that stands still until somebody turns it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class MadeDesk:
    """What a test needs to know of the desk that was made; everything else it can look up."""

    mine: int  #: a case of the handler's unit, signed for
    unsigned: int  #: one not signed for yet
    theirs: int  #: a case of another unit, signed for
    undispatched: int
    by_proxy: int  #: one of a unit that does not log in
    draft: int  #: a draft that waits for review
    other_draft: int
    rehearsed: int
    unknown: int
    notice: int  #: the slip that sent `mine` to its unit
    reject: int
    suggestion: int  #: a post that may belong to `mine`
    replying: int  #: the case of `draft`
    unsure: tuple[int, ...]  #: posts that wait for a person's judgement, newest first
    post: int
    pictured: int = 0  #: a post of `mine` with pictures
    pictures: tuple[str, ...] = ()  #: SHA-256 of those that are kept
    picture: str = ""  #: the first of them
    file: int = 0  #: brought back from the spot, with `mine`
    recording: int = 0  #: of a call, with `mine`
    paper: int = 0  #: an official paper of `mine`, in draft
    batch: int = 0  #: of 督察信访件, of one letter
    letter: int = 0  #: which is `mine`
    record: int = 0  #: of 报道和活动台账
    contact: int = 0  #: of the press
    reward: int = 0  #: for whoever reported `replying` first, not judged yet
    ranking: int = 0  #: which waits for a signature
    interview: int = 0  #: which waits, too
    info: int = 0  #: 信息公开申请, waits for an answer
    conference: int = 0  #: 新闻发布会, being planned
    answer: int = 0  #: approved for it
    typical: int = 0  #: a batch of 典型案例 without cases yet
    line: int = 0  #: of the ledger, for `mine`, at work in the handler's unit


def configure(folder: Path) -> Config:
    """Write the configuration of a desk into `folder`."""
    tables = folder / "config"
    tables.mkdir(parents=True, exist_ok=True)
    (tables / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (tables / "accounts.toml").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "huanyu.toml").write_text(SETTINGS, encoding="utf-8")
    return Config.load(folder / "huanyu.toml")


def raw_posts() -> list[RawPost]:
    """Some of the demo's posts as spiders would hand them over, spread over the five days up to NOW."""
    told = content.load()
    statuses = [one for one in told.statuses if not one.repost_of and not one.on]
    found = [
        *(_raw("weibo-mentions", SourceKind.WEIBO, one.id, one.text, one.author) for one in statuses[:100:2]),
        *(
            _raw("forum", SourceKind.FORUM, str(one.tid), one.text, one.author, one.title)
            for one in told.threads[:14]
        ),
        *(
            _raw("news", SourceKind.NEWS, str(one.id), one.text, one.author, one.title)
            for one in told.articles[:6]
        ),
        *(
            _raw("hotline-12345", SourceKind.HOTLINE, one.number, one.text, "")
            for one in [row for row in told.rows if row.text][:6]
        ),
        _raw("forum", SourceKind.FORUM, "990001", *NOWHERE),
    ]
    return [_dated(raw, index) for index, raw in enumerate(found)]


def _raw(source: str, kind: SourceKind, key: str, text: str, author: str, title: str = "") -> RawPost:
    return RawPost(
        source=source,
        kind=kind,
        native_id=key,
        url=f"https://{source}.example.org/{key}" if author else "",
        text=text,
        title=title,
        author=author,
        fetched_at=NOW,
        region="山东" if kind is SourceKind.WEIBO else "",
        raw=text.encode(),
        raw_type="text/plain",
    )


def _dated(raw: RawPost, index: int) -> RawPost:
    """Days in turn, so that every day has posts of every source; today's end before NOW."""
    days = index % 5
    hour, minute = (7 + index % 3 if days == 0 else 7 + index % 14), index * 7 % 60
    at = datetime.combine((NOW - timedelta(days=days)).date(), time(hour, minute), SHANGHAI)
    return replace(raw, posted_at=at, fetched_at=at + timedelta(minutes=9))


def make(folder: Path) -> MadeDesk:
    """Let the flow work through five days in `folder`, people included, and stop at NOW."""
    desk = Desk.open(configure(folder))
    try:
        _collect(desk)
        _hire(desk)
        made = _work(desk)
        made_sources.fill(desk, NOW)
        post, pictures = made_sources.pictures(desk, made.mine, NOW)
        made = replace(made, pictured=post, pictures=pictures, picture=pictures[0])
        made = replace(
            made,
            file=made_papers.file(desk, made.mine, NOW),
            recording=made_papers.recording(desk, made.mine, NOW),
            paper=made_papers.draft(desk, made.mine, NOW),
            line=made_papers.line(desk, made.mine, NOW),
        )
        batch, letter = made_papers.letter(desk, made.mine, NOW)
        made = replace(made, record=made_press.record(desk, NOW), contact=made_press.contact(desk, NOW))
        reward = made_papers.reward(desk, made.replying, NOW)
        made = replace(made, batch=batch, letter=letter, reward=reward)
        ranking = made_papers.ranking(desk, NOW)
        made = replace(made, ranking=ranking, interview=made_papers.interview(desk, ranking, NOW))
        made = replace(made, info=made_papers.info_request(desk, NOW))
        conference, answer = made_press.conference(desk, NOW)
        made = replace(made, conference=conference, answer=answer, typical=made_press.typical(desk, NOW))
        for back in (2, 1):
            morning.compile_day(
                desk, (NOW - timedelta(days=back)).date(), NOW - timedelta(days=back - 1, hours=2)
            )
        desk.store.audit.seal(now=NOW)
        return made
    finally:
        desk.close()


def user(desk: Desk, name: str) -> User:
    found = desk.store.people.user(name)
    assert found is not None
    return found[0]


def _collect(desk: Desk) -> None:
    """Each day's posts are read, judged and routed in the evening of that day."""
    by_day: dict[datetime, list[RawPost]] = {}
    for raw in raw_posts():
        evening = datetime.combine(raw.posted_at.date(), time(21, 30), SHANGHAI)
        by_day.setdefault(min(evening, NOW - timedelta(minutes=15)), []).append(raw)
    for moment, raws in sorted(by_day.items()):
        desk.store.posts.add(raws, now=moment)
        cycle.turn(desk, moment, names=("understand", "open", "route", "deliver"))
    for key, state, sentence in STATES:
        since = NOW - timedelta(hours=1 if state == "ok" else 30)
        desk.store.sources.save_state(
            SourceState(
                source=key,
                state=state,
                since=since,
                sentence=sentence,
                last_ok=NOW - timedelta(minutes=8) if state == "ok" else since,
            ),
            now=NOW,
        )
    desk.store.posts.add_rejects([REJECT], now=NOW)


def _hire(desk: Desk) -> None:
    hashed, until = hash_password(PASSWORD), NOW + timedelta(hours=12)
    mine, theirs = _units(desk)
    for role, (name, full_name) in PEOPLE.items():
        staff.add(desk, None, staff.NewUser(name, full_name, role), hashed, NOW - timedelta(days=9))
    for (name, full_name), unit in ((HANDLER, mine), (OTHER_HANDLER, theirs)):
        staff.add(
            desk, None, staff.NewUser(name, full_name, "handler", unit), hashed, NOW - timedelta(days=9)
        )
    for person in desk.store.people.users():
        desk.store.people.start_session(person.id, digest(session_of(person.name)), until, now=NOW)


def session_of(name: str) -> str:
    """The token of a session every made person has: logging in by password is slow on purpose."""
    return f"session-of-{name}"


def _units(desk: Desk) -> tuple[str, str]:
    """The two units with the most cases, of those whose people log in."""
    known = {unit.key for unit in desk.bureau.units if unit.login}
    counted = Counter(case.unit for case in desk.store.cases.listing(limit=500) if case.unit in known)
    (mine, _), (theirs, _) = counted.most_common(2)
    return mine, theirs


def _work(desk: Desk) -> MadeDesk:
    handler, other = user(desk, HANDLER[0]), user(desk, OTHER_HANDLER[0])
    press = user(desk, PEOPLE["press"][0])
    kept = {handler.unit, other.unit}
    own, foreign = _cases_of(desk, press, handler.unit, 6, kept), _cases_of(desk, press, other.unit, 2, kept)
    sent, doubted, edited, waiting, signed, unsigned, *_ = [case.id for case in own]
    for case_id in (sent, doubted, edited, waiting, signed):
        _sign(desk, handler, case_id)
    _sign(desk, other, foreign[0].id)
    for case in desk.store.cases.listing(states={"assigned"}, limit=500):
        if case.id % 3 and case.unit not in kept:
            _sign(desk, press, case.id)  # for units without a log-in
    _send_away(desk, other, foreign[1].id)
    for case_id, told in zip((sent, doubted, edited, waiting), ELSEWHERE, strict=True):
        _record(desk, handler, case_id, *told)
    cycle.run(desk, "draft", NOW - timedelta(minutes=70))
    rehearsed, unknown = _publish(desk, sent), _cut_off(desk, doubted)
    other_draft, draft = _draft(desk, edited), _draft(desk, waiting)
    return MadeDesk(
        mine=signed,
        unsigned=unsigned,
        theirs=foreign[0].id,
        undispatched=foreign[1].id,
        by_proxy=_by_proxy(desk),
        draft=draft.id,
        other_draft=other_draft.id,
        rehearsed=rehearsed.id,
        unknown=unknown.id,
        notice=desk.store.outbox.listing(purpose="notice", case_id=signed)[0].id,
        reject=desk.store.posts.rejects()[0].id,
        suggestion=_suggest(desk, signed),
        replying=waiting,
        unsure=tuple(post.id for post, _ in desk.store.posts.listing(view="unsure", limit=100)),
        post=desk.store.cases.posts(signed)[0].id,
    )


def _cases_of(desk: Desk, press: User, unit: str, wanted: int, kept: set[str]) -> list[Case]:
    """The unit's cases of the days before, oldest first; what routing left short the press office sends over."""

    def before_today(**where: object) -> list[Case]:
        found = desk.store.cases.listing(limit=500, **where)
        return sorted(
            (case for case in found if case.learned_at.date() < NOW.date()), key=lambda case: case.id
        )

    spare = [case for case in before_today(states={"assigned"}) if case.unit not in kept]
    for case in spare[: max(0, wanted - len(before_today(unit=unit)))]:
        life.dispatch(desk, press, case.id, case.version, unit, NOW - timedelta(hours=2))
    return before_today(unit=unit)


def _by_proxy(desk: Desk) -> int:
    outside = {unit.key for unit in desk.bureau.units if not unit.login}
    return next(
        case.id for case in desk.store.cases.listing(states={"signed"}, limit=500) if case.unit in outside
    )


def _suggest(desk: Desk, case_id: int) -> int:
    """A neighbour tells of what may be the same matter; nobody but a person can say."""
    case = _case(desk, case_id)
    told = replace(_raw("forum", SourceKind.FORUM, "990002", *neighbour(case)), posted_at=NOW, fetched_at=NOW)
    (post_id,) = desk.store.posts.add([told], now=NOW).new
    cycle.run(desk, "understand", NOW)
    reason = "地点相同、类别相近，文字相似度不足以自动并件"
    plan = CasePlan(post_id=post_id, action=CaseAction.SUGGEST, case_id=case_id, score=0.58, reason=reason)
    desk.store.cases.apply(plan, now=NOW)
    return desk.store.cases.suggestions()[-1].id


def neighbour(case: Case) -> tuple[str, str, str]:
    """Text, author and title of the neighbour's post."""
    place = case.place or "我们小区附近"
    text = (
        f"我也住{place}这一带。和前几天有人说的一样，最近几乎每天都有，影响休息，老人孩子都受不了。"
        "不知道是不是同一家，请环保部门来现场看一看，查清楚到底是谁造成的。"
    )
    return text, "隔壁老周", f"{place}附近的污染，我们也受影响"


def _case(desk: Desk, case_id: int) -> Case:
    return desk.store.cases.get(case_id)


def _sign(desk: Desk, handler: User, case_id: int) -> None:
    life.sign(desk, handler, case_id, _case(desk, case_id).version, NOW - timedelta(minutes=100))


def _send_away(desk: Desk, handler: User, case_id: int) -> None:
    reason = "经核实，地块已移交城管部门管理，建议改派"
    given = desk.store.duties.of_case(case_id)[-1].given_at  # within the days of the table
    at = min(given + timedelta(hours=1), NOW - timedelta(minutes=90))
    life.send_away(desk, handler, case_id, _case(desk, case_id).version, reason, at)


def _record(desk: Desk, handler: User, case_id: int, found: str, measure: str) -> None:
    case = _case(desk, case_id)
    at = max(NOW - timedelta(minutes=95), case.learned_at)
    result = Result(finding="属实", visited_at=at, found=found, measure=measure, basis=BASIS, next_step=NEXT)
    findings.record_result(desk, handler, case_id, case.version, result, NOW - timedelta(minutes=80))


def _draft(desk: Desk, case_id: int) -> Message:
    return desk.store.outbox.listing(purpose="reply", case_id=case_id)[0]


def _approve(desk: Desk, case_id: int) -> Message:
    people = tuple(user(desk, PEOPLE[role][0]) for role in ("press", "reviewer", "leader"))
    return sign_off(desk, people, _draft(desk, case_id), NOW - timedelta(minutes=60))


def _publish(desk: Desk, case_id: int) -> Message:
    _approve(desk, case_id)
    cycle.run(desk, "deliver", NOW - timedelta(minutes=50))
    return _draft(desk, case_id)


def _cut_off(desk: Desk, case_id: int) -> Message:
    """The machine went down between the call and its answer."""
    desk.store.outbox.claim(_approve(desk, case_id), now=NOW - timedelta(minutes=45))
    doubts.sweep(desk, NOW - timedelta(minutes=30))
    return _draft(desk, case_id)
