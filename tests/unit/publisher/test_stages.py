"""Replies before the result: every stage says its facts, and without them there is no text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import pytest

from huanyu.bureau import AccountRow
from huanyu.bureau import UnitRow
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Draft
from huanyu.types import Result
from publisher import draft
from publisher.channels import weibo
from publisher.checks import check_message
from publisher.stages import Said
from publisher.stages import staged

UNIT = UnitRow(
    key="dcf",
    name="聊城市生态环境局东昌府区分局",
    short="东昌府分局",
    kind="branch",
    department="生态环境",
    phone="0635-8000021",
)
ACCOUNTS = (
    AccountRow(key="tg", channel="telegram", name="频道", chat_id="@lchj"),
    AccountRow(key="weibo", channel="weibo", name="聊城环境"),
    AccountRow(key="site", channel="site", name="网站"),
)
BUREAU = load_bureau(SHIPPED).model_copy(update={"units": (UNIT,), "accounts": ACCOUNTS})
VISIT = datetime(2026, 3, 12, 9, 30, tzinfo=SHANGHAI)
CASE = Case(
    id=12,
    number="HY2026-000012",
    public_id="Zk3vQ9aLmN0p",
    state="handled",
    title="柳园街道饭馆油烟扰民",
    kinds=("air.cooking",),
    area="371502",
    place="柳园街道",
    urgent=False,
    level="一般",
    learned_at=VISIT,
    opened_at=VISIT,
    version=4,
    unit="dcf",
    source_kind="weibo",
    first_native_id="5100000000000001",
    result=Result(
        finding="属实",
        visited_at=VISIT,
        found="油烟净化器未开启，油烟直排",
        measure="责令立即开启并清洗油烟净化器，3月15日前完成",
    ),
)
CLOCK = Clock(name="handling", due=VISIT + timedelta(days=8))
OPEN = replace(CASE, state="assigned", result=None, clocks=(CLOCK,))
DONE = Said(done="3月12日执法人员到现场检查，已责令停止排放", next="3月15日复查")
AWAY = Said(office="东昌府区综合行政执法局", phone="0635-8000088", forwarded=True)


def texts(case: Case = OPEN, stage: str = "accepted", said: Said | None = None) -> dict[str, Draft]:
    return {one.channel: one for one in staged(case, BUREAU, stage, said)}


def test_acceptance_says_number_unit_telephone_and_the_day_of_the_answer() -> None:
    made = texts()["weibo"]
    for fact in ("3月12日登记", "HY2026-000012", "东昌府区分局", "预计3月20日前答复", "0635-8000021"):
        assert fact in made.text
    assert (made.stage, made.reply_to, made.content_class) == ("accepted", CASE.first_native_id, "petition")


def test_no_day_is_promised_that_no_clock_says() -> None:
    assert "预计" not in texts(replace(OPEN, clocks=()))["weibo"].text
    provisional = replace(OPEN, clocks=(replace(CLOCK, provisional=True),))
    assert "预计" not in texts(provisional)["weibo"].text


def test_a_receipt_is_put_on_no_page_of_its_own() -> None:
    assert set(texts()) == {"weibo"}
    assert texts(replace(OPEN, source_kind="hotline")) == {}


def test_progress_says_what_was_done_and_what_comes_next() -> None:
    made = texts(stage="progress", said=DONE)
    assert set(made) == {"site", "weibo"}
    assert "责令停止排放" in made["site"].text
    assert "3月15日复查" in made["site"].text
    assert made["weibo"].after == "site"
    assert "您" not in made["site"].text


@pytest.mark.parametrize("done", ["", "正在处理", "我局高度重视，正在核实，请耐心等待"])
def test_filler_is_no_progress(done: str) -> None:
    with pytest.raises(BadInput, match="不是进展"):
        staged(OPEN, BUREAU, "progress", Said(done=done))


def test_not_ours_says_whose_it_is_and_their_telephone() -> None:
    forwarded = texts(stage="not_ours", said=AWAY)["weibo"].text
    assert "已转东昌府区综合行政执法局办理，电话0635-8000088" in forwarded
    elsewhere = texts(stage="not_ours", said=replace(AWAY, forwarded=False))["weibo"].text
    assert "请向东昌府区综合行政执法局反映" in elsewhere
    with pytest.raises(BadInput, match="哪个部门"):
        staged(OPEN, BUREAU, "not_ours", Said())
    with pytest.raises(BadInput, match="电话"):
        staged(OPEN, BUREAU, "not_ours", replace(AWAY, phone=""))


def test_every_stage_fits_weibo_and_passes_the_checks() -> None:
    phones = ("0635-8000000", "0635-8000021", "0635-8000088", "12369")
    far = replace(OPEN, place="聊城市东昌府区" + "柳园街道" * 12)
    for case in (OPEN, far):
        for stage, said in (("accepted", None), ("forwarded", None), ("progress", DONE), ("not_ours", AWAY)):
            for one in staged(case, BUREAU, stage, said):
                assert one.channel != "weibo" or weibo.length(one.text) <= weibo.LIMITS.length
                assert check_message(one.title, one.text, BUREAU.words, phones).all == ()


def test_a_result_has_a_floor_in_the_forum_and_an_article_for_wechat() -> None:
    more = (
        AccountRow(key="floor", channel="discuz", name="论坛"),
        AccountRow(key="article", channel="wechat", name="公众号"),
    )
    bureau = BUREAU.model_copy(update={"accounts": (*BUREAU.accounts, *more)})
    forum = replace(CASE, source_kind="forum", first_native_id="4711")
    made = {one.channel: one for one in draft.reply(forum, bureau)}
    assert made["discuz"].reply_to == "4711"
    assert "HY2026-000012" in made["discuz"].text
    first, *rest = made["wechat"].text.split("\n")
    assert len(first) <= 120
    assert len(rest) >= 3
    assert made["wechat"].title
    assert "discuz" not in {one.channel for one in draft.reply(CASE, bureau)}
