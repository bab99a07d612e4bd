"""When the log says that the database can be used again."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from huanyu.errors import StoreAway
from huanyu.store.session import Weather


@pytest.mark.parametrize(
    ("why", "told"), [("away", True), ("missing", True), ("full", False), ("read_only", False)]
)
def test_what_is_answered_ends_an_outage_but_not_a_full_disk(why: str, told: bool) -> None:
    weather = Weather("here")
    with capture_logs() as lines:
        weather.failed(StoreAway("", why=why), writing=True)
        weather.worked(writing=False)
        assert [line["event"] for line in lines[1:]] == ["database_usable"] * told
        weather.worked(writing=True)
        assert [line["event"] for line in lines] == ["database_unusable", "database_usable"]


def test_two_outages_are_told_as_two() -> None:
    weather = Weather("here")
    with capture_logs() as lines:
        for _ in range(2):
            weather.failed(StoreAway("", why="away"), writing=True)
            weather.failed(StoreAway("", why="away"), writing=False)
            weather.worked(writing=False)
    assert [line["event"] for line in lines] == ["database_unusable", "database_usable"] * 2
