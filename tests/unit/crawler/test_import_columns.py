"""Which heading means what, in the exports that press offices really get; whose columns stay out of posts."""

from __future__ import annotations

import pytest

from crawler.import_columns import COLUMNS
from crawler.import_columns import FIELDS
from crawler.import_columns import IDENTITY
from crawler.import_columns import Meaning
from crawler.import_columns import check
from crawler.import_columns import chosen_of
from crawler.import_columns import is_identity
from crawler.import_columns import names_a_person
from crawler.import_columns import present
from huanyu.errors import BadInput

EXPORTS = {
    "a hotline's work orders": {
        "序号": "",
        "工单编号": "native_id",
        "工单标题": "title",
        "诉求内容": "text",
        "来电时间": "posted_at",
        "来电人": IDENTITY,
        "来电号码": IDENTITY,
        "联系地址": IDENTITY,
        "诉求人性别": "",
        "诉求类型": "",
        "受理渠道": "kind",
        "所属区域": "region",
        "办理单位": "",
        "办结时间": "",
        "回复内容": "",
    },
    "12369": {
        "举报编号": "native_id",
        "举报方式": "kind",
        "举报时间": "posted_at",
        "被举报单位": "",
        "举报人姓名": IDENTITY,
        "举报人手机号": IDENTITY,
        "举报内容": "text",
        "行政区划": "region",
        "污染类型": "",
    },
    "a monitor of public opinion": {
        "标题": "title",
        "摘要": "text",
        "原文链接": "url",
        "媒体名称": "author",
        "发布时间": "posted_at",
        "情感": "",
        "作者": "author",
        "来源类型": "",
        "转发数": "reposts",
        "阅读量": "views",
        "IP属地": "region",
    },
    "a message board": {
        "留言ID": "native_id",
        "留言标题": "title",
        "留言内容": "text",
        "留言时间": "posted_at",
        "留言对象": "",
        "留言人": IDENTITY,
        "办理状态": "",
    },
    "a telephone log": {
        "日期": "posted_at",
        "时间": "posted_at",
        "来电人姓名": IDENTITY,
        "联系电话（手机）": IDENTITY,
        "反映问题": "text",
        "接听情况": "",
        "电话记录": "text",
    },
}


@pytest.mark.parametrize("told", EXPORTS.values(), ids=EXPORTS)
def test_headings_of_real_exports_are_understood(told):
    meaning = Meaning()
    assert {heading: meaning.of(heading)[0] for heading in told} == told


@pytest.mark.parametrize(
    "heading", ["*内容", "内容（必填）", " 内 容 ", "内容：", "内容(2)", "内容 (2)", "ＩＤ"[:0] + "Content"]
)
def test_a_heading_may_carry_the_usual_decoration(heading):
    assert Meaning().of(heading)[0] == "text"


def test_no_known_heading_means_two_things_and_every_field_has_a_name():
    names = [name for names in COLUMNS.values() for name in names]
    assert len(names) == len(set(names))
    assert COLUMNS.keys() == FIELDS.keys() - {IDENTITY}


@pytest.mark.parametrize(
    "heading", ["被举报人", "来电时间", "举报人数", "诉求人诉求", "联系情况", "来电人类型"]
)
def test_a_column_about_something_else_is_no_identity(heading):
    assert not is_identity(heading)


def test_what_a_person_has_chosen_wins_over_the_known_headings():
    meaning = Meaning({"text": ("诉求描述", "补充说明"), "": ("标题",)})
    assert meaning.of("诉求描述") == ("text", 0)
    assert meaning.of("补充说明") == ("text", 1)
    assert meaning.of("内容") == ("", 0)
    assert meaning.of("标题") == ("", 0)
    assert meaning.of("来电时间")[0] == "posted_at"


def test_who_reported_stays_hidden_whatever_was_chosen():
    assert Meaning({"author": ("联系人",), "": ("联系电话",)}).of("联系人")[0] == IDENTITY
    assert Meaning({"": ("联系电话",)}).of("联系电话")[0] == IDENTITY
    with pytest.raises(BadInput, match="“联系人”是举报人的信息, 不能作为作者"):
        check({"author": ("联系人",)}, ["联系人", "内容"])


def test_a_person_may_hide_a_column_that_only_they_recognise():
    assert Meaning({IDENTITY: ("备注",)}).of("备注")[0] == IDENTITY


def test_an_unknown_field_or_heading_is_told_with_the_choices():
    with pytest.raises(BadInput, match="没有 words 这一项, 可选: text \\(内容\\)、title"):
        check({"words": ("内容",)}, ["内容"])
    with pytest.raises(BadInput, match="没有“诉求描述”这一列, 这个文件的列有: 编号、内容"):
        check({"text": ("诉求描述",)}, ["编号", "内容"])


def test_two_headings_are_joined_by_a_plus_unless_one_heading_is_written_so():
    table = {"text": "标题 + 内容"}
    assert chosen_of(table) == {"text": ("标题", "内容")}
    assert chosen_of(table, ["标题+内容"]) == {"text": ("标题 + 内容",)}


def test_a_choice_for_a_column_that_is_gone_gives_way_to_the_known_headings():
    assert present({"text": ("诉求描述",), "url": ("网址",)}, ("内容", "网址")) == {"url": ("网址",)}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("13800000000", True),
        ("+86 138-0000-0000", True),
        ("37150119900307001X", True),
        ("2026030500001", False),
        ("371501199013070010", False),
        ("请回电 13800000000", False),
    ],
)
def test_a_cell_that_is_nothing_but_a_persons_number_is_known(value, told):
    assert names_a_person(value) is told
