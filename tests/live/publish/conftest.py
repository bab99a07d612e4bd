"""Outgoing messages and channels as the flow would hold them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.platforms import wechat as wechat_platform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from huanyu import clock
from huanyu.bureau import AccountRow
from huanyu.bureau import BureauRow
from huanyu.types import Message
from huanyu.types import MessageState

SITE = "https://sthj.example.org"
PATIENT, SHORT = 60.0, 3.0  # seconds a reader of answers waits
MakeMessage = Callable[..., Message]


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> float:
    """Seconds to wait for an answer: few where the test's `fault` is one that never comes, else more than any load takes."""
    told = getattr(request.node, "callspec", None)
    return SHORT if told is not None and told.params.get("fault") == "stall" else PATIENT


@pytest.fixture
def bureau() -> BureauRow:
    return BureauRow(
        name="聊城市生态环境局",
        short_name="市生态环境局",
        office="宣教科",
        city="聊城市",
        city_code="371500",
        phone="0635-8000000",
        account_name="聊城环境",
        public_url=SITE,
    )


@pytest.fixture
def make_message() -> MakeMessage:
    def make(**changes: object) -> Message:
        now = clock.now()
        values: dict[str, object] = {
            "id": 1,
            "key": "reply:1:weibo:1",
            "state": MessageState.SENDING,
            "channel": "weibo",
            "account": "weibo",
            "purpose": "reply",
            "title": "关于柳园街道餐饮油烟问题的办理结果",
            "text": f"您反映的问题（HY2026-000001）办理结果见：{SITE}/r/abcdef123456.html",
            "case_id": 1,
            "reply_to": "",
            "recipient": "",
            "link": f"{SITE}/r/abcdef123456.html",
            "after": "",
            "author": "chengban",
            "created_at": now - timedelta(minutes=2),
            "due_at": now,
            "attempts": 1,
            "version": 1,
        }
        return Message(**(values | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def weibo() -> Iterator[WeiboPlatform]:
    with WeiboPlatform(domains=("sthj.example.org",)) as platform:
        yield platform


@pytest.fixture
def telegram() -> Iterator[TelegramPlatform]:
    with TelegramPlatform(chats=("@lchj",)) as platform:
        yield platform


@pytest.fixture
def wechat() -> Iterator[WechatPlatform]:
    with WechatPlatform() as platform:
        yield platform


@pytest.fixture
def wechat_account(wechat: WechatPlatform) -> AccountRow:
    return AccountRow(
        key="wechat",
        channel="wechat",
        name="聊城生态环境",
        base_url=wechat.api,
        app_id=wechat_platform.APP_ID,
        secret="wechat_secret",
        cover="cover.jpg",
    )


@pytest.fixture
def weibo_account(weibo: WeiboPlatform) -> AccountRow:
    return AccountRow(
        key="weibo",
        channel="weibo",
        name="聊城环境",
        base_url=weibo.api,
        user_id=weibo.user_id,
        secret="weibo_token",
        operator_ip="192.0.2.1",
    )


@pytest.fixture
def telegram_account(telegram: TelegramPlatform) -> AccountRow:
    return AccountRow(
        key="telegram", channel="telegram", name="频道", base_url=telegram.api, chat_id="@lchj", secret="t"
    )
