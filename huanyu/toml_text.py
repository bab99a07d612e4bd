"""A row of a table as text of its file: single keys are replaced, all other lines, comments too, stay as they were.

Knows TOML only, neither tables nor files; whoever uses it reads the result back before believing it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import time
from itertools import pairwise

from huanyu.errors import BadInput

WIDE = 100  #: characters of a list on one line
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_HEAD = re.compile(r"\s*\[\[?\s*([\w\"'.-]+)\s*\]")


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of one key, or of one sub-table."""

    name: str
    first: int
    last: int  #: the first line that is no longer its own
    below: bool  #: a sub-table, which keys of the row itself may not follow


def literal(value: object, *, inside: bool = False) -> str:
    """A value as TOML writes it; `inside` another one a text stays on its line."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case date() | time():
            return value.isoformat()
        case str():
            return _text(value, inside)
        case Mapping():
            pairs = (f"{_key(name)} = {literal(one, inside=True)}" for name, one in value.items())
            return "{ " + ", ".join(pairs) + " }"
        case Sequence():
            tall = not inside and any(isinstance(one, Mapping) for one in value)
            return _list([literal(one, inside=True) for one in value], tall, inside)
    raise BadInput(f"{value!r} 不能写进 TOML")


def edited(text: str, key: str, number: int, changes: Mapping[str, object]) -> str:
    """The file with keys of row `number` of [[key]] changed (None: taken out); `key` "" is the file itself."""
    lines = text.splitlines()
    for name, value in changes.items():
        first, last = _span(lines, key, number)
        lines = _put(lines, _parts(lines, first, last, key), first, name, value)
    return "\n".join(lines) + "\n"


def edited_rows(text: str, key: str, changes: Mapping[int, Mapping[str, object]]) -> str:
    """The file with keys of many rows of [[key]] changed, by their numbers: as `edited` row by row, but read once."""
    lines = text.splitlines()
    told: list[str] = []
    at = 0
    for number, (first, last) in enumerate(pairwise([*_heads(lines, key), len(lines)])):
        if number in changes:
            row = "\n".join([*lines[first:last], ""])
            told += [*lines[at:first], *edited(row, key, 0, changes[number]).splitlines()]
            at = last
    return "\n".join([*told, *lines[at:], ""])


def added(text: str, key: str, row: Mapping[str, object], before: int | None = None) -> str:
    """The file with one more row, at its end or before row `before`."""
    block = [f"[[{key}]]", *(f"{_key(name)} = {literal(value)}" for name, value in row.items())]
    lines = text.splitlines()
    if before is None:
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join([*lines, "", *block]).lstrip("\n") + "\n"
    at = _heads(lines, key)[before]
    return "\n".join([*lines[:at], *block, "", *lines[at:]]) + "\n"


def _put(lines: list[str], parts: Sequence[_Part], first: int, name: str, value: object) -> list[str]:
    """The lines with one key written anew where it stood, or after the row's other keys."""
    own = [part for part in parts if part.name == name]
    gone = {line for part in own for line in range(part.first, part.last)}
    ends = (part.last for part in parts if not part.below)
    at = own[0].first if own and not own[0].below else max(ends, default=first)
    made = [] if value is None else f"{_key(name)} = {literal(value)}".split("\n")
    if made and own:
        made[-1] += _remark(lines[own[0].last - 1])
    kept: list[str] = []
    for place in range(len(lines) + 1):
        kept += made if place == at else []
        kept += lines[place : place + 1] if place not in gone else []
    return kept


def _remark(line: str) -> str:
    """What is noted behind a value on its line."""
    for place, letter in enumerate(line):
        if letter == "#" and _reads(line[:place]):
            return f"  {line[place:]}"
    return ""


def _reads(line: str) -> bool:
    try:
        return bool(tomllib.loads(line))
    except tomllib.TOMLDecodeError:
        return False


def _heads(lines: Sequence[str], key: str) -> list[int]:
    head = re.compile(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]")
    return [place for place, line in enumerate(lines) if head.match(line)]


def _span(lines: Sequence[str], key: str, number: int) -> tuple[int, int]:
    """First line after the row's head, and the first line that is no longer its own."""
    if not key:
        begins = next((place for place, line in enumerate(lines) if not _bare(line)), len(lines))
        return begins, len(lines)
    first, last = list(pairwise([*_heads(lines, key), len(lines)]))[number]
    while last > first + 1 and _bare(lines[last - 1]):
        last -= 1
    return first + 1, last


def _bare(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _parts(lines: Sequence[str], first: int, last: int, key: str) -> list[_Part]:
    found, at, inside = [], first, ""
    while at < last:
        if _bare(lines[at]):
            at += 1
            continue
        if head := _HEAD.fullmatch(lines[at].split("#")[0].rstrip().replace("]]", "]")):
            path = head[1].split(".")
            inside = path[1 if key else 0].strip("\"'") if len(path) > bool(key) else ""
            found.append(_Part(inside, at, at + 1, below=True))
            at += 1
            continue
        end, name = _entry(lines, at, last)
        found.append(_Part(inside or name, at, end, below=bool(inside)))
        at = end
    return found


def _entry(lines: Sequence[str], at: int, last: int) -> tuple[int, str]:
    """Where the key that begins on line `at` ends, and its name."""
    for end in range(at + 1, last + 1):
        try:
            return end, next(iter(tomllib.loads("\n".join(lines[at:end]))))
        except tomllib.TOMLDecodeError:
            continue
    raise BadInput(f"第 {at + 1} 行读不懂，请改用全文编辑")


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _text(value: str, inside: bool) -> str:
    if "\n" in value and not inside:
        told = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\r", "\\r")
        return f'"""\n{told}"""' if not told.endswith('"') else f'"""\n{told[:-1]}\\""""'
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(items: Sequence[str], tall: bool, inside: bool) -> str:
    line = f"[{', '.join(items)}]"
    if not items or inside or (not tall and len(line) <= WIDE):
        return line
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
