"""The desk of `huanyu bench publish`: settings for every worker, three accounts, people who agree to what leaves.

Every worker has a data folder of its own, as on a machine of its own; the database is the one thing they share.
"""

from __future__ import annotations

import json
import secrets
import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from demo.platforms.server import Fault
from demo.platforms.server import Platform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.store import Store
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User

ACCOUNTS = ("weibo", "wechat", "telegram")
SITE = "https://sthj.example.org"
CHAT = "@shuicheng"
COVER = "cover.png"
#: Who agrees, at which step of a reply's reviews.
AGREE = (("first", "shenlan", "press"), ("final", "wenqing", "leader"))
SIGNERS = ("leader", "admin")
SETTINGS = """data_dir = "data"
config_dir = "../config"
secrets_file = "secrets.toml"
database = {database}
publish_live = true
"""
ACCOUNT = """[[account]]
key = "{channel}"
channel = "{channel}"
name = "水城环境"
base_url = "{url}"
user_id = "7000000001"
app_id = "{app_id}"
chat_id = "@shuicheng"
operator_ip = "203.0.113.10"
cover = "cover.png"
secret = "{channel}_secret"
verified = true
"""
#: Tight enough to be felt, wide enough for the run.
QUOTAS = """idle_days = 10

[[quota]]
channel = "{channel}"
per = "10minutes"
count = 60
source = "压力测试"
"""


class Counted(Platform):
    """A platform that counts what went wrong by chance."""

    def __init__(self) -> None:
        self.drawn: Counter[str] = Counter()
        super().__init__()

    def next_fault(self) -> Fault | None:
        """The fault for this publication, counted."""
        fault = super().next_fault()
        if fault is not None:
            self.drawn[fault.name] += 1
        return fault


class CountedWeibo(Counted, WeiboPlatform):
    """模拟微博."""


class CountedWechat(Counted, WechatPlatform):
    """模拟微信公众号."""


class CountedTelegram(Counted, TelegramPlatform):
    """模拟 Telegram."""


@dataclass(frozen=True, slots=True)
class Platforms:
    """Where the workers publish; all three are running."""

    weibo: CountedWeibo
    wechat: CountedWechat
    telegram: CountedTelegram

    def by_channel(self) -> dict[str, CountedWeibo | CountedWechat | CountedTelegram]:
        return {"weibo": self.weibo, "wechat": self.wechat, "telegram": self.telegram}

    def faults(self) -> Counter[str]:
        """What went wrong, on all of them."""
        return self.weibo.drawn + self.wechat.drawn + self.telegram.drawn


@dataclass(frozen=True)
class BenchDesk:
    """The desk that arrivals come to, and the settings of each worker."""

    desk: Desk
    settings: tuple[Path, ...]
    begins: datetime

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def kind(self) -> str:
        """SQLite or PostgreSQL."""
        return "SQLite" if self.desk.config.database.startswith("sqlite") else "PostgreSQL"

    def close(self) -> None:
        self.desk.close()

    def add(self, channel: str, number: int, now: datetime) -> None:
        """One more text, agreed to at every step."""
        draft = Draft(
            channel=channel,
            account=channel,
            purpose="reply",
            title=key_of(channel, number) if channel == "wechat" else "",
            text=f"您反映的第{number}号问题已经办结，结果见：{SITE}/r/bench{number:07d}.html",
            link=f"{SITE}/r/bench{number:07d}.html",
            stage="result",
        )
        added = self.store.outbox.add(draft, f"bench:{number}", MessageState.DRAFT, "chengban", now)
        message = self.store.outbox.get(added or 0)
        for step, name, _ in AGREE:
            message = self.store.approvals.vote(message, step, name, now, account=channel)

    def in_flight(self) -> list[Message]:
        """Every message with a call under way, or cut off."""
        return self.store.outbox.in_flight()


def key_of(channel: str, number: int) -> str:
    """What a platform counts a text by."""
    if channel == "wechat":
        return f"第{number}号问题办理结果"
    return f"您反映的第{number}号问题已经办结，结果见：{SITE}/r/bench{number:07d}.html"


def found_desk(
    folder: Path, database: str, platforms: Platforms, workers: int, begins: datetime
) -> BenchDesk:
    """Write the tables and the settings of every worker, and open the desk; raises BadInput for a used database."""
    _write_tables(folder / "config", platforms)
    address = database or f"sqlite:///{(folder / 'bench.db').as_posix()}"
    key = secrets.token_urlsafe(32)
    settings = tuple(
        _write_settings(folder / f"worker{place}", address, key, platforms) for place in range(workers)
    )
    desk = Desk.open(Config.load(settings[0]))
    if desk.store.outbox.listing(limit=1):
        desk.close()
        raise BadInput("这项测试要一个空的数据库, 里面已有稿件")
    _hire(desk.store, begins)
    return BenchDesk(desk, settings, begins)


def _write_tables(folder: Path, platforms: Platforms) -> None:
    folder.mkdir(parents=True)
    accounts = "\n".join(
        ACCOUNT.format(channel=name, url=platform.api, app_id=getattr(platform, "app_id", ""))
        for name, platform in platforms.by_channel().items()
    )
    (folder / "accounts.toml").write_text(accounts, encoding="utf-8")
    quotas = "\n".join(QUOTAS.format(channel=name).removeprefix("idle_days = 10\n") for name in ACCOUNTS)
    (folder / "publishing.toml").write_text("idle_days = 10\n" + quotas, encoding="utf-8")


def _write_settings(folder: Path, database: str, key: str, platforms: Platforms) -> Path:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / COVER).write_bytes(_white_pixel())
    path = folder / "secrets.toml"
    path.touch(mode=0o600)
    values = {
        "store_key": key,
        "weibo_secret": platforms.weibo.token,
        "wechat_secret": platforms.wechat.secret,
        "telegram_secret": platforms.telegram.token,
    }
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items()))
    settings = folder / "huanyu.toml"
    settings.write_text(SETTINGS.format(database=json.dumps(database)), encoding="utf-8")
    return settings


def _hire(store: Store, now: datetime) -> None:
    people = [(name, role) for _, name, role in AGREE]
    for name, role in (*people, ("guanli", "admin")):
        _person(store, name, role, now)
    for name in ("wenqing", "guanli"):
        store.switches.sign_live(name, SIGNERS, now)


def _person(store: Store, name: str, role: str, now: datetime) -> User:
    return store.people.add_user(
        name=name, full_name=f"{name}同志", role=role, unit="", password_hash="", now=now
    )


def _white_pixel() -> bytes:
    """The smallest PNG there is."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00\xff"))
        + chunk(b"IEND", b"")
    )
