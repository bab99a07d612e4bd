"""A small invented bureau at work: a desk on a given database, local platforms, colleagues, a dozen posts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from functools import cache
from pathlib import Path

from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import cycle
from flow import findings
from flow import life
from flow import switches
from flow import teaching
from flow.desk import Desk
from huanyu.bureau import Bureau
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.config import load_bureau
from huanyu.store.tables import metadata
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Result
from huanyu.types import SourceKind
from huanyu.types import User
from tests.agreed import sign_off
from tests.fresh import STORE_KEY

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)  # a Tuesday, inside office hours
MORNING = NOW.replace(hour=8, minute=30) + timedelta(days=1)
MANY = 1000

PAINT = "许营镇赵庄西头有家小喷漆房，一到夜里就开工，油漆味熏得孩子直咳嗽，反映好几回了没人管"
RIVER = "徒骇河茌平振兴街道段排污口往河里排黑水，河面漂着死鱼，臭味刺鼻熏得人头晕"
HOMELESS = "楼下的机器嗡嗡响了一整夜，吵得头疼，到底有没有人管管这噪音"  # names no place
#: Nine complaints, of which two are one matter, and four texts that are none.
TEXTS = (
    PAINT,
    "东昌府区柳园街道振兴路烧烤店没装油烟净化器，油烟直接往楼上灌，住户不敢开窗",
    RIVER,
    "临清市青年路街道建筑工地凌晨两点还在打桩，噪音大得整栋楼睡不着，请环保局管管",
    "莘县古云镇化工厂半夜偷排废气，一股刺鼻的酸味，村里老人喘不上气",
    "冠县烟庄街道养殖场粪污直接排到村东沟里，苍蝇满天飞，臭气熏天",
    "阳谷县侨润街道渣土车不盖篷布，一路撒土，扬尘呛人，一天到晚灰蒙蒙",
    HOMELESS,
    "许营镇赵庄西头有家小喷漆房，一到夜里就开工，油漆味熏得孩子直咳嗽，反映好几回了没人管啊",
    "今天东昌湖的晚霞真美，和家人散步心情舒畅",
    "聊城市生态环境局组织开展六五环境日宣传活动，走进社区普及垃圾分类知识",
    "请问聊城机动车环保检测在哪里办理，周末上班吗",
    "羊肉汤还是老街那家正宗，周末又去排队了",
)
COMPLAINTS, MATTERS = 9, 8
#: What was found and done at the river: no reply is a copy of another.
ELSEWHERE = {
    "found": "排口当时正向河道排水，水样灰黑，上游雨污管网错接一处，已采样两份送检。",
    "measure": "封堵错接的管口，责成养护单位十日内改造管网，对责任单位立案。",
    "next_step": "每三天取一次河水化验，结果在村口张贴。",
}

SETTINGS = """data_dir = "data"
config_dir = "config"
secrets_file = "secrets.toml"
database = {database}
publish_live = {live}
notify_live = {live}
smtp_host = "127.0.0.1"
smtp_port = {smtp}
smtp_from = "desk@sthj.example.org"
"""
ACCOUNTS = """
[[account]]
key = "site"
channel = "site"
name = "本局网站"
verified = true

[[account]]
key = "weibo"
channel = "weibo"
name = "水城环境"
base_url = {weibo}
user_id = {user_id}
secret = "weibo_token"
operator_ip = "203.0.113.10"
verified = true

[[account]]
key = "telegram"
channel = "telegram"
name = "水城环境频道"
base_url = {telegram}
chat_id = "@shuicheng"
secret = "telegram_token"
verified = true

[[account]]
key = "mail"
channel = "mail"
name = "工作邮箱"
verified = true
"""


@dataclass(frozen=True)
class Platforms:
    """Where the desk publishes; all three are running."""

    weibo: WeiboPlatform
    telegram: TelegramPlatform
    mail: SmtpPlatform


@dataclass(frozen=True)
class Office:
    """The desk and the people around it."""

    desk: Desk
    platforms: Platforms
    press: User
    reviewer: User
    leader: User

    def handler(self, unit: str) -> User:
        return colleague(self.desk, unit, "handler", unit)

    def fill(self, texts: tuple[str, ...] = TEXTS, now: datetime = NOW) -> None:
        """Posts as a spider hands them in, then everything up to the hand-over slip."""
        self.desk.store.posts.add([raw(number, one, now) for number, one in enumerate(texts)], now=now)
        cycle.run(self.desk, "understand", now)
        self.judge(now)
        cycle.turn(self.desk, now, ("open", "route"))

    def judge(self, now: datetime = NOW) -> None:
        """The press office says what the classifier was not sure of."""
        for post, verdict in self.desk.store.posts.listing(view="unsure", limit=MANY):
            assert verdict is not None
            is_one = post.text in TEXTS[:COMPLAINTS]
            type_ = PostType.COMPLAINT if is_one else PostType.OTHER
            teaching.correct_label(
                self.desk, self.press, post.id, type_, verdict.kinds if is_one else (), now
            )

    def case(self, state: str = "", one: str = PAINT) -> Case:
        """The case of one text, which must be in `state`."""
        (found,) = self.desk.store.cases.listing(text=one[:12], limit=MANY)
        assert not state or found.state == state
        return found

    def handle(self, case: Case, now: datetime = NOW) -> Case:
        """The unit signs, looks and reports."""
        person = self.handler(case.unit)
        signed = life.sign(self.desk, person, case.id, case.version, now)
        told = ELSEWHERE if case.first_text == RIVER else {}
        return findings.record_result(self.desk, person, signed.id, signed.version, found(now, **told), now)

    def replying(self, one: str = PAINT) -> tuple[Case, dict[str, Message]]:
        """A case whose reply waits for review, with its messages by channel."""
        self.handle(self.case("assigned", one))
        cycle.run(self.desk, "draft", NOW)
        case = self.case("replying", one)
        return case, self.replies(case)

    def replies(self, case: Case) -> dict[str, Message]:
        listed = self.desk.store.outbox.listing(purpose="reply", case_id=case.id, limit=MANY)
        return {message.channel: message for message in listed}

    def approve(self, messages: dict[str, Message], now: datetime = NOW) -> None:
        for message in messages.values():
            self.sign_off(message, now)

    def sign_off(self, message: Message, now: datetime = NOW, override: str = "") -> Message:
        """Every step of its reviews that is left, by whoever of the office may take it."""
        return sign_off(self.desk, (self.press, self.reviewer, self.leader), message, now, override)

    def states(self, case: Case) -> dict[str, MessageState]:
        return {channel: message.state for channel, message in self.replies(case).items()}

    def is_silent(self) -> bool:
        """Whether nothing has reached any platform."""
        out = self.platforms
        pages = list(self.desk.config.site_dir.glob("r/*.html"))
        return not (out.weibo.published or out.telegram.published or out.mail.published or pages)


@contextmanager
def at_work(folder: Path, database: str, live: bool = True) -> Iterator[Office]:
    """An office in `folder` on `database`, its platforms running on this machine."""
    with ExitStack() as running:
        platforms = Platforms(
            running.enter_context(WeiboPlatform()),
            running.enter_context(TelegramPlatform()),
            running.enter_context(SmtpPlatform()),
        )
        desk = opened(configure(folder, database, platforms, live))
        running.callback(desk.close)
        yield staffed(desk, platforms)


@cache
def reader() -> Reader:
    """The shipped classifier with the shipped places, loaded once for all tests."""
    return Reader(Classifier.load(), Gazetteer(shipped().places, enterprises=shipped().enterprises))


@cache
def shipped() -> Bureau:
    """The shipped tables."""
    return load_bureau(SHIPPED)


def opened(settings: Path) -> Desk:
    """The desk of a huanyu.toml, with the reader all tests share, and its places where they are the desk's own."""
    desk = Desk.open(Config.load(settings))
    desk.__dict__["reader"] = reader()
    if (desk.bureau.places, desk.bureau.enterprises) == (shipped().places, shipped().enterprises):
        desk.__dict__["gazetteer"] = reader().gazetteer
    return desk


def staffed(desk: Desk, platforms: Platforms) -> Office:
    press, reviewer, leader = (colleague(desk, role, role) for role in ("press", "reviewer", "leader"))
    if desk.config.settings.publish_live:
        signed = {one.actor for one in switches.signatures(desk)}
        for signer in (leader, colleague(desk, "admin", "admin")):
            if signer.name not in signed:
                switches.sign_live(desk, signer, NOW)
    return Office(desk, platforms, press, reviewer, leader)


def colleague(desk: Desk, name: str, role: str, unit: str = "") -> User:
    """The person of that name, new or known."""
    known = desk.store.people.user(name)
    if known is not None:
        return known[0]
    return desk.store.people.add_user(
        name=name, full_name=f"{name}同志", role=role, unit=unit, password_hash="", now=NOW
    )


def configure(folder: Path, database: str, platforms: Platforms, live: bool = True) -> Path:
    """Write huanyu.toml, the accounts and the secrets; returns the first one's path."""
    (folder / "config").mkdir(parents=True, exist_ok=True)
    accounts = ACCOUNTS.format(
        weibo=json.dumps(platforms.weibo.api),
        user_id=json.dumps(platforms.weibo.user_id),
        telegram=json.dumps(platforms.telegram.api),
    )
    (folder / "config" / "accounts.toml").write_text(accounts, encoding="utf-8")
    secrets = {
        "store_key": STORE_KEY,
        "weibo_token": platforms.weibo.token,
        "telegram_token": platforms.telegram.token,
    }
    path = folder / "secrets.toml"
    path.touch(mode=0o600)
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in secrets.items()))
    settings = SETTINGS.format(database=json.dumps(database), live=json.dumps(live), smtp=platforms.mail.port)
    path = folder / "huanyu.toml"
    path.write_text(settings, encoding="utf-8")
    return path


def raw(number: int, said: str, now: datetime = NOW) -> RawPost:
    return RawPost(
        source="weibo-mentions",
        kind=SourceKind.WEIBO,
        native_id=f"51510009{number:08d}",
        url=f"https://weibo.example.org/{number}",
        text=said,
        author=f"水城网友{number}",
        author_id=f"66000{number:05d}",
        posted_at=now - timedelta(minutes=90 - number),
        fetched_at=now - timedelta(minutes=30),
        raw=json.dumps({"text": said}, ensure_ascii=False).encode(),
        raw_type="application/json",
    )


def found(now: datetime = NOW, **more: object) -> Result:
    values: dict[str, object] = {
        "finding": "属实",
        "visited_at": now,
        "found": "现场检查时该处正在作业，未配套废气收集处理设施，厂界可闻到明显气味。",
        "measure": "责令立即停止作业，对现场设备予以查封，立案调查。",
        "basis": "《大气污染防治法》第四十五条",
        "next_step": "整改完成前每周巡查一次。",
        "internal_report": "内部情况：此处为第二次被反映。",
    }
    return Result(**(values | more))  # type: ignore[arg-type]


def everything(desk: Desk, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table, as text; asked of the driver itself, as some tests look after each step."""
    with desk.store._database.read() as tx, closing(tx.connection.cursor()) as rows:
        return {
            name: sorted(map(repr, rows.execute(f'SELECT * FROM "{name}"').fetchall()))
            for name in metadata.tables
            if name not in without
        }
