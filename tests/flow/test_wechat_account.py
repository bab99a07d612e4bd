"""An office with a WeChat account: jobs told by the platform late or three times, answers nobody approved, press mail."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import SECRET
from demo.platforms.wechat import WechatPlatform
from demo.platforms.wechat_talk import PUSH_TOKEN
from demo.platforms.weibo import WeiboPlatform
from flow import accounts
from flow import afterwards
from flow import callbacks
from flow import cycle
from flow import doubts
from flow import press
from flow import publishing_figures
from flow.press import Order
from huanyu.errors import BadInput
from huanyu.types import Message
from huanyu.types import MessageState
from tests import photos
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import colleague
from tests.flow.office import configure
from tests.flow.office import opened
from tests.flow.office import staffed

SOON = NOW + timedelta(minutes=1)
CONTACTS = ("li@daily.example.org", "wang@radio.example.org")
ROW = """
[[account]]
key = "wechat"
channel = "wechat"
name = "水城生态环境"
base_url = {api}
app_id = {app_id}
secret = "wechat_secret"
cover = "cover.jpg"
mode = {mode}
push_url = {push}
push_token = "wechat_push"
verified = true
"""


@dataclass(frozen=True)
class WithWechat:
    """The office and its account."""

    office: Office
    wechat: WechatPlatform

    def queued(self) -> Message:
        """An approved text that WeChat has taken, and of which nobody knows yet what became of it."""
        order = Order(
            product="notice",
            told={
                "name": "关于柳园街道噪声巡查的情况",
                "body": "本周夜间检查建筑工地噪声12处，2处超时施工已责令停工整改。",
            },
            accounts=("wechat",),
            at=NOW,
        )
        (made,) = write(self.office, order)
        self.office.sign_off(self.office.desk.store.outbox.get(made))
        cycle.run(self.office.desk, "deliver", NOW)
        waiting = self.office.desk.store.outbox.get(made)
        assert waiting.state is MessageState.UNKNOWN
        return waiting


def write(office: Office, order: Order) -> list[int]:
    author = colleague(office.desk, "second-press", "press")
    return press.write(office.desk, author, order, NOW)


@pytest.fixture(params=["publish"])
def at(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[WithWechat]:
    with ExitStack() as running:
        wechat = running.enter_context(WechatPlatform())
        platforms = Platforms(
            *(running.enter_context(one()) for one in (WeiboPlatform, TelegramPlatform, SmtpPlatform))
        )
        shutil.copy(sqlite_template, tmp_path / "desk.db")
        settings = configure(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", platforms)
        row = ROW.format(
            api=json.dumps(wechat.api),
            app_id=json.dumps(wechat.app_id),
            mode=json.dumps(request.param),
            push=json.dumps(wechat.push_url),
        )
        with (tmp_path / "config" / "accounts.toml").open("a", encoding="utf-8") as file:
            file.write(f"contacts = {json.dumps(CONTACTS)}\n{row}")
        with (tmp_path / "secrets.toml").open("a", encoding="utf-8") as file:
            file.write(f'wechat_secret = "{SECRET}"\nwechat_push = "{PUSH_TOKEN}"\n')
        desk = opened(settings)
        running.callback(desk.close)
        (desk.config.site_dir.parent / "cover.jpg").write_bytes(photos.jpeg())
        yield WithWechat(staffed(desk, platforms), wechat)


def event(at: WithWechat, message: Message) -> bytes:
    return at.wechat.callback(message.platform_id.split(":")[1])


@pytest.mark.parametrize("at", ["publish", "mass"], indirect=True)
def test_a_job_told_three_times_is_settled_once(at: WithWechat) -> None:
    desk, message = at.office.desk, at.queued()
    body = event(at, message)
    assert [callbacks.wechat(desk, "wechat", body, SOON) for _ in range(3)] == [True, False, False]
    done = desk.store.outbox.get(message.id)
    assert (done.state, done.platform_url) == (
        MessageState.SENT,
        f"https://mp.example.org/s/{at.wechat.published[0].id}",
    )
    assert doubts.read_back(desk, SOON) == 0
    assert set(at.wechat.times().values()) == {1}


@pytest.mark.parametrize("at", ["mass"], indirect=True)
def test_a_mass_sending_settled_so_still_knows_where_its_comments_are(at: WithWechat) -> None:
    message = at.queued()
    callbacks.wechat(at.office.desk, "wechat", event(at, message), SOON)
    assert at.office.desk.store.outbox.get(message.id).platform_id == message.platform_id
    assert message.platform_id.count(":") == 2


@pytest.mark.parametrize("at", ["mass"], indirect=True)
def test_its_reach_and_its_followers_stand_in_the_statistics(at: WithWechat) -> None:
    desk, at.wechat.today = at.office.desk, NOW
    message = at.queued()
    callbacks.wechat(desk, "wechat", event(at, message), NOW)
    accounts.look(desk, NOW)
    for days in (1, 2):
        afterwards.look(desk, NOW + timedelta(days=days))
    afterwards.timelines(desk, NOW)
    found = publishing_figures.year(desk, NOW.year, NOW + timedelta(days=2))
    (month,) = [one for one in found.months if one.account == "wechat"]
    assert (month.pushes, month.articles, month.views, month.viewed) == (1, 1, 678, 1)
    assert desk.store.accounts.state("wechat").followers == at.wechat.followers


def test_a_job_told_late_changes_nothing_that_was_found_already(at: WithWechat) -> None:
    desk, message = at.office.desk, at.queued()
    body = event(at, message)
    assert doubts.read_back(desk, SOON) == 1
    found = desk.store.outbox.get(message.id)
    at.wechat.remove(at.wechat.published[0].id)
    assert not callbacks.wechat(desk, "wechat", body, SOON + timedelta(hours=3))
    assert not callbacks.wechat(desk, "wechat", event(at, message), SOON + timedelta(hours=3))
    assert desk.store.outbox.get(message.id) == found


@pytest.mark.parametrize(
    ("at", "status", "why"), [("publish", 4, "平台审核不通过"), ("mass", 4, "欺诈")], indirect=["at"]
)
def test_a_job_that_failed_is_refused_with_its_reason(at: WithWechat, status: int, why: str) -> None:
    at.wechat.next_status = status
    message = at.queued()
    assert callbacks.wechat(at.office.desk, "wechat", event(at, message), SOON)
    done = at.office.desk.store.outbox.get(message.id)
    assert (done.state, why in done.note) == (MessageState.REFUSED, True)


def test_a_job_that_still_runs_or_is_somebody_elses_settles_nothing(at: WithWechat) -> None:
    at.wechat.takes = timedelta(hours=1)
    desk, message = at.office.desk, at.queued()
    assert not callbacks.wechat(desk, "wechat", event(at, message), SOON)
    at.wechat.takes = timedelta(0)
    assert not callbacks.wechat(desk, "another", event(at, message), SOON)
    other = event(at, message).replace(message.platform_id.split(":")[1].encode(), b"999")
    assert not callbacks.wechat(desk, "wechat", other, SOON)
    assert not callbacks.wechat(
        desk, "wechat", "<xml><MsgType>text</MsgType><Content>问</Content></xml>".encode(), SOON
    )
    with pytest.raises(BadInput, match="微信推送"):
        callbacks.wechat(desk, "wechat", b"<xml>", SOON)
    assert desk.store.outbox.get(message.id).state is MessageState.UNKNOWN


def test_an_answer_that_nobody_approved_is_told_to_the_press_office_within_the_hour_and_once(
    at: WithWechat,
) -> None:
    desk = at.office.desk
    assert accounts.look(desk, NOW) > 0
    at.wechat.talk.service = lambda _: "不说话也没人当你是哑巴"
    assert accounts.look(desk, NOW + accounts.EVERY) > 0
    (standing,) = [one for one in accounts.standings(desk, NOW) if one.row.key == "wechat"]
    assert (standing.kept.state, standing.needs_person) == ("unsafe", True)
    assert "哑巴" in standing.kept.note
    accounts.look(desk, NOW + 2 * accounts.EVERY)
    cycle.run(desk, "deliver", NOW + 2 * accounts.EVERY)
    told = [
        mail.message["Subject"]
        for mail in at.office.platforms.mail.published
        if "水城生态环境" in mail.message["Subject"]
    ]
    assert told == ["【账号提醒】水城生态环境：会自动乱答"]
    at.wechat.talk.service = lambda _: ""
    accounts.look(desk, NOW + 3 * accounts.EVERY)
    assert desk.store.accounts.state("wechat").state == "ok"


def test_a_press_release_is_one_mail_for_each_contact(at: WithWechat) -> None:
    order = Order(
        product="notice",
        told={"name": "六五环境日开放监测站", "body": "6月5日9时至16时，市生态环境监测中心向公众开放。"},
        accounts=("site", "mail"),
        at=NOW,
    )
    made = [at.office.desk.store.outbox.get(one) for one in write(at.office, order)]
    assert sorted(one.recipient for one in made if one.channel == "mail") == sorted(CONTACTS)
    assert len({one.key for one in made}) == 3
    for one in made:
        at.office.sign_off(one)
    cycle.run(at.office.desk, "deliver", NOW)
    taken = [mail for mail in at.office.platforms.mail.published if "六五环境日" in mail.message["Subject"]]
    assert sorted(mail.recipients for mail in taken) == sorted((one,) for one in CONTACTS)
    assert all("监测站" in mail.message["Subject"] and "开放" in mail.text for mail in taken)
