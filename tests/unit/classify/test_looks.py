"""What the second look gains, with an interval."""

from __future__ import annotations

import numpy as np

from classify import looks


def test_a_look_that_tells_complaints_apart_gains_and_its_interval_lies_above_zero() -> None:
    random = np.random.default_rng(1)
    truth = random.random(600) < 0.4
    before, after = random.random(600), np.where(truth, 0.8, 0.2) + random.random(600) / 10
    weibo = np.arange(600) % 2 == 0
    found = looks.gains(before, after, truth, weibo)
    assert [gain.name for gain in found] == ["recall 0.95", "recall 0.98", "Weibo, recall 0.90"]
    for gain in found:
        assert gain.after == 1
        assert 0 < gain.low <= gain.after - gain.before <= gain.high
    told = looks.table(found)
    assert told.count("\n") == 1 + len(found)
    assert "| Weibo, recall 0.90 |" in told


def test_the_same_look_twice_gains_nothing() -> None:
    truth = np.arange(200) % 3 == 0
    said = np.linspace(0, 1, 200)
    found = looks.gains(said, said, truth, np.ones(200, dtype=bool))
    assert {(gain.low, gain.high) for gain in found} == {(0.0, 0.0)}
