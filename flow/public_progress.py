"""How far a report is, as whoever holds its number and code may read it: stages and dates, no names, the public answer.

What is told is decided by `told`, a function of values; a case about somebody's conduct shows nothing but that it is handled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from flow import public_forms
from flow import talk_items
from flow.desk import Desk
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Event
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PublicReport
from huanyu.types import Talk
from huanyu.types import Verdict

TALK: Final = re.compile(r"W[0-9]{6}-[0-9]{5,}", re.ASCII)  #: number of what was said on a chat platform
RATABLE: Final = frozenset({"answered", "visited", "closed"})
#: state of a case -> how it is called in public, and what that means
STAGES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "pending": ("已立为办件", "正在确定由哪个单位办理。"),
        "accepted": ("已受理", "正在确定由哪个单位办理。"),
        "assigned": ("已转办", "已交给负责的单位办理。"),
        "signed": ("正在办理", "承办单位已经签收。"),
        "onsite": ("正在办理", "承办单位已到现场。"),
        "returned": ("重新转办", "正在重新确定由哪个单位办理。"),
        "paused": ("暂缓办理", "因等待检测结果等客观原因暂缓，原因消除后继续办理。"),
        "reported": ("正在审核", "承办单位已经反馈，正在审核。"),
        "handled": ("正在审核", "承办单位已经反馈，正在准备答复。"),
        "replying": ("正在审核", "答复正在审核。"),
        "answered": ("已答复", "办理结果已经公开答复。"),
        "interim": ("阶段性办结", "措施已经落实，整改完成后再核查。"),
        "visited": ("已评价", "已记下对办理结果的评价。"),
        "closed": ("已办结", "这件事已经办结。"),
        "refused": ("不予受理", "不属于受理范围，详情请拨打举报电话。"),
        "transferred": ("已移送", "已移送有权处理的部门。"),
    }
)
AGAIN: Final = ("重新办理", "这件事已重新办理。")
REGISTERED: Final = ("已登记", "您的举报已经收到。")
WAITING: Final = ("等待研判", "工作人员正在研判，立为办件后这里会显示。")
NO_CASE: Final = ("未立为办件", "经研判没有立为生态环境办件；如有疑问，请拨打举报电话，说出受理编号。")
HELD: Final = ("正在办理", "这件事由专人办理，不在网上公开过程。")
JOINED: Final = ("并入已有办件", "您反映的问题此前已有人反映，并在一起办理。")
_HIDDEN: Final = frozenset({CopyState.CORRECTED, CopyState.WITHDRAWN})
_ORDER: Final = ("site", "wechat", "weibo", "telegram", "discuz")


@dataclass(frozen=True, slots=True)
class Step:
    """One stage."""

    name: str
    told: str
    at: datetime | None  #: None = now


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Everything the page shows."""

    number: str
    case_number: str = ""
    steps: tuple[Step, ...]
    answer: str = ""
    answered_at: datetime | None = None
    public_id: str = ""  #: of the page of the result; "" where there is none
    ratable: bool = False
    satisfied: str = ""  #: what was said of this round's answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the desk knows of a report."""

    report: PublicReport
    verdict: Verdict | None
    case: Case | None
    events: Sequence[Event] = ()
    messages: Sequence[Message] = ()
    copies: Mapping[int, Copy] = field(default_factory=dict, hash=False)
    names: Sequence[str] = ()  #: handles of whoever told of the matter elsewhere
    phones: Sequence[str] = ()  #: of offices, which an answer may name


def look(desk: Desk, number: str, code: str) -> Progress | None:
    """The progress of a report or talk; None for a wrong code and an unknown number alike."""
    report = find(desk, number, code)
    return None if report is None else told(known(desk, report))


def find(desk: Desk, number: str, code: str) -> PublicReport | None:
    """The report or talk of this number and code, however somebody typed them."""
    tidy = public_forms.tidy_number(number)
    if TALK.fullmatch(tidy):
        talk = desk.store.talks.find(tidy, public_forms.tidy_talk_code(code))
        return None if talk is None else _of_talk(desk, tidy, talk)
    return desk.store.public.find(tidy, public_forms.tidy_code(code))


def _of_talk(desk: Desk, number: str, talk: Talk) -> PublicReport:
    """What somebody said on a chat platform as a report; `id` 0 until it is rated, `post_id` 0 until it is an item."""
    post_id = _post_of(desk, talk)
    kept = desk.store.public.of_post(post_id) if post_id else None
    if kept is not None:
        return replace(kept, number=number, at=talk.begun_at)
    return PublicReport(id=0, number=number, post_id=post_id, at=talk.begun_at)


def _post_of(desk: Desk, talk: Talk) -> int:
    """The post a talk became, 0 for none; talks taken before their post was kept with them have only a case."""
    if talk.post_id or talk.case_id is None:
        return talk.post_id or 0
    token = talk_items.token_of(talk)
    return next((one.id for one in desk.store.cases.posts(talk.case_id) if one.native_id == token), 0)


def known(desk: Desk, report: PublicReport) -> Known:
    """What there is to tell of a report."""
    verdict, case = desk.store.posts.verdict(report.post_id), case_of(desk, report)
    if case is None:
        return Known(report=report, verdict=verdict, case=None)
    messages = desk.store.outbox.listing(states=(MessageState.SENT,), purpose="reply", case_id=case.id)
    return Known(
        report=report,
        verdict=verdict,
        case=case,
        events=desk.store.cases.history(case.id),
        messages=messages,
        copies=desk.store.published.of([one.id for one in messages]),
        names=tuple({post.author for post in desk.store.cases.posts(case.id) if post.author}),
        phones=office_phones(desk),
    )


def case_of(desk: Desk, report: PublicReport) -> Case | None:
    """The case a report belongs to now: the one it was joined into, where it was."""
    case_id = desk.store.posts.case_of(report.post_id)
    if case_id is None:
        return None
    case = desk.store.cases.get(case_id)
    while case.joined_into is not None:
        case = desk.store.cases.get(case.joined_into)
    return case


def office_phones(desk: Desk) -> tuple[str, ...]:
    """Telephones that anybody may know: ours and the units'."""
    row = desk.bureau.bureau
    found = {row.phone, row.hotline, *(unit.phone for unit in desk.bureau.units)}
    return tuple(sorted((phone for phone in found if phone), key=len, reverse=True))


def masked(text: str, names: Sequence[str], phones: Sequence[str]) -> str:
    """What was published without personal data, should any have slipped by; the offices' own telephones stay."""
    apart = re.split("|".join(f"({re.escape(phone)})" for phone in phones), text) if phones else [text]
    return "".join(part if part in phones else mask(part, names=names) for part in apart if part)


def told(known: Known) -> Progress:
    """What may be told of it."""
    report, case = known.report, known.case
    first = Step(*REGISTERED, report.at)
    if case is None:
        judged = known.verdict is not None and not known.verdict.unsure and not known.verdict.is_complaint
        now = Step(*(NO_CASE if judged else WAITING), None)
        return Progress(number=report.number, steps=(first, now))
    if case.restricted:
        return Progress(number=report.number, steps=(first, Step(*HELD, None)))
    answer = _answer(known)
    rated = report.satisfied if report.rated_round == case.round else ""
    return Progress(
        number=report.number,
        case_number=case.number,
        steps=(first, *_steps(report, case, known.events)),
        answer=masked(answer.text, known.names, known.phones) if answer else "",
        answered_at=answer.sent_at if answer else None,
        public_id=case.public_id if any(one.channel == "site" for one in known.messages) else "",
        ratable=case.state in RATABLE and report.rated_round < case.round,
        satisfied=rated,
    )


def _steps(report: PublicReport, case: Case, events: Iterable[Event]) -> list[Step]:
    """The stages since the report came, each once while it lasts; at least how the case stands now."""
    early = case.opened_at < report.at
    found = [Step(*JOINED, None)] if early else []
    rounds = 0
    for event in events:
        rounds += event.state == "pending" and event.action in {"opened", "reopened"}
        if event.state not in STAGES or event.at < report.at:
            continue
        name, said = AGAIN if event.state == "pending" and rounds > 1 else STAGES[event.state]
        if not found or found[-1].name != name:
            found.append(Step(name, said, event.at))
    if case.state in STAGES and (not found or found[-1].name == JOINED[0]):
        found.append(Step(*STAGES[case.state], None))
    return found


def _answer(known: Known) -> Message | None:
    """The latest answer that went out and still stands as it was; the site's before those of accounts."""
    standing = [
        one
        for one in known.messages
        if one.channel in _ORDER
        and not ((copy := known.copies.get(one.id)) is not None and copy.state in _HIDDEN)
    ]
    return max(standing, key=lambda one: (-_ORDER.index(one.channel), one.id), default=None)
