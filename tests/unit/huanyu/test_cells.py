"""No text becomes a formula in a spreadsheet, no number becomes a text, no line breaks a line."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from huanyu.cells import FORMULA
from huanyu.cells import safe
from huanyu.cells import sheet
from huanyu.cells import workbook


@pytest.mark.parametrize(
    "told",
    [
        '=HYPERLINK("http://x.example.org","点我")',
        "+8613800000000",
        "-1+2",
        "@SUM(A1)",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "\t=1+1",
        "\r\n=1+1",
        "  =1+1",
        "　=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\x00=1+1",
    ],
)
def test_what_a_spreadsheet_would_compute_is_shown_as_it_was_written(told: str) -> None:
    found = safe(told)
    assert isinstance(found, str)
    assert found[0] == "'"
    assert found[1] in FORMULA


@pytest.mark.parametrize("told", ["夜间排水", "2026-03-10", "(一) 概况", "5+3", "a=b", "", "'引号"])
def test_an_ordinary_text_stays_as_it_is(told: str) -> None:
    assert safe(told) == told


@pytest.mark.parametrize("number", [0, -3, 2.5])
def test_a_number_stays_a_number(number: float) -> None:
    assert safe(number) == number


def test_nothing_is_an_empty_cell() -> None:
    assert safe(None) == ""


def test_the_file_says_that_it_is_utf_8_and_ends_its_lines_as_spreadsheets_do() -> None:
    assert sheet([("编号", "数"), ("甲\n乙", None)]) == "\ufeff编号,数\r\n甲 乙,\r\n".encode()


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=4))
def test_whatever_is_written_comes_back_in_the_same_rows_and_columns_and_is_no_formula(
    lines: list[list[str]],
) -> None:
    read = list(csv.reader(io.StringIO(sheet(lines).decode("utf-8-sig"), newline="")))
    assert [len(line) or 1 for line in read] == [len(line) for line in lines]
    assert not [cell for line in read for cell in line if cell[:1] in FORMULA and cell]


def test_a_workbook_keeps_texts_as_texts_and_numbers_as_numbers(tmp_path: Path) -> None:
    lines = [("编号", "数"), ("=1+1", -3), ('a<b & "c"', None), ("'引号", 2.5)]
    made = workbook({"甲": lines, "乙“&”": [("空",)]})
    path = tmp_path / "made.xlsx"
    path.write_bytes(made)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["甲", "乙“&”"]
    read = book.get_sheet_by_name("甲").to_python()
    assert read == [["编号", "数"], ["=1+1", -3.0], ['a<b & "c"', ""], ["'引号", 2.5]]
    body = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in body, "no cell is a formula"
    assert '<c t="inlineStr" s="2"><is><t xml:space="preserve">=1+1</t>' in body, (
        "nor becomes one when edited"
    )
    assert workbook({"甲": lines, "乙“&”": [("空",)]}) == made


def test_a_workbook_is_ready_for_paper_and_its_columns_are_as_wide_as_their_words() -> None:
    long = "一、停用锅炉；二、拆除并注销登记；三、每周巡查并报送照片；四、连续四周无反弹后申请销号"
    made = workbook({"三'单": [("序号", "整改措施"), (1, long), (f"注：{long}",)]})
    book = zipfile.ZipFile(io.BytesIO(made))
    body = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'orientation="landscape" fitToWidth="1" fitToHeight="0"' in body
    widths = [float(told) for told in re.findall(r' width="([\d.]+)"', body)]
    assert widths[0] == 6
    assert 20 < widths[1] <= 42
    heights = [int(told) for told in re.findall(r'<row ht="(\d+)"', body)]
    assert heights[0] == heights[2] == 15, "a heading and a remark are one line"
    assert heights[1] > 15, "a long cell is seen whole"
    assert "'三''单'!$1:$1" in book.read("xl/workbook.xml").decode()
