"""Eleven mornings with restarts: on time, delivered, no gap, nothing unsupported; `huanyu bench bulletin` does a year."""

from __future__ import annotations

from datetime import date

import pytest

from demo import bench_bulletin

DAYS = 11
FIRST = date(2025, 1, 23)  # two weeks' 周报, and over the end of a month until its 月报


@pytest.mark.timeout(900)
def test_mornings_with_restarts_miss_nothing():
    seen = bench_bulletin.run(DAYS, FIRST)
    assert (seen.on_time, seen.delivered) == (DAYS, DAYS)
    assert seen.restarts >= DAYS // bench_bulletin.RESTART_EVERY
    assert seen.gaps == []
    assert seen.issues["daily"] == DAYS
    assert {"weekly", "monthly"} <= set(seen.issues)
    assert (seen.differing, seen.unsupported, seen.audit_faults) == (0, 0, 0)
    assert seen.figures > 50 * DAYS
    assert seen.holds
