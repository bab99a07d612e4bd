"""How long limits took: counted from their start to the moment they were met, in the period they were met in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from flow import charts
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
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
    with desk.store._database.write() as tx:
        begun = tx.scalar(
            select(func.min(clocks.c.started_at)).where(
                clocks.c.case_id == case.id, clocks.c.name == "handling"
            )
        )
        tx.execute(update(cases).where(cases.c.id == case.id).values(state="closed", closed_at=later))
    assert begun is not None
    assert list(desk.store.speeds.closed(*period)) == [later - begun]
    assert list(desk.store.speeds.closed(NOW, later)) == []
    day = later.date()
    (first, handled), *_ = charts.statistics(desk, day - timedelta(days=1), day + timedelta(days=1)).speeds
    assert (first.met, handled.met) == (0, 1)
