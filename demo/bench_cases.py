"""Cases by the thousand through a simulated year: does every card go out once, and when it may?

Time jumps from one thing to the next, but what the desk itself takes counts: where it is too slow, cards are late.
What ought to have happened is reckoned by `bench_cases_walk`, which asks nothing of the program.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from demo import bench_cases_fill
from demo import bench_cases_walk
from demo.bench_cases_hands import Child
from demo.bench_cases_hands import Hands
from demo.bench_cases_hands import Here
from demo.bench_cases_kept import Kept
from demo.bench_cases_kept import Memory
from demo.bench_cases_kept import NoMemory
from demo.bench_cases_office import Office
from demo.bench_cases_seen import Outcome
from demo.bench_cases_seen import held_against
from demo.bench_cases_year import Plan
from demo.bench_cases_year import Year
from flow.desk import Desk
from huanyu.config import Config
from huanyu.errors import BadInput

A_DAY, DAYS = 1000, 365
COMMANDS = 5  #: a case brings at least so many: kills are spread over them


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried."""

    a_day: int = A_DAY
    days: int = DAYS
    database: str = ""
    seed: int | None = None
    kills: int = 0
    fill: int = 0
    kept: Path | None = None


def run(wanted: Wanted) -> Outcome:
    """Live through so many days of 2025; `database` is the address of an empty one, "" makes a SQLite file.

    With `kept` the database and the answers stay in that folder, and a run that was ended goes on.
    """
    if not 0 < wanted.days <= DAYS:
        raise BadInput(f"天数应在 1 到 {DAYS} 之间: 核对用的放假安排只有 {bench_cases_walk.WALKED} 年的")
    chosen = random.SystemRandom().randrange(10**9) if wanted.seed is None else wanted.seed
    if wanted.kept is None:
        with TemporaryDirectory() as folder, _desk(Path(folder), wanted.database, empty=True) as desk:
            return _live(wanted, desk, chosen, NoMemory())
    if wanted.kills or wanted.fill:
        raise BadInput(
            "--kept 不与 --kills、--fill 同用: 这样的一次随时可以自己杀掉再接着办, 库里只有办出来的"
        )
    size = {"a_day": wanted.a_day, "days": wanted.days}
    with Kept(wanted.kept) as memory:
        begun = memory.seed(size, wanted.seed)
        with _desk(wanted.kept.resolve(), wanted.database, empty=begun is None) as desk:
            seed = chosen if begun is None else begun
            memory.begin(size, seed)
            return _live(wanted, desk, seed, memory)


def _live(wanted: Wanted, desk: Desk, seed: int, memory: Memory) -> Outcome:
    seen = Outcome(seed, "PostgreSQL" if wanted.database.startswith("postgresql") else "SQLite")
    total = wanted.a_day * wanted.days
    sizes = bench_cases_fill.sizes(max(total, wanted.fill))
    office = Office(desk, seed)
    year = Year(
        desk, _hands(wanted, office, desk, seed), seen, Plan(wanted.a_day, wanted.days, seed, sizes), memory
    )
    office.open(year.now, year.end)
    year.live()
    held_against(desk, seen, year.lives, year.end)
    bench_cases_fill.fill(desk, seen, [size for size in sizes if size > total], year.now)
    return seen


def _hands(wanted: Wanted, office: Office, desk: Desk, seed: int) -> Hands:
    if not wanted.kills or desk.config.path is None:
        return Here(office)
    return Child(desk.config.path, seed, _deadly(wanted.kills, wanted.a_day * wanted.days, seed))


def _deadly(kills: int, cases: int, seed: int) -> list[int]:
    dice = random.Random(seed + 1)
    return [dice.randrange(1, max(2, cases * COMMANDS)) for _ in range(kills)]


@contextmanager
def _desk(folder: Path, database: str, empty: bool) -> Iterator[Desk]:
    address = database or f"sqlite:///{(folder / 'bench.db').as_posix()}"
    path = folder / "huanyu.toml"
    path.write_text(f'data_dir = "data"\ndatabase = "{address}"\n', encoding="utf-8")
    desk = Desk.open(Config.load(path))
    try:
        if empty and desk.store.cases.count():
            raise BadInput("这项测试要一个空的数据库, 里面已有办件")
        yield desk
    finally:
        desk.close()


def bench(**wanted: int | str | Path | None) -> tuple[bool, list[tuple[str, str]]]:
    """For the command line: whether it holds, and what was seen."""
    seen = run(Wanted(**wanted))  # type: ignore[arg-type]
    return seen.holds, seen.lines()
