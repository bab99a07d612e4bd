"""Exports of other platforms: tolerant of headings and encodings, one bad row costs one row."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from crawler import import_values
from crawler import imports
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
SOURCE = SourceRow(key="hotline", name="热线导出", spider="import", kind=SourceKind.HOTLINE)

EXPORT = '''工单编号,标题,投诉内容,受理时间,来源渠道,举报人,联系电话,阅读数
A-1,夜间施工,"凤凰苑东侧工地
夜里""打桩""",2026-03-05 23:10,12345热线,林某,13800000000,12
A-2,缺列,这一行少了几列
A-3,,,2026-03-05,微博,,,
A-4,异味,楼下饭店油烟直排,三月五号,电话,,,
A-5,异味,"忘了收尾的引号,2026-03-05,微信,,,
A-6,污水,徒骇河边有黑水,2026/3/5 8:01,新浪微博,,,"1,024"
'''


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_good_rows_come_in_and_bad_rows_are_kept_with_line_and_reason(tmp_path, encoding):
    found = list(imports.read(written(tmp_path, "导出.csv", EXPORT, encoding), SOURCE, NOW))

    posts = [item for item in found if isinstance(item, RawPost)]
    rejects = [item for item in found if isinstance(item, Reject)]
    assert [post.native_id for post in posts] == ["A-1", "A-6"]
    assert posts[0].text == '凤凰苑东侧工地\n夜里"打桩"'
    assert posts[0].posted_at == datetime(2026, 3, 5, 23, 10, tzinfo=SHANGHAI)
    assert [post.views for post in posts] == [12, 1024]
    assert [(reject.where, reject.reason.split(" ")[0]) for reject in rejects] == [
        ("导出.csv 第 4 行", "这一行有"),
        ("导出.csv 第 5 行", "内容为空"),
        ("导出.csv 第 6 行", "时间"),
        ("导出.csv 第 7 行", "引号不配对,"),
    ]


def test_a_reporters_identity_is_in_no_post_and_no_payload(tmp_path):
    path = written(tmp_path, "导出.csv", EXPORT)
    for item in imports.read(path, SOURCE, NOW):
        if isinstance(item, RawPost):
            told = f"{item!r}{item.raw.decode()}"
            assert "13800000000" not in told and "林某" not in told

    first = next(imports.records(path, SOURCE, NOW))
    assert json.loads(first.reporter) == {"举报人": "林某", "联系电话": "13800000000"}


def test_an_order_counts_from_when_it_was_handed_to_the_bureau(tmp_path):
    text = "工单编号,诉求内容,来电时间,派单时间\nA-1,桥北有人夜里焚烧秸秆,2026-03-04 20:15,2026-03-05 08:40\n"
    text += "A-2,同一处又烧,2026-03-05 21:00,\nA-3,还在烧,2026-03-05 22:00,三月的某天\n"
    first, second, wrong = imports.read(written(tmp_path, "12345.csv", text), SOURCE, NOW)
    assert isinstance(first, RawPost)
    assert isinstance(second, RawPost)
    assert first.posted_at == datetime(2026, 3, 4, 20, 15, tzinfo=SHANGHAI)
    assert first.learned_at == datetime(2026, 3, 5, 8, 40, tzinfo=SHANGHAI)
    assert second.learned_at is None
    assert isinstance(wrong, Reject)


def test_jsonl_goes_on_after_a_broken_line(tmp_path):
    lines = [
        '{"id": 1, "text": "黑烟", "posted_at": "昨天 12:30"}',
        '{"id": 2, "text": ',
        "[]",
        "",
        '{"text": "没有编号的一条"}',
    ]
    found = list(imports.read(written(tmp_path, "a.jsonl", "\n".join(lines)), SOURCE, NOW))
    assert [type(item) for item in found] == [RawPost, Reject, Reject, RawPost]
    assert found[0].native_id == "1" and found[0].posted_at == datetime(2026, 3, 5, 12, 30, tzinfo=SHANGHAI)
    assert (found[1].where, found[2].reason) == ("a.jsonl 第 2 行", "这一行不是 JSON 对象")


def test_a_row_without_a_number_is_the_same_post_when_imported_again(tmp_path):
    path = written(tmp_path, "a.csv", "内容,时间\n黑烟,2026-03-05\n黑水,2026-03-05\n")
    first, again = ([post.native_id for post in imports.read(path, SOURCE, NOW)] for _ in range(2))
    assert first == again and len(set(first)) == 2


def test_a_file_without_a_text_column_or_of_another_kind_is_refused_as_a_whole(tmp_path):
    with pytest.raises(BadInput, match="第 1 行: 表头里没有内容列"):
        list(imports.read(written(tmp_path, "a.csv", "姓名,电话\n甲,1\n"), SOURCE, NOW))
    with pytest.raises(BadInput, match="只能导入"):
        list(imports.read(written(tmp_path, "a.doc", ""), SOURCE, NOW))


def test_tabs_and_semicolons_separate_columns_too(tmp_path):
    for mark in "\t;":
        path = written(tmp_path, "a.csv", f"编号{mark}内容\n7{mark}异味, 很大\n")
        assert next(imports.read(path, SOURCE, NOW)).text == "异味, 很大"


BAD_LINES = {
    "nested too deep": '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "before the net": '{"text": "黑烟", "时间": "0001-01-01"}',
    "last century": '{"text": "黑烟", "时间": "1999-12-31 23:00"}',
    "end of time": '{"text": "黑烟", "时间": "9999-12-31"}',
    "the day after tomorrow": '{"text": "黑烟", "时间": "2026-03-08"}',
    "more likes than fit": '{"text": "黑烟", "点赞": 12345678901234567890123}',
    "one like more than fits": '{"text": "黑烟", "点赞": "9223372036854775808"}',
    "a number without end": '{"text": "黑烟", "阅读": "' + "9" * 5000 + '"}',
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES)
def test_a_record_that_cannot_be_kept_is_a_reject_and_the_rest_goes_on(tmp_path, line):
    path = written(tmp_path, "a.jsonl", f'{line}\n{{"text": "黑水"}}\n')
    reject, post = imports.read(path, SOURCE, NOW)
    assert isinstance(reject, Reject) and reject.where == "a.jsonl 第 1 行" and reject.reason
    assert isinstance(post, RawPost) and post.text == "黑水"


def test_the_largest_counter_and_tomorrow_are_taken(tmp_path):
    line = '{"text": "黑烟", "点赞": 9223372036854775807, "时间": "2026-03-07 08:00"}'
    (post,) = imports.read(written(tmp_path, "a.jsonl", line), SOURCE, NOW)
    assert (post.likes, post.posted_at.day) == (2**63 - 1, 7)


def test_half_a_character_and_nul_become_a_mark_in_every_field(tmp_path):
    half = '"\\ud800黑烟\\u0000"'
    line = f'{{"id": {half}, "text": {half}, "title": {half}, "url": {half}, "作者": {half}, "备注\\udfff": [{half}]}}'
    (post,) = imports.read(written(tmp_path, "a.jsonl", line), SOURCE, NOW)
    told = "".join((post.native_id, post.text, post.title, post.url, post.author, post.raw.decode()))
    assert told.encode()
    assert "\x00" not in told
    assert post.text == "\ufffd黑烟\ufffd"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_ends_a_record(tmp_path, mark):
    text = f"第一段{mark}第二段"
    jsonl = written(tmp_path, "a.jsonl", json.dumps({"text": text}, ensure_ascii=False) + "\r\n")
    table = written(tmp_path, "a.csv", f"编号,内容\r\n1,{text}\r\n")
    for path in (jsonl, table):
        (post,) = imports.read(path, SOURCE, NOW)
        assert isinstance(post, RawPost) and "第一段" in post.text and "第二段" in post.text


def test_an_old_table_with_carriage_returns_alone_is_read(tmp_path):
    path = written(tmp_path, "a.csv", "编号,内容\r1,黑烟\r2,黑水\r")
    assert [post.text for post in imports.read(path, SOURCE, NOW)] == ["黑烟", "黑水"]


def chosen(path: Path, **choices: tuple[str, ...]) -> list[RawPost | Reject]:
    return list(imports.read(path, SOURCE, NOW, choices))


def test_a_person_says_which_column_is_the_text_and_two_columns_are_joined(tmp_path):
    path = written(tmp_path, "a.csv", "案由,详情,何时,内容\n异味,楼下油烟直排,2026-03-05,办理中\n")
    (post,) = chosen(path, text=("案由", "详情"), posted_at=("何时",))
    assert (post.text, post.posted_at.day) == ("异味\n楼下油烟直排", 5)
    assert json.loads(post.raw)["内容"] == "办理中"
    (plain,) = chosen(path)
    assert plain.text == "办理中"


def test_a_file_of_unknown_headings_is_refused_until_a_person_names_the_text(tmp_path):
    path = written(tmp_path, "a.csv", "甲,乙\n1,黑烟\n")
    with pytest.raises(BadInput, match="表头是: 甲、乙。请指明哪一列是内容"):
        chosen(path)
    assert [post.text for post in chosen(path, text=("乙",))] == ["黑烟"]
    assert [(column.heading, column.field) for column in imports.columns(path)] == [("甲", ""), ("乙", "")]


MONITOR = SourceRow(key="monitor", name="监测平台", spider="import", kind=SourceKind.PLATFORM)


@pytest.mark.parametrize(
    ("source", "heading", "value", "kind"),
    [
        (MONITOR, "来源", "新浪微博", SourceKind.WEIBO),
        (MONITOR, "来源", "舆情监控平台", SourceKind.PLATFORM),
        (MONITOR, "来源", "说不清", SourceKind.PLATFORM),
        (MONITOR, "来源类型", "微博", SourceKind.PLATFORM),
        (MONITOR, "媒体名称", "新浪微博", SourceKind.PLATFORM),
        (SOURCE, "受理渠道", "微信", SourceKind.HOTLINE),
        (SOURCE, "来源", "微博", SourceKind.HOTLINE),
        (SOURCE, "来源", "舆情监控平台", SourceKind.PLATFORM),
    ],
)
def test_the_way_an_item_came_in_is_kept_apart_from_where_a_monitor_found_it(
    tmp_path, source, heading, value, kind
):
    path = written(tmp_path, "a.csv", f"编号,内容,{heading}\n1,黑烟,{value}\n")
    (post,) = imports.read(path, source, NOW)
    assert post.kind is kind


def test_118_and_241_are_counted_apart(tmp_path):
    rows = [f"{number},黑烟{number},{'微博' if number < 118 else '舆情监控平台'}" for number in range(359)]
    path = written(tmp_path, "a.csv", "\n".join(["编号,内容,来源", *rows]))
    kinds = [post.kind for post in imports.read(path, MONITOR, NOW)]
    assert (kinds.count(SourceKind.WEIBO), kinds.count(SourceKind.PLATFORM)) == (118, 241)


def test_a_telephone_number_in_a_column_nobody_claims_is_sealed_too(tmp_path):
    path = written(tmp_path, "a.csv", "编号,内容,备注\n1,黑烟,13800000000\n2,黑水,已回访\n")
    first, second = imports.records(path, SOURCE, NOW)
    assert "13800000000" not in first.item.raw.decode()
    assert json.loads(first.reporter) == {"备注": "13800000000"}
    assert (json.loads(second.item.raw)["备注"], second.reporter) == ("已回访", "")


def test_no_sample_of_a_column_shows_who_reported(tmp_path):
    columns = imports.columns(
        written(tmp_path, "导出.csv", EXPORT + "A-9,x,y,2026-03-05,电话,王某,13900000000,1\n")
    )
    assert not {"林某", "王某", "13800000000", "13900000000"} & {
        one for column in columns for one in column.samples
    }
    assert [column.heading for column in columns if column.field == "identity"] == ["举报人", "联系电话"]


def test_the_link_is_the_pages_own_name_but_not_where_rows_share_it(tmp_path):
    path = written(
        tmp_path,
        "a.csv",
        "编号,内容,原文链接\n1,甲,https://weibo.com/1234567890/5123456789012345?from=x\n"
        "2,乙,http://bbs.example.org/thread-7-1-1.html\n3,丙,http://bbs.example.org/thread-7-2-1.html\n4,丁,\n",
    )
    assert [post.link for post in imports.read(path, SOURCE, NOW)] == [
        "weibo/5123456789012345",
        "bbs.example.org/thread/7",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("46086.5", datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)),
        ("1772668860", datetime(2026, 3, 5, 8, 1, tzinfo=SHANGHAI)),
        ("1772668860000", datetime(2026, 3, 5, 8, 1, tzinfo=SHANGHAI)),
    ],
)
def test_a_time_may_be_counted_as_excel_or_a_database_counts(value, told):
    assert import_values.moment(value, NOW) == (told, False)


def test_a_text_nobody_could_read_through_is_a_reject(tmp_path):
    (reject,) = imports.read(written(tmp_path, "a.csv", f"编号,内容\n1,{'长' * 50_001}\n"), SOURCE, NOW)
    assert reject.reason == "内容有 50001 字, 最多 50000 字"


def test_a_kept_row_is_read_again_after_its_time_or_its_columns_were_put_right(tmp_path):
    path = written(tmp_path, "a.csv", "工单编号,诉求内容,来电时间,来电人\n1,黑烟,前几天,林某\n")
    (reject,) = imports.read(path, SOURCE, NOW)
    assert (reject.callback, reject.meta) == (
        "import",
        {"工单编号": "1", "诉求内容": "黑烟", "来电时间": "前几天"},
    )
    assert imports.again(reject, SOURCE, {}, NOW) == reject
    right = replace(reject, meta={**reject.meta, "来电时间": "2026-03-05 08:01"})
    post = imports.again(right, SOURCE, {}, NOW)
    assert (post.native_id, post.text, post.posted_at.day) == ("1", "黑烟", 5)
    assert "林某" not in repr(post)
    assert json.loads(imports.reporter(right, {})) == {"来电人": "林某"}
    other = imports.again(reject, SOURCE, {"": ("来电时间",)}, NOW)
    assert (other.text, other.posted_at) == ("黑烟", None)


def test_a_row_that_could_not_be_divided_stays_a_reject(tmp_path):
    (reject,) = imports.read(written(tmp_path, "a.csv", "编号,内容\n1\n"), SOURCE, NOW)
    assert (reject.payload, reject.meta) == (b"1", {})
    assert imports.again(reject, SOURCE, {}, NOW) == reject


@pytest.mark.parametrize(
    ("row", "event", "words"),
    [
        ("昨晚八点楼下排废气,2026-03-05 08:01,", datetime(2026, 3, 4, 20, 0, tzinfo=SHANGHAI), "昨晚八点"),
        ("昨晚八点楼下排废气,,", None, "昨晚八点"),
        ("昨晚八点楼下排废气,03-05 08:01,", None, "昨晚八点"),
        (
            "黑烟,2026-03-05 08:01,2026-03-02 23:30",
            datetime(2026, 3, 2, 23, 30, tzinfo=SHANGHAI),
            "2026-03-02 23:30",
        ),
        ("黑烟,2026-03-05 08:01,夜里", None, ""),
    ],
)
def test_when_it_happened_is_kept_apart_from_when_it_was_told(tmp_path, row, event, words):
    path = written(tmp_path, "a.csv", f"内容,来电时间,事发时间\n{row}\n")
    (post,) = imports.read(path, SOURCE, NOW)
    assert (post.event_at, post.event_words) == (event, words)


def test_a_row_that_has_slipped_sideways_tells_nobodys_number(tmp_path):
    path = written(tmp_path, "a.csv", "编号,内容,来电时间,联系电话\n1,黑烟,13800000000,2026-03-05\n")
    (reject,) = imports.read(path, SOURCE, NOW)
    assert "13800000000" not in f"{reject.reason}{reject.meta}"
    assert "13800000000" in reject.payload.decode()
