"""The report of all benches: of what was run, of what failed, of what was run before, and of what was not."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from console import cli
from console.commands.bench import BENCHES
from console.commands.bench import PROOFS
from demo import bench_growth
from demo import bench_report
from demo.bench_found import Figure
from demo.bench_found import Found
from demo.bench_found import Proof
from demo.bench_report import Task
from huanyu.errors import BadInput

SLOW = Proof(False, (("最长", "3 秒"),), (Figure("比裸的", 0.5, 0.85, at_most=False),))
FINE = Proof(True, (("一项|竖线", "1"),), (Figure("比裸的", 0.9, 0.85, at_most=False),))


def broken() -> Proof:
    raise ZeroDivisionError


def away() -> Proof:
    raise BadInput("不能在这个 PostgreSQL 上新建: connection to 192.0.2.7 failed")


def told(folder: Path) -> str:
    return (folder / bench_report.REPORT).read_text(encoding="utf-8")


def test_a_real_run_is_kept_drawn_and_rebuilt_from_what_was_kept(tmp_path: Path) -> None:
    task = Task("growth", lambda: bench_growth.measured(400, 7), {"posts": 400, "seed": 7})
    bench_report.make(tmp_path / "a", [task], [], ["growth", "crawl"])
    (kept,) = bench_report.kept([tmp_path / "a"])
    assert [posts for posts, _ in kept.proof.points] == [40 * (at + 1) for at in range(10)]
    assert kept.asked == {"posts": 400, "seed": 7} and kept.seconds > 0
    assert {"处理器", "Python", "SQLite"} & set(kept.machine)
    text = told(tmp_path / "a")
    assert "| growth-400 |" in text and "| crawl | 未运行 |" in text and "种子 7" in text
    for name in (bench_report.RATIOS, bench_report.GROWTH):
        assert ET.fromstring((tmp_path / "a" / name).read_text(encoding="utf-8")).tag.endswith("svg")
        assert name in text
    bench_report.make(tmp_path / "b", [], [tmp_path / "a"], ["growth", "crawl"])
    assert told(tmp_path / "b") == text


def test_one_that_fails_is_told_and_the_others_still_run(tmp_path: Path) -> None:
    tasks = [
        Task("a", broken, {}),
        Task("b", away, {"database": "postgresql://u:secret@h/d"}),
        Task("c", lambda: FINE, {}),
    ]
    assert not bench_report.make(tmp_path, tasks, [], ["a", "b", "c"])
    text = told(tmp_path)
    assert "| a | 没有结果：出错：ZeroDivisionError |" in text
    assert "没有结果：不能在这个 PostgreSQL 上新建 |" in text
    assert "| c | 符合 |" in text and "一项｜竖线" in text
    whole = text + "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.json"))
    assert "secret" not in whole and "192.0.2.7" not in whole


def test_a_ratio_beyond_its_limit_is_told_as_such(tmp_path: Path) -> None:
    assert not bench_report.make(tmp_path, [Task("a", lambda: SLOW, {})], [], ["a"])
    assert "| a | **不符合** |" in told(tmp_path) and "| 0.5 | 不低于 0.85，**不符合** |" in told(tmp_path)
    assert bench_report.make(tmp_path, [Task("a", lambda: FINE, {})], [], ["a"]), "a later run replaces it"
    assert "**" not in told(tmp_path)


def test_of_two_machines_each_line_says_which(tmp_path: Path) -> None:
    for place, name in enumerate("ab"):
        folder = tmp_path / name
        folder.mkdir()
        machine = {"处理器": f"第 {place} 种"}
        Found(name, {}, f"2026-01-0{place + 1}T08:00:00+08:00", 1.0, machine, FINE).keep(folder)
    assert bench_report.make(tmp_path / "c", [], [tmp_path / "a", tmp_path / "b"], ["a", "b"])
    text = told(tmp_path / "c")
    assert "1. 处理器 第 0 种" in text and "2. 处理器 第 1 种" in text
    assert "08:00 | 1 |" in text and "08:00 | 2 |" in text


@pytest.mark.parametrize(
    "text",
    ["{", "[]", json.dumps({"name": "a"}), json.dumps({"proof": {}})],
    ids=["cut off", "list", "no proof", "empty"],
)
def test_a_file_that_is_no_result_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "growth.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"growth\.json"):
        bench_report.kept([tmp_path])


def test_the_command_joins_what_was_run_before_and_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    Found("crawl", {}, "2026-01-01T08:00:00+08:00", 1.0, {}, FINE).keep(tmp_path / "before")
    out = tmp_path / "out"
    assert cli.run(["bench", "--report", str(out), "--from", str(tmp_path / "before")]) == 0
    assert "| crawl | 符合 |" in told(out) and told(out).count("未运行") == len({**BENCHES, **PROOFS}) - 1
    assert cli.run(["bench", "--report", str(out), "nothing"]) == 1
