"""Exports that are JSON: one object a line, or one array of objects.

A damaged object costs itself only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from crawler.import_table import Row
from crawler.import_table import Table
from crawler.import_table import as_text
from crawler.import_table import writable
from crawler.import_text import opened

NEXT_OBJECT = re.compile(r"\}\s*,\s*(?=\{)")
FIRST_KEYS = 200  # records whose keys are the headings of a JSON file
DECODER = json.JSONDecoder()


def jsonl_table(path: Path) -> Iterator[Table]:
    """One JSON object a line."""
    head = keys(json_lines(path))
    yield Table("", "第 1 行", head, json_lines(path))


def json_lines(path: Path) -> Iterator[Row]:
    with opened(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield json_row(f"第 {number} 行", line.strip())


def array_table(path: Path) -> Iterator[Table]:
    """One JSON array of objects, read object by object."""
    yield Table("", "第 1 条", keys(array_items(path)), array_items(path))


def array_items(path: Path) -> Iterator[Row]:
    with opened(path) as file:
        text = file.read()
    at, number = text.find("[") + 1, 0
    while (at := start_of_next(text, at)) < len(text) and text[at] != "]":
        number += 1
        end = end_of(text, at)
        yield json_row(f"第 {number} 条", text[at:end])
        at = end


def start_of_next(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] == ","):
        at += 1
    return at


def end_of(text: str, at: int) -> int:
    """Where the value that begins at `at` ends; where it is broken, the next place that looks like an end."""
    try:
        return DECODER.raw_decode(text, at)[1]
    except (ValueError, RecursionError):
        found = NEXT_OBJECT.search(text, at)
        return found.start() + 1 if found else len(text)


def json_row(place: str, text: str) -> Row:
    try:
        found = json.loads(text)
        if not isinstance(found, dict):
            return Row(place, text, {}, "这一行不是 JSON 对象")
        return Row(place, text, {writable(name): writable(as_text(value)) for name, value in found.items()})
    except ValueError as problem:
        at = f", 第 {problem.pos + 1} 个字符处不对" if isinstance(problem, json.JSONDecodeError) else ""
        return Row(place, text, {}, f"不是完整的 JSON{at}")
    except RecursionError:
        return Row(place, text, {}, "不是可用的 JSON: 括号嵌套过深")


def keys(rows: Iterator[Row]) -> tuple[str, ...]:
    """Every key of the first records, in the order in which they are met."""
    found: dict[str, None] = {}
    for _, row in zip(range(FIRST_KEYS), rows, strict=False):
        found |= dict.fromkeys(row.cells)
    return tuple(found)
