"""What the invented colleagues do on a played day: sign, return, record, review, close. Always the same cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from demo.crew import Crew
from demo.crew import result_of
from demo.sites.content import Label
from flow import findings
from flow import life
from flow import outgoing
from flow import teaching
from flow.desk import Desk
from huanyu.errors import Blocked
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PostType
from publisher.review import Shown

MANY = 1000
NOTHING = Label(type=PostType.OTHER)  # floors of threads that nobody labelled: chatter


def triage(desk: Desk, truth: Mapping[str, Label], now: datetime) -> str:
    """The press office judges what the classifier was not sure of, and leaves a few for whoever looks at the demo."""
    judged = left = 0
    press = desk.store.people.user("shenlan")
    assert press is not None
    for post, _ in desk.store.posts.listing(view="unsure", limit=MANY):
        label = truth.get(post.native_id, NOTHING)
        if post.id % 9 == 0:
            left += 1
            continue
        teaching.correct_label(desk, press[0], post.id, label.type, label.kinds, now)
        judged += 1
    return f"人工判定 {judged} 条拿不准的, 留 {left} 条"


def handle(desk: Desk, crew: Crew, now: datetime) -> str:
    """Units sign most of what they got, return one in nineteen, and report on half of what they signed."""
    signed = returned = handled = 0
    for case in _in_state(desk, "assigned"):
        person = crew.handler(case.unit)
        if case.id % 19 == 3:
            life.send_away(desk, person, case.id, case.version, "现场位于邻近辖区，请改派", now)
            returned += 1
        elif case.id % 6:
            life.sign(desk, person, case.id, case.version, now)
            signed += 1
    for case in _in_state(desk, "signed"):
        if case.id % 2 == 0:
            person = crew.handler(case.unit)
            findings.record_result(desk, person, case.id, case.version, result_of(case, now), now)
            handled += 1
    return f"签收 {signed} 件, 退单 {returned} 件, 反馈结果 {handled} 件"


def review(desk: Desk, crew: Crew, now: datetime) -> str:
    """Press office and reviewer agree to most drafts, send one in eleven back, and leave some for tomorrow."""
    approved = back = blocked = 0
    reviewer = crew.of_office("reviewer")
    for message in desk.store.outbox.listing(states=(MessageState.DRAFT,), limit=MANY):
        if message.case_id is None or message.case_id % 5 == 4:
            continue
        if message.case_id % 11 == 6:
            outgoing.send_back(desk, reviewer, message.id, message.version, "请写明复查日期", now)
            back += 1
            continue
        done = _approve(desk, crew, message, now)
        approved, blocked = approved + done, blocked + (not done)
    return f"审核通过 {approved} 条, 退回 {back} 条, 核查拦下 {blocked} 条"


def _approve(desk: Desk, crew: Crew, message: Message, now: datetime) -> bool:
    try:
        for role in ("press", "reviewer"):
            shown = Shown(message.account, message.reply_to)
            message = outgoing.approve(
                desk, crew.of_office(role), message.id, message.version, now, shown=shown
            )
    except Blocked:
        return False
    return True


def close(desk: Desk, now: datetime) -> None:
    """The press office closes part of what is answered."""
    found = desk.store.people.user("shenlan")
    assert found is not None
    for case in _in_state(desk, "answered"):
        if case.id % 4:
            life.close(desk, found[0], case.id, case.version, "已公开答复，办结", now)


def _in_state(desk: Desk, state: str) -> list[Case]:
    return desk.store.cases.listing(states=(state,), limit=MANY)
