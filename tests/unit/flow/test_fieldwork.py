"""到场: whose word the moment is, once it comes in later than our own clock could vouch for."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest

from flow.fieldwork import Arrival
from flow.fieldwork import said
from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput
from huanyu.types import Case

NOW = datetime(2026, 3, 5, 14, 2, tzinfo=SHANGHAI)
CASE = Case(
    id=1,
    number="HY2026-000001",
    public_id="bcdfghjkmnprst000001",
    state="signed",
    title="",
    kinds=(),
    area="",
    place="",
    urgent=False,
    level="一般",
    learned_at=NOW - timedelta(days=1),
    opened_at=NOW - timedelta(hours=5),
    version=1,
)


@pytest.mark.parametrize(
    ("minutes", "by_clock", "told"),
    [
        (0, True, "到场 03月05日 14:02"),
        (5, True, "到场 03月05日 13:57"),
        (-5, True, "到场 03月05日 14:07"),
        (6, True, "到场 03月05日 13:56（手机时间，03月05日 14:02 收到）"),
        (212, True, "到场 03月05日 10:30（手机时间，03月05日 14:02 收到）"),
        (212, False, "到场 03月05日 10:30（本人填写，03月05日 14:02 收到）"),
    ],
)
def test_a_moment_told_later_says_whose_it_is(minutes: int, by_clock: bool, told: str) -> None:
    assert said(Arrival(at=NOW - timedelta(minutes=minutes), by_clock=by_clock), CASE, NOW) == told


@pytest.mark.parametrize("minutes", [-6, 301])
def test_a_moment_that_cannot_be_is_refused(minutes: int) -> None:
    with pytest.raises(BadInput):
        said(Arrival(at=NOW - timedelta(minutes=minutes), by_clock=True), CASE, NOW)
