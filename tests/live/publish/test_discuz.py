"""A forum is posted to by a person: what they are given, and which address is believed."""

from __future__ import annotations

import pytest

from huanyu.bureau import AccountRow
from huanyu.errors import Refused
from publisher.channels.discuz import DiscuzChannel
from tests.live.publish.conftest import MakeMessage

BASE = "https://bbs.example.org"


@pytest.fixture
def channel() -> DiscuzChannel:
    return DiscuzChannel(AccountRow(key="forum", channel="discuz", name="论坛", base_url=f"{BASE}/"))


@pytest.mark.parametrize(
    ("reply_to", "asked"), [("88", "goto=findpost&pid=88"), ("7/88", "goto=findpost&ptid=7&pid=88")]
)
def test_the_slip_is_the_text_and_the_page_of_the_citizens_post(
    reply_to: str, asked: str, channel: DiscuzChannel, make_message: MakeMessage
) -> None:
    slip = channel.slip(make_message(text="第一段。\n第二段。", reply_to=reply_to))
    assert slip.text == "第一段。\n第二段。"
    assert slip.url == f"{BASE}/forum.php?mod=redirect&{asked}"
    assert "复制" in slip.note


def test_the_program_never_posts(channel: DiscuzChannel, make_message: MakeMessage) -> None:
    message = make_message(reply_to="88")
    assert channel.abilities.by_hand
    with pytest.raises(Refused, match="人工"):
        channel.send(message)
    assert channel.read_back(message) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reply_to": ""}, "编号"),
        ({"reply_to": "abc"}, "编号"),
        ({"text": " \n"}, "没有文字"),
        ({"text": "字" * 3301}, "3300"),
    ],
)
def test_what_cannot_be_posted_is_refused(
    changes: dict[str, str], told: str, channel: DiscuzChannel, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused, match=told):
        channel.slip(make_message(**({"reply_to": "88"} | changes)))


@pytest.mark.parametrize(
    ("url", "number"),
    [
        (f"{BASE}/forum.php?mod=redirect&goto=findpost&ptid=7&pid=99", "99"),
        (f" {BASE}/forum.php?mod=viewthread&tid=7&page=2#pid99 ", "99"),
        (f"{BASE}/thread-7-2-1.html#pid99", "99"),
        (f"{BASE}/thread-7-1-1.html", f"{BASE}/thread-7-1-1.html"),
        (
            "http://bbs.example.org/forum.php?mod=viewthread&tid=7",
            "http://bbs.example.org/forum.php?mod=viewthread&tid=7",
        ),
    ],
)
def test_the_address_of_the_floor_is_the_receipt(
    url: str, number: str, channel: DiscuzChannel, make_message: MakeMessage
) -> None:
    receipt = channel.posted(make_message(reply_to="7/88"), url)
    assert (receipt.platform_id, receipt.url) == (number, url.strip())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "网址"),
        ("javascript:alert(1)", "网址"),
        ("https://bbs.example.com/thread-7-1-1.html", "bbs.example.org"),
        ("https://bbs.example.org.evil.example/thread-7-1-1.html", "bbs.example.org"),
        (f"{BASE}/forum.php", "不是帖子"),
        (f"{BASE}/home.php?mod=space&uid=3", "不是帖子"),
        (f"{BASE}/thread-8-1-1.html", "另一个帖子"),
        (f"{BASE}/forum.php?mod=redirect&goto=findpost&ptid=7&pid=88", "原帖"),
    ],
)
def test_another_address_is_not_believed(
    url: str, told: str, channel: DiscuzChannel, make_message: MakeMessage
) -> None:
    with pytest.raises(Refused, match=told):
        channel.posted(make_message(reply_to="7/88"), url)
