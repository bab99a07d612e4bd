"""The estimate of what is missed: weights, interval, share of all complaints."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from scipy import stats

from flow import missrate
from flow.missrate import Cell

DAY = date(2026, 3, 10)


def cell(population: int, judged: int, missed: int = 0, drawn: int | None = None) -> Cell:
    ids = tuple(range(missed))
    return Cell(
        day=DAY, stratum="0-1", population=population, drawn=drawn or judged, judged=judged, missed=ids
    )


def test_each_judged_post_stands_for_its_share_of_its_band() -> None:
    found = missrate.estimate([cell(1000, 10, 1), cell(50, 25, 3)])
    assert found is not None
    assert found.missed == pytest.approx(1 * 100 + 3 * 2)
    assert (found.population, found.judged, len(found.ids)) == (1050, 35, 4)


def test_a_band_nobody_judged_in_is_not_spoken_for() -> None:
    found = missrate.estimate([cell(1000, 0, drawn=10), cell(50, 25, 3)])
    assert found is not None
    assert found.population == 50
    assert missrate.estimate([cell(1000, 0, drawn=10)]) is None
    assert missrate.estimate([]) is None


def test_half_judged_bands_weigh_what_was_judged() -> None:
    found = missrate.estimate([cell(100, 5, 1, drawn=10)])
    assert found is not None
    assert found.missed == pytest.approx(20)


@pytest.mark.parametrize("count", [0, 1, 3, 12, 200])
def test_with_equal_weights_the_interval_is_the_exact_one_of_a_count(count: int) -> None:
    low, high = missrate.interval([(1.0, count)])
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2)


def test_no_miss_among_few_is_no_proof_of_none() -> None:
    few, many = missrate.estimate([cell(1000, 10)]), missrate.estimate([cell(1000, 500)])
    assert few is not None and many is not None
    assert (few.missed, few.low) == (0, 0)
    assert few.high > 10 * many.high
    assert few.high <= few.population


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    random, held = Random(7), 0
    bands = ((4000, 80, 20), (300, 60, 30))  # posts, drawn, of them really missed
    for _ in range(300):
        cells = []
        for size, drawn, true in bands:
            picked = random.sample(range(size), drawn)
            cells.append(cell(size, drawn, sum(at < true for at in picked)))
        found = missrate.estimate(cells)
        assert found is not None
        held += found.low <= 50 <= found.high
    assert held >= 285


def test_the_share_counts_what_people_happened_upon_as_missed() -> None:
    found = missrate.estimate([cell(100, 50, 2)])
    assert found is not None
    share = missrate.share(found, caught=94, by_people=2)
    assert share is not None
    assert share.value == pytest.approx((4 + 2) / (4 + 2 + 94))
    assert share.low < share.value < share.high < 1


def test_where_there_are_no_complaints_at_all_only_the_upper_end_tells_something() -> None:
    found = missrate.estimate([cell(100, 100)])
    assert found is not None
    share = missrate.share(found, caught=0, by_people=0)
    assert share is not None
    assert (share.value, share.low) == (0, 0)
