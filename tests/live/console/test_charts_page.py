"""The charts of a chosen period: numbers that agree with the named queries, readable without scripts, as CSV too."""

from __future__ import annotations

import csv
import io
from datetime import date
from datetime import timedelta

from made_console import Console

from flow import charts


def test_the_numbers_are_those_of_the_named_queries_and_leave_as_a_sheet(reading_console: Console) -> None:
    desk = reading_console.desk
    with reading_console.sign_in("assessor") as assessor:
        told = assessor.get("/statistics/charts?since=2026-03-01&until=2026-03-05")
        file = assessor.get("/statistics/charts.csv?since=2026-03-01&until=2026-03-05")
    assert told.status_code == 200
    lines = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert lines[0][3:] == [
        "2026-03-01 至 2026-03-05",
        "2026-02-24 至 2026-02-28",
        "2025-03-01 至 2025-03-05",
    ]
    days = [date(2026, 3, 1) + timedelta(days=place) for place in range(5)]
    counted = [desk.store.figures.recompute("complaints_new", day) for day in days]
    assert [int(line[3]) for line in lines if line[0] == "每天投诉"] == counted
    assert sum(int(line[3]) for line in lines if line[0] == "投诉渠道") == sum(counted)
    assert sum(counted) > 0


def test_a_period_that_is_none_is_told(reading_console: Console) -> None:
    with reading_console.sign_in("press") as press:
        for wrong in (
            "since=2026-03-05&until=2026-03-01",
            "since=x",
            "since=2020-01-01&until=2026-03-01",
            "until=0001-01-01",
        ):
            assert press.get(f"/statistics/charts?{wrong}").status_code == 422, wrong


def test_half_and_ninety_percent_are_the_nearest_rank() -> None:
    spans = [timedelta(hours=hour) for hour in range(1, 11)]
    assert (charts.rank(spans, 50), charts.rank(spans, 90), charts.rank([], 50)) == (5.0, 9.0, None)
