"""`huanyu import` as the operator types it: look first, put columns right, keep that, then import."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huanyu.config import SHIPPED
from tests.unit.crawler import workbooks

ROOT = Path(__file__).resolve().parents[3]
TABLE = (
    "案由,经过,何时,联系人,联系电话\n"
    "油烟,东昌府区柳园街道楼下烧烤摊油烟太大,2026-03-01 10:00,林某,13800000000\n"
    "废气,阳谷县一家化工厂夜里偷排废气,前几天,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "huanyu.toml").write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
    shutil.copytree(SHIPPED, tmp_path / "config")
    (tmp_path / "记录.csv").write_text(TABLE, encoding="gbk")
    return tmp_path


def huanyu(*arguments: str, folder: Path) -> tuple[int, str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANYU_")}
    done = subprocess.run(
        [sys.executable, "-m", "console.cli", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=240,
        check=False,
        env=kept | {"PYTHONPATH": str(ROOT)},
    )
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def test_a_table_of_unknown_headings_is_looked_at_mapped_saved_and_imported(
    folder: Path, here: Callable[..., Any]
) -> None:
    to_hotline = ("记录.csv", "--source", "hotline-12345")
    done = here("import", *to_hotline, folder=folder)
    assert (done.code, done.out) == (1, "")
    assert "第 1 行: 表头里没有内容列" in done.err
    assert "表头是: 案由、经过、何时、联系人、联系电话" in done.err

    mapped = ("--map", "text=案由+经过", "--map", "posted_at=何时")
    code, out, err = huanyu("import", *to_hotline, *mapped, "--preview", "--save", folder=folder)
    assert code == 1
    assert "案由 → 内容: 油烟 | 废气" in out
    assert "联系人 → 举报人信息 (已隐去, 只进加密表)" in out
    assert "[热线] 2026-03-01 10:00" in out
    assert "会新增 1, 已有 0, 读不懂 1" in out
    assert "记录.csv 第 3 行: 时间 “前几天” 无法识别" in err
    assert "林某" not in out + err
    assert "13800000000" not in out + err
    assert here("posts", folder=folder).out == ""

    done = here("import", *to_hotline, folder=folder)
    assert (done.code, "新增 1, 已有 0, 读不懂 1" in done.out) == (1, True)
    assert "读不懂 0" in here("import", *to_hotline, "--map", "=何时", folder=folder).out


@pytest.mark.parametrize(
    ("mapped", "told"),
    [
        ("words=经过", "没有 words 这一项, 可选: text (内容)"),
        ("text=诉求描述", "表头里没有“诉求描述”这一列, 这个文件的列有: 案由、经过"),
        ("author=联系人", "“联系人”是举报人的信息, 不能作为作者"),
        ("经过", "应写成 项=表头"),
    ],
)
def test_a_wrong_mapping_is_one_line_that_names_the_choices(
    folder: Path, here: Callable[..., Any], mapped: str, told: str
) -> None:
    done = here("import", "记录.csv", "--map", mapped, folder=folder)
    assert (done.code, done.out) == (1, "")
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_workbook_is_imported_sheet_by_sheet(folder: Path, here: Callable[..., Any]) -> None:
    rows = [["工单导出"], ["工单编号", "诉求内容"], ["A1", "黑烟"], ["A2", ""]]
    workbooks.xlsx(folder / "工单.xlsx", {"三月": rows, "四月": [["编号", "内容"], ["B1", "黑水"]]})
    done = here("import", "工单.xlsx", "--source", "hotline-12345", folder=folder)
    assert (done.code, done.out) == (1, "工单.xlsx: 新增 2, 已有 0, 读不懂 1\n")
    assert done.err == "工单.xlsx 工作表“三月”第 4 行: 内容为空\n"
