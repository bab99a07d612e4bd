"""Lists of the bureau's own: where their header stands, and which column holds what."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import import_lists
from huanyu.errors import BadInput

COLUMNS = {"name": ("企业名称", "名称"), "area": ("区县",), "kind": ("行业",)}
NEEDED = ("name", "area")


def listed(folder: Path, *lines: str) -> Path:
    path = folder / "名录.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_lines_about_the_list_above_it_are_not_its_header(tmp_path: Path) -> None:
    above = "主题：,企业名录,时间：,2026年3月,作者：,污染源科"
    path = listed(tmp_path, above, "行业,名称,区县", "印染,凤凰印染厂,临清市")
    ((row, cells),) = import_lists.read(path, COLUMNS, NEEDED).rows
    assert (row.place, cells) == ("第 3 行", {"name": "凤凰印染厂", "area": "临清市", "kind": "印染"})
    assert import_lists.cells(row, COLUMNS) == cells


def test_the_heading_that_says_it_best_counts_wherever_it_stands(tmp_path: Path) -> None:
    path = listed(tmp_path, "名称,区县,企业名称", "一厂,临清市,凤凰印染厂")
    ((_, cells),) = import_lists.read(path, COLUMNS, NEEDED).rows
    assert cells == {"name": "凤凰印染厂", "area": "临清市"}


def test_a_list_without_a_needed_column_is_refused_by_that_column(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="表头里没有“区县”列"):
        import_lists.read(listed(tmp_path, "名称,行业", "凤凰印染厂,印染"), COLUMNS, NEEDED)
