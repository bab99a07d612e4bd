"""What the press office of the console tests has written: a line of the log, a media contact."""

from __future__ import annotations

from datetime import datetime

from flow import press_contacts
from flow import press_log
from flow.desk import Desk
from flow.press_contacts import Told
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


def _press(desk: Desk) -> User:
    found = desk.store.people.user("xuanjiao")
    assert found is not None
    return found[0]
