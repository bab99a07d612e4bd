"""The bench of workers reads and routes the same posts by an engine and by bare processes, each in a database of its own."""

from __future__ import annotations

import pytest

from demo import bench_jobs
from demo import bench_work
from huanyu.errors import BadInput


def test_an_engine_and_bare_processes_make_the_same_of_the_same_posts(postgres: str) -> None:
    found = bench_work.run(["bare", "one"], 200, 7, postgres.format("postgres"), [120, 80])
    assert [posts for posts, _ in found["bare"].rounds] == [120, 80]
    assert [ran.judged for ran in found.values()] == [200, 200] and all(ran.whole for ran in found.values())
    assert found["bare"].cases == found["one"].cases > 0
    assert all(ran.kept > 1_000_000 for ran in found.values())


@pytest.mark.parametrize(
    ("posts", "rounds"), [(200, 1), (12_000, 2), (12_001, 2), (1_000_000, bench_work.ROUNDS)]
)
def test_the_rounds_hold_all_posts_in_parts_of_one_size(posts: int, rounds: int) -> None:
    found = bench_work.slices(posts)
    assert (len(found), sum(found)) == (rounds, posts)
    assert max(found) - min(found) <= 1


def test_of_every_round_it_says_what_each_way_was_beside_the_bare_one() -> None:
    bare = bench_work.Ran("裸", ((100, 1.0), (100, 4.0)), 200, 3)
    two = bench_work.Ran("二", ((100, 2.0), (100, 4.0)), 200, 3)
    told = dict(bench_work._by_round({"bare": bare, "two": two}))
    assert told["第 1 轮"].endswith("二 0.50") and told["第 2 轮"].endswith("二 1.00")
    (figure,) = bench_work._figure({"bare": bare, "two": two}, "two", "bare", bench_work.LEAST)
    assert figure.value == pytest.approx(5 / 6) and not figure.holds
    assert list(bench_work._figure({"bare": bare}, "two", "bare")) == []


def test_without_postgresql_or_with_an_unknown_way_it_says_so() -> None:
    with pytest.raises(BadInput, match="PostgreSQL"):
        bench_work.bench(200, database="sqlite:///somewhere.db")
    with pytest.raises(BadInput, match="three"):
        bench_work.bench(200, database="postgresql+psycopg://nobody@localhost/none", ways=["bare", "three"])


def test_a_process_that_is_gone_is_not_waited_for_in_vain() -> None:
    bench_work._demand(lambda: True)
    with pytest.raises(BadInput, match="没有了"):
        bench_work._demand(lambda: False)


def test_the_engine_is_measured_by_jobs_that_do_nothing(postgres: str) -> None:
    found = bench_jobs.measured(20, postgres.format("postgres"))
    assert [what for what, _ in found.rows] == ["放入", "办完", "研判 2,000 条", "占比"]
    assert found.figures[0].value > 0
    with pytest.raises(BadInput, match="PostgreSQL"):
        bench_jobs.measured(20, "sqlite:///somewhere.db")
