"""A signed bulletin in the groups of 企业微信, 钉钉 and 飞书: announced once, tried again, shown where it did not arrive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from demo.platforms import robots as platform
from demo.platforms.robots import RobotsPlatform
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.weibo import WeiboPlatform
from flow import circulation
from flow import cycle
from flow import papers
from flow import redelivery
from huanyu.types import Delivery
from huanyu.types import MessageState
from tests.flow.office import NOW
from tests.flow.office import RIVER
from tests.flow.office import Office
from tests.flow.office import Platforms
from tests.flow.office import at_work
from tests.flow.office import configure
from tests.flow.office import opened
from tests.flow.office import staffed

SOON = NOW + timedelta(minutes=5)
ROBOTS = {"wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}
ROBOT = """
[[account]]
key = "{robot}_group"
channel = "{robot}"
name = "{name}值班群"
base_url = {url}
secret = "robot_token"
verified = true
"""
GROUP = """
[[recipient]]
key = "{robot}"
name = "{name}值班群"
channel = "chat"
address = "{robot}_group"
form = "link"
"""
LEADER = """
[[recipient]]
key = "leader"
name = "分管领导"
channel = "console"
address = "leader"
"""


@pytest.fixture(scope="module")
def filled(pattern_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A working day's posts and cases, made once."""
    with at_work(tmp_path_factory.mktemp("filled"), pattern_url) as working:
        working.fill()


@pytest.fixture
def groups() -> Iterator[RobotsPlatform]:
    with RobotsPlatform() as running:
        yield running


@pytest.fixture
def office(filled: None, copied_url: str, tmp_path: Path, groups: RobotsPlatform) -> Iterator[Office]:
    """An office whose bulletins go to three groups and to its leader's console."""
    with ExitStack() as running:
        others = [running.enter_context(one()) for one in (WeiboPlatform, TelegramPlatform, SmtpPlatform)]
        platforms = Platforms(*others)
        settings = configure(tmp_path, copied_url, platforms)
        url = json.dumps(groups.url)
        with (tmp_path / "config" / "accounts.toml").open("a", encoding="utf-8") as file:
            file.writelines(ROBOT.format(robot=key, name=name, url=url) for key, name in ROBOTS.items())
        listed = "".join(GROUP.format(robot=key, name=name) for key, name in ROBOTS.items())
        (tmp_path / "config" / "recipients.toml").write_text(listed + LEADER, encoding="utf-8")
        with (tmp_path / "secrets.toml").open("a", encoding="utf-8") as file:
            file.write(f"robot_token = {json.dumps(platform.TOKEN)}\n")
        desk = opened(settings)
        running.callback(desk.close)
        yield staffed(desk, platforms)


def signed(office: Office) -> int:
    """A 舆情简报 the leader signed; the slips to the units are out of the way."""
    cycle.run(office.desk, "deliver", NOW)
    return papers.sign_brief(office.desk, office.leader, "brief", [office.case(one=RIVER).id], SOON).id


def delivery(office: Office, bulletin_id: int, recipient: str, correction: int = 0) -> Delivery:
    return next(
        one
        for one in office.desk.store.archive.standing(bulletin_id).deliveries
        if (one.recipient, one.correction) == (recipient, correction)
    )


def test_every_group_is_told_number_and_link_once_and_the_leader_has_read_it(office, groups):
    made = signed(office)
    for later in range(3):
        cycle.run(office.desk, "deliver", SOON + timedelta(minutes=later))
    line = f"《舆情简报》2026年第1期 http://127.0.0.1:8460/bulletins/{made}"
    assert sorted((one.robot, one.text) for one in groups.kept) == [(robot, line) for robot in sorted(ROBOTS)]
    assert {delivery(office, made, robot).state for robot in ROBOTS} == {MessageState.SENT}
    assert office.desk.store.archive.unread("leader") == [made]
    office.desk.store.circulation.open(made, "leader", SOON)
    assert office.desk.store.archive.unread("leader") == []
    assert [one.reader for one in office.desk.store.archive.standing(made).opened] == ["leader"]


def test_a_group_that_is_too_busy_is_shown_and_told_later_without_anybody(office, groups):
    made = signed(office)
    groups.fail_next("rate_limit", error_code=45009)
    cycle.run(office.desk, "deliver", SOON)
    (stuck,) = office.desk.store.archive.undelivered()
    assert (stuck.recipient, stuck.state, stuck.attempts) == ("wecom", MessageState.APPROVED, 1)
    assert "发送太频繁" in stuck.note
    cycle.run(office.desk, "deliver", stuck.due_at)
    assert office.desk.store.archive.undelivered() == []
    assert delivery(office, made, "wecom").state is MessageState.SENT
    assert len(groups.kept) == len(ROBOTS)


def test_a_group_that_refuses_is_shown_with_its_reason_until_a_person_sends_it_again(office, groups):
    made = signed(office)
    groups.fail_next("refuse", error_code=93000)
    for later in range(3):
        cycle.run(office.desk, "deliver", SOON + timedelta(hours=later))
    (stuck,) = office.desk.store.archive.undelivered()
    assert (stuck.recipient, stuck.state) == ("wecom", MessageState.REFUSED)
    assert "机器人密钥无效，请管理员更换" in stuck.note
    assert {one.robot for one in groups.kept} == {"dingtalk", "feishu"}
    redelivery.retry(office.desk, office.press, stuck.id, SOON + timedelta(hours=4))
    cycle.run(office.desk, "deliver", SOON + timedelta(hours=4))
    assert delivery(office, made, "wecom").state is MessageState.SENT
    assert office.desk.store.archive.undelivered() == []


def test_a_line_that_may_be_in_the_group_is_not_said_twice_until_a_person_looked(office, groups):
    made = signed(office)
    groups.fail_next("drop_after_accept")
    for later in range(3):
        cycle.run(office.desk, "deliver", SOON + timedelta(hours=later))
    (stuck,) = office.desk.store.archive.undelivered()
    assert stuck.state is MessageState.UNKNOWN
    assert len(groups.kept) == len(ROBOTS)
    redelivery.settle(office.desk, office.press, stuck.id, arrived=True, now=SOON + timedelta(hours=4))
    assert delivery(office, made, stuck.recipient).state is MessageState.SENT
    assert len(groups.kept) == len(ROBOTS)


def test_a_withdrawal_is_told_in_every_group_that_was_told_the_issue(office, groups):
    made = signed(office)
    cycle.run(office.desk, "deliver", SOON)
    circulation.withdraw(office.desk, office.leader, made, "承办单位写错了", SOON)
    cycle.run(office.desk, "deliver", SOON)
    told = [one.text for one in groups.kept if "撤回" in one.text]
    assert told == [f"《舆情简报》2026年第1期撤回 http://127.0.0.1:8460/bulletins/{made}"] * len(ROBOTS)
    assert {delivery(office, made, robot, -1).state for robot in ROBOTS} == {MessageState.SENT}
