"""What the engine's jobs cost by themselves: empty ones put in and worked off by one process, beside the reading of posts.

A job of the desk is a range of posts, so what counts is the engine's part of a range. Needs PostgreSQL.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from procrastinate import App
from procrastinate import PsycopgConnector

from demo import bench_growth
from demo import bench_work
from demo.bench_found import Figure
from demo.bench_found import Proof
from flow import steps
from flow import work
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.store import spare
from huanyu.store.jobs import RANGE

JOBS: Final = 2000
MOST: Final = 0.05  # of what it takes to read the posts of a job
SEED: Final = bench_growth.SEED
QUEUE: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Drained:
    """Seconds to put so many jobs in, one transaction each, and to work them off."""

    jobs: int
    put: float
    worked: float
    done: int


def bench(jobs: int = JOBS, database: str = "") -> tuple[bool, list[tuple[str, str]]]:
    """Whether the engine's part of a range of posts is small; raises BadInput without PostgreSQL."""
    found = measured(jobs, database)
    return found.holds, list(found.rows)


def measured(jobs: int = JOBS, database: str = "") -> Proof:
    """The same with its ratio."""
    if not database.startswith("postgresql"):
        raise BadInput("jobs 要一个 PostgreSQL 的地址, 用 --database 写明; 其中会新建再删去一个库")
    with spare.database(database) as address, TemporaryDirectory() as folder:
        desk = Desk.open(Config.load(bench_work.settings(Path(folder), address)))
        try:
            desk.store.jobs.set_up()
            with ThreadPoolExecutor(1) as apart:  # whoever asks may have a loop of their own
                drained = apart.submit(asyncio.run, _drained(desk, jobs)).result()
            reading = _read(desk)
        finally:
            desk.close()
    one = (drained.put + drained.worked) / jobs
    share = Figure(f"一个空任务的用时比研判 {RANGE:,} 条", one / reading, MOST)
    rows = (
        ("放入", f"每秒 {jobs / drained.put:,.0f} 个，每个一次提交"),
        ("办完", f"一个进程每秒 {jobs / drained.worked:,.0f} 个，并发 {work.AT_ONCE}，办完即删"),
        (f"研判 {RANGE:,} 条", f"{reading:.2f} 秒；一个空任务放入和办完共 {1000 * one:.2f} 毫秒"),
        ("占比", f"{share.value:.4f}（不超过 {MOST}）"),
    )
    return Proof(share.holds and drained.done == jobs, rows, (share,))


async def _drained(desk: Desk, jobs: int) -> Drained:
    app = App(connector=PsycopgConnector(conninfo=work.address(desk), min_size=1, max_size=4))
    done: list[int] = []

    @app.task(name=QUEUE, queue=QUEUE)
    async def nothing(number: int) -> None:
        done.append(number)

    async with app.open_async():
        begun = perf_counter()
        for number in range(jobs):
            await nothing.defer_async(number=number)
        put = perf_counter() - begun
        begun = perf_counter()
        await app.run_worker_async(
            queues=[QUEUE],
            concurrency=work.AT_ONCE,
            wait=False,
            delete_jobs="successful",
            install_signal_handlers=False,
        )
        return Drained(jobs, put, perf_counter() - begun, len(set(done)))


def _read(desk: Desk) -> float:
    """Seconds in which a range of posts is understood and its verdicts are stored."""
    new = desk.store.posts.add(list(islice(bench_growth.raws(desk, RANGE, SEED), RANGE)), now=now()).new
    desk.reader.read(["预先载入"])
    begun = perf_counter()
    steps.understand_range(desk, new[0], new[-1], now())
    return perf_counter() - begun
