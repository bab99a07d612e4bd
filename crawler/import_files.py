"""Open an export by what it is, not by what it is called: text, JSON, XLSX, XLS, a page with a table.

A file that is none of these, or too large, is refused as a whole with a sentence that says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crawler.import_columns import Meaning
from crawler.import_html import html_table
from crawler.import_json import array_table
from crawler.import_json import jsonl_table
from crawler.import_sheets import sheet_tables
from crawler.import_table import Table
from crawler.import_text import csv_table
from huanyu.errors import BadInput

LARGEST = 50 << 20
START = 4096
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XML = b"urn:schemas-microsoft-com:office:spreadsheet"
TEXT = frozenset({".csv", ".tsv", ".txt", ".xls", ".xlsx"})  # many a system calls its text .xls
JSON = frozenset({".json", ".jsonl", ".ndjson"})
ENDINGS = ("csv", "tsv", "txt", "xlsx", "xls", "jsonl", "json")  #: as a file dialog asks for them


def tables(path: Path, meaning: Meaning) -> Iterator[Table]:
    """The tables of a file; raises BadInput where it is none we can read."""
    start = begin(path)
    ending = path.suffix.lower()
    if ending not in TEXT | JSON:
        raise BadInput(f"{path.name}: 只能导入 CSV、XLSX、XLS、JSONL 或 JSON 文件")
    if start.startswith((ZIP, OLE)):
        return sheet_tables(path, meaning)
    plain = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if XML in plain.replace(b"\x00", b""):
        raise BadInput(f"{path.name}: 是 Excel 2003 的 XML 格式, 请在 Excel 中打开后另存为 .xlsx 再导入")
    if plain.startswith(b"<"):
        return html_table(path, meaning)
    if ending in JSON:
        return array_table(path) if plain.startswith(b"[") and ending == ".json" else jsonl_table(path)
    return csv_table(path, meaning)


def begin(path: Path) -> bytes:
    """The first bytes of a file that is not too large."""
    if path.is_file() and path.stat().st_size > LARGEST:
        raise BadInput(
            f"{path.name}: 文件有 {path.stat().st_size >> 20} MB, 最大 {LARGEST >> 20} MB, 请分成几个文件"
        )
    with path.open("rb") as file:
        return file.read(START)
