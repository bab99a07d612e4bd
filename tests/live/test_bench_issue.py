"""The cost of an issue is measured on the issue itself; `huanyu bench issue` does it over 300,000 items."""

from __future__ import annotations

from demo import bench_issue


def test_an_issue_over_many_items_is_timed_stage_by_stage_beside_its_bare_queries():
    daily, monthly = bench_issue.run(a_day=100, days=3)
    assert (daily.items, monthly.items) == (100, 300)
    for cost in (daily, monthly):
        assert cost.bare > 0
        assert [name for name, _ in cost.stages] == ["查询、热点、编写", "HTML", "DOCX", "PDF"]
        assert "同库裸查询" in cost.told()
