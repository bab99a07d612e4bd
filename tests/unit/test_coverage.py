"""docs/coverage.md: each of the 240 things the documents mention has a line, and all that a line names exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from fastapi.routing import APIRoute

from console import app
from console import callbacks
from console import cli
from console.api import alarms
from console.api import cases as api_cases
from console.api import items
from console.api import reading
from console.public import figures
from console.public import notices
from console.public import progress
from console.public import report
from console.public import results
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "coverage.md"
ROW = re.compile(r"\| (\d+) \| ([^|]+) \| ([^|]*) \| (yes|partly|outside|open)(?:：([^|]+))? \|")
NAMED = re.compile(r"`([^`]+)`")
STATES: Final = ("yes", "partly", "outside", "open")
TABLES = {f"{name}.toml" for name in (*LISTS, *SINGLES)}
ROWS = [
    found.groups(default="") for line in TABLE.read_text(encoding="utf-8").splitlines()
    if (found := ROW.fullmatch(line))
]  # fmt: skip


def paths() -> set[str]:
    """Every address of the console, the public pages, the interface and the callbacks."""
    public = (figures, notices, progress, report, results)
    found = {
        route.path
        for module in (*app.PAGES, *public)
        for route in module.router.routes
        if isinstance(route, APIRoute)
    }
    api = (alarms, api_cases, items, reading)
    found |= {
        f"{app.BASE}{one.path}" for module in api for one in module.router.routes if isinstance(one, APIRoute)
    }
    return found | {callbacks.PATH}


PATHS = paths()


def exists(name: str) -> bool:
    """Whether the product has what a line names: a command, a page, a table, a test or a module."""
    if name.startswith("huanyu "):
        words = name.split()[1:]
        return words[0] in cli.COMMANDS
    if name.startswith("/"):
        return name in PATHS
    if name.endswith(".toml") and "/" not in name:
        return name in TABLES
    if "/" in name:
        return (ROOT / name).exists()
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def test_every_number_has_one_line() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 241))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_line_names_exists(row: tuple[str, str, str, str, str]) -> None:
    number, thing, where, state, remark = row
    named = NAMED.findall(where)
    assert thing.strip()
    assert [name for name in named if not exists(name)] == []
    if state in {"yes", "partly"}:
        assert named, f"{number} is somewhere"
    if state != "yes":
        assert remark.strip(), f"{number} says what is missing, or why"


def test_what_is_not_there_is_noticed() -> None:
    missing = ("huanyu nichts", "/nichts", "nichts.toml", "tests/nichts.py", "flow.nichts")
    assert [name for name in missing if exists(name)] == []
    present = ("huanyu route", "/cases/{case_id}", "clocks.toml", "tests/flow/test_story.py", "flow.matters")
    assert [name for name in present if not exists(name)] == []
