"""Thousands of publications against local platforms that misbehave, by workers that are killed in the middle of it.

Counted afterwards on the platforms: what stands there twice, what is missing, what nobody knows. Time is simulated:
whenever no worker finds anything to do, the clock jumps to the next moment at which something is due.
"""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import perf_counter
from time import sleep
from typing import Any

from demo import publishing_worker
from demo.bench_publish_desk import ACCOUNTS
from demo.bench_publish_desk import BenchDesk
from demo.bench_publish_desk import CountedTelegram
from demo.bench_publish_desk import CountedWechat
from demo.bench_publish_desk import CountedWeibo
from demo.bench_publish_desk import Platforms
from demo.bench_publish_desk import found_desk
from demo.bench_publish_seen import Seen
from demo.bench_publish_seen import look
from huanyu import clock
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError

MESSAGES, WORKERS = 10_000, 2
SPREAD = timedelta(minutes=5)  # between two bunches of arrivals
BUNCH = 30
GRAIN = timedelta(minutes=1)  # the clock stands on whole minutes: what falls due in between waits that long
BACK = timedelta(days=90)  # the run begins so long ago: it never overtakes the platforms' own clocks
EXPIRED_EVERY, EXPIRED_FOR = timedelta(hours=7), timedelta(minutes=150)
REPEATED_EVERY = 150  # publications between two false "you have just sent this"
KILL_AT_ACCEPT = 1 / 150  # of the publications that are kept and not yet answered
KILL_AT_RANDOM = 1 / 400  # of the supervisor's looks
KILLS_AT_ONCE = (
    3  # at most, before the workers have come to rest: a slow machine must not see nothing but births
)
PATIENCE = 300.0  # seconds in which the workers must come to rest
#: Share of publications that go wrong in each way.
COMMON = {
    "drop_before_accept": 0.02,
    "drop_after_accept": 0.03,
    "error_before_accept": 0.02,
    "error_after_accept": 0.03,
    "stall": 0.01,
    "slow": 0.01,
    "rate_limit": 0.02,
    "refuse": 0.01,
    "html": 0.01,
    "answer_twice": 0.01,
}
RATES = {
    "weibo": COMMON | {"delayed": 0.02, "no_id": 0.01, "http_429": 0.01},
    "wechat": COMMON | {"no_id": 0.01, "busy_after_accept": 0.01},
    "telegram": COMMON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run showed."""

    seed: int
    database: str
    messages: int
    workers: int
    kills: int
    faults: int
    seconds: float
    simulated: timedelta
    seen: Seen

    @property
    def holds(self) -> bool:
        """Whether nothing is doubled, lost or doubted without a reason."""
        seen = self.seen
        return not (seen.doubled or seen.lost or seen.false_doubts) and seen.share >= 0.99

    def lines(self) -> list[tuple[str, str]]:
        """For a table."""
        seen = self.seen
        return [
            ("随机种子", str(self.seed)),
            ("数据库", self.database),
            ("进程", f"{self.workers} 个, kill -9 {self.kills} 次"),
            ("平台故障", f"{self.faults} 次"),
            ("稿件", str(self.messages)),
            ("已发布", f"{seen.published}（{seen.by_channel}）"),
            ("重复", str(seen.doubled)),
            ("丢失", str(seen.lost)),
            ("被平台拒绝, 附理由", str(seen.refused)),
            ("结果曾经不明", f"{seen.doubted}, 其中可回读的 {seen.readable}"),
            ("可回读且确已发出的", f"{seen.out_there}, 自行查实 {seen.resolved}（{seen.share:.2%}）"),
            ("可回读但没有发出的", f"{seen.not_out}, 均不自动重发, 列给人核实 {seen.listed}"),
            ("不可回读的", f"{seen.blind}, 列给人核实"),
            ("没有来由的不明", str(seen.false_doubts)),
            ("速度", f"{self.messages / self.seconds:.1f} 条/秒, 用时 {self.seconds:.0f} 秒"),
            ("模拟时间", f"{self.simulated.total_seconds() / 3600:.1f} 小时"),
        ]


def run(
    messages: int = MESSAGES, workers: int = WORKERS, database: str = "", seed: int | None = None
) -> Outcome:
    """Publish so many messages; `database` is the address of an empty one, "" makes a SQLite file for the run."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        raise BadInput("这项测试要用 kill -9, 只能在 Linux 或 macOS 上运行")
    chosen = random.SystemRandom().randrange(10**9) if seed is None else seed
    with TemporaryDirectory() as name, _platforms(chosen) as platforms:
        desk = found_desk(Path(name), database, platforms, workers, begins=_begins())
        try:
            return _Run(desk, platforms, chosen, messages, workers).whole()
        finally:
            desk.close()


@contextmanager
def _platforms(seed: int) -> Iterator[Platforms]:
    with ExitStack() as running:
        made = Platforms(
            running.enter_context(CountedWeibo()),
            running.enter_context(CountedWechat()),
            running.enter_context(CountedTelegram()),
        )
        for place, (name, platform) in enumerate(made.by_channel().items()):
            platform.misbehave(random.Random(seed + place), RATES[name])
        yield made


def _begins() -> datetime:
    return clock.now() - BACK


class _Run:
    """One run: arrivals, the clock, the workers' lives and deaths."""

    def __init__(self, desk: BenchDesk, platforms: Platforms, seed: int, messages: int, workers: int) -> None:
        self._desk, self._platforms, self._seed = desk, platforms, seed
        self._messages, self._places = messages, workers
        self._dice, self._deadly = random.Random(seed), random.Random(seed + 100)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([publishing_worker.__name__])
        self._clock: Any = self._context.Value(publishing_worker.SHARED, 0.0, lock=False)
        self._idle: Any = self._context.Array(publishing_worker.SHARED, workers, lock=False)
        self._alive: dict[int, Any] = {}
        self._guard = Lock()
        self._kills: Counter[str] = Counter()
        self._added = 0
        self._now = self._begun = desk.begins

    def whole(self) -> Outcome:
        """From the first arrival until nothing is left to do."""
        start = perf_counter()
        self._set_clock(self._now)
        for place in range(self._places):
            self._bear(place)
        for platform in self._platforms.by_channel().values():
            platform.after_accept = self._may_kill
        try:
            self._live()
        finally:
            self._end()
        seconds = perf_counter() - start
        return Outcome(
            seed=self._seed,
            database=self._desk.kind,
            messages=self._messages,
            workers=self._places,
            kills=sum(self._kills.values()),
            faults=sum(self._platforms.faults().values()),
            seconds=seconds,
            simulated=self._now - self._begun,
            seen=look(self._desk.store, self._platforms, self._kills),
        )

    def _live(self) -> None:
        while True:
            self._arrive()
            self._settle_down()
            following = self._following()
            if following is None:
                return
            self._turn_tokens(following)
            self._set_clock(following)

    def _arrive(self) -> None:
        """The next bunch, agreed to by everybody it takes."""
        for _ in range(min(BUNCH, self._messages - self._added)):
            self._desk.add(self._dice.choice(ACCOUNTS), self._added, self._now)
            self._added += 1
            if self._added % REPEATED_EVERY == 0:
                self._platforms.weibo.fail_next("refuse", error_code=self._dice.choice((20017, 20019)))

    def _following(self) -> datetime | None:
        """The next moment at which anything happens."""
        next_ = _grain(self._desk.store.outbox.next_moment(self._now), self._begun)
        if self._added < self._messages:
            arrival = self._now + SPREAD
            return min(next_, arrival) if next_ else arrival
        return next_

    def _set_clock(self, moment: datetime) -> None:
        self._now = moment
        self._clock.value = moment.timestamp()

    def _turn_tokens(self, moment: datetime) -> None:
        """Every few hours one platform lets our token die, until somebody renews it."""
        since = moment - self._begun
        dead, round_ = since % EXPIRED_EVERY < EXPIRED_FOR, since // EXPIRED_EVERY
        still_comes = self._added < self._messages
        for place, platform in enumerate(self._platforms.by_channel().values()):
            platform.expired = still_comes and dead and round_ > 0 and round_ % 3 == place

    def _settle_down(self) -> None:
        """Wait until every worker has found nothing to do; the dead are born again."""
        begun, moment, killed = perf_counter(), self._clock.value, 0
        while True:
            for place, process in list(self._alive.items()):
                if not process.is_alive():
                    self._bear(place)
            if all(idle == moment for idle in self._idle):
                return
            if perf_counter() - begun > PATIENCE:
                raise HuanyuError(f"发布进程没有停下来, 种子 {self._seed}")
            if killed < KILLS_AT_ONCE and self._deadly.random() < KILL_AT_RANDOM:
                self._kill()
                killed += 1
            sleep(publishing_worker.POLL)

    # --- lives --------------------------------------------------------------------------------------------

    def _bear(self, place: int) -> None:
        self._idle[place] = -1.0
        given = (self._desk.settings[place], place, self._clock, self._idle)
        process = self._context.Process(target=publishing_worker.live, args=given, daemon=True)
        process.start()
        self._alive[place] = process

    def _may_kill(self, _text: str) -> None:
        with self._guard:
            dies = self._deadly.random() < KILL_AT_ACCEPT
        if dies:
            self._kill()

    def _kill(self) -> None:
        """kill -9 for one of our own workers, and a note of what it had in flight."""
        with self._guard:
            process = self._deadly.choice(list(self._alive.values()))
            if not process.is_alive():
                return
            process.kill()
            process.join()
            mark = f":{process.pid}:"
            cut = [one for one in self._desk.in_flight() if mark in one.claimed_by]
            self._kills.update([one.channel for one in cut] or ["idle"])

    def _end(self) -> None:
        for platform in self._platforms.by_channel().values():
            platform.after_accept = None
        self._clock.value = publishing_worker.STOP
        for process in self._alive.values():
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()


def _grain(moment: datetime | None, begun: datetime) -> datetime | None:
    return None if moment is None else moment + (begun - moment) % GRAIN


def bench(
    messages: int = MESSAGES, workers: int = WORKERS, database: str = "", seed: int | None = None
) -> tuple[bool, list[tuple[str, str]]]:
    """For the command line: whether everything held, and what was seen."""
    found = run(messages, workers, database, seed)
    return found.holds, found.lines()
