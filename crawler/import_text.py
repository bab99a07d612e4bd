"""Exports that are text: CSV and its relatives, line by line, in whatever encoding.

A damaged record costs itself only. Nothing is held but the lines one record may need.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from crawler import charset
from crawler.import_columns import Meaning
from crawler.import_table import SEARCHED
from crawler.import_table import Row
from crawler.import_table import Table
from crawler.import_table import header
from crawler.import_table import headings
from crawler.import_table import row_of
from crawler.import_table import score

LONGEST = 200  # physical lines in one quoted cell; more is a forgotten quotation mark
BLOCK = 1 << 20
SELDOM = 50  # of so many bytes one is a stray zero; in UTF-16 every comma, digit and line end has one
SEPARATORS = ",\t;"


class Lines:
    """The lines of a text with a look ahead, numbered from 1."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ahead: deque[str] = deque()
        self.number = 1  #: of the next line

    def at(self, offset: int) -> str | None:
        """The line that comes after `offset` others; None behind the end."""
        while len(self._ahead) <= offset:
            line = self._file.readline()
            if not line:
                return None
            mark = "\ufeff" if self.number == 1 and not self._ahead else ""  # GB18030 has one too
            self._ahead.append(line.rstrip("\r\n").removeprefix(mark))
        return self._ahead[offset]

    def take(self, size: int) -> str:
        """The next `size` lines, which are then behind us."""
        self.number += size
        return "\n".join(self._ahead.popleft() for _ in range(size))


def opened(path: Path) -> TextIO:
    """The file as text in whatever encoding it is; a line ends with LF, or with CR where there is no LF at all."""
    name = encoding(path)
    raw = path.open("rb")
    text = io.TextIOWrapper(raw, encoding=name, errors="replace", newline="\n")
    if not any("\n" in block for block in iter(lambda: text.read(BLOCK), "")):
        raw.seek(0)
        return io.TextIOWrapper(text.detach(), encoding=name, errors="replace", newline="\r")
    text.seek(0)
    return text


def encoding(path: Path) -> str:
    """UTF-8, GBK (as GB18030) or UTF-16 by the bytes of the whole file, else what fits it with least damage."""
    with path.open("rb") as file:
        start = file.read(BLOCK)
    for mark, name in charset.BOMS:
        if start.startswith(mark):
            return name
    if wide := without_mark(start):
        return wide
    for name in ("utf-8", "gb18030"):
        if fits(path, name):
            return name
    return charset.decode(path.read_bytes()).encoding


def without_mark(start: bytes) -> str:
    """UTF-16 without its mark: the separators' zero bytes stand on one side only."""
    low, high = start[1::2].count(0), start[::2].count(0)
    if max(low, high) * SELDOM < len(start) or min(low, high) * SELDOM > max(low, high):
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def fits(path: Path, name: str) -> bool:
    """Whether every byte makes sense; a character cut in two at the very end is forgiven."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(BLOCK), b""):
                decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def csv_table(path: Path, meaning: Meaning) -> Iterator[Table]:
    """The one table of a CSV, with its separator and its header wherever in the first rows they are."""
    with opened(path) as file:
        lines = Lines(file)
        separator, records = best_separator(lines, meaning)
        at = header([cells for cells, _ in records], meaning)
        if at is None:
            return
        lines.take(sum(size for _, size in records[:at]))
        place = f"第 {lines.number} 行"
        head = headings(records[at][0], f"{path.name} {place}")
        lines.take(records[at][1])
        yield Table("", place, head, csv_rows(lines, head, separator))


def best_separator(lines: Lines, meaning: Meaning) -> tuple[str, list[tuple[list[str], int]]]:
    """The mark that shows the best header, and the first records it makes, each with its size in lines."""
    tries = [(mark, first_records(lines, mark)) for mark in SEPARATORS]
    return max(tries, key=lambda one: max((score(cells, meaning) for cells, _ in one[1]), default=()))


def first_records(lines: Lines, separator: str) -> list[tuple[list[str], int]]:
    found: list[tuple[list[str], int]] = []
    at = 0
    while len(found) < SEARCHED and lines.at(at) is not None:
        size = record_size(lines, at)
        try:
            cells = divided(joined(lines, at, size), separator)
        except csv.Error:
            size, cells = 1, []
        found.append((cells, size))
        at += size
    return found


def joined(lines: Lines, at: int, size: int) -> str:
    return "\n".join(lines.at(offset) or "" for offset in range(at, at + size))


def csv_rows(lines: Lines, head: Sequence[str], separator: str) -> Iterator[Row]:
    """Records of a CSV; a damaged one costs its own line only, a forgotten quotation mark does not eat the file."""
    while lines.at(0) is not None:
        size = record_size(lines, 0)
        place = f"第 {lines.number} 行"
        row = csv_row(place, joined(lines, 0, size), head, separator)
        if row is not None and row.problem and size > 1:
            size, row = 1, csv_row(place, lines.at(0) or "", head, separator)
        lines.take(size)
        if row is not None:
            yield row


def record_size(lines: Lines, start: int) -> int:
    """Physical lines until every quotation mark is closed; 1 where that never happens."""
    marks = 0
    for size in range(1, LONGEST + 1):
        line = lines.at(start + size - 1)
        if line is None:
            break
        marks += line.count('"')
        if marks % 2 == 0:
            return size
    return 1


def csv_row(place: str, record: str, head: Sequence[str], separator: str) -> Row | None:
    try:
        cells = divided(record, separator)
    except csv.Error:
        return Row(place, record, {}, "引号不配对, 无法分列")
    if not any(cells):
        return None
    if any(cells[len(head) :]) or len(cells) < len(head):
        return Row(place, record, {}, f"这一行有 {len(cells)} 列, 表头有 {len(head)} 列")
    return row_of(place, cells, head)


def divided(record: str, separator: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([record], delimiter=separator, strict=True), [])]
