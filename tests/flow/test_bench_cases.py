"""A few days of the bench over cases: every card as an independent walk over the calendar expects it."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta

import pytest

from demo import bench_cases
from demo import bench_cases_walk
from demo.bench_cases_walk import Life
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput


def test_every_card_of_some_days_is_given_once_and_in_time(bare_url: str) -> None:
    seen = bench_cases.run(a_day=2, days=5, database=bare_url, seed=7)
    assert not (seen.missing or seen.superfluous or seen.gaps or seen.audit_faults or seen.other), (
        seen.lines()
    )
    assert seen.cases == 10
    assert seen.due == seen.given > 5
    assert len(seen.growth) >= bench_cases.LOOKS


def test_a_card_that_was_not_given_is_found() -> None:
    seen = bench_cases.Outcome(1, "SQLite", due=1, lateness=[timedelta()])
    assert seen.holds
    seen.missing.append("HY2025-000001 sign 01-03 17:30 red 01-06 08:30:00")
    assert not seen.holds
    assert "HY2025-000001" in dict(seen.lines())["漏发"]


def test_a_card_given_too_late_is_found() -> None:
    seen = bench_cases.Outcome(1, "SQLite", due=1, lateness=[bench_cases.LATE + timedelta(seconds=1)])
    assert not seen.holds


def test_the_walk_knows_the_spring_festival() -> None:
    """Learned on Friday 24 January 2025; Sunday the 26th is worked, 28 January to 4 February are off."""
    learned = datetime(2025, 1, 24, 16, 0, tzinfo=SHANGHAI)
    found = bench_cases_walk.expected(
        Life(learned=learned, assigned=learned), datetime(2025, 2, 12, tzinfo=SHANGHAI)
    )
    at = {(name, stage): permitted for (name, _, stage), (permitted, _) in found.items()}
    assert at["first_response", "yellow"] == datetime(
        2025, 1, 24, 16, 0, tzinfo=SHANGHAI
    )  # due on Sunday at 16:00
    assert at["first_response", "red"] == datetime(2025, 1, 26, 16, 0, 1, tzinfo=SHANGHAI)
    assert at["sign", "red"] == datetime(2025, 1, 27, 8, 30, tzinfo=SHANGHAI)
    assert at["handling", "yellow"] == datetime(2025, 2, 6, 8, 30, tzinfo=SHANGHAI)  # due on the 7th
    assert at["handling", "red"] == datetime(2025, 2, 8, 8, 30, tzinfo=SHANGHAI)  # a Saturday that is worked
    assert bench_cases_walk.worked_between(date(2025, 1, 24), date(2025, 2, 8)) == 6


def test_more_days_than_the_walk_knows_are_refused() -> None:
    with pytest.raises(BadInput, match="2025"):
        bench_cases.run(a_day=1, days=366)
