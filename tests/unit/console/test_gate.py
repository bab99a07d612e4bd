"""Half an hour of somebody who hammers from one address, and somebody honest behind the same: who waits gets in."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from console.public.gate import Asking
from console.public.gate import Paces
from console.public.gate import may_report
from flow import public_forms
from huanyu.public_rows import PublicTable

KEY = "for tests only"
NOW = datetime(2026, 3, 5, 2, tzinfo=UTC)
ADDRESS = "198.51.100.7"
TABLE = PublicTable()
A_SECOND = 2  # tries


def form(number: int, opened: datetime) -> str:
    return public_forms.mark_of(KEY, public_forms.issue(KEY, f"{number:032x}", opened))


def tries(paces: Paces, mark: str, now: datetime) -> int:
    """A try as the pages count it: before it is read, and once it was."""
    who = Asking(ADDRESS, mark, public_forms.age(KEY, mark, now))
    return may_report(paces, TABLE, who, now, flood=True) or may_report(paces, TABLE, who, now)


@pytest.mark.parametrize("way", ["fresh_forms", "one_form", "no_form"])
def test_half_an_hour_of_hammering_keeps_nobody_out_who_waits_as_long_as_told(way: str):
    paces, taken, honest, come, in_at = Paces(), 0, form(1, NOW), NOW + timedelta(minutes=1), None
    first = form(2, NOW)
    for second in range(1800):
        now = NOW + timedelta(seconds=second)
        for turn in range(A_SECOND):
            mark = {"fresh_forms": form(second * A_SECOND + turn + 9, now), "one_form": first, "no_form": ""}[
                way
            ]
            taken += not tries(paces, mark, now)
        if in_at is None and now >= come:
            wait = tries(paces, honest, now)
            come, in_at = now + timedelta(seconds=wait), None if wait else now
    assert in_at is not None
    assert in_at - NOW <= timedelta(minutes=15)
    most = TABLE.address_per_hour / 2 + TABLE.address_burst
    assert taken <= most * 1.5 + 1, "the places kept are bounded, too"


def test_a_mark_is_ours_and_makes_no_form():
    mark = form(1, NOW)
    assert public_forms.age(KEY, mark, NOW + timedelta(minutes=2)) == timedelta(minutes=2)
    for wrong in ("", "x", mark[:-1] + ("0" if mark[-1] != "0" else "1"), form(1, NOW).upper()):
        assert public_forms.age(KEY, wrong, NOW) is None
    assert public_forms.age("another key", mark, NOW) is None
    stands = public_forms.look(KEY, mark, NOW, timedelta(), timedelta(hours=1))
    assert stands is public_forms.Form.FORGED
