"""Item types, channels and reasons: what a civil servant writes wrong is told by file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases import lifecycle
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError


def changed(folder: Path, name: str, old: str, new: str) -> None:
    text = (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_step_that_needs_a_reason_has_some() -> None:
    acts = {row.act for row in load_bureau(SHIPPED).reasons}
    assert acts >= {"return", "refuse", "transfer", "pause", "extend", "close", "reopen", "recuse"}
    assert {"extend", "recuse"} <= lifecycle.ACTS.keys()


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "channels",
            'type = "grid"',
            'type = "gird"',
            r"channels\.toml 第 \d+ 行: 渠道 grid 的事项类型 gird",
        ),
        (
            "item_types",
            'key = "question"',
            'key = "complaint"',
            r"item_types\.toml 第 \d+ 行: complaint 重复",
        ),
        ("channels", "number_needed = true", 'number = "[0-9"', r"channels\.toml 第 \d+ 行.*不是正则表达式"),
        (
            "clocks",
            'typed = "due"',
            'typed = "dew"',
            r"clocks\.toml 第 \d+ 行: 按交办件要求的日期答复 的日期项目 dew 没有定义",
        ),
        ("clocks", 'matters = ["noise"]', 'matters = ["nosie"]', r"clocks\.toml 第 \d+ 行: .*污染类型 nosie"),
        ("clocks", 'start = "answered"', 'start = "learned"', r"clocks\.toml 第 \d+ 行: .*只用于 revisit"),
        ("clocks", 'unit = "typed"\ntyped', 'unit = "hours"\ntyped', r"clocks\.toml 第 \d+ 行"),
        ("reasons", 'act = "return"', 'act = "retrun"', r"reasons\.toml 第 \d+ 行"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(
    tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    changed(tmp_path, name, old, new)
    with pytest.raises(ConfigError) as problem:
        load_bureau(tmp_path)
    assert re.search(told, str(problem.value))
