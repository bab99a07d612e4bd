"""What came after publishing, on top of a made desk: a post changed, a strange text, unhappy answers, a 更正."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from made_desk import NOW
from made_desk import PEOPLE
from made_desk import user
from sqlalchemy import update

from flow import corrections
from flow.desk import Desk
from huanyu.store.tables import account_states
from huanyu.store.tables import outbox
from huanyu.types import CopyState
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Response
from huanyu.types import Seen
from huanyu.types import Sighting

WRONG, RIGHT = "责任单位管理不到位", "责任单位夜间管理不到位"
SENT = NOW - timedelta(hours=3)


@dataclass(frozen=True)
class Afterwards:
    """What a test needs to know."""

    changed: int  #: a message whose text somebody changed on the platform
    case: int
    slips: tuple[int, ...]  #: messages of the first 更正


def fill(desk: Desk, rehearsed: int) -> Afterwards:
    """As if the rehearsed reply had been published, and all that can go wrong had gone wrong."""
    message = _published(desk, rehearsed)
    desk.store.published.begin(timedelta(minutes=2), SENT)
    copy = desk.store.published.of([message.id])[message.id]
    told = "回看发现平台上的内容与本局发布的不同"
    other = message.text.replace("确实存在", "基本不存在")
    seen = Sighting(
        state=CopyState.CHANGED,
        copy=message.text,
        found=other,
        next_at=NOW + timedelta(days=1),
        note=told,
        views=1260,
        comments=2,
    )
    desk.store.published.saw(copy, seen, None, SENT + timedelta(minutes=15))
    at = SENT + timedelta(hours=1)
    said = [
        (Response(platform_id="1", text="效率很高，第二天就有人来看了，谢谢", at=at), "positive"),
        (Response(platform_id="2", text="晚上照样有味，来查的时候当然没有", at=at), "negative"),
        (Response(platform_id="3", text="糊弄人，电话1386351****也没人接", at=at), "negative"),
    ]
    desk.store.heard.add(message.id, said, 2, None, at)
    stray = Seen(platform_id="77", text="转发抽奖，加微信领红包", url="https://weibo.example.org/77", at=at)
    desk.store.strays.add("weibo", stray, None, at)
    press = user(desk, PEOPLE["press"][0])
    made = corrections.correct(desk, press, message.id, WRONG, RIGHT, "与现场笔录不符", NOW)
    slips = desk.store.corrections.messages([made.serial])[made.serial]
    _followed(desk)
    return Afterwards(message.id, message.case_id or 0, tuple(one.id for one in slips))


def _published(desk: Desk, message_id: int) -> Message:
    values = {"state": MessageState.SENT, "sent_at": SENT, "platform_id": "abcdef123456", "stage": "result"}
    with desk.store._database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.id == message_id).values(**values))
    return desk.store.outbox.get(message_id)


def _followed(desk: Desk) -> None:
    """Followers of two days."""
    desk.store.strays.have_read("weibo", NOW, NOW)
    for days, followers in ((40, 18_230), (0, 20_310)):
        with desk.store._database.write() as tx:
            mine = account_states.c.account == "weibo"
            tx.execute(update(account_states).where(mine).values(followers=followers))
        desk.store.publishing.keep_followers(NOW - timedelta(days=days))
