"""The bench of workers reads and routes the same posts by an engine and by bare processes, each in a database of its own."""

from __future__ import annotations

import pytest

from demo import bench_work
from huanyu.errors import BadInput


def test_an_engine_and_bare_processes_make_the_same_of_the_same_posts(postgres: str) -> None:
    server = postgres.format("postgres")
    bare = bench_work.measured("bare", 200, 7, server, bench_work.without_engine)
    work = bench_work.measured("work", 200, 7, server, bench_work.with_engine(1))
    assert (bare.judged, work.judged) == (200, 200)
    assert bare.whole and work.whole
    assert bare.cases == work.cases > 0


def test_without_postgresql_it_says_so() -> None:
    with pytest.raises(BadInput, match="PostgreSQL"):
        bench_work.bench(200, database="sqlite:///somewhere.db")
