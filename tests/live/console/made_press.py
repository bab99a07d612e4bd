"""What the press office of the console tests has written: the log, a media contact, a conference with an answer."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from flow import case_batches
from flow import conferences
from flow import press_answers
from flow import press_contacts
from flow import press_log
from flow.desk import Desk
from flow.press_answers import Said
from flow.press_contacts import Told
from huanyu.types import ConferencePlan
from huanyu.types import User

PHONE = "0635-8000123"


def record(desk: Desk, now: datetime) -> int:
    """A report of a newspaper."""
    told = {
        "kind": "coverage",
        "day": now.date().isoformat(),
        "title": "夜间油烟整治见成效",
        "outlet": "聊城日报",
        "slot": "环保专版",
        "tone": "positive",
    }
    return press_log.entry(desk, _press(desk), told, {}, now).id


def contact(desk: Desk, now: datetime) -> int:
    """A reporter with a telephone."""
    told = Told(name="闻笔", outlet="聊城日报", kind="驻点记者", duty="生态环境", phone=PHONE)
    return press_contacts.add(desk, _press(desk), told, now).id


def conference(desk: Desk, now: datetime) -> tuple[int, int]:
    """One being planned, and an answer for it that somebody has approved: their numbers."""
    plan = ConferencePlan(
        theme="夜间油烟整治",
        at=now + timedelta(days=3),
        place="局机关三楼会议室",
        host="言正（办公室主任）",
        speakers=("陆清（副局长）",),
        invited=("聊城日报", "聊城电视台"),
        agenda="通报整治情况\n答记者问",
    )
    made = conferences.plan(desk, _press(desk), plan, now)
    said = Said(kind="question", question="整治何时完成？", answer="整治按方案分两步推进，年底前完成。")
    answer = press_answers.write(desk, _press(desk), said, now)
    conferences.add_answer(desk, _press(desk), made.id, answer.id, now)
    leader = desk.store.people.user("juzhang")
    assert leader is not None
    press_answers.approve(desk, leader[0], answer.id, answer.version, now)
    return made.id, answer.id


def typical(desk: Desk, now: datetime) -> int:
    """An empty batch of 典型案例."""
    return case_batches.begin(desk, _press(desk), "现将近期查处的案件公布如下。", now).id


def _press(desk: Desk) -> User:
    found = desk.store.people.user("xuanjiao")
    assert found is not None
    return found[0]
