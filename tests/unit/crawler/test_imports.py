"""Exports of other platforms: tolerant of headings and encodings, one bad row costs one row."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

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
    assert [post.kind for post in posts] == [SourceKind.HOTLINE, SourceKind.WEIBO]
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

    reporter = next(imports.reporters(path))
    assert reporter.native_id == "A-1"
    assert json.loads(reporter.identity) == {"举报人": "林某", "联系电话": "13800000000"}


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
        list(imports.read(written(tmp_path, "a.xls", ""), SOURCE, NOW))


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
