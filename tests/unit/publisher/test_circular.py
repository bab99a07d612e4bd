"""What goes abroad or into a group is number and link; what goes by mail says more."""

from __future__ import annotations

from datetime import datetime

import pytest

from huanyu.clock import SHANGHAI
from huanyu.types import Addressee
from huanyu.types import Bulletin
from huanyu.types import PaperCorrection
from publisher import circular

AT = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)
LINK = "http://127.0.0.1:8460/bulletins/3"
MADE = Bulletin(
    series="daily",
    series_name="每日舆情",
    year=2026,
    number=3,
    total=70,
    day=AT.date(),
    title="3月5日环保舆情",
    bureau="聊城市生态环境局",
    office="宣教科",
    mark="内部资料",
    issued_at=AT,
    sections=(),
    figures=(),
)
WRONG = PaperCorrection(
    number=1,
    at=AT,
    actor="press",
    figure="complaints_weibo",
    label="微博",
    unit="条",
    printed=5,
    correct=6,
    why="漏计。",
)


def to(channel: str, address: str) -> Addressee:
    return Addressee(key="g", name="值班群", channel=channel, address=address, form="link")


@pytest.mark.parametrize(
    ("channel", "address", "account"), [("telegram", "@zhiban", "telegram"), ("chat", "robot", "robot")]
)
def test_a_group_is_told_number_and_link_and_nothing_else(channel, address, account):
    drafts = (
        circular.issue(MADE, to(channel, address), LINK),
        circular.correction(MADE, WRONG, "宣晓敏", to(channel, address), LINK),
        circular.withdrawal(MADE, "编错了。", "宣晓敏", to(channel, address), LINK),
    )
    name = "《每日舆情》2026年第3期"
    assert [draft.text for draft in drafts] == [
        f"{name} {LINK}",
        f"{name}更正1 {LINK}",
        f"{name}撤回 {LINK}",
    ]
    assert {(draft.account, draft.link) for draft in drafts} == {(account, "")}


def test_a_mail_says_what_it_brings():
    draft = circular.issue(MADE, to("mail", "a@example.org"), LINK)
    assert "3月5日环保舆情" in draft.text
    assert (draft.account, draft.recipient, draft.link) == ("mail", "a@example.org", LINK)


def test_what_waits_on_the_console_is_not_sent():
    assert circular.issue(MADE, to("console", "leader"), LINK) is None
