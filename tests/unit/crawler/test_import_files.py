"""Files as people save them: encodings, workbooks, titles above the table; and files made to do harm."""

from __future__ import annotations

import json
import random
import zipfile
from datetime import date
from datetime import datetime
from datetime import time
from pathlib import Path

import pytest

from crawler import import_files
from crawler import import_weight
from crawler import imports
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import SourceKind
from tests.unit.crawler import workbooks

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
SOURCE = SourceRow(key="hotline", name="热线导出", spider="import", kind=SourceKind.HOTLINE)
HEAD = ["工单编号", "诉求内容", "来电时间"]
TEXT = '工单编号,诉求内容,来电时间\r\nA1,黑烟,2026-03-05 08:01\r\nA2,"黑水\r\n很臭",2026-03-05 08:02\r\n'


def read(path: Path, source: SourceRow = SOURCE) -> list[RawPost | Reject]:
    return list(imports.read(path, source, NOW))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_is_read_in_each_encoding_that_office_programs_write(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert [(one.native_id, one.text) for one in read(path)] == [("A1", "黑烟"), ("A2", "黑水\n很臭")]


def test_gbk_behind_a_megabyte_of_plain_letters_is_still_seen(tmp_path):
    path = tmp_path / "a.csv"
    lines = "".join(f"A{number},{'x' * 200},2026-03-05\n" for number in range(6000))
    path.write_bytes(f"id,text,date\n{lines}B1,黑烟,2026-03-05\n".encode("gb18030"))
    assert read(path)[-1].text == "黑烟"


def test_the_header_is_found_below_titles_and_empty_rows(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"聊城市热线工单导出,,\n制表: 宣教科,,\n,,\n{TEXT}", encoding="utf-8")
    found = read(path)
    assert [one.native_id for one in found] == ["A1", "A2"]
    bad = tmp_path / "b.csv"
    bad.write_text("导出\n\n编号,内容\n1,黑烟,多一列\n", encoding="utf-8")
    assert [one.where for one in read(bad)] == ["b.csv 第 4 行"]


def test_every_visible_sheet_with_a_header_is_read_and_named(tmp_path):
    path = workbooks.xlsx(
        tmp_path / "工单.xlsx",
        {
            "一月": [
                ["一月工单"],
                [],
                HEAD,
                ["A1", "黑烟", datetime(2026, 1, 5, 8, 1)],
                [],
                ["A2", "", None],
            ],
            "说明": [["本表由系统导出"], ["请勿外传"]],
            "二月": [HEAD, ["B1", "黑水", date(2026, 2, 5)]],
            "字典": [HEAD, ["C1", "不该读到", None]],
        },
        hidden=["字典"],
    )
    first, bad, second = read(path)
    assert (first.native_id, first.posted_at) == ("A1", datetime(2026, 1, 5, 8, 1, tzinfo=SHANGHAI))
    assert (bad.where, bad.reason) == ("工单.xlsx 工作表“一月”第 6 行", "内容为空")
    assert (second.native_id, second.posted_at) == ("B1", datetime(2026, 2, 5, tzinfo=SHANGHAI))


@pytest.mark.parametrize("shared", [True, False])
def test_cells_are_read_as_a_person_sees_them(tmp_path, shared):
    rows = [
        [*HEAD, "阅读数", "备注"],
        [20260305, "黑烟", datetime(2026, 3, 5, 23, 59), 1024, 0.5],
        ["371502199001010010", "黑水", 46086.5, None, "45"],
    ]
    first, second = read(workbooks.xlsx(tmp_path / "a.xlsx", {"表": rows}, shared=shared))
    assert (first.native_id, first.views) == ("20260305", 1024)
    assert json.loads(first.raw)["备注"] == "0.5"
    assert second.native_id == "371502199001010010"
    assert second.posted_at == datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)


def test_a_long_number_that_excel_has_rounded_is_shown_but_is_nobodys_id(tmp_path):
    rows = [HEAD, [371502202603050011.0, "黑烟", None], [371502202603050012.0, "黑水", None]]
    first, second = read(workbooks.xlsx(tmp_path / "a.xlsx", {"表": rows}))
    assert first.native_id != second.native_id
    assert json.loads(first.raw)["工单编号"].startswith("≈3715022026030500")
    path = tmp_path / "a.csv"
    path.write_text("工单编号,诉求内容\n3.71502E+17,黑烟\n3.71502E+17,黑水\n", encoding="utf-8")
    assert len({one.native_id for one in read(path)}) == 2


def test_the_day_in_one_column_and_the_clock_in_another_make_one_time(tmp_path):
    rows = [
        ["日期", "时间", "反映问题"],
        [date(2026, 3, 4), time(14, 20), "黑烟"],
        [None, time(9, 5), "黑水"],
    ]
    first, bad = read(workbooks.xlsx(tmp_path / "电话记录.xlsx", {"三月": rows}))
    assert first.posted_at == datetime(2026, 3, 4, 14, 20, tzinfo=SHANGHAI)
    assert "只有钟点, 没有日期" in bad.reason


def test_an_old_workbook_is_read_too(tmp_path):
    path = workbooks.xls(
        tmp_path / "旧.xls",
        "三月",
        [["工单导出"], HEAD, ["A1", "黑烟", "2026-03-05 08:01"], [7, "黑水", 46086.0]],
    )
    assert [(one.native_id, one.text, one.posted_at.day) for one in read(path)] == [
        ("A1", "黑烟", 5),
        ("7", "黑水", 5),
    ]


def test_a_file_is_what_its_bytes_say_and_not_its_name(tmp_path):
    text = tmp_path / "系统导出.xls"
    text.write_bytes(TEXT.replace(",", "\t").encode("gb18030"))
    assert [one.native_id for one in read(text)] == ["A1", "A2"]
    book = workbooks.xlsx(tmp_path / "a.csv", {"表": [HEAD, ["A1", "黑烟", None]]})
    assert [one.native_id for one in read(book)] == ["A1"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_with_a_table_under_the_name_of_a_workbook_is_read(tmp_path, encoding):
    page = """<html><head><meta charset="x"><style>td{}</style></head><body><table border=1>
    <tr><th colspan=3>工单导出</th></tr><tr><th>工单编号</th><th>诉求&nbsp;内容<th>来电时间</tr>
    <tr><td style='mso-number-format:"\\@"'>37150200000000012345<td>黑烟<br>很大<script>x()</script></td>
    <td>2026-03-05 08:01</td></tr><tr><td>A2</td><td>&nbsp;</td><td></td></tr></table></body></html>"""
    path = tmp_path / "系统导出.xls"
    path.write_bytes(page.encode(encoding))
    post, bad = read(path)
    assert (post.native_id, post.text) == ("37150200000000012345", "黑烟\n很大")
    assert (bad.where, bad.reason) == ("系统导出.xls 第 4 行", "内容为空")


def test_a_json_array_goes_on_behind_a_broken_object(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(
        '[{"id": 1, "text": "黑烟", "time": 1772668860},\n {"id": 2, "text": },\n'
        ' {"id": 3, "text": "黑水 }, { 里", "时间": "昨天 12:30"}, 4]',
        encoding="utf-8",
    )
    first, bad, third, number = read(path)
    assert first.posted_at == datetime(2026, 3, 5, 8, 1, tzinfo=SHANGHAI)
    assert (bad.where, third.native_id) == ("a.json 第 2 条", "3")
    assert number.reason == "这一行不是 JSON 对象"


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("a.doc", b"", "只能导入 CSV、XLSX、XLS、JSONL 或 JSON 文件"),
        ("a.xls", b"<html><p>please log in</p></html>", "内容是网页, 里面没有表格"),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "另存为 .xlsx",
        ),
        ("a.xlsx", b"PK\x03\x04 and then nothing", "不是完整的 Excel 文件"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and then nothing", "不是完整的 Excel 文件"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "文件加了密码",
        ),
        ("a.csv", b"", "文件是空的"),
        ("a.json", b"[1,2", "一条完整的记录也没有读到.*不是 JSON 文件"),
        ("a.csv", "姓名,电话\n甲,1\n".encode(), "表头里没有内容列.*表头是: 姓名、电话"),
        ("a.csv", ",".join(f"列{at}" for at in range(300)).encode() + b"\n", "表头有 300 列, 最多 200 列"),
    ],
)
def test_a_file_that_is_no_export_is_refused_with_what_to_do(tmp_path, name, body, told):
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(BadInput, match=f"^{name}.*{told}"):
        read(path)


def test_a_file_above_the_bound_is_refused_unread(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(import_files.LARGEST + 1)
    with pytest.raises(BadInput, match="最大 50 MB"):
        read(path)


def bomb(path: Path, name: str, size: int, lie: int | None = None) -> Path:
    """A workbook with one more member of `size` zero bytes, declared as `lie`."""
    workbooks.xlsx(path, {"表": [HEAD, ["A1", "黑烟", None]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as member:
        for _ in range(size >> 20):
            member.write(b" " * (1 << 20))
    if lie is not None:
        body = path.read_bytes()
        path.write_bytes(body.replace(size.to_bytes(4, "little"), lie.to_bytes(4, "little")))
    return path


def test_a_bomb_is_refused_before_it_is_opened(tmp_path):
    with pytest.raises(BadInput, match="解压后有 64 MB, 超过限度, 没有打开"):
        read(bomb(tmp_path / "a.xlsx", "xl/media/image1.xml", 64 << 20))
    with pytest.raises(BadInput, match="与文件大小不相称, 没有打开"):
        read(bomb(tmp_path / "b.xlsx", "xl/media/image1.xml", 64 << 20, lie=1000))


def test_a_workbook_of_too_many_parts_or_of_another_kind_is_refused(tmp_path):
    path = workbooks.xlsx(tmp_path / "a.xlsx", {"表": [HEAD]})
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(import_weight.MEMBERS):
            archive.writestr(f"xl/{number}.xml", "")
    with pytest.raises(BadInput, match=r"压缩包里有 20\d\d 个文件"):
        read(path)
    other = tmp_path / "b.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("content.xml", "<table/>")
    with pytest.raises(BadInput, match="不是 Excel 表格"):
        read(other)


def sheet(path: Path, cells: str, texts: str = "") -> Path:
    """A workbook with one sheet written by hand."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in workbooks.frame(["表"], [], shared=True).items():
            archive.writestr(name, text)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{workbooks.MAIN}">{texts}</sst>')
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<x:worksheet xmlns:x="{workbooks.MAIN}">{cells}</x:worksheet>'
        )
    return path


def test_one_stray_cell_in_the_far_corner_does_not_take_all_memory(tmp_path):
    near, far = (f"<x:row><x:c r='{place}'><x:v>1</x:v></x:c></x:row>" for place in ("A1", "XFD900000"))
    cells = f"<x:sheetData>{near}{far}</x:sheetData>"
    with pytest.raises(BadInput, match="一直铺到第 900000 行、第 16384 列"):
        read(sheet(tmp_path / "a.xlsx", cells))


def test_one_long_text_shown_in_a_thousand_cells_does_not_take_all_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(import_weight, "COPIED", 10 << 20)
    row = "".join("<x:c t='s'><x:v>0</x:v></x:c>" for _ in range(1000))
    path = sheet(
        tmp_path / "a.xlsx",
        f"<x:sheetData><x:row r='1'>{row}</x:row></x:sheetData>",
        f"<si><t>{'长' * 30_000}</t></si>",
    )
    with pytest.raises(BadInput, match="展开后有 28 MB 文字"):
        read(path)


def test_an_entity_that_multiplies_itself_is_refused(tmp_path):
    path = sheet(tmp_path / "a.xlsx", "<x:sheetData/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/worksheets/sheet2.xml",
            '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>',
        )
    with pytest.raises(BadInput, match="不是完整的 Excel 文件"):
        read(path)


def damaged(body: bytes, seed: int) -> bytes:
    """The bytes with a few of them changed, lost or doubled."""
    chance = random.Random(seed)
    told = bytearray(body)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(told))
        told[at : at + chance.choice((0, 1, 30))] = chance.randbytes(chance.choice((0, 1, 3)))
    return bytes(told)


@pytest.mark.parametrize("name", ["a.csv", "b.csv", "a.json", "a.jsonl", "page.xls", "a.xlsx", "a.xls"])
def test_a_damaged_file_is_read_in_part_or_refused_but_breaks_nothing(tmp_path, name):
    rows = [HEAD, *([f"A{at}", '黑烟, "很大"', "2026-03-05"] for at in range(20))]
    objects = [json.dumps(dict(zip(HEAD, row, strict=True)), ensure_ascii=False) for row in rows[1:]]
    lines = "\n".join("\t".join(row) for row in rows)
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    path = tmp_path / name
    if name == "a.xlsx":
        workbooks.xlsx(path, {"表": rows})
    elif name == "a.xls":
        workbooks.xls(path, "表", rows)
    else:
        texts = {
            "a.csv": lines.encode("gb18030"),
            "b.csv": lines.encode("utf-16"),
            "a.json": f"[{','.join(objects)}]".encode(),
            "a.jsonl": "\n".join(objects).encode(),
            "page.xls": f"<table>{cells}</table>".encode(),
        }
        path.write_bytes(texts[name])
    whole = path.read_bytes()
    outcomes = set()
    for seed in range(60):
        path.write_bytes(damaged(whole, seed))
        try:
            read(path)
            outcomes.add("read")
        except BadInput as problem:
            assert name in str(problem)
            outcomes.add("refused")
    assert outcomes
