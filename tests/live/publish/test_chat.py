"""Robots of work chats against local webhooks that refuse, stall and say no with HTTP 200."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from demo.platforms import robots as platform
from demo.platforms.robots import RobotsPlatform
from demo.platforms.robots import Said
from huanyu.bureau import AccountRow
from huanyu.bureau import RecipientRow
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from publisher.channels.chat import DIALECTS
from publisher.channels.chat import ChatChannel
from tests.live.publish.conftest import PATIENT
from tests.live.publish.conftest import MakeMessage

ROBOTS = tuple(DIALECTS)
LATER = {"wecom": 45009, "dingtalk": 130101, "feishu": 9499}
NO = {"wecom": 93000, "dingtalk": 310000, "feishu": 19024}
LINE = "《每日舆情》2026年第3期 http://127.0.0.1:8460/bulletins/3"


@pytest.fixture
def group() -> Iterator[RobotsPlatform]:
    with RobotsPlatform() as running:
        yield running


def channel(robot: str, url: str, token: str = platform.TOKEN, patience: float = PATIENT) -> ChatChannel:
    account = AccountRow(key="group", channel=robot, name="值班群", base_url=url, verified=True)
    return ChatChannel(account, token, timeout=httpx.Timeout(patience))


@pytest.mark.parametrize("robot", ROBOTS)
def test_one_line_arrives_in_the_group_as_each_platform_wants_it(
    robot: str, group: RobotsPlatform, make_message: MakeMessage
) -> None:
    channel(robot, group.url).send(make_message(text=LINE))
    assert group.kept == [Said(robot, LINE)]


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_refusal_with_http_200_is_a_refusal_that_says_what_to_do(
    robot: str, group: RobotsPlatform, make_message: MakeMessage
) -> None:
    group.fail_next("refuse", error_code=NO[robot])
    with pytest.raises(Refused, match=str(NO[robot])):
        channel(robot, group.url).send(make_message())
    with pytest.raises(Refused, match="密钥无效") as caught:
        channel(robot, group.url, "another-token").send(make_message())
    assert "another-token" not in f"{caught.value!r}"
    assert group.kept == []


@pytest.mark.parametrize("robot", ROBOTS)
def test_too_many_messages_are_sent_again_later(
    robot: str, group: RobotsPlatform, make_message: MakeMessage
) -> None:
    group.fail_next("rate_limit", error_code=LATER[robot])
    with pytest.raises(Unavailable):
        channel(robot, group.url).send(make_message())
    assert group.kept == []


@pytest.mark.parametrize("robot", ROBOTS)
@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        ("stall", 1),
        ("drop_after_accept", 1),
        ("error_after_accept", 1),
        ("drop_before_accept", 0),
        ("error_before_accept", 0),
        ("html", 0),
    ],
)
def test_an_answer_that_never_came_whole_is_unknown_and_tells_no_token(
    robot: str, fault: str, kept: int, patience: float, group: RobotsPlatform, make_message: MakeMessage
) -> None:
    group.fail_next(fault)
    with pytest.raises(Unknown) as caught:
        channel(robot, group.url, patience=patience).send(make_message())
    assert len(group.kept) == kept
    assert platform.TOKEN not in f"{caught.value!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_platform_out_of_reach_got_nothing(robot: str, make_message: MakeMessage) -> None:
    with RobotsPlatform() as gone:
        url = gone.url
    with pytest.raises(Unavailable):
        channel(robot, url).send(make_message())


@pytest.mark.parametrize("robot", ROBOTS)
def test_what_is_too_long_never_leaves(robot: str, group: RobotsPlatform, make_message: MakeMessage) -> None:
    with pytest.raises(Refused, match="字节"):
        channel(robot, group.url).send(make_message(text="长" * 7000))
    assert group.kept == []


def test_a_group_gets_number_and_link_and_no_file() -> None:
    with pytest.raises(ValueError, match="只发期号和链接"):
        RecipientRow(key="g", name="值班群", channel="chat", address="group", form="pdf")
