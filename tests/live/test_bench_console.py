"""The bench over the console runs on a small desk; `huanyu bench console` does it over 200,000 posts."""

from __future__ import annotations

from console import bench_console
from demo.bench_console_desk import Wanted


def test_every_page_is_timed_beside_a_static_file_of_the_same_server():
    seen = bench_console.run(Wanted(posts=400, cases=60), seconds=0.05, users=7)
    assert seen.holds, [one.wrong[:1] for one in seen.pages]
    assert seen.filled.startswith("400 条信息, 60 件办件")
    names = [one.page.name for one in seen.pages]
    assert names[0] == bench_console.STATIC
    assert {"反映列表", "查找, 少见词", "办件列表, 在办", "办件页", "今日", "收件箱"} <= set(names)
    assert all(len(one.took) >= 14 for one in seen.pages)
    told = dict(seen.lines())
    assert "目标 p95 ≤ 300 ms" in told["反映列表"]
    assert "为静态文件的" in told["办件页"]


def test_a_wrong_answer_is_told_and_does_not_hold():
    page = bench_console.Timed(bench_console.Page("今日", lambda _: ["/"]), took=[0.1, 0.2], seconds=1.0)
    assert bench_console.Seen("", [page]).holds
    page.wrong.append("/: 500")
    seen = bench_console.Seen("", [page])
    assert not seen.holds
    assert "答错 1 次, 如 /: 500" in dict(seen.lines())["今日"]
