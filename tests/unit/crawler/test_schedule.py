"""When a source is visited next."""

from __future__ import annotations

from datetime import datetime
from datetime import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import health
from crawler import schedule
from huanyu.bureau import SourceRow
from huanyu.clock import SHANGHAI
from huanyu.types import SourceState

NOW = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)
EVERY, MOST = 600, 21_600


def row(**more: object) -> SourceRow:
    return SourceRow.model_validate({"key": "k", "name": "n", "spider": "discuz", "kind": "forum"} | more)


def state(**more: object) -> SourceState:
    return SourceState(**({"source": "k", "state": "ok", "since": NOW, "sentence": ""} | more))


def after(
    interval: int = 0, failures: int = 0, told: str = "ok", new: int = 0, **more: object
) -> schedule.Next:
    """The plan after a visit, the one before having left that interval and so many failures."""
    return schedule.following(row(), state(interval=interval, failures=failures), told, new, 1, NOW, **more)


def test_a_first_visit_is_followed_at_the_floor():
    assert schedule.following(row(), None, "ok", 100, 5, NOW).interval == EVERY


def test_news_shortens_the_interval_and_much_news_shortens_it_to_the_floor():
    assert after(7200, new=1).interval == 3600
    assert after(7200, new=3).interval == 1800
    assert after(7200, new=50).interval == EVERY


def test_nothing_new_lengthens_it_up_to_the_cap():
    interval, met = EVERY, []
    while interval < MOST:
        interval = after(interval).interval
        met.append(interval)
    assert met[0] == 900 and met == sorted(met) and met[-1] == MOST and len(met) < 12


def test_failures_in_a_row_double_it_up_to_the_cap_and_are_counted():
    before, met = None, []
    for _ in range(8):
        plan = schedule.following(row(), before, "failing", 0, 0, NOW)
        before = state(state="failing", interval=plan.interval, failures=plan.failures)
        met.append((plan.failures, plan.interval))
    assert met[:6] == [(1, 1200), (2, 2400), (3, 4800), (4, 9600), (5, 19_200), (6, MOST)]
    assert met[-1] == (8, MOST)


def test_one_good_visit_ends_the_back_off():
    assert after(MOST, failures=6) == after(EVERY)
    assert after(MOST, failures=6, new=1).interval == EVERY


@pytest.mark.parametrize("told", ["login_needed", "robots_closed"])
def test_a_closed_door_is_looked_at_rarely_and_still_looked_at(told):
    plan = after(EVERY, told=told)
    assert (plan.interval, plan.failures) == (MOST, 1)
    assert NOW < plan.next_at <= NOW + timedelta(seconds=MOST)


def test_a_flood_of_news_is_no_failure_and_being_told_to_stop_is_one():
    assert after(EVERY, told="slow", new=40).failures == 0
    assert after(EVERY, told="slow", new=40, refused=True) == after(EVERY, told="wall")


def test_what_the_site_asked_for_is_never_cut_short():
    until = NOW + timedelta(hours=23)
    assert after(EVERY, told="slow", refused=True, not_before=until).next_at == until


@given(
    every=st.integers(1, 100_000),
    most=st.integers(1, 100_000),
    interval=st.integers(0, 1_000_000),
    failures=st.integers(0, 60),
    told=st.sampled_from(["ok", "silent", "slow", "wall", "failing", "login_needed", "robots_closed"]),
    new=st.integers(0, 10_000),
    minutes=st.integers(0, 2000),
)
def test_no_plan_leaves_the_limits(every, most, interval, failures, told, new, minutes):
    now = NOW + timedelta(minutes=minutes)
    source = row(every=every, every_most=most)
    before = state(interval=interval, failures=failures)
    plan = schedule.following(source, before, told, new, 1, now)
    assert every <= plan.interval <= max(every, most)
    assert timedelta(seconds=every) <= plan.next_at - now <= timedelta(seconds=max(every, most))
    assert plan == schedule.following(source, before, told, new, 1, now), "asked again, the same answer"


def test_sources_do_not_all_come_back_at_the_same_second():
    moments = {schedule.following(row(key=f"k{n}"), None, "ok", 0, 1, NOW).next_at for n in range(20)}
    assert len(moments) > 15


# --- quiet hours


NIGHT = {"quiet_from": time(23, 0), "quiet_to": time(6, 30)}


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        (NIGHT, time(22, 59), False),
        (NIGHT, time(23, 0), True),
        (NIGHT, time(0, 0), True),
        (NIGHT, time(6, 29), True),
        (NIGHT, time(6, 30), False),
        ({"quiet_from": time(12, 0), "quiet_to": time(13, 0)}, time(12, 30), True),
        ({"quiet_from": time(12, 0), "quiet_to": time(13, 0)}, time(13, 0), False),
        ({"quiet_from": time(12, 0), "quiet_to": time(12, 0)}, time(12, 0), False),
        ({"quiet_from": time(12, 0)}, time(12, 30), False),
        ({}, time(3, 0), False),
    ],
)
def test_quiet_hours_reach_over_midnight(hours, at, quiet):
    moment = datetime.combine(NOW.date(), at, SHANGHAI)
    assert schedule.is_quiet(row(**hours), moment) is quiet


def test_a_visit_planned_for_the_night_waits_until_the_morning():
    late = datetime(2026, 3, 6, 22, 55, tzinfo=SHANGHAI)
    plan = schedule.following(row(**NIGHT), None, "ok", 5, 1, late)
    morning = datetime(2026, 3, 7, 6, 30, tzinfo=SHANGHAI)
    assert morning <= plan.next_at <= morning + timedelta(minutes=2)


def test_quiet_hours_are_those_of_the_bureau_whatever_zone_the_moment_is_told_in():
    evening = datetime.fromisoformat("2026-03-06T15:30:00+00:00")  # 23:30 there
    assert schedule.is_quiet(row(**NIGHT), evening)


# --- due


def due(source: SourceRow, before: SourceState | None, at: datetime, **more: object) -> bool:
    return schedule.is_due(source, before, at, **more)


def test_a_source_never_visited_is_due_except_in_its_quiet_hours():
    assert due(row(), None, NOW)
    assert not due(row(quiet_from=time(8, 0), quiet_to=time(10, 0)), None, NOW)


def test_a_source_is_due_at_its_planned_moment_and_not_before():
    before = state(last_try=NOW, next_at=NOW + timedelta(hours=3))
    assert not due(row(), before, NOW + timedelta(hours=2, minutes=59))
    assert due(row(), before, NOW + timedelta(hours=3))


def test_a_changed_row_keeps_only_to_its_own_floor():
    before = state(last_try=NOW, next_at=NOW + timedelta(hours=3))
    assert not due(row(every=900), before, NOW + timedelta(minutes=14), changed=True)
    assert due(row(every=900), before, NOW + timedelta(minutes=15), changed=True)


def test_a_cap_that_was_lowered_while_the_desk_stood_still_counts():
    before = state(last_try=NOW, next_at=NOW + timedelta(hours=6))
    assert due(row(every_most=3600), before, NOW + timedelta(hours=1))


def test_neither_a_changed_row_nor_a_cap_overrules_what_the_site_asked_for():
    until = NOW + timedelta(hours=20)
    before = state(last_try=NOW, next_at=until, cursor={health.NOT_BEFORE: until.isoformat()})
    assert not due(row(), before, NOW + timedelta(hours=19), changed=True)
    assert due(row(), before, until)


def test_a_state_from_before_there_were_plans_waits_for_the_floor():
    assert not due(row(), state(last_ok=NOW), NOW + timedelta(seconds=EVERY - 1))
    assert due(row(), state(last_ok=NOW), NOW + timedelta(seconds=EVERY))


def test_a_clock_that_was_set_back_does_not_keep_us_away():
    before = state(last_try=NOW + timedelta(days=300), next_at=NOW + timedelta(days=301))
    assert due(row(), before, NOW)
