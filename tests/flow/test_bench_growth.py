"""The bench of growth takes real posts the whole way, and the same ones whenever the seed is the same."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from demo import bench_growth
from flow.desk import Desk
from huanyu.config import Config


def test_posts_become_cases_in_every_part_and_stand_beside_the_bare_loop(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    blocks = list(bench_growth.run(desk, 600, seed=7))
    assert [block.posts for block in blocks] == [60 * (at + 1) for at in range(10)]
    assert all(block.many == 60 and block.ours > 0 and block.bare > 0 for block in blocks)
    assert len(desk.store.posts.listing(limit=1000)) == 600
    cases = desk.store.cases.listing(limit=1000)
    assert 10 <= len(cases) <= 100
    assert sum(case.posts for case in cases) > len(cases), "somebody told of a matter that was known"
    desk.close()


def test_the_same_seed_makes_the_same_posts(tmp_path: Path) -> None:
    desk = opened(tmp_path)

    def some(seed: int) -> list[str]:
        return [one.text for one in islice(bench_growth.raws(desk, 50_000, seed), 300)]

    assert some(1) == some(1) != some(2)
    assert len(set(some(1))) < 300, "a part repeats what others wrote"
    desk.close()


def opened(folder: Path) -> Desk:
    path = folder / "huanyu.toml"
    path.write_text('data_dir = "data"\n', encoding="utf-8")
    return Desk.open(Config.load(path))
