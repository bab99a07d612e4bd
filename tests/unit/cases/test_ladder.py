"""Cards by the shipped ladder: when each may be given, who is told, and laws that hold from 2020 to 2027."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import clocks
from cases import ladder
from cases.calendar import LIBRARY_LAST
from cases.calendar import WorkCalendar
from huanyu.bureau import Calendar
from huanyu.bureau import LadderRow
from huanyu.clock import SHANGHAI
from huanyu.config import load_bureau
from huanyu.types import Clock

PLAIN = WorkCalendar(Calendar())
STEPS = load_bureau(Path(__file__).parents[3] / "config").escalation
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
LEVELS = st.sampled_from(["一般", "较大", "重大", "特别重大"])
NAMES = st.sampled_from(["first_response", "press", "handling", "sign", "arrive", "inform", "accept"])
LIMITS = st.builds(
    lambda name, start, amount, unit: clocks.reckoned(
        Clock(name=name, due=start, from_at=start, amount=amount, unit=unit), PLAIN
    ),
    NAMES,
    STARTS,
    st.integers(1, 60),
    st.sampled_from(["hours", "office_hours", "calendar_days", "working_days"]),
)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)


NOW = at(2026, 3, 10, 9, 0)


def moments(clock: Clock, level: str = "一般", now: datetime = NOW) -> dict[str, tuple[datetime, str]]:
    return {one.stage: (one.at, one.whom) for one in ladder.cards(clock, level, STEPS, PLAIN, now)}


def test_an_ordinary_limit_climbs_from_the_unit_to_the_leader(ladder_rows):
    handling = Clock(name="handling", due=at(2026, 3, 16, 17, 30))  # a Monday
    assert ladder_rows == STEPS
    assert moments(handling) == {
        "yellow": (at(2026, 3, 13, 8, 30), "unit"),  # Friday, when the office opens
        "red": (at(2026, 3, 17, 8, 30), "unit"),
        "up1": (at(2026, 3, 18, 8, 30), "parent"),
        "up2": (at(2026, 3, 19, 8, 30), "office"),
        "up3": (at(2026, 3, 20, 8, 30), "leader"),
    }


def test_a_missing_signature_gets_no_yellow_card_and_a_word_every_day():
    found = moments(Clock(name="sign", due=at(2026, 3, 11, 17, 30)))
    assert "yellow" not in found
    assert found["red"] == (at(2026, 3, 12, 8, 30), "unit")
    assert found["again"] == (at(2026, 3, 13, 8, 30), "unit")
    assert ladder.following(found["again"][0], PLAIN) == at(2026, 3, 16, 8, 30)  # after the weekend


def test_a_major_matter_reaches_the_duty_officer_by_night():
    first = Clock(name="first_response", due=at(2026, 3, 14, 2, 0))  # Saturday, before dawn
    found = moments(first, "重大")
    assert found["red"] == (at(2026, 3, 14, 2, 0) + ladder.AFTER, "unit,office,duty")
    assert found["up1"][0] - found["red"][0] == timedelta(hours=1)
    assert moments(first)["red"] == (at(2026, 3, 16, 8, 30), "unit")


def test_a_limit_that_is_over_gets_no_word_that_it_soon_will_be():
    late = Clock(name="handling", due=at(2026, 3, 9, 17, 30))
    assert "yellow" not in moments(late)
    assert moments(late)["red"][0] == at(2026, 3, 10, 8, 30)


def test_the_daily_word_is_not_made_up_for_the_days_nobody_gave_it():
    old = Clock(name="sign", due=at(2026, 2, 2, 17, 30))
    assert moments(old)["again"][0] == at(2026, 3, 10, 8, 30)


@pytest.mark.parametrize("level", ["一般", "重大"])
@pytest.mark.parametrize("stage", ["yellow", "red", "up1", "up2", "up3"])
def test_every_stage_has_a_step_for_every_level(stage, level):
    handling = Clock(name="handling", due=NOW)
    assert stage in ladder.steps(handling, level, STEPS)


def test_the_first_step_that_fits_counts():
    rows = (
        LadderRow(stage="red", levels=("重大",), to=("duty",)),
        LadderRow(stage="red", clocks=("sign",), to=("office",)),
        LadderRow(stage="red", to=("unit",)),
    )
    named = {
        name: ladder.steps(Clock(name=name, due=NOW), "一般", rows)["red"].to for name in ("sign", "press")
    }
    assert named == {"sign": ("office",), "press": ("unit",)}
    assert ladder.steps(Clock(name="sign", due=NOW), "重大", rows)["red"].to == ("duty",)


@given(LIMITS, LEVELS)
def test_yellow_comes_before_the_day_and_everything_else_after_the_moment(limit, level):
    early = limit.due - timedelta(days=100)
    for card in ladder.cards(limit, level, STEPS, PLAIN, early):
        if card.stage == "yellow":
            assert card.at.date() < limit.due.astimezone(SHANGHAI).date()
            assert PLAIN.add_workdays(limit.due.astimezone(SHANGHAI).date(), -1) == card.at.date()
            assert card.at == PLAIN.opening(card.at.date())
        else:
            assert card.at > limit.due


@given(LIMITS, st.sampled_from(["一般", "较大"]))
def test_ordinary_cards_are_given_in_office_hours_only(limit, level):
    assert all(PLAIN.office_hours(card.at) for card in ladder.cards(limit, level, STEPS, PLAIN, limit.due))


@given(LIMITS, LEVELS)
def test_whoever_is_higher_up_is_told_later(limit, level):
    found = {card.stage: card.at for card in ladder.cards(limit, level, STEPS, PLAIN, limit.due)}
    climbed = [found[stage] for stage in ("yellow", "red", "up1", "up2", "up3") if stage in found]
    assert climbed == sorted(climbed)


@given(LIMITS)
def test_red_is_the_first_moment_at_which_somebody_may_be_told(limit):
    red = next(c for c in ladder.cards(limit, "一般", STEPS, PLAIN, limit.due) if c.stage == "red")
    assert red.at == PLAIN.next_office_moment(limit.due + ladder.AFTER)
    major = next(c for c in ladder.cards(limit, "重大", STEPS, PLAIN, limit.due) if c.stage == "red")
    assert major.at == limit.due + ladder.AFTER


@given(STARTS, st.integers(1, 60))
def test_a_notice_that_changes_nothing_for_a_limit_leaves_its_cards_where_they_are(start, amount):
    loaded = WorkCalendar(Calendar(published_until=LIBRARY_LAST + 2))
    limit = Clock(name="handling", due=start, from_at=start, amount=amount, unit="working_days")
    before, after = (clocks.reckoned(limit, one) for one in (PLAIN, loaded))
    assert before.due == after.due
    assert not after.provisional or before.provisional
    assert ladder.cards(before, "一般", STEPS, PLAIN, start) == ladder.cards(
        after, "一般", STEPS, loaded, start
    )
