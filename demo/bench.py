"""Speed as ratios measured side by side in one run: machines differ, a ratio travels.

Each bench runs a bare peer and our own way in turn, several rounds, and prints the median of each.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import closing
from contextlib import contextmanager
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from demo import bench_bulletin
from demo import bench_cases
from demo import bench_crawl
from demo import bench_growth
from demo import bench_issue
from demo import bench_jobs
from demo import bench_publish
from demo import bench_work
from flow import cycle
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import RawPost
from huanyu.types import SourceKind

POSTS = Path(__file__).resolve().parent / "posts" / "weibo.jsonl"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Way:
    """One way of doing the work."""

    name: str
    count: int  #: items of one run
    opened: Callable[[], AbstractContextManager[Callable[[], object]]]  #: what is timed; its making is not


def at_once(run: Callable[[], object]) -> Callable[[], AbstractContextManager[Callable[[], object]]]:
    """A way that needs nothing made before."""
    return lambda: nullcontext(run)


@dataclass(frozen=True, slots=True)
class Line:
    """One way of doing the work: items per second, and the ratio to the peer."""

    name: str
    per_second: float
    ratio: float


def texts(count: int) -> list[str]:
    """Invented posts, repeated and numbered so that no two are alike."""
    base = [json.loads(line)["text"] for line in POSTS.read_text(encoding="utf-8").splitlines()]
    return [f"{base[number % len(base)]} {number}" for number in range(count)]


def ingest(count: int = 2000) -> list[Line]:
    """Store, understand, open and route against the classifier alone."""
    bureau = Config.load().bureau
    reader = Reader(Classifier.load(), Gazetteer(bureau.places, enterprises=bureau.enterprises))
    bodies = texts(count)

    ours = partial(_opened, [_raw(number, body) for number, body in enumerate(bodies)])
    peer = Way("只研判", count, at_once(lambda: reader.read(bodies)))
    return compare([peer, Way("入库、研判、立案、派单", count, ours)])


@contextmanager
def _opened(posts: Sequence[RawPost]) -> Iterator[Callable[[], object]]:
    """An empty desk that takes the posts in, through to their units, when called."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "huanyu.toml"
        path.write_text('data_dir = "data"\n', encoding="utf-8")
        with closing(Desk.open(Config.load(path))) as desk:
            yield lambda: _taken_in(desk, posts)


def _taken_in(desk: Desk, posts: Sequence[RawPost]) -> None:
    moment = now()
    desk.store.posts.add(posts, now=moment)
    for name in ("understand", "open", "route"):
        cycle.run(desk, name, moment)


def _raw(number: int, body: str) -> RawPost:
    moment = now() - timedelta(seconds=number)
    return RawPost(
        source="bench",
        kind=SourceKind.WEIBO,
        native_id=str(number),
        url=f"https://example.org/{number}",
        text=body,
        posted_at=moment,
        fetched_at=moment,
    )


def compare(ways: Sequence[Way]) -> list[Line]:
    """Run the ways in turn, round by round; the first is the peer the others are measured against."""
    taken: dict[str, list[float]] = {way.name: [] for way in ways}
    for _ in range(ROUNDS):
        for way in ways:
            with way.opened() as run:
                start = perf_counter()
                run()
                taken[way.name].append((perf_counter() - start) / way.count)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    peer = medians[ways[0].name]
    return [Line(name, 1 / median, peer / median) for name, median in medians.items()]


def crawl() -> list[Line]:
    """Our spider, settings, pipeline and store against a bare Scrapy spider on the same forum."""
    return [Line(name, per_second, ratio) for name, per_second, ratio in bench_crawl.run()]


#: Long runs that must hold: whether they do, and what was seen.
PROOFS: dict[str, Callable[..., tuple[bool, list[tuple[str, str]]]]] = {
    "bulletin": bench_bulletin.bench,
    "cases": bench_cases.bench,
    "growth": bench_growth.bench,
    "issue": bench_issue.bench,
    "jobs": bench_jobs.bench,
    "publish": bench_publish.bench,
    "work": bench_work.bench,
}
BENCHES: dict[str, Callable[[], list[Line]]] = {"ingest": ingest, "crawl": crawl}
