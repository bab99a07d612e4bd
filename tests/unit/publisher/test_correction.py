"""更正 and 撤回: the same sentence put right on every account, openly, and never longer than a platform takes."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.bureau import BureauRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from publisher import correction
from publisher.channels import weibo
from publisher.correction import CORRECTION
from publisher.correction import WITHDRAWAL
from publisher.correction import Proposal

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=SHANGHAI)
SERIAL = "更正〔2026〕3号"
LINK = "https://sthj.example.org/r/abc123def456.html"
TITLE = "关于柳园街道餐饮油烟问题的办理结果"
SITE_TEXT = "3月9日10时，我局到现场检查，罚款3万元。\n特此回复。"
WEIBO_TEXT = f"柳园街道餐饮油烟问题已查处，结果见 {LINK}"
BUREAU = BureauRow(
    name="聊城市生态环境局",
    short_name="市生态环境局",
    office="宣教科",
    city="聊城市",
    city_code="371500",
    phone="0635-8000000",
    account_name="聊城环境",
    public_url="https://sthj.example.org",
)
WRONG = Proposal(kind=CORRECTION, reason="录入时写错", wrong="罚款3万元", right="罚款2万元")
BACK = Proposal(kind=WITHDRAWAL, reason="事实需要重新核实。")


def out(channel: str, text: str, **more: object) -> Message:
    values: dict[str, object] = {
        "id": {"site": 1, "weibo": 2, "telegram": 3, "mail": 4}[channel],
        "key": f"reply:3:{channel}:1",
        "state": MessageState.SENT,
        "channel": channel,
        "account": channel,
        "purpose": "reply",
        "title": TITLE,
        "text": text,
        "case_id": 3,
        "reply_to": "5151000900000001" if channel == "weibo" else "",
        "recipient": "@shuicheng" if channel == "telegram" else "",
        "link": LINK,
        "after": "",
        "author": "chengban",
        "created_at": NOW - timedelta(days=2),
        "due_at": NOW,
        "attempts": 1,
        "version": 1,
        "sent_at": NOW - timedelta(days=2),
        "content_class": "petition",
        "stage": "result",
    }
    return Message(**(values | more))  # type: ignore[arg-type]


EVERYWHERE = [out("site", SITE_TEXT), out("weibo", WEIBO_TEXT), out("telegram", SITE_TEXT)]


def drafts(slip: Proposal, originals: list[Message] | None = None) -> dict[str, Draft]:
    made = correction.drafts(slip, originals or EVERYWHERE, SERIAL, BUREAU, NOW)
    assert {one.serial for one in made} == {SERIAL} and {one.stage for one in made} == {slip.kind}
    return {one.channel: one for one in made}


def test_every_account_where_the_text_stands_gets_a_message_of_its_own() -> None:
    made = drafts(WRONG)
    assert list(made) == ["site", "weibo", "telegram"]
    assert {one.about for one in made.values()} == {1, 2, 3}
    assert {(one.content_class, one.purpose, one.case_id) for one in made.values()} == {
        ("petition", "reply", 3)
    }
    assert (made["weibo"].reply_to, made["telegram"].recipient) == ("5151000900000001", "@shuicheng")


def test_our_own_page_is_put_right_before_anybody_links_to_it() -> None:
    assert {channel: one.after for channel, one in drafts(WRONG).items()} == {
        "site": "",
        "weibo": "site",
        "telegram": "site",
    }
    assert drafts(WRONG, [out("weibo", "罚款3万元")])["weibo"].after == ""


@pytest.mark.parametrize("channel", ["site", "telegram"])
def test_a_text_changed_in_place_says_what_was_changed(channel: str) -> None:
    made = drafts(WRONG)[channel]
    assert made.title == TITLE
    body, note = made.text.rsplit("\n", 1)
    assert body == SITE_TEXT.replace("罚款3万元", "罚款2万元")
    for said in (SERIAL, "2026年3月12日", "“罚款3万元”", "“罚款2万元”"):
        assert said in note


def test_where_nothing_can_be_changed_a_notice_of_its_own_goes_out() -> None:
    made = drafts(WRONG)["weibo"]
    for said in ("更正", "3月10日", "“罚款3万元”", "应为“罚款2万元”", SERIAL, LINK):
        assert said in made.text
    assert made.title == f"更正：{TITLE}"


@pytest.mark.parametrize("length", [10, 40, 80, 400])
def test_a_notice_is_as_full_as_the_platform_takes(length: int) -> None:
    slip = Proposal(kind=CORRECTION, reason="写错", wrong="误" * length, right="正" * length)
    text = drafts(slip)["weibo"].text
    assert weibo.length(text) <= weibo.LIMITS.length
    assert SERIAL in text and LINK in text


def test_a_withdrawn_page_says_why_and_no_longer_what() -> None:
    made = drafts(BACK)
    assert "罚款" not in made["site"].text
    for said in (SERIAL, "事实需要重新核实，已于2026年3月12日撤回", "0635-8000000"):
        assert said in made["site"].text
    assert weibo.length(made["weibo"].text) <= weibo.LIMITS.length


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (Proposal(kind=WITHDRAWAL, reason=""), "请填写撤回的理由"),
        (Proposal(kind=CORRECTION, reason="", wrong="罚款3万元", right="罚款2万元"), "请填写更正的理由"),
        (Proposal(kind=CORRECTION, reason="写错", wrong="罚", right="款"), "至少两个字"),
        (Proposal(kind=CORRECTION, reason="写错", wrong="罚款3万元", right=""), "更正后的话"),
        (Proposal(kind=CORRECTION, reason="写错", wrong="罚款3万元", right="罚款3万元"), "与原文相同"),
        (Proposal(kind=CORRECTION, reason="写错", wrong="罚款5万元", right="罚款2万元"), "照原文抄写"),
    ],
)
def test_a_slip_that_cannot_be_carried_out_is_refused_in_words(slip: Proposal, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        correction.demand(slip, EVERYWHERE)


def test_a_phrase_that_one_account_shows_is_enough() -> None:
    correction.demand(WRONG, EVERYWHERE)
    correction.demand(BACK, EVERYWHERE)


def test_only_a_correction_on_a_platform_that_allows_it_takes_the_place_of_its_original() -> None:
    corrected = out("site", SITE_TEXT, stage=CORRECTION, about=1)
    assert correction.changes_in_place(corrected)
    assert not correction.changes_in_place(out("site", SITE_TEXT))
    assert not correction.changes_in_place(out("weibo", WEIBO_TEXT, stage=CORRECTION, about=2))
    assert not correction.changes_in_place(out("site", SITE_TEXT, stage=WITHDRAWAL, about=1))
