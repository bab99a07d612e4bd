"""Two issues side by side, months as people write them, growth in percent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from datetime import datetime

import pytest

from flow import lookback
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Bulletin
from huanyu.types import Figure

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)


def paper(*figures: tuple[str, int], series: str = "daily") -> Bulletin:
    return Bulletin(
        series=series,
        series_name="每日舆情",
        year=2026,
        number=1,
        total=1,
        day=NOW.date(),
        title="舆情",
        bureau="聊城市生态环境局",
        office="宣教科",
        mark="内部资料",
        issued_at=NOW,
        sections=(),
        figures=tuple(
            Figure(key=key, value=value, unit="件", label=key, query=key) for key, value in figures
        ),
    )


def told(left: Bulletin, right: Bulletin) -> list[tuple[object, ...]]:
    return [(one.key, one.left, one.right, one.step, one.growth) for one in lookback.compare(left, right)]


def test_each_figure_stands_beside_the_same_of_the_other_issue():
    left, right = paper(("cases_open", 8), ("cases_closed", 3)), paper(("cases_closed", 3), ("cases_open", 6))
    assert told(left, right) == [("cases_open", 8, 6, "−2", "−25.0%"), ("cases_closed", 3, 3, "0", "持平")]


def test_a_kind_that_only_one_issue_has_counted_nothing_in_the_other():
    assert told(paper(("kind:ecology", 2)), paper()) == [("kind:ecology", 2, 0, "−2", "−100.0%")]
    assert told(paper(), paper(("kind:ecology", 2))) == [("kind:ecology", 0, 2, "+2", "—")]


def test_a_source_or_a_figure_that_only_one_issue_has_is_not_compared():
    for key in ("source_posts:forum", "cases_new_sort"):
        assert told(paper((key, 2)), paper()) == [(key, 2, None, "—", "—")]


def test_the_days_of_the_trend_are_not_compared():
    assert told(paper(("trend:2026-03-01", 2)), paper(("trend:2026-03-02", 2))) == []


def test_issues_of_two_series_are_not_compared():
    with pytest.raises(BadInput, match="同一种简报"):
        lookback.compare(paper(), replace(paper(), series="weekly"))


@pytest.mark.parametrize(
    ("value", "base", "expected"),
    [(1696, 1518, "+11.7%"), (3, 0, "—"), (0, 0, "—"), (5, 5, "持平"), (1, 3, "−66.7%")],
)
def test_growth_is_told_in_percent_of_its_base(value, base, expected):
    assert lookback.growth(value, base) == expected


def test_a_month_is_written_with_its_year_and_is_over():
    assert lookback.month_of(" 2026-03 ", NOW) == date(2026, 3, 1)
    assert lookback.month_of("2025-12", NOW) == date(2025, 12, 1)
    for wrong in ("2026-04", "2026-13", "三月", "", "2026-03-01"):
        with pytest.raises(BadInput):
            lookback.month_of(wrong, NOW)
