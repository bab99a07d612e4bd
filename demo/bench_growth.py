"""What a post costs as a desk grows: taken in, understood, opened and routed by one process on SQLite.

Beside it, in the same run and again and again, stands a bare loop of the reader over posts of the same kind. The posts
are invented and spread over a year, so that what is near in time and place stays as much as it is in a city.
"""

from __future__ import annotations

import random
import statistics
import tomllib
from collections import deque
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from time import process_time
from typing import Final

import structlog

from demo.bench_found import Figure
from demo.bench_found import Proof
from flow import cycle
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import RawPost
from huanyu.types import SourceKind

WORDS: Final = Path(__file__).resolve().parent / "posts" / "growth.toml"
POSTS: Final = 100_000
BATCH: Final = 2000  # posts of one crawl
BARE: Final = 2000  # posts of the bare loop beside each block
BLOCKS: Final = 10  # a run is looked at in so many parts
COMPLAINTS, REPEATS = 0.12, 0.08  # of all posts; a repeat has the words of another
KNOWN, OPEN = 0.75, 40  # of complaints that tell of one of so many matters others told of lately
BEGAN: Final = datetime(2025, 3, 3, 8, 0, tzinfo=SHANGHAI)
SPAN: Final = timedelta(days=365)
STEPS: Final = ("understand", "reposts", "open", "route")
GROWN: Final = 1.2  # the last block may cost so much of the first
SEED: Final = 20260101

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the run: posts there are at its end, seconds of its posts, seconds of as many in the bare loop."""

    posts: int
    many: int
    ours: float
    bare: float
    cpu: float = 0.0  #: seconds of the processor for its posts, whatever else the machine had to do

    @property
    def told(self) -> str:
        return (
            f"每秒 {self.many / self.ours:,.0f} 条，每条 {1000 * self.ours / self.many:.2f} 毫秒"
            f"（处理器 {1000 * self.cpu / self.many:.2f} 毫秒）；"
            f"只研判每秒 {self.many / self.bare:,.0f} 条，为其 {self.bare / self.ours:.2f}"
        )


def bench(posts: int = POSTS, seed: int | None = None) -> tuple[bool, list[tuple[str, str]]]:
    """Whether the last part costs no more than `GROWN` times the first, and each part."""
    found = measured(posts, seed)
    return found.holds, list(found.rows)


def measured(posts: int = POSTS, seed: int | None = None) -> Proof:
    """The same with its ratios and its curve."""
    seed = SEED if seed is None else seed
    with TemporaryDirectory() as folder:
        path = Path(folder) / "huanyu.toml"
        path.write_text('data_dir = "data"\n', encoding="utf-8")
        desk = Desk.open(Config.load(path))
        try:
            blocks = list(run(desk, posts, seed))
            return found_in(blocks, desk.store.cases.count(), seed, _kept(Path(folder)))
        finally:
            desk.close()


def _kept(folder: Path) -> int:
    """Bytes of the database with what is not yet written back to it."""
    return sum(path.stat().st_size for path in folder.rglob("huanyu.db*"))


def found_in(blocks: Sequence[Block], cases: int, seed: int, kept: int) -> Proof:
    """What the parts of a run say."""
    first, last = blocks[0], blocks[-1]
    grown = last.ours / last.many / (first.ours / first.many)
    bare = statistics.median(block.bare / block.many for block in blocks)
    ends = f"最后一段每条的用时为第一段的 {grown:.2f} 倍（不超过 {GROWN} 倍）；立案 {cases:,} 件；种子 {seed}"
    rows = [(f"到 {block.posts:,} 条", block.told) for block in blocks]
    return Proof(
        holds=grown <= GROWN,
        rows=(
            *rows,
            ("增长", ends),
            ("占用", f"库 {kept / 1e6:,.1f} MB，每条 {kept / last.posts:,.0f} 字节"),
        ),
        figures=(
            Figure("最后一段每条的用时比第一段", grown, GROWN),
            Figure("最后一段每条的处理器用时比第一段", last.cpu / last.many / (first.cpu / first.many)),
            Figure("最后一段每秒条数比只研判", bare * last.many / last.ours),
        ),
        points=tuple((block.posts, block.ours / block.many / bare) for block in blocks),
    )


def run(desk: Desk, posts: int, seed: int) -> Iterator[Block]:
    """The run, part by part."""
    stream, many = raws(desk, posts, seed), -(-posts // BLOCKS)
    done = 0
    desk.reader.read(["预先载入"])  # the first part is not to pay for the model
    while block := list(islice(stream, many)):
        worked = process_time()
        ours = sum(_taken(desk, block[at : at + BATCH]) for at in range(0, len(block), BATCH))
        worked = process_time() - worked
        sample = block[:BARE]
        bare = _bare(desk, sample) * len(block) / len(sample)
        done += len(block)
        log.info("bench_growth", posts=done, per_second=round(len(block) / ours))
        yield Block(done, len(block), ours, bare, worked)


def _taken(desk: Desk, batch: Sequence[RawPost]) -> float:
    """Seconds until a crawl's posts have become all they become by themselves."""
    moment = batch[-1].fetched_at
    begun = perf_counter()
    desk.store.posts.add(batch, now=moment)
    for name in STEPS:
        cycle.run(desk, name, moment)
    return perf_counter() - begun


def _bare(desk: Desk, sample: Sequence[RawPost]) -> float:
    """Seconds of a bare loop of the reader."""
    begun = perf_counter()
    desk.reader.read([one.text for one in sample])
    return perf_counter() - begun


def raws(desk: Desk, posts: int, seed: int) -> Iterator[RawPost]:
    """Posts of a year, all told by other people."""
    words, dice = tomllib.loads(WORDS.read_text(encoding="utf-8")), random.Random(seed)
    places = [row.name for row in desk.bureau.places if row.level == "township"]
    said, matters = "", deque[tuple[str, str, str]](maxlen=OPEN)
    for number in range(posts):
        if not said or dice.random() >= REPEATS:
            complains = dice.random() < COMPLAINTS
            place = (
                f"{dice.choice(places)}{dice.choice('东西南北前后大小')}{dice.choice('王李张刘陈杨赵周')}庄"
            )
            told = (
                dice.choice(words["complaints" if complains else "others"]),
                place,
                dice.choice(words["things"]),
            )
            if complains and matters and dice.random() < KNOWN:
                told = dice.choice(matters)
            if complains:
                matters.append(told)
            said = f"{told[0].format(place=told[1], thing=told[2])}{dice.choice(words['endings'])} {dice.randrange(1, 1000)}"
        at = BEGAN + SPAN * (number / posts)
        yield RawPost(
            source="bench",
            kind=SourceKind.WEIBO,
            native_id=str(number),
            url=f"https://example.org/{number}",
            text=said,
            author=f"网友{number}",
            author_id=str(number % 50_000),
            posted_at=at,
            fetched_at=at + timedelta(minutes=10),
        )
