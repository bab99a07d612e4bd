"""突发环境事件 at the desk: what looks like one is proposed at once, a person declares it, its reports are due by the hour.

While one goes on, `huanyu.store.holding` keeps back what must not be said.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import cases.incident
from cases.forms import ACCOUNT
from flow import chatting
from flow import incident_papers
from flow import permits
from flow import reminding
from flow import rostering
from flow.alarms import INTERNAL
from flow.alarms import press_office
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from flow.life import as_seen
from flow.said import whole_text
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.bureau import UnitRow
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.incident_rows import LEVELS
from huanyu.incident_rows import ReportRow
from huanyu.redact import mask
from huanyu.store.audit import SYSTEM
from huanyu.store.incidents import LAST
from huanyu.store.incidents import Proposed
from huanyu.types import Alarm
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Incident
from huanyu.types import IncidentReport
from huanyu.types import Post
from huanyu.types import User

SHORTEST_LINE = 10
UNKNOWN = "（待核实）"
UNGRADED = "一般"
UNJUDGED = "重大"  # what cannot be judged yet is reported as a grave one (环境保护部令第17号)


def incident_watch(desk: Desk, now: datetime) -> int:
    """Propose what looks like an incident, and say whose report is nearly due or late; at any hour."""
    calm: list[Case] = []

    def look(case: Case) -> None:
        found = _fresh(desk, case, now)
        if found is None:
            calm.append(case)
        else:
            suspected, known = found
            why = "；".join(suspected.reasons)
            _propose(desk, case, suspected.level, why, SYSTEM, min(known, now), now)

    done = each("incident_watch", desk.store.incidents.unwatched(BATCH), look)
    if calm:
        desk.store.incidents.watched(calm, now)
    return done + _remind(desk, now)


def suspicion(
    desk: Desk, case: Case, now: datetime, posts: Sequence[Post] | None = None
) -> cases.incident.Suspicion | None:
    """What of all that was said points to an incident."""
    told = desk.store.cases.posts(case.id) if posts is None else posts
    said = "\n".join(whole_text(post) for post in told) or case.first_text
    return cases.incident.suspect(said, case.level, desk.bureau.incidents, now)


def _fresh(desk: Desk, case: Case, now: datetime) -> tuple[cases.incident.Suspicion, datetime] | None:
    """What points to an incident nobody has decided on, and since when the bureau has known it.

    After 不认定 or 应急终止 only what was heard since then counts, and no longer the level that was weighed.
    """
    posts = sorted(desk.store.cases.posts(case.id), key=_known_at)
    if case.incident_id is not None:
        over = desk.store.incidents.get(case.incident_id).closed_at
        posts = [post for post in posts if over is not None and _known_at(post) > over]
        case = replace(case, level=UNGRADED)
    if not posts:
        return None
    found = suspicion(desk, case, now, posts)
    if found is None:
        return None
    words = replace(case, level=UNGRADED)
    first = bisect_left(
        range(1, len(posts)), 1, key=lambda many: suspicion(desk, words, now, posts[:many]) is not None
    )  # the post that first told of it; where only the level speaks, the last one
    return found, _known_at(posts[first])


def _known_at(post: Post) -> datetime:
    return post.learned_at or post.fetched_at


def propose(desk: Desk, user: User, case_id: int, version: int, why: str, now: datetime) -> int:
    """提请: a person thinks that this is an incident; returns its id."""
    case = as_seen(desk, user, case_id, version)
    permits.demand_on(user, "propose_incident", case)
    if case.incident_id is not None and desk.store.incidents.get(case.incident_id).closed_at is None:
        raise IllegalMove("这一件已经提请或认定为突发环境事件", case=case.number)
    found = suspicion(desk, case, now)
    level = found.level if found else UNJUDGED
    return _propose(desk, case, level, reason_of(why), user.name, now, now)


def declare(desk: Desk, user: User, incident_id: int, level: str, title: str, now: datetime) -> None:
    """认定: publishing is kept back from now on, the report is due by the level's hours from when it was known."""
    permits.demand(user, "declare_incident")
    incident = seen(desk, user, incident_id)
    if level not in LEVELS:
        raise BadInput(f"事件等级只有{'、'.join(LEVELS)}")
    due = _due(desk, level, incident.known_at, now)
    named = tidy("事件名称", title) or incident.title
    desk.store.incidents.declare(incident, level, mask(named), due, actor=user.name, now=now)


def dismiss(desk: Desk, user: User, incident_id: int, reason: str, now: datetime) -> None:
    """不认定, with a reason: what waited for a decision goes on."""
    permits.demand(user, "declare_incident")
    desk.store.incidents.dismiss(seen(desk, user, incident_id), reason_of(reason), user.name, now)


def attach(desk: Desk, user: User, case_id: int, version: int, incident_id: int, now: datetime) -> None:
    """A further case is about an incident that goes on."""
    permits.demand(user, "handle_incident")
    case, incident = as_seen(desk, user, case_id, version), seen(desk, user, incident_id)
    if incident.closed_at is not None:
        raise IllegalMove("这起事件已经终止", incident=incident.number)
    if case.incident_id is not None:
        own = desk.store.incidents.get(case.incident_id)
        if own.closed_at is None:  # its answers wait for that one's 口径, not for another's
            told = f"这一件还在 {own.number} 中，请先终止或不认定那一起"
            raise IllegalMove(told, case=case.number, incident=own.number)
    desk.store.incidents.attach(incident, case, user.name, now)


def set_line(desk: Desk, user: User, incident_id: int, line: str, now: datetime) -> None:
    """口径: what may be said; answers about the incident leave from now on, reviewed as ever."""
    permits.demand(user, "set_line")
    incident, told = seen(desk, user, incident_id), tidy("口径", line)
    if incident.confirmed_at is None:
        raise IllegalMove("请先认定这起事件，再定口径", incident=incident.number)
    if len(told) < SHORTEST_LINE:
        raise BadInput(f"口径不少于 {SHORTEST_LINE} 个字，写明可以对外说什么、由谁说")
    desk.store.incidents.set_line(incident, told, user.name, now)


def report(
    desk: Desk,
    user: User,
    incident_id: int,
    kind: str,
    to_whom: str,
    text: str,
    now: datetime,
    signer: str = "",
) -> int:
    """初报, 续报 or 处理结果报告 goes out, with the text as it went and a paper of it; raises BadInput, Conflict.

    `signer`: the leader who agreed to it, printed on the paper.
    """
    permits.demand(user, "handle_incident")
    incident, row = seen(desk, user, incident_id), report_row(desk, kind)
    if incident.confirmed_at is None:
        raise IllegalMove("请先认定这起事件，再报送", incident=incident.number)
    if (kind == LAST) is not (incident.closed_at is not None):
        raise IllegalMove("处理结果报告在应急终止之后报，初报、续报在终止之前报", incident=incident.number)
    told, to_whom = tidy("报告内容", text), tidy("报送单位", to_whom)
    if not to_whom:
        raise BadInput("请写明报送给谁")
    if missing := [one for one in row.contents if f"{one}：" not in told]:
        raise BadInput(f"{kind}还缺：{'、'.join(missing)}。确实不清楚的写“{UNKNOWN}”，不要删去")
    return incident_papers.report(desk, incident, kind, row.contents, to_whom, told, signer, user.name, now)


def paper(desk: Desk, user: User, incident_id: int, report_id: int, form: str) -> tuple[str, bytes]:
    """(name, bytes) of a report's paper, for whoever may see the incident; raises NotFound."""
    return incident_papers.file(desk, seen(desk, user, incident_id), report_id, form)


def close(desk: Desk, user: User, incident_id: int, reason: str, now: datetime) -> None:
    """应急终止: the last one thaws publishing; the final report is due."""
    permits.demand(user, "end_incident")
    incident = seen(desk, user, incident_id)
    if incident.confirmed_at is None:
        raise IllegalMove("还没有认定的，请选不认定", incident=incident.number)
    if any(one.sent_at is None for one in desk.store.incidents.reports(incident.id)):
        raise IllegalMove("初报还没有报送，不能终止", incident=incident.number)
    due = now + timedelta(hours=report_row(desk, LAST).hours)
    desk.store.incidents.close(
        incident, reason_of(reason), due, to_whom(desk, incident.level, now), user.name, now
    )


def seen(desk: Desk, user: User, incident_id: int) -> Incident:
    """The incident, for whoever may see one of its cases; raises NotFound or NotAllowed."""
    permits.demand(user, "see_incidents")
    incident = desk.store.incidents.get(incident_id)
    own = desk.store.incidents.cases(incident_id)
    if not own:  # its only case went over to another incident
        permits.demand(user, "handle_incident")
    elif not any(permits.may_see(user, case) for case in own):
        permits.demand_case(user, own[0])
    return incident


def report_row(desk: Desk, kind: str) -> ReportRow:
    """What a report of this kind must say; raises BadInput."""
    found = next((row for row in desk.bureau.incidents.report if row.kind == kind), None)
    if found is None:
        raise BadInput("报告只有初报、续报和处理结果报告")
    return found


def to_whom(desk: Desk, level: str, now: datetime) -> str:
    """Who is told of an incident of this level."""
    row = cases.incident.grade_of(level, desk.bureau.incidents.grade, now)
    return "、".join(row.to) if row else ""


def outline(desk: Desk, incident: Incident, kind: str) -> str:
    """A report as far as the desk knows it: every content that is asked for, what is unknown said so."""
    own = desk.store.incidents.cases(incident.id)
    first = own[0] if own else None
    began = incident.began_at or (first.happened_at if first else None)
    result = next((case.result for case in own if case.result), None)
    known = {
        "发生时间": f"{local(began):%Y年%m月%d日 %H:%M}" if began else "",
        "发生地点": "、".join(dict.fromkeys(_where(desk, case) for case in own if _where(desk, case))),
        "信息来源": f"群众反映 {sum(case.posts for case in own)} 条，{local(incident.known_at):%m月%d日 %H:%M} 知悉",
        "事件起因和性质": incident.why,
        "处置情况": result.measure if result else "",
        "基本过程": result.found if result else "",
        "处置进展情况": result.measure if result else "",
    }
    head = f"{kind}\n{incident.title}（{incident.number}，{incident.level}）"
    lines = [f"{one}：{mask(known.get(one, '')) or UNKNOWN}" for one in report_row(desk, kind).contents]
    bureau = desk.bureau.bureau
    return "\n".join([head, *lines, f"报告单位：{bureau.name}", f"联系电话：{bureau.phone}"])


def _where(desk: Desk, case: Case) -> str:
    return f"{desk.bureau.area_name(case.area)}{case.place}" if case.area or case.place else ""


def _due(desk: Desk, level: str, known_at: datetime, now: datetime) -> datetime:
    due = cases.incident.due(level, known_at, desk.bureau.incidents.grade, now)
    if due is None:
        raise BadInput(f"incidents.toml 没有{level}事件的报告时限")
    return due


def _propose(desk: Desk, case: Case, level: str, why: str, actor: str, known: datetime, now: datetime) -> int:
    """`known`: when the bureau learned what makes it an incident, which may be later than of the case itself."""
    due = _due(desk, level, known, now)
    said = Proposed(
        title=mask(case.title),
        level=level,
        why=mask(why),
        known_at=known,
        due=due,
        to_whom=to_whom(desk, level, now),
    )
    told = [
        f"{case.number} {said.title} 疑似{level}突发环境事件：{said.why}。",
        f"初报应在 {local(due):%m月%d日 %H:%M} 之前报{said.to_whom}。请立即核实，在控制台认定或不认定。",
        "认定之前，这一件的公开答复暂不发出。",
    ]
    alarms = _alarms(
        desk, f"incident:case:{case.id}:{case.posts}", f"【突发事件提请】{case.number}", told, now
    )
    return desk.store.incidents.propose(case, said, alarms, actor, now)


def _remind(desk: Desk, now: datetime) -> int:
    """Reports nearly due, and those that are late, each said once."""
    given, soon = 0, timedelta(minutes=desk.bureau.incidents.warn_minutes)
    for incident, row in desk.store.incidents.waiting(now + soon):
        given += desk.store.incidents.remind(_reminder(desk, incident, row, now), now)
    return given


def _reminder(desk: Desk, incident: Incident, row: IncidentReport, now: datetime) -> list[Alarm]:
    late = row.due <= now
    stage, word = ("late", "已经超时") if late else ("soon", "即将到期")
    told = [
        f"{incident.number} {incident.title} 的{row.kind}{word}，时限 {local(row.due):%m月%d日 %H:%M}。",
        f"报送：{row.to_whom}。" + ("" if incident.confirmed_at else "这一起还没有认定，请立即核实。"),
    ]
    key = f"incident:{incident.id}:{row.kind}:{row.number}:{stage}"
    return _alarms(desk, key, f"【{row.kind}{word}】{incident.number}", told, now)


def _alarms(desk: Desk, key: str, title: str, told: list[str], now: datetime) -> list[Alarm]:
    """One mail to each of the office and the bureau's own mailbox, which names who is on duty."""
    units = desk.units(now.date())
    asked = [press_office(desk), next((row for row in units if row.kind == "bureau" and row.mail), None)]
    where = f"{desk.config.settings.console_url.rstrip('/')}/incidents"
    chats = {
        draft.account: Alarm(key=f"{key}:{draft.account}:chat", draft=draft)
        for unit in (*reminding.on_watch(desk, now), *(row for row in asked if row is not None))
        if (draft := chatting.line(desk, unit, f"{title}，请立即查看：{where}", INTERNAL)) is not None
    }
    return [*chats.values()] + [
        Alarm(
            key=f"{key}:{unit.key}",
            draft=Draft(
                channel="mail",
                account=ACCOUNT,
                purpose=INTERNAL,
                title=title,
                text="\n\n".join([f"{unit.name}{_duty(desk, unit, now)}：", *told]),
                recipient=unit.mail,
                link=f"{desk.config.settings.console_url.rstrip('/')}/incidents",
            ),
        )
        for unit in dict.fromkeys(one for one in asked if one is not None)
    ]


def _duty(desk: Desk, unit: UnitRow, now: datetime) -> str:
    people = rostering.named_on_duty(desk, unit.key, now)
    return f"（值班：{'、'.join(people)}）" if people else ""
