"""What a long run of `huanyu bench cases` has seen so far, kept in a file: ended at any moment, it goes on from there.

All that happens in the year follows from its seed and the answers of the desk, so these are what is kept: a run that
goes on lives through them again without asking the desk, and asks it from the first command on that has no answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from time import process_time
from typing import Any
from typing import Protocol
from typing import Self

from filelock import FileLock
from filelock import Timeout

from huanyu.clock import SHANGHAI
from huanyu.errors import BadInput

ANSWERS, DAYS, LOCK = "answers.jsonl", "days.txt", "run.lock"
FROM, MICRO = datetime(2025, 1, 1, tzinfo=SHANGHAI), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of the desk, and when: first asked, asked for the last time (kills lie between), and answered."""

    answer: Any
    first: datetime
    last: datetime
    after: datetime


class Watch:
    """Seconds, and seconds of the processor, that a run took; those of its former processes are put in."""

    def __init__(self) -> None:
        self.put(0.0, 0.0)

    def put(self, seconds: float, used: float) -> None:
        """So much it was until now."""
        self._since, self._from = perf_counter() - seconds, process_time() - used

    def read(self) -> tuple[float, float]:
        """How much it is."""
        return perf_counter() - self._since, process_time() - self._from

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """What is done inside does not count."""
        before = self.read()
        yield
        self.put(*before)


class Memory(Protocol):
    """Answers that were given before this process began."""

    def recall(self, asked: str, at: datetime, watch: Watch) -> Told | None: ...

    def keep(self, asked: str, told: Told, watch: Watch) -> None: ...

    def day(self, line: str) -> None: ...


class NoMemory:
    """Of a run that is lived through in one go."""

    def recall(self, _asked: str, _at: datetime, _watch: Watch) -> Told | None:
        """Nothing was before."""
        return None

    def keep(self, _asked: str, _told: Told, _watch: Watch) -> None:
        """Nothing comes after."""

    def day(self, _line: str) -> None:
        """Nobody looks on."""


class Kept:
    """A folder with the answers, one a line; a line that was cut off is an answer that was not given."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(folder / LOCK, timeout=0)
        try:
            self._lock.acquire()
        except Timeout as problem:
            raise BadInput(f"另一个进程正在 {folder} 中接着办, 请等它结束") from problem
        self._path, self._days = folder / ANSWERS, folder / DAYS
        self._file = self._path.open("rb+" if self._path.exists() else "wb+")
        self._lines, self._past = 0, True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self._file.close()
        self._lock.release()

    def seed(self, wanted: dict[str, int], seed: int | None) -> int | None:
        """The seed a run that wanted the same was begun with; None where none was begun."""
        begun = self._next()
        if begun is None:
            return None
        if begun != {**wanted, "seed": begun["seed"] if seed is None else seed}:
            raise BadInput(f"{self._path} 是另一次测试的: {begun}; 请用同样的选项接着办, 或换一个目录")
        return int(begun["seed"])

    def begin(self, wanted: dict[str, int], seed: int) -> None:
        """From here on the database is this run's, unless it was before."""
        if not self._past:
            self._write({**wanted, "seed": seed})

    def recall(self, asked: str, at: datetime, watch: Watch) -> Told | None:
        """What the desk answered, where this is what it was asked in the lives before."""
        known = self._next()
        if known is None:
            return None
        before, asked_at, after, answer, seconds, used = known
        if (before, asked_at) != (asked, (at - FROM) // MICRO):
            raise BadInput(
                f"{self._path} 第 {self._lines} 行是 {before}, 现在该做的是 {asked}: "
                "编造办件的程序或日期变了, 请换一个目录从头办起"
            )
        watch.put(seconds, used)
        return Told(_read(asked, answer), at, at, FROM + after * MICRO)

    def keep(self, asked: str, told: Told, watch: Watch) -> None:
        """Note an answer; it is in the file before anything follows from it."""
        times = [(one - FROM) // MICRO for one in (told.first, told.after)]
        seconds, used = watch.read()
        self._write([asked, *times, _noted(told.answer), round(seconds, 3), round(used, 3)])

    def day(self, line: str) -> None:
        """For whoever looks how far it is; days lived through again are not told again."""
        if not self._past:
            with self._days.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")

    def _next(self) -> Any:
        """The next line of the lives before; None from their end on."""
        if not self._past:
            return None
        start = self._file.tell()
        line = self._file.readline()
        if line.endswith(b"\n"):
            self._lines += 1
            return json.loads(line)
        self._file.seek(start)
        self._file.truncate()
        self._past = False
        return None

    def _write(self, noted: object) -> None:
        self._file.write(json.dumps(noted, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()


def _noted(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {str(key): _noted(one) for key, one in answer.items()}
    return answer.isoformat() if isinstance(answer, datetime) else answer


def _read(asked: str, answer: Any) -> Any:
    """As the office gave it: JSON knows neither numbers as keys nor moments."""
    name = asked.partition(" ")[0]
    if name == "next_card":
        return answer and datetime.fromisoformat(answer)
    return {int(key): one for key, one in answer.items()} if name == "arrive" else answer
