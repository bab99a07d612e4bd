"""What is wrong in a TOML file, and where: one Chinese line per mistake with file, line and key.

Knows the errors of tomllib and pydantic, not what any table is for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

TABLE = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]")
PAIR = re.compile(r"\s*([\w.\"'-]+)\s*=")

#: Types of pydantic's errors -> what the value should have been.
FAULTS: tuple[tuple[frozenset[str], str], ...] = tuple(
    (frozenset(kinds.split()), told)
    for kinds, told in (
        ("bool_type bool_parsing", "应为 true 或 false"),
        ("int_type int_parsing int_from_float", "应为整数"),
        ("float_type float_parsing", "应为数字"),
        ("string_type path_type", '应为文字, 写在 "" 里'),
        ("tuple_type list_type", '应为列表, 例如 ["甲", "乙"]'),
        ("date_type date_parsing date_from_datetime_parsing", "应为日期, 例如 2026-03-01"),
        ("time_type time_parsing", "应为时刻, 例如 08:30:00"),
        ("string_too_short", "至少要写 {min_length} 个字"),
        ("greater_than", "应大于 {gt}"),
        ("greater_than_equal", "应不小于 {ge}"),
        ("less_than_equal", "应不大于 {le}"),
    )
)


def explain(
    path: Path, text: str, problem: ValidationError, key: str = "", number: int | None = None, owner: str = ""
) -> str:
    """One line per mistake: file, line, key, what is wrong; deep in a row also whose row it is (`owner`)."""
    told = []
    for error in problem.errors():
        names = [part for part in error["loc"] if isinstance(part, str) and part != "[key]"]
        plain = len(names) == 1
        line = line_of(text, key, number, names[0]) if plain else line_below(text, key, number, names)
        deep = not plain or error["type"] == "value_error"
        whose = f"[[{key}]] {owner}: " if owner and deep else ""
        told.append(f"{path} 第 {line} 行: {whose}{what(error, '.'.join(names))}")
    return "\n".join(told)


def what(error: ErrorDetails, name: str) -> str:
    """What is wrong with the key of that name."""
    if error["type"] == "value_error":  # a rule of ours: its message says it all
        return f"{name}: {error['ctx']['error']}" if name else str(error["ctx"]["error"])
    return {
        "extra_forbidden": f"未知的键 {name}",
        "missing": f"缺少必填的键 {name}",
    }.get(error["type"], f"键 {name} 的值 {value(error)} 不对, {fault(error)}")


def value(error: ErrorDetails) -> str:
    found = error["input"]
    return repr(found) if isinstance(found, str) else str(found)


def fault(error: ErrorDetails) -> str:
    """What a value should have been, in Chinese."""
    limits = error.get("ctx", {})
    if error["type"] == "literal_error" or error["type"] == "enum":
        return f"可选: {limits['expected'].replace(' or ', ', ')}"
    told = next((told for kinds, told in FAULTS if error["type"] in kinds), error["msg"])
    return told.format(**limits)


def explain_syntax(path: Path, told: str) -> str:
    """tomllib's complaint with file and line in front; its English says the rest."""
    where = re.search(r"\s*\(at line (\d+), column (\d+)\)", told)
    if where is None:
        return f"{path}: TOML 语法错误, 文件没有写完 ({told})"
    what = told.replace(where.group(), "")
    return f"{path} 第 {where[1]} 行: TOML 语法错误, 第 {where[2]} 个字符 ({what})"


def line_of(text: str, key: str, number: int | None, name: str) -> int:
    """Where `name` stands: in the whole file, or in row `number` of [[key]]; the row's head when it is missing."""
    start, seen = 0, -1
    for index, line in enumerate(text.splitlines(), start=1):
        if number is not None and re.match(rf"\s*\[\[\s*{re.escape(key)}\s*\]\]", line):
            seen += 1
            if seen == number:
                start = index
            elif seen > number:
                break
        if (number is None or seen == number) and re.match(
            rf"\s*\[*[\"']?{re.escape(name)}[\"']?\s*[=\]]", line
        ):
            return index
    return start or 1


def line_below(text: str, key: str, number: int | None, names: Sequence[str]) -> int:
    """Where a key deep in a row stands, however it is nested: the first line that shares most of its path."""
    best, shared, seen, head = 1, -1, -1, ""
    for index, line in enumerate(text.splitlines(), start=1):
        pair = PAIR.match(line)
        if row := TABLE.match(line):
            seen += row[1] == "[[" and row[2] == key
            head = row[2].removeprefix(key)
        if not (row or pair) or (number is not None and seen != number):
            continue
        path = f"{head}.{pair[1]}" if pair else head
        parts = [part.strip("\"'") for part in path.split(".") if part]
        common = len(list(takewhile(lambda two: two[0] == two[1], zip(parts, names, strict=False))))
        if common > shared:
            best, shared = index, common
    return best
