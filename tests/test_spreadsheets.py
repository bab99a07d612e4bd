"""No spreadsheet leaves the desk but through `huanyu.cells`, which turns what somebody wrote into no formula.

What `cells` does with a cell is held by tests/unit/huanyu/test_cells.py; here, that nobody writes a sheet around it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.test_architecture import FILES
from tests.test_architecture import ROOT
from tests.test_architecture import shown
from tests.test_architecture import tree as parsed

CELLS = "huanyu/cells.py"
MEDIA = "huanyu/media.py"
#: Plays another authority's system: what it writes is handed in at the desk, not out of it.
OTHERS = {
    "demo/sites/export.py",
    "demo/play.py",
    "demo/inspected.py",
    "demo/ranked.py",
    "demo/conferences.py",
}
WRITERS = re.compile(r"csv\.(writer|DictWriter)|.*\.(to_csv|to_excel|to_clipboard)")
LIBRARIES = {"openpyxl", "xlsxwriter", "xlwt", "pyexcel", "odf", "pandas", "polars", "tablib", "pyarrow"}
SHEET = re.compile(r"text/csv|text/tab-separated|spreadsheetml\.sheet|ms-excel|\.(csv|tsv|xlsx?|ods)\b")
#: Reads what others made: it names the endings it takes.
READERS = re.compile(r"crawler/import_\w+\.py")
#: Who names a spreadsheet, and the functions that make what it sends; a new one is entered here.
MADE_BY = {
    "console/pages/exports.py": ("flow.exporting:_noted",),
    "console/pages/ledger_files.py": ("flow.ledger_lists:lists",),
    "console/pages/inspections.py": ("flow.inspection_papers:_workbook",),
    "console/pages/rankings.py": ("flow.ranking_papers:_workbook",),
    "console/pages/rewards.py": ("flow.reward_payments:sheet",),
    "flow/reward_payments.py": ("flow.reward_payments:sheet",),
    "console/pages/press_log.py": ("flow.press_log:as_workbook",),
    "console/commands/press.py": ("flow.press_log:as_csv",),
    "console/pages/info_requests.py": ("flow.info_figures:sheet",),
    "flow/info_figures.py": ("flow.info_figures:sheet",),
    "console/pages/charts.py": ("console.pages.charts:as_csv",),
    "console/pages/publishing_statistics.py": ("flow.publishing_figures:as_csv",),
    "console/pages/statistics.py": ("bulletins.opendata:as_csv",),
    "console/public/figures.py": ("bulletins.opendata:as_csv",),
    "console/commands/units.py": ("flow.unit_figures:as_csv",),
    "console/commands/publishing.py": ("flow.publishing_figures:as_csv",),
    "flow/lookback.py": ("bulletins.opendata:as_csv",),
}

tree = cache(parsed)  # each module once for all of this file


def texts(path: Path) -> Iterator[str]:
    return (
        node.value
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def names_one(path: Path) -> bool:
    """Whether a module names a spreadsheet itself, or by the table of media types."""
    by_table = {
        one.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "huanyu.media"
        for one in node.names
    }
    return bool(by_table - {"PAPERS"}) or any(SHEET.search(text) for text in texts(path))


def makes_a_sheet(path: Path, name: str) -> bool:
    """Whether the function calls the one `sheet` there is, or the one `workbook`."""
    module = tree(path)
    ours = {
        one.name
        for node in module.body
        if isinstance(node, ast.ImportFrom) and node.module == "huanyu.cells"
        for one in node.names
    } & {"sheet", "workbook"}
    function = next(one for one in module.body if isinstance(one, ast.FunctionDef) and one.name == name)
    called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
    return bool(ours & called)


def test_only_one_module_writes_spreadsheets() -> None:
    found = {
        shown(path)
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and WRITERS.fullmatch(ast.unparse(node))
    }
    assert found - OTHERS == {CELLS}


def test_nobody_imports_another_library_that_writes_them() -> None:
    found = {shown(path): sorted(LIBRARIES & imported(path)) for path in FILES}
    assert {path: names for path, names in found.items() if names} == {}
    here = (ROOT / "huanyu" / "cells.py").read_text(encoding="utf-8")
    assert "import csv" in here


def test_whoever_names_a_spreadsheet_is_known() -> None:
    naming = {shown(path) for path in FILES if names_one(path)}
    assert {one for one in naming if not READERS.fullmatch(one)} - OTHERS - {CELLS, MEDIA} == set(MADE_BY)


def test_what_they_send_is_made_of_safe_cells() -> None:
    makers = sorted({maker for found in MADE_BY.values() for maker in found})
    around = []
    for maker in makers:
        module, name = maker.split(":")
        if not makes_a_sheet(ROOT / f"{module.replace('.', '/')}.py", name):
            around.append(maker)
    assert around == []
