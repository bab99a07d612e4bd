"""Silence: how rarely a living source is called silent, and how soon a dead one is noticed."""

from __future__ import annotations

import math
import random
from datetime import datetime
from datetime import timedelta
from itertools import groupby
from itertools import pairwise

import pytest

from crawler import rhythm
from huanyu.clock import SHANGHAI
from huanyu.types import Rhythm

MONDAY = datetime(2026, 1, 5, tzinfo=SHANGHAI)
DAY = (2, 1, 0.5, 0.3, 0.3, 0.5, 1.5, 4, 7, 7, 6.5, 5.5, 4, 4, 5, 6, 6, 5.5, 5, 5.5, 7, 7.5, 5.5, 3)
OFFICE = (0,) * 8 + (10,) * 10 + (0,) * 6
#: Sources of every temper: weekend, week and day factors (lognormal), items that follow an item, quiet holidays.
TEMPERS = {
    "plain": {},
    "quiet and busy weeks": {"week": 0.3},
    "quiet and busy days": {"day": 0.5},
    "bursts": {"burst": 3.0},
    "all of it": {"week": 0.3, "day": 0.5, "burst": 2.0},
    "two holiday weeks a year": {"week": 0.15, "holidays": True},
    "office hours": {"weekend": 0.05, "profile": OFFICE},
}
VOLUMES = (0.5, 2, 14, 100)  # items a day
YEARS = 3  # of each temper and volume


def made(rng, per_day, weeks, weekend=0.6, week=0.0, day=0.0, burst=0.0, holidays=False, profile=DAY):
    """Items per hour of an invented source from a Monday on."""
    counts = [0] * (weeks * 168)
    for at in range(0, len(counts), 24):
        number, weekday = divmod(at // 24, 7)
        if weekday == 0:
            of_week = factor(rng, week) * (0.4 if holidays and number % 26 == 20 else 1)
        level = per_day * of_week * factor(rng, day) * (weekend if weekday >= 5 else 1)
        for hour in range(24):
            for _ in range(poisson(rng, level * profile[hour] / sum(profile) / (1 + burst))):
                counts[at + hour] += 1
                for _ in range(poisson(rng, burst)):
                    follower = at + hour + int(rng.expovariate(1 / 3))
                    counts[min(follower, len(counts) - 1)] += 1
    return counts


def factor(rng, spread):
    return math.exp(rng.gauss(0, spread) - spread**2 / 2)


def poisson(rng, mean):
    bound, found, product = math.exp(-mean), 0, rng.random()
    while product > bound:
        found += 1
        product *= rng.random()
    return found


def false_alarms(counts):
    """Looked at every hour, learned anew each week: how many quiet stretches of a living source are alarms."""
    usual, passed, alarms, alarm = None, 0.0, 0, False
    for at in range(8 * 168, len(counts)):
        if at % 168 == 0 and not alarm:
            usual = learned(counts[:at])
        if counts[at]:
            passed, alarm = 0.0, False
        elif usual:
            passed += usual.expected[at % 168]
            alarms += usual and passed >= usual.limit and not alarm
            alarm = passed >= usual.limit
    return alarms


def learned(counts):
    """As the store tells it: up to the last item."""
    end = max(n for n, count in enumerate(counts) if count) + 1
    start = max(0, end - 8 * 168)
    return rhythm.learn(counts[start:end], start % 168)


def history(counts, until=None):
    end = len(counts) if until is None else until
    return Rhythm(source="forum", start=MONDAY, counts=tuple(counts[:end]))


@pytest.mark.parametrize("temper", TEMPERS)
def test_a_living_source_is_called_silent_less_than_once_a_year(temper):
    """364 days of each of twelve sources; at the stated rate twelve alarms would be what is allowed."""
    rng = random.Random(f"1 {temper}")
    years = [made(rng, volume, 60, **TEMPERS[temper]) for volume in VOLUMES for _ in range(YEARS)]
    assert sum(map(false_alarms, years)) <= rhythm.FALSE_ALARMS_PER_YEAR * len(years)


@pytest.mark.parametrize(
    ("per_day", "temper", "hours"),
    [(100, "plain", 12), (14, "plain", 40), (2, "plain", 10 * 24), (14, "quiet and busy days", 60),
     (14, "all of it", 6 * 24), (100, "bursts", 24)],
)  # fmt: skip
def test_a_dead_source_is_noticed_soon(per_day, temper, hours):
    """The median over times of death; the bound is stated in hours."""
    rng = random.Random(f"2 {temper} {per_day}")
    delays = []
    for _ in range(12):
        counts = made(rng, per_day, 12, **TEMPERS[temper])
        usual, death = learned(counts), len(counts) + rng.randrange(168)
        passed, at = 0.0, death
        while passed < usual.limit:
            passed += usual.expected[at % 168]
            at += 1
        delays.append(at - death)
    assert sorted(delays)[len(delays) // 2] <= hours


def test_a_night_weighs_less_than_a_morning():
    usual = rhythm.usual(history(made(random.Random(3), 14, 8)), None)
    night = rhythm.quiet(usual, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=6))
    morning = rhythm.quiet(usual, MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=13))
    assert night.expected < morning.expected / 5


def test_a_weekend_of_an_office_is_no_alarm_and_the_same_hours_midweek_are():
    usual = rhythm.usual(history(made(random.Random(4), 14, 8, **TEMPERS["office hours"])), None)
    friday, monday = MONDAY + timedelta(days=4, hours=18), MONDAY + timedelta(days=7, hours=8)
    assert not rhythm.quiet(usual, friday, monday).is_alarm
    assert rhythm.quiet(
        usual, MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=8) + (monday - friday)
    ).is_alarm


def test_what_is_usual_adds_up_over_any_span():
    usual = rhythm.guess(24.0)
    week = rhythm.quiet(
        usual, MONDAY + timedelta(minutes=17), MONDAY + timedelta(days=7, minutes=17)
    ).expected
    assert week == pytest.approx(7 * 24.0)
    parts = [MONDAY + timedelta(hours=7 * n, minutes=13 * n) for n in range(40)]
    pieces = [rhythm.quiet(usual, a, b).expected for a, b in pairwise(parts)]
    assert sum(pieces) == pytest.approx(rhythm.quiet(usual, parts[0], parts[-1]).expected)
    assert rhythm.quiet(usual, parts[1], parts[0]).expected == 0.0


def test_the_hour_of_the_week_is_the_one_of_the_place():
    counts = [1 if hour % 24 == 9 else 0 for hour in range(8 * 168)]
    shifted = Rhythm(source="s", start=MONDAY + timedelta(hours=5), counts=tuple(counts[5:-163]))
    usual = rhythm.usual(shifted, None)
    assert {n % 24 for n in sorted(range(168), key=lambda n: usual.expected[n])[-7:]} == {9}


def test_a_death_two_weeks_ago_does_not_hide_the_next():
    counts = made(random.Random(5), 14, 8)
    healthy = rhythm.usual(history(counts), None).limit
    counts[4 * 168 : 5 * 168 + 100] = [0] * 268
    assert rhythm.usual(history(counts), None).limit < 1.6 * healthy


def test_with_little_history_a_persons_figure_is_taken_and_without_one_nothing_is_silent():
    short = history(made(random.Random(6), 14, 1))
    rare = history([1 if hour % 500 == 0 else 0 for hour in range(8 * 168)])
    for told in (None, short, rare, history([])):
        assert rhythm.usual(told, None) is None
        assert rhythm.usual(told, 14.0) == rhythm.guess(14.0)
    assert rhythm.quiet(None, MONDAY, MONDAY + timedelta(days=99)) is None


def test_a_persons_figure_may_be_forty_percent_off():
    """A source that brings 60 % of what was said, in the usual day and night, for twenty years."""
    rng, usual = random.Random(7), rhythm.guess(14.0)
    rates = [0.6 * rate for rate in usual.expected]
    quiet_hours = [poisson(rng, rates[at % 168]) == 0 for at in range(20 * 52 * 168)]
    alarms = 0
    for is_quiet, stretch in groupby(enumerate(quiet_hours), key=lambda pair: pair[1]):
        alarms += is_quiet and sum(usual.expected[at % 168] for at, _ in stretch) >= usual.limit
    assert alarms <= 20 * rhythm.FALSE_ALARMS_PER_YEAR
