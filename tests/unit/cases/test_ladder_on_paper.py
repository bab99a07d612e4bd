"""Limits and cards of four cases walked through on paper, day by day, with the holidays of the notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from cases import clocks
from cases import ladder
from cases.calendar import WorkCalendar
from huanyu.bureau import Calendar
from huanyu.clock import SHANGHAI
from huanyu.config import load_bureau
from huanyu.types import Extension
from huanyu.types import Stop
from tests.unit.cases.test_clocks import case_of

BUREAU = load_bureau(Path(__file__).parents[3] / "config")
REAL = WorkCalendar(Calendar())


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


def walked(case, assigned, **more):
    """By the limit's name: when it is due, and of each stage when its card is given."""
    rows = [row for row in BUREAU.clocks if row.valid_on(case.learned_at.date())]
    found = clocks.due(case, rows, REAL, assigned, **more)
    return {
        one.name: {"due": one.due}
        | {card.stage: card.at for card in ladder.cards(one, case.level, BUREAU.escalation, REAL, assigned)}
        for one in found
    }


@pytest.fixture
def ordinary():
    return case_of(channel="weibo")


def test_learned_on_a_friday_afternoon_before_the_national_day_with_its_sunday_and_saturday_at_work(ordinary):
    case = replace(ordinary, learned_at=at(2025, 9, 26, 16))
    found = walked(case, at(2025, 9, 26, 16, 5))
    assert found["handling"] == {  # Sunday 28, 29, 30 September, 9, 10 October
        "due": at(2025, 10, 10, 17, 30),
        "yellow": at(2025, 10, 9, 8, 30),
        "red": at(2025, 10, 11, 8, 30),  # a Saturday at work
        "up1": at(2025, 10, 13, 8, 30),
        "up2": at(2025, 10, 14, 8, 30),
        "up3": at(2025, 10, 15, 8, 30),
    }
    assert found["first_response"] == {  # the hours run on; the office sits on that Sunday
        "due": at(2025, 9, 28, 16),
        "yellow": at(2025, 9, 26, 8, 30),
        "red": at(2025, 9, 28, 16, 0, 1),
        "up1": at(2025, 9, 29, 16, 0, 1),
        "up2": at(2025, 9, 30, 16, 0, 1),
        "up3": at(2025, 10, 9, 16, 0, 1),
    }
    assert found["sign"] == {
        "due": at(2025, 9, 28, 17, 30),
        "red": at(2025, 9, 29, 8, 30),
        "up1": at(2025, 9, 30, 8, 30),
        "again": at(2025, 9, 30, 8, 30),
        "up2": at(2025, 10, 9, 8, 30),
        "up3": at(2025, 10, 10, 8, 30),
    }


def test_a_pause_across_the_first_of_may_leaves_the_three_days_that_were_left(ordinary):
    case = replace(ordinary, learned_at=at(2026, 4, 27, 10))
    assert walked(case, case.learned_at)["handling"]["due"] == at(2026, 5, 7, 17, 30)
    stop = Stop(
        id=1,
        case_id=case.id,
        round=1,
        kind="",
        reason="等检测报告",
        from_at=at(2026, 4, 29, 15),
        until_at=at(2026, 5, 8, 9),
        actor="",
        agreed_by="",
    )
    handling = walked(case, case.learned_at, stops=(stop,))["handling"]
    assert handling["due"] == at(2026, 5, 12, 17, 30)  # Saturday 9 May at work, 11, 12
    assert handling["yellow"] == at(2026, 5, 11, 8, 30)
    assert handling["red"] == at(2026, 5, 13, 8, 30)


def test_more_time_for_an_order_of_the_hotline_across_mid_autumn_and_the_national_day(ordinary):
    case = replace(ordinary, learned_at=at(2026, 9, 21, 11), channel="desk_12345")
    assert walked(case, case.learned_at)["handling"]["due"] == at(2026, 9, 29, 17, 30)
    more = Extension(
        id=1,
        case_id=case.id,
        round=1,
        clock="handling",
        asked_by="",
        asked_at=at(2026, 9, 28, 9),
        reason="",
        amount=10,
        unit="working_days",
        old_due=at(2026, 9, 29, 17, 30),
        new_due=at(2026, 9, 29, 17, 30),
        decision=clocks.AGREED,
    )
    handling = walked(case, case.learned_at, extensions=(more,))["handling"]
    assert handling["due"] == at(
        2026, 10, 19, 17, 30
    )  # 30 September, 8, 9, Saturday 10, 12 to 16, 19 October
    assert (handling["yellow"], handling["red"]) == (at(2026, 10, 16, 8, 30), at(2026, 10, 20, 8, 30))


def test_a_major_matter_at_night_waits_for_no_office(ordinary):
    case = replace(ordinary, learned_at=at(2026, 3, 10, 23, 40), level="重大")
    found = walked(case, case.learned_at)
    assert found["first_response"] == {
        "due": at(2026, 3, 11, 4, 40),
        "yellow": at(2026, 3, 10, 8, 30),
        "red": at(2026, 3, 11, 4, 40, 1),
        "up1": at(2026, 3, 11, 5, 40, 1),
        "up2": at(2026, 3, 13, 8, 30),
        "up3": at(2026, 3, 16, 8, 30),
    }
    assert found["press"]["red"] == at(2026, 3, 11, 23, 40, 1)
    assert found["press"]["up1"] == at(2026, 3, 12, 0, 40, 1)


def test_thirty_minutes_of_the_fast_lane_are_minutes_of_the_office(ordinary):
    case = replace(ordinary, lane="fast", learned_at=at(2026, 9, 30, 17, 20))
    assert walked(case, case.learned_at)["accept"]["due"] == at(2026, 10, 8, 8, 50)
