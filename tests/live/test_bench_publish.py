"""Two hundred publications, platforms that misbehave, workers killed in between; `huanyu bench publish` does ten thousand."""

from __future__ import annotations

import multiprocessing
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from demo import bench_publish
from tests.flow.conftest import postgres  # noqa: F401 - its server serves this test too

MESSAGES, SEED = 200, 20261122

pytestmark = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="kill -9 and fork are POSIX"
)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database in which nothing is; "" for a file of the run's own."""
    if request.param == "sqlite":
        yield ""
        return
    address: str = request.getfixturevalue("postgres")
    name = f"bench_{uuid.uuid4().hex}"
    statement(address, f"CREATE DATABASE {name}")
    yield address.format(name)
    statement(address, f"DROP DATABASE {name} WITH (FORCE)")


def statement(address: str, sql: str) -> None:
    url = address.format("postgres").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


@pytest.mark.timeout(600)
def test_nothing_is_published_twice_or_lost_whoever_is_killed(database: str) -> None:
    found = bench_publish.run(MESSAGES, workers=2, database=database, seed=SEED)
    seen = found.seen
    assert (seen.doubled, seen.lost, seen.false_doubts) == (0, 0, 0), found.lines()
    assert seen.resolved == seen.out_there > 0, found.lines()
    assert seen.listed == seen.not_out, found.lines()
    assert seen.published + seen.refused + seen.not_out + seen.blind >= MESSAGES
    assert found.kills > 0
    assert found.faults > MESSAGES / 10
    assert found.holds
