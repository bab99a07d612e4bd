"""An export as tables of rows, whatever file it came from: where the header stands, which cells a row has.

Pure: knows neither files nor what a column is good for beyond being known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.import_columns import ASIDE
from crawler.import_columns import Meaning
from huanyu.errors import BadInput

SEARCHED = 20  # rows above the data: title, date of the report, who made it
WIDEST = 200  # columns; more is a damaged file
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # no database or file takes NUL or half of a UTF-16 pair


@dataclass(frozen=True, slots=True)
class Row:
    """One record: where it stands, its cells by heading, or its text and why it cannot be divided."""

    place: str  #: 第 4 行; 工作表“三月”第 4 行
    text: str
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One list of records with the same headings; its rows can be gone through once."""

    name: str  #: of the sheet; "" where a file is one table
    place: str  #: where the header stands
    head: tuple[str, ...]
    rows: Iterator[Row]


def header(candidates: Sequence[Sequence[str]], meaning: Meaning) -> int | None:
    """Which of the first rows is the header: the one with most headings we know, text among them; None = no row.

    Where nothing is known it is the first of the fullest rows, so that a person can say what its columns mean.
    """
    scores = [score(cells, meaning) for cells in candidates]
    best = max(scores, default=(False, 0, 0))
    return scores.index(best) if best > (False, 0, 0) else None


def score(cells: Sequence[str], meaning: Meaning) -> tuple[bool, int, int]:
    """Whether a row has a heading for the text, how many headings are known, how many cells are filled."""
    filled = [cell for cell in cells if cell.strip()]
    fields = [field for cell in filled if (field := meaning.of(cell)[0]) != ASIDE]
    return bool({"text", "title"} & set(fields)), len(fields), len(filled)


def headings(cells: Sequence[str], place: str) -> tuple[str, ...]:
    """The header's cells as names: none empty, none twice, without the empty ones at its end."""
    last = max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    if last > WIDEST:
        raise BadInput(f"{place}: 表头有 {last} 列, 最多 {WIDEST} 列")
    seen: dict[str, int] = {}
    names = []
    for at, cell in enumerate(cells[:last], start=1):
        name = " ".join(writable(cell).split()) or f"第{at}列"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def row_of(place: str, cells: Sequence[str], head: Sequence[str]) -> Row | None:
    """A row under its headings; None where every cell is empty."""
    if not any(cell.strip() for cell in cells):
        return None
    told = dict(zip(head, map(writable, cells), strict=False))
    beyond = enumerate(cells[len(head) :], start=len(head) + 1)  # notes beside the table, under no heading
    told |= {f"第{at}列": writable(cell) for at, cell in beyond if cell.strip()}
    return Row(place, "", told)


def packed(cells: Mapping[str, str]) -> str:
    """The cells as one JSON object, as raw payloads and rejects keep them."""
    return json.dumps(dict(cells), ensure_ascii=False)


def unpacked(payload: bytes) -> dict[str, str]:
    """The cells in such a payload; nothing where a row could not even be divided."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return {str(name): as_text(value) for name, value in found.items()} if isinstance(found, dict) else {}


def writable(text: str) -> str:
    """The text with a visible mark in place of what cannot be stored."""
    return UNWRITABLE.sub("\ufffd", text)


def as_text(value: object) -> str:
    """A value of a JSON object as a cell."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
