"""How long limits took: counted from their start to the moment they were met, in the period they were met in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from flow import charts
from flow import life
from tests.flow.office import NOW
from tests.flow.office import Office
from tests.flow.office import at_work


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Iterator[Office]:
    with at_work(tmp_path, store_url) as opened:
        opened.fill()
        yield opened


def test_a_limit_that_was_met_counts_with_its_length_where_it_was_met(office):
    desk, later = office.desk, NOW + timedelta(minutes=40)
    case = next(one for one in desk.store.cases.listing(limit=50) if one.unit and one.state == "assigned")
    limit = next(one.clock for one in desk.store.limits.running(99) if one.case.id == case.id)
    assert desk.store.limits.meet(case, (limit.rule,), "contact", "已电话告知", later, "承办同志")
    name = limit.name
    assert list(desk.store.speeds.met(name, NOW, later + timedelta(minutes=1))) == [later - NOW]
    assert list(desk.store.speeds.met(name, NOW, later)) == []


def test_a_closed_case_counts_from_the_start_of_its_work_to_its_end(office):
    desk, later = office.desk, NOW + timedelta(hours=5)
    case = next(one for one in desk.store.cases.listing(limit=50) if one.unit and one.state == "assigned")
    period = NOW, later + timedelta(minutes=1)
    assert list(desk.store.speeds.closed(*period)) == []
    handled = office.handle(case, NOW + timedelta(hours=1))
    closed = life.close(desk, office.press, case.id, handled.version, "已当面答复", later, "told_in_person")
    assert (closed.state, closed.closed_at) == ("closed", later)
    assert list(desk.store.speeds.closed(*period)) == [later - NOW]
    assert list(desk.store.speeds.closed(NOW, later)) == []
    day = later.date()
    (first, whole), *_ = charts.statistics(desk, day - timedelta(days=1), day + timedelta(days=1)).speeds
    assert (first.met, whole.met) == (0, 1)
