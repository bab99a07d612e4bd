"""What is other in a table than before, row by row and key by key.

A function of what TOML says; knows neither files nor what a key means.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from operator import ne
from typing import Any
from typing import Final

from flow.table_journal import Cell
from huanyu.toml_text import literal

Row = Mapping[str, Any]
NAMES: Final = ("key", "id", "name", "label", "kind", "stage")


def named(row: Row, number: int = 0) -> str:
    """What a row is called: its key, else its name, else its place."""
    return next((str(row[name]) for name in NAMES if row.get(name)), f"第 {number + 1} 行")


def titled(row: Row, number: int = 0) -> str:
    """What a person would call a row."""
    return next((str(row[name]) for name in ("name", "label", "why") if row.get(name)), named(row, number))


def told(value: object) -> str:
    """A value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(one, dict) for one in value):
        return "、".join(told(one) for one in value)
    return literal(value)


def pairs(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """Rows of both tables side by side: by place where one is other, by unique names, else by what stands in them."""
    if len(before) == len(after) and sum(map(ne, before, after)) == 1:
        return list(zip(before, after, strict=True))
    old, new = [named(row) for row in before], [named(row) for row in after]
    if len(set(old)) == len(old) and len(set(new)) == len(new):
        there = dict(zip(new, after, strict=True))
        gone = set(old)
        return [
            *((row, there.get(name)) for name, row in zip(old, before, strict=True)),
            *((None, row) for name, row in zip(new, after, strict=True) if name not in gone),
        ]
    found: list[tuple[Row | None, Row | None]] = []
    matcher = SequenceMatcher(None, [repr(row) for row in before], [repr(row) for row in after], False)
    for _, a, b, c, d in matcher.get_opcodes():
        found += zip_longest(before[a:b], after[c:d])
    return found


def cells(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Cell]:
    """Every key that is other than before."""
    for old, new in pairs(before, after):
        if old == new:
            continue
        one = new if new is not None else old
        called = titled(one or {})
        for name in dict.fromkeys([*(old or {}), *(new or {})]):
            was, now = (told(row.get(name)) if row else "" for row in (old, new))
            if was != now:
                yield Cell(row=called, field=name, before=was, after=now)


def edits(before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    """What has become of each row, for the audit trail."""
    for old, new in pairs(before, after):
        if old is None and new is not None:
            yield f"增 {named(new)}"
        elif new is None and old is not None:
            yield f"删 {named(old)}"
        elif old != new and new is not None:
            yield f"改 {named(new)}"
    if [row for row in before if row in after] != [row for row in after if row in before]:
        yield "次序"


def lost(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """Rows that are gone."""
    return [titled(old) for old, new in pairs(before, after) if old is not None and new is None]
