"""Posts through the jobs of PostgreSQL, by one and two `huanyu work`, beside two bare processes with the same functions.

The bare ones are handed the same ranges by a pipe and keep no record of them; each way has a database of its own on the
same server. The posts are cut into rounds: in each every way takes its part in turn, so that what else the machine has
to do hits all of them alike, and the other ways' processes stand by.
"""

from __future__ import annotations

import json
import multiprocessing
import secrets
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
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

import structlog

from demo import bench_growth
from demo.bench_found import Figure
from demo.bench_found import Proof
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
ROUNDS: Final = 10
ROUND: Final = 5_000  # posts of one round at least, where there are more
LOOK: Final = 0.25  # seconds between two looks whether all is done
PATIENCE: Final = 6 * 3600.0
ENDING: Final = 60.0  # seconds a worker is given to finish what it is at
QUEUES: Final = "understand,cases"
HERE: Final = str(Path(__file__).resolve().parents[1])
BEGIN: Final = "from console.cli import main; main()"  # wherever it is run: a desk's folder holds no program
STEPS: Final = ("understand", "open", "route")
TURN: Final = 5.0  # seconds between two turns of the cases, as `work.EVERY` has it


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ran:
    """One way: what it took for the posts of each round, and what it made of them."""

    name: str
    rounds: tuple[tuple[int, float], ...]  #: posts, seconds
    judged: int
    cases: int
    kept: int = 0  #: bytes of its database

    @property
    def posts(self) -> int:
        return sum(posts for posts, _ in self.rounds)

    @property
    def speed(self) -> float:
        """Posts per second."""
        return self.posts / sum(seconds for _, seconds in self.rounds)

    @property
    def whole(self) -> bool:
        """Whether each post was read, and once."""
        return self.judged == self.posts

    def round(self, number: int) -> float:
        """Posts per second of one round."""
        posts, seconds = self.rounds[number]
        return posts / seconds


def bench(
    posts: int = POSTS, seed: int | None = None, database: str = "", ways: Sequence[str] = ()
) -> tuple[bool, list[tuple[str, str]]]:
    """Whether two workers keep up with two bare processes and lose nothing; raises BadInput without PostgreSQL."""
    found = measured(posts, seed, database, ways)
    return found.holds, list(found.rows)


def measured(
    posts: int = POSTS, seed: int | None = None, database: str = "", ways: Sequence[str] = ()
) -> Proof:
    """The same with its ratios."""
    if not database.startswith("postgresql"):
        raise BadInput("work 要一个 PostgreSQL 的地址, 用 --database 写明; 其中会新建再删去几个库")
    if unknown := sorted(set(ways) - set(WAYS)):
        raise BadInput(f"work 没有这样的做法: {'、'.join(unknown)}; 可选: {'、'.join(WAYS)}")
    seed = SEED if seed is None else seed
    found = run(tuple(ways) or tuple(WAYS), posts, seed, database, slices(posts))
    figures = (
        *_figure(found, "two", "bare", LEAST),
        *_figure(found, "one", "bare"),
        *_figure(found, "two", "one"),
    )
    rows = [(ran.name, _told(ran, found.get("bare"))) for ran in found.values()]
    rows += [*_by_round(found), *((one.what, f"{one.value:.2f} 倍") for one in figures), ("种子", str(seed))]
    last = list(found.values())[-1]
    rows.append(("占用", f"库 {last.kept / 1e6:,.1f} MB，每条 {last.kept / last.posts:,.0f} 字节"))
    holds = all(ran.whole for ran in found.values()) and all(one.holds for one in figures)
    return Proof(holds, tuple(rows), figures)


def slices(posts: int) -> list[int]:
    """The posts of each round, so many that the last turn of each, which is waited for, weighs little."""
    rounds = max(1, min(ROUNDS, posts // ROUND))
    return [posts * (number + 1) // rounds - posts * number // rounds for number in range(rounds)]


def run(ways: Sequence[str], posts: int, seed: int, server: str, rounds: Sequence[int]) -> dict[str, Ran]:
    """Every way over the same posts, round by round, each round begun by another one."""
    with ExitStack() as running:
        up = [Up(running, WAYS[way], way, posts, seed, server) for way in ways]
        for number, many in enumerate(rounds):
            first = number % len(up)
            for one in up[first:] + up[:first]:
                seconds = one.take(many)
                log.info("bench_work", round=number + 1, way=one.way, per_second=round(many / seconds))
        return {one.way: one.ran() for one in up}


def _figure(found: Mapping[str, Ran], way: str, peer: str, least: float | None = None) -> Iterator[Figure]:
    """One way's speed beside another's, where both were run."""
    if way in found and peer in found:
        ratio = found[way].speed / found[peer].speed
        yield Figure(f"{found[way].name}比{found[peer].name}", ratio, least, at_most=False)


def _told(ran: Ran, bare: Ran | None) -> str:
    beside = "" if bare is None else f"，为裸进程的 {ran.speed / bare.speed:.2f}"
    return f"每秒 {ran.speed:,.0f} 条{beside}；研判 {ran.judged:,} 条、立案 {ran.cases:,} 件"


def _by_round(found: Mapping[str, Ran]) -> Iterator[tuple[str, str]]:
    bare, others = found.get("bare"), [ran for way, ran in found.items() if way != "bare"]
    if bare is None:
        return
    for number in range(len(bare.rounds)):
        told = [f"{ran.name} {ran.round(number) / bare.round(number):.2f}" for ran in others]
        yield f"第 {number + 1} 轮", f"裸进程每秒 {bare.round(number):,.0f} 条；为其 {'，'.join(told)}"


@dataclass(frozen=True, slots=True)
class Hands:
    """The processes of a way."""

    tell: Callable[[Sequence[int]], None]  #: is told the numbers of new posts
    alive: Callable[[], bool]  #: whether all of them are


#: Opens a way on a desk; its processes end with the stack.
Way = Callable[[ExitStack, Path, Desk], Hands]


class Up:
    """One way, its processes up and its posts at hand."""

    def __init__(
        self, running: ExitStack, begun: tuple[str, Way], way: str, posts: int, seed: int, server: str
    ) -> None:
        self._address = running.enter_context(spare.database(server))
        path = settings(Path(running.enter_context(TemporaryDirectory())), self._address)
        self.way = way
        self._name, begin = begun
        self._desk = Desk.open(Config.load(path))
        running.callback(self._desk.close)
        self._hands = begin(running, path, self._desk)
        self._stream = _now(bench_growth.raws(self._desk, posts, seed))
        self._rounds: list[tuple[int, float]] = []

    def take(self, many: int) -> float:
        """Seconds from the first post that is taken in to the last that is routed."""
        block = islice(self._stream, many)
        begun = perf_counter()
        while batch := list(islice(block, RANGE)):
            self._hands.tell(self._desk.store.posts.add(batch, now=now()).new)
        _until(self._desk, self._hands.alive)
        self._rounds.append((many, perf_counter() - begun))
        return self._rounds[-1][1]

    def ran(self) -> Ran:
        store = self._desk.store
        judged, cases = store.rejudging.count(""), store.cases.count()
        return Ran(self._name, tuple(self._rounds), judged, cases, spare.size(self._address))


def settings(folder: Path, address: str) -> Path:
    """The settings file of a desk on that database, with a key of its own."""
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
    def way(running: ExitStack, path: Path, desk: Desk) -> Hands:
        desk.store.jobs.set_up()
        workers = [running.enter_context(_worker(path)) for _ in range(many)]
        return Hands(lambda _new: None, lambda: all(one.poll() is None for one in workers))

    return way


@contextmanager
def _worker(path: Path) -> Iterator[subprocess.Popen[str]]:
    """`huanyu work` from when it has begun until it is told to end; it is given a while for what it is at."""
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
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def without_engine(running: ExitStack, path: Path, _desk: Desk) -> Hands:
    context = multiprocessing.get_context("spawn")
    ranges, ready = context.Queue(), context.Semaphore(0)
    both = [
        context.Process(target=_live, args=(path, place, ranges, ready), daemon=True) for place in range(2)
    ]
    alive = lambda: all(one.is_alive() for one in both)  # noqa: E731
    for process in both:
        process.start()
        running.callback(process.join)
        running.callback(process.kill)  # what it holds goes with its database
    for _ in both:
        while not ready.acquire(timeout=LOOK):
            _demand(alive)
    return Hands(lambda new: ranges.put((new[0], new[-1])) if new else None, alive)


def _live(path: Path, place: int, ranges: Any, ready: Any) -> None:
    """A bare process: ranges as they come, and one of the two takes the turns of the cases as often as the engine."""
    desk = Desk.open(Config.load(path))
    ready.release()
    turned = monotonic()
    parent = multiprocessing.parent_process()
    while parent is None or parent.is_alive():
        with suppress(Empty):
            first, last = ranges.get(timeout=0.05)
            steps.understand_range(desk, first, last, now())
        if place == 0 and monotonic() - turned >= TURN:
            cycle.turn(desk, now(), work.QUEUES["cases"])
            turned = monotonic()


WAYS: Final[Mapping[str, tuple[str, Way]]] = {
    "bare": ("裸进程 2 个", without_engine),
    "one": ("huanyu work 1 个", with_engine(1)),
    "two": ("huanyu work 2 个", with_engine(2)),
}


def _demand(alive: Callable[[], bool]) -> None:
    """Raises BadInput where a process of the way is gone: what it had in hand would be waited for in vain."""
    if not alive():
        raise BadInput("一个参加比较的进程没有了, 无法再比")


def _until(desk: Desk, alive: Callable[[], bool]) -> None:
    """Wait until nothing is left to do; raises BadInput where that never comes."""
    end = monotonic() + PATIENCE
    while _left(desk):
        _demand(alive)
        if monotonic() > end:
            raise BadInput("六小时还没有办完")
        sleep(LOOK)


def _left(desk: Desk) -> int:
    waiting = desk.store.queues.waiting(now())
    return sum(waiting[step].count for step in STEPS)
