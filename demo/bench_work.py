"""Posts through the jobs of PostgreSQL, by one and two `huanyu work`, beside two bare processes with the same functions.

The bare ones are handed the same ranges by a pipe and keep no record of them; each way has a database of its own on the
same server and begins when its processes are up.
"""

from __future__ import annotations

import json
import multiprocessing
import secrets
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace
from itertools import islice
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from time import monotonic
from time import perf_counter
from time import sleep
from typing import Any
from typing import Final

from demo import bench_growth
from flow import cycle
from flow import steps
from flow import work
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.store import spare
from huanyu.store.jobs import RANGE
from huanyu.types import RawPost

POSTS: Final = 20_000
SEED: Final = 20260101
LEAST: Final = 0.85  # of the bare processes' speed
LOOK: Final = 0.25  # seconds between two looks whether all is done
PATIENCE: Final = 6 * 3600.0
QUEUES: Final = "understand,cases"
HERE: Final = str(Path(__file__).resolve().parents[1])
BEGIN: Final = "from console.cli import main; main()"  # wherever it is run: a desk's folder holds no program
STEPS: Final = ("understand", "open", "route")
TURN: Final = 5.0  # seconds between two turns of the cases, as `work.EVERY` has it


@dataclass(frozen=True, slots=True)
class Ran:
    """One way: posts per second, what it made of them."""

    name: str
    posts: int
    seconds: float
    judged: int
    cases: int

    @property
    def speed(self) -> float:
        return self.posts / self.seconds

    @property
    def whole(self) -> bool:
        """Whether each post was read, and once."""
        return self.judged == self.posts


def bench(
    posts: int = POSTS, seed: int | None = None, database: str = ""
) -> tuple[bool, list[tuple[str, str]]]:
    """Whether two workers keep up with two bare processes and lose nothing; raises BadInput without PostgreSQL."""
    if not database.startswith("postgresql"):
        raise BadInput("work 要一个 PostgreSQL 的地址, 用 --database 写明; 其中会新建再删去三个库")
    seed = SEED if seed is None else seed
    bare = measured("裸进程 2 个", posts, seed, database, without_engine)
    one = measured("huanyu work 1 个", posts, seed, database, with_engine(1))
    two = measured("huanyu work 2 个", posts, seed, database, with_engine(2))
    rows = [(ran.name, _told(ran, bare)) for ran in (bare, one, two)]
    rows += [("1 个到 2 个", f"{two.speed / one.speed:.2f} 倍"), ("种子", str(seed))]
    return two.speed >= LEAST * bare.speed and all(ran.whole for ran in (bare, one, two)), rows


def _told(ran: Ran, bare: Ran) -> str:
    return f"每秒 {ran.speed:,.0f} 条，为裸进程的 {ran.speed / bare.speed:.2f}；研判 {ran.judged:,} 条、立案 {ran.cases:,} 件"


#: Opens a way on a desk; what it gives back is told of new posts.
Way = Callable[[ExitStack, Path, Desk], Callable[[Sequence[int]], None]]


def measured(name: str, posts: int, seed: int, server: str, way: Way) -> Ran:
    """From the first post that is taken in to the last that is routed."""
    with ExitStack() as running:
        address = running.enter_context(spare.database(server))
        path = _settings(Path(running.enter_context(TemporaryDirectory())), address)
        desk = Desk.open(Config.load(path))
        running.callback(desk.close)
        tell = way(running, path, desk)
        stream = _now(bench_growth.raws(desk, posts, seed))
        begun = perf_counter()
        while batch := list(islice(stream, RANGE)):
            tell(desk.store.posts.add(batch, now=now()).new)
        _until(desk)
        seconds = perf_counter() - begun
        return Ran(name, posts, seconds, desk.store.rejudging.count(""), desk.store.cases.count())


def _settings(folder: Path, address: str) -> Path:
    path, kept = folder / "huanyu.toml", folder / "secrets.toml"
    path.write_text(f'database = {json.dumps(address)}\nengine = "jobs"\nsecrets_file = "secrets.toml"\n')
    kept.touch(mode=0o600)
    kept.write_text(f'store_key = "{secrets.token_urlsafe(32)}"\n')
    return path


def _now(stream: Iterator[RawPost]) -> Iterator[RawPost]:
    """The same posts, all of this moment: the workers' clock is the real one."""
    for raw in stream:
        yield replace(raw, posted_at=now(), fetched_at=now())


def with_engine(many: int) -> Way:
    def way(running: ExitStack, path: Path, desk: Desk) -> Callable[[Sequence[int]], None]:
        desk.store.jobs.set_up()
        for _ in range(many):
            running.enter_context(_worker(path))
        return lambda _new: None

    return way


@contextmanager
def _worker(path: Path) -> Iterator[None]:
    """`huanyu work` from when it has begun until it is told to end."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, {HERE!r}); {BEGIN}",
            "work",
            "--queues",
            QUEUES,
        ],
        cwd=path.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        if process.stdout is None or not process.stdout.readline():
            raise BadInput("huanyu work 没有启动")
        yield
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def without_engine(running: ExitStack, path: Path, _desk: Desk) -> Callable[[Sequence[int]], None]:
    context = multiprocessing.get_context("spawn")
    ranges, ready = context.Queue(), context.Semaphore(0)
    for place in range(2):
        process = context.Process(target=_live, args=(path, place, ranges, ready), daemon=True)
        process.start()
        running.callback(process.join)
        running.callback(process.terminate)
    for _ in range(2):
        ready.acquire()
    return lambda new: ranges.put((new[0], new[-1])) if new else None


def _live(path: Path, place: int, ranges: Any, ready: Any) -> None:
    """A bare process: ranges as they come, and one of the two takes the turns of the cases as often as the engine."""
    desk = Desk.open(Config.load(path))
    ready.release()
    turned = monotonic()
    while True:
        with suppress(Empty):
            first, last = ranges.get(timeout=0.05)
            steps.understand_range(desk, first, last, now())
        if place == 0 and monotonic() - turned >= TURN:
            cycle.turn(desk, now(), work.QUEUES["cases"])
            turned = monotonic()


def _until(desk: Desk) -> None:
    """Wait until nothing is left to do; raises BadInput where that never comes."""
    end = monotonic() + PATIENCE
    while _left(desk):
        if monotonic() > end:
            raise BadInput("六小时还没有办完")
        sleep(LOOK)


def _left(desk: Desk) -> int:
    waiting = desk.store.queues.waiting(now())
    return sum(waiting[step].count for step in STEPS)
