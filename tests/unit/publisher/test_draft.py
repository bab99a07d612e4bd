"""Replies from facts: nothing missing, nothing added, nobody named who must not be."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from huanyu.bureau import AccountRow
from huanyu.bureau import Bureau
from huanyu.bureau import BureauRow
from huanyu.bureau import Calendar
from huanyu.bureau import UnitRow
from huanyu.bureau import WordRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import Draft
from huanyu.types import Result
from publisher import draft
from publisher.channels import weibo
from publisher.checks import check
from publisher.checks import check_message

CONFIG = Path(__file__).parents[3] / "config"
BUREAU = Bureau(
    bureau=BureauRow(
        name="聊城市生态环境局",
        short_name="市生态环境局",
        office="宣教科",
        city="聊城市",
        city_code="371500",
        phone="0635-8000000",
        account_name="聊城环境",
        public_url="https://sthj.example.org",
    ),
    places=(),
    units=(
        UnitRow(
            key="dcf",
            name="聊城市生态环境局东昌府区分局",
            short="东昌府分局",
            kind="branch",
            department="生态环境",
            phone="0635-8000021",
        ),
    ),
    routes=(),
    clocks=(),
    levels=(),
    calendar=Calendar(),
    sources=(),
    accounts=(
        AccountRow(key="tg", channel="telegram", name="频道", chat_id="@lchj"),
        AccountRow(key="weibo", channel="weibo", name="聊城环境"),
        AccountRow(key="site", channel="site", name="网站"),
        AccountRow(key="off", channel="weibo", name="停用的", enabled=False),
        AccountRow(key="mail", channel="mail", name="邮箱"),
    ),
    words=tuple(WordRow(**row) for row in tomllib.loads((CONFIG / "words.toml").read_text("utf-8"))["list"]),
)
VISIT = datetime(2026, 3, 12, 9, 30, tzinfo=SHANGHAI)
RESULT = Result(
    finding="属实",
    visited_at=VISIT,
    found="老味道饭馆油烟净化器未开启，油烟直排",
    measure="责令立即开启并清洗油烟净化器，3月15日前完成",
    basis="《大气污染防治法》第一百一十八条",
    next_step="3月底前复查一次",
    internal_report="老板与举报人张建国有旧怨，电话13800000000",
    polluter="老味道饭馆",
    recorded_by="chengban",
    recorded_at=VISIT,
)
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
    first_author="蓝天白云_88",
    first_text="我是张建国，13800000000，楼下饭馆天天冒油烟",
    result=RESULT,
)


def drafts(case: Case = CASE) -> dict[str, Draft]:
    return {made.channel: made for made in draft.reply(case, BUREAU)}


def test_the_site_comes_first_and_the_others_wait_for_it() -> None:
    made = draft.reply(CASE, BUREAU)
    assert [(one.channel, one.account, one.after) for one in made] == [
        ("site", "site", ""),
        ("weibo", "weibo", "site"),
        ("telegram", "tg", "site"),
    ]


def test_every_recorded_fact_stands_in_the_long_reply() -> None:
    text = drafts()["site"].text
    for fact in ("HY2026-000012", "3月12日9时30分", "东昌府区分局", "属实", "油烟直排", "3月15日前完成"):
        assert fact in text
    for fact in ("第一百一十八条", "3月底前复查", "0635-8000021", "12369", "2026年3月12日"):
        assert fact in text


def test_a_reply_names_no_reporter_and_no_internal_word() -> None:
    for made in draft.reply(CASE, BUREAU):
        for secret in ("蓝天白云", "张建国", "13800000000", "旧怨", "楼下饭馆"):
            assert secret not in made.text + made.title


def test_the_polluter_is_named_only_where_the_record_says_so() -> None:
    assert "老味道饭馆" not in drafts()["site"].text
    assert "涉事单位油烟净化器未开启" in drafts()["site"].text
    public = replace(CASE, result=replace(RESULT, polluter_public=True))
    assert "老味道饭馆" in drafts(public)["site"].text


@pytest.mark.parametrize("finding", ["属实", "部分属实", "不属实", "未发现"])
@pytest.mark.parametrize("length", [0, 30, 200])
def test_a_weibo_reply_fits_and_carries_the_link(finding: str, length: int) -> None:
    case = replace(CASE, result=replace(RESULT, finding=finding, found="查" * length, measure="办" * length))
    text = drafts(case)["weibo"].text
    assert weibo.length(text) <= 140
    assert "https://sthj.example.org/r/Zk3vQ9aLmN0p.html" in text
    assert "#" not in text


@pytest.mark.parametrize("finding", ["不属实", "未发现"])
def test_finding_nothing_is_said_with_its_time_limits(finding: str) -> None:
    text = drafts(replace(CASE, result=replace(RESULT, finding=finding)))["site"].text
    assert "只反映核查当时的情况" in text
    assert "不属实" not in text


def test_a_weibo_complaint_is_answered_under_its_own_post() -> None:
    assert drafts()["weibo"].reply_to == "5100000000000001"
    assert drafts(replace(CASE, source_kind="forum"))["weibo"].reply_to == ""
    assert drafts(replace(CASE, first_native_id="Lx1aB2cD"))["weibo"].reply_to == ""


def test_only_the_citizens_own_thread_is_addressed_as_you() -> None:
    assert drafts()["weibo"].text.startswith("您反映的")
    assert drafts(replace(CASE, source_kind="hotline"))["weibo"].text.startswith("群众反映的")
    assert "您反映" not in drafts()["site"].text


def test_a_sentence_without_a_fact_is_left_out() -> None:
    bare = replace(CASE, result=replace(RESULT, measure="", basis="", next_step=""))
    text = drafts(bare)["site"].text
    assert "处理措施" not in text
    assert "依据" not in text
    assert "后续" not in text


def test_a_drafted_reply_passes_its_own_checks() -> None:
    phones = (BUREAU.bureau.phone, *(unit.phone for unit in BUREAU.units))
    for made in draft.reply(CASE, BUREAU):
        assert check(made.text, BUREAU.words, phones, (CASE.first_author,)) == ()


def test_personal_data_in_the_record_is_masked() -> None:
    leaky = replace(CASE, result=replace(RESULT, found="店主电话13800000000，家住李庄村35号"))
    text = drafts(leaky)["site"].text
    assert "13800000000" not in text
    assert "35号" not in text


def test_a_case_without_result_gets_no_reply() -> None:
    with pytest.raises(BadInput):
        draft.reply(replace(CASE, result=None), BUREAU)


def test_weibo_counts_ascii_as_half_and_links_as_at_least_ten() -> None:
    assert weibo.length("环保abcd") == 4
    assert weibo.length("http://a.cn") == 10
    assert weibo.length("") == 0


def test_without_any_place_every_text_still_reads_as_a_sentence() -> None:
    made = drafts(replace(CASE, place="", area=""))
    assert made["site"].title == "关于群众反映的餐饮油烟问题（HY2026-000012）的办理结果"
    assert made["site"].text.startswith("群众反映的餐饮油烟问题（编号HY2026-000012）")
    assert made["weibo"].text.startswith("您反映的餐饮油烟问题（HY2026-000012）办理结果")
    assert made["telegram"].text.startswith("餐饮油烟问题办理结果（HY2026-000012）")


def test_a_drafted_title_passes_the_checks() -> None:
    for case in (CASE, replace(CASE, place="", area="")):
        for made in draft.reply(case, BUREAU):
            assert check_message(made.title, made.text, BUREAU.words, ("0635-8000021",)).all == ()


def test_a_kind_whose_name_ends_in_problem_is_not_called_a_problem_twice():
    drafts = draft.reply(replace(CASE, kinds=("other",)), BUREAU)
    assert not any("问题问题" in one.text + one.title for one in drafts)


@pytest.mark.parametrize(
    ("here", "there", "answered"),
    [
        ("https://bbs.example.org", "https://bbs.example.org/thread-7-1-1.html", True),
        ("https://bbs.example.org", "https://other.example.com/thread-7-1-1.html", False),
        ("https://bbs.example.org", "", True),
    ],
)
def test_a_forums_account_answers_in_its_own_forum_only(here: str, there: str, answered: bool) -> None:
    forum = AccountRow(key="forum", channel="discuz", name="论坛", base_url=here)
    asked = replace(CASE, source_kind="forum", first_native_id="7/88", first_url=there)
    assert bool(draft.thread(asked, forum)) is answered


def test_where_somebody_stood_with_a_telephone_is_nobody_else_s_business() -> None:
    named, bare = (
        drafts(replace(CASE, place=f"{name}北纬36.456700，东经115.985400")) for name in ("柳园街道（", "")
    )
    assert named == drafts(CASE)
    assert all("北纬" not in f"{one.title}{one.text}" for one in bare.values())
