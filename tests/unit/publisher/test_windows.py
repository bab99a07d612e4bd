"""When a text may leave."""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.errors import ConfigError
from huanyu.publishing_rows import MourningRow
from huanyu.publishing_rows import PublishingTable
from huanyu.publishing_rows import QuietRow
from publisher import windows

TABLE = load_bureau(SHIPPED).publishing
CLASSES = ("petition", "press", "incident")


def at(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-03-10T21:59", "2026-03-10T21:59"),
        ("2026-03-10T22:00", "2026-03-11T07:00"),
        ("2026-03-11T00:00", "2026-03-11T07:00"),
        ("2026-03-11T06:59", "2026-03-11T07:00"),
        ("2026-03-11T07:00", "2026-03-11T07:00"),
    ],
)
def test_at_night_an_answer_waits_for_the_morning(moment: str, leaves: str) -> None:
    assert windows.next_allowed(at(moment), "petition", TABLE) == at(leaves)


def test_an_incident_waits_for_nothing() -> None:
    for moment in ("2026-03-10T23:30", "2026-12-13T12:00"):
        assert windows.closed(at(moment), "incident", TABLE) is None


def test_on_a_day_of_mourning_only_answers_go_out() -> None:
    noon = at("2026-12-13T12:00")
    assert windows.next_allowed(noon, "petition", TABLE) == noon
    # The day ends at midnight, inside the night: it is the morning after.
    assert windows.next_allowed(noon, "press", TABLE) == at("2026-12-14T07:00")
    assert windows.closed(noon, "press", TABLE).why == "南京大屠杀死难者国家公祭日"


def test_three_days_of_mourning_are_one_wait() -> None:
    row = MourningRow(**{"name": "全国哀悼日", "from": "2026-05-19", "to": "2026-05-21"})
    table = PublishingTable(mourning=(row,))
    window = windows.closed(at("2026-05-19T09:00"), "press", table)
    assert window == windows.Closed(at("2026-05-22T00:00"), "全国哀悼日")


def test_windows_without_end_are_told_rather_than_waited_for() -> None:
    halves = (("00:00", "12:00"), ("12:00", "00:00"))
    rows = tuple(QuietRow(**{"from": a, "to": b, "classes": ["press"]}) for a, b in halves)
    with pytest.raises(ConfigError, match="没有可以发布的时间"):
        windows.next_allowed(at("2026-03-10T09:00"), "press", PublishingTable(quiet=rows))


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)),
    st.sampled_from(CLASSES),
)
def test_the_next_allowed_minute_is_allowed_and_none_before_it_is(naive: datetime, kind: str) -> None:
    moment = naive.replace(tzinfo=SHANGHAI)
    found = windows.next_allowed(moment, kind, TABLE)
    assert windows.closed(found, kind, TABLE) is None
    assert found >= moment
    if found > moment:
        assert windows.closed(found - timedelta(seconds=1), kind, TABLE) is not None
