"""The checks on invented texts: what is found, what is left alone, and floors for both."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path

import pytest

from huanyu.bureau import WordRow
from publisher.checks import KINDS
from publisher.checks import PRIVACY_KINDS
from publisher.checks import check
from publisher.checks import check_message
from publisher.checks import is_office_line

HERE = Path(__file__).parent
CONFIG = HERE.parents[2] / "config"
OFFICE = ("0635-8000000", "0635-8000001")
RECALL = 0.96  # a regression floor: the rules were tuned on these very texts, it says nothing about others
NUMBERS = frozenset({"phone", "id_number", "plate", "bank_card"})


@cache
def words() -> tuple[WordRow, ...]:
    rows = tomllib.loads((CONFIG / "words.toml").read_text("utf-8"))["list"]
    return tuple(WordRow(**row) for row in rows)


@cache
def texts() -> tuple[tuple[str, frozenset[str]], ...]:
    lines = (HERE / "check_texts.jsonl").read_text("utf-8").splitlines()
    return tuple((row["text"], frozenset(row["kinds"])) for row in map(json.loads, lines))


def kinds_in(text: str) -> set[str]:
    return {finding.kind for finding in check(text, words(), allow_phones=OFFICE)}


def test_recall_holds_its_floor() -> None:
    wanted = [(text, kind) for text, kinds in texts() for kind in kinds]
    missed = [(text, kind) for text, kind in wanted if kind not in kinds_in(text)]
    assert 1 - len(missed) / len(wanted) >= RECALL, missed


def test_no_phone_id_plate_or_card_gets_through() -> None:
    missed = [text for text, kinds in texts() if kinds & NUMBERS and not kinds & NUMBERS & kinds_in(text)]
    assert missed == []


def test_clean_texts_pass() -> None:
    blocked = {text: kinds_in(text) for text, kinds in texts() if not kinds and kinds_in(text)}
    assert blocked == {}


def test_the_texts_cover_every_kind() -> None:
    assert len(texts()) >= 150
    assert {kind for _, kinds in texts() for kind in kinds} == set(KINDS)


@pytest.mark.parametrize("text", [text for text, _ in texts()])
def test_positions_point_at_the_text_found(text: str) -> None:
    for finding in check(text, words()):
        assert text[finding.start : finding.end] == finding.text != ""
        assert finding.kind in KINDS
        assert finding.reason


def test_an_office_number_is_allowed_however_it_is_written() -> None:
    assert not check("请拨０６３５－８００００００", allow_phones=OFFICE)
    assert check("家里0635-8000000", allow_phones=()) != ()


def test_a_mobile_number_is_allowed_only_by_list() -> None:
    assert check("值班手机13800000000") != ()
    assert check("值班手机13800000000", allow_phones=("138 0000 0000",)) == ()


def test_the_reporter_of_the_record_is_found_without_a_cue() -> None:
    (finding,) = check("昨日与蓝天白云_88沟通，3月1日到场。", names=("蓝天白云_88",))
    assert finding.kind == "reporter_name"


def test_a_greeting_in_the_persons_own_thread_is_no_finding() -> None:
    text = "@蓝天白云_88 3月1日已到场核查。"
    assert check(text, names=("蓝天白云_88",), thread_author="蓝天白云_88") == ()
    assert check(text, names=("蓝天白云_88",)) != ()


@pytest.mark.parametrize(
    ("before", "office"),
    [
        ("监督电话：", True),
        ("举报电话", True),
        ("举报人电话", False),
        ("信访科，", True),
        ("王女士家", False),
        ("", False),
    ],
)
def test_the_words_before_a_number_say_whose_it_is(before: str, office: bool) -> None:
    assert is_office_line(before) is office


def test_every_privacy_kind_is_a_kind() -> None:
    assert set(KINDS) > PRIVACY_KINDS


@pytest.mark.parametrize("text", ["请联系138\n12345678。", "请联系138\r\n1234 5678。", "共13812345678元。"])
def test_neither_a_line_break_nor_a_unit_hides_a_mobile_number(text: str) -> None:
    assert "phone" in kinds_in(text)


def test_a_title_is_checked_with_positions_of_its_own() -> None:
    title, text = "关于13800000000反映的问题", "3月1日到场，业主电话13900000000。"
    found = check_message(title, text, words(), OFFICE)
    assert [title[one.start : one.end] for one in found.title] == ["13800000000"]
    assert [text[one.start : one.end] for one in found.text] == ["13900000000"]
    assert found.all == (*found.title, *found.text)


@pytest.mark.parametrize("name", ["路过", "附近居民", "同款", "路过的网友", "匿名", "某", "环"])
def test_a_nickname_of_ordinary_words_blocks_no_reply(name: str) -> None:
    text = f"3月1日到现场核查，{name}反映的油烟属实，已责令清洗。"
    assert "reporter_name" not in {finding.kind for finding in check(text, words(), OFFICE, (name,))}


@pytest.mark.parametrize(
    "text", ["@路过 您好，3月1日已到场。", "网友“路过”反映的油烟属实，3月1日已责令清洗。"]
)
def test_an_ordinary_word_used_as_a_name_is_found(text: str) -> None:
    (finding,) = check(text, words(), OFFICE, ("路过",))
    assert (finding.kind, finding.text) == ("reporter_name", "路过")


@pytest.mark.parametrize("name", ["蓝天白云_88", "用户7340000000", "孙小满", "路过蜻蜓"])
def test_a_nickname_with_something_of_its_own_is_a_name(name: str) -> None:
    assert "reporter_name" in {finding.kind for finding in check(f"昨日与{name}沟通", words(), (), (name,))}


@pytest.mark.parametrize(
    "text",
    [
        "经办人：赵明、钱磊，执法证号37150012、37150018。",
        "王老先生家窗外的空调外机噪声问题，经社区调解，商户同意移机。",
        "恭喜我市三个村庄入选省级美丽宜居乡村名单！",
        "周日上午八点，一起来认识东昌湖里的水鸟吧。",
        "您应当先向合同约定的物业公司提出，物业电话见小区公告栏。",
        "给您添麻烦了，请再提供一次照片的拍摄地点。",
        "泄露举报人信息的，依法追究责任。",
        "您说的气味我们在现场也闻到了。",
        "您的帖子我们看到了，现场照片对我们帮助很大。",
        "这次复查重点看了夜间时段，结果如下。",
        "为了尽快查清来源，我们请第三方在沿线布了六个点。",
        "保护举报人的合法权益是法定义务，我局对举报人的相关信息严格保密，请您放心反映。",
    ],
)
def test_a_kind_or_plain_word_is_no_rude_one_and_no_secret(text: str) -> None:
    assert not check(text, words(), OFFICE)


@pytest.mark.parametrize(
    "text",
    ["恭喜您又来投诉了。", "您自己看着办吧。", "您应该先反思自己。", "小编表示管不着。", "给政府添麻烦。"],
)
def test_a_rude_word_beside_a_kind_one_is_still_found(text: str) -> None:
    assert "tone" in kinds_in(text)


@pytest.mark.parametrize("text", ["我们已向该公司透露举报人身份。", "已透露举报人的信息，请知悉。"])
def test_that_a_reporter_was_told_of_is_a_secret(text: str) -> None:
    assert "不得透露举报人信息" in "".join(finding.reason for finding in check(text, words(), OFFICE))


@pytest.mark.parametrize(
    "text",
    [
        "您好，您的意见已转有关科室，感谢您的支持。",
        "下一步，我们将以更高标准、更严要求、更实作风推动工作再上新台阶。",
    ],
)
def test_a_word_that_might_name_something_makes_no_empty_text_full(text: str) -> None:
    assert "robotic" in kinds_in(text)


def test_a_child_whose_full_name_stands_in_brackets_is_a_child() -> None:
    assert "minor_name" in kinds_in("本案受伤的未成年人左某（全名左思齐）已出院回家。")
