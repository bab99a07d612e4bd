"""What one daily over 10,000 items and one monthly over 300,000 cost, beside the bare queries on the same store.

The items are invented and come judged; they lie on the days of one month, so the month is thirty such days.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import MappingProxyType
from typing import TypeVar

import bulletins.render_docx
import bulletins.render_html
import bulletins.render_pdf
from demo.bench_bulletin import AREAS
from demo.bench_bulletin import KINDS
from demo.bench_bulletin import SETTINGS
from demo.bench_bulletin import SOURCES
from flow import issues
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.periods import Period
from huanyu.types import Bulletin
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Place
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Sentiment
from huanyu.types import Verdict

A_DAY, DAYS = 10_000, 30
MONTH = date(2025, 6, 1)
COMPLAINTS = 0.3  # of the items
A_CASE = 100  # items to each case
BATCH = 2000  # items of one transaction


RENDERERS: Mapping[str, Callable[[Bulletin], bytes]] = MappingProxyType(
    {
        "HTML": bulletins.render_html.render,
        "DOCX": bulletins.render_docx.render,
        "PDF": bulletins.render_pdf.render,
    }
)
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Cost:
    """One issue, stage by stage, in seconds."""

    name: str
    items: int
    bare: float  #: every named query counted once, and those it is compared with
    stages: tuple[tuple[str, float], ...]

    @property
    def whole(self) -> float:
        """From the first query to the last file."""
        return sum(seconds for _, seconds in self.stages)

    def told(self) -> str:
        """In one line."""
        parts = "、".join(f"{name} {seconds:.2f}" for name, seconds in self.stages)
        return (
            f"{self.whole:.2f} 秒（{parts}）；同库裸查询 {self.bare:.2f} 秒，"
            f"全部用时为裸查询的 {self.whole / self.bare:.1f} 倍"
        )


def run(a_day: int = A_DAY, days: int = DAYS) -> list[Cost]:
    """Fill a desk with so many days of items; the last day's daily and the month's monthly."""
    with _desk() as desk:
        _fill(desk, a_day, days)
        last = MONTH + timedelta(days=days - 1)
        now = datetime.combine(date(2025, 7, 3), time(8, 30), SHANGHAI)
        return [
            _cost(desk, "每日舆情", "daily", last, a_day, now),
            _cost(desk, "舆情月报", "monthly", last, a_day * days, now),
        ]


@contextmanager
def _desk() -> Iterator[Desk]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "huanyu.toml"
        path.write_text(SETTINGS, encoding="utf-8")
        (Path(folder) / "config").mkdir()
        desk = Desk.open(Config.load(path))
        try:
            yield desk
        finally:
            desk.close()


def _fill(desk: Desk, a_day: int, days: int) -> None:
    dice = random.Random(20250601)
    for number in range(0, a_day * days, BATCH):
        batch = [_raw(dice, one, a_day) for one in range(number, min(number + BATCH, a_day * days))]
        now = batch[-1].fetched_at
        added = desk.store.posts.add(batch, now=now).new
        verdicts = [(post_id, _verdict(dice)) for post_id in added]
        desk.store.posts.save_verdicts(verdicts, now=now)
        told = [one for one in verdicts if one[1].is_complaint][: len(batch) // A_CASE]
        for post_id, verdict in told:
            desk.store.cases.apply(_plan(post_id, verdict), now=now)


def _raw(dice: random.Random, number: int, a_day: int) -> RawPost:
    source, kind = dice.choice(SOURCES)
    said = datetime.combine(MONTH, time(), SHANGHAI) + timedelta(days=number / a_day)
    return RawPost(
        source=source,
        kind=kind,
        native_id=str(number),
        url=f"https://example.org/{number}",
        text=f"编号{number}的反映: 夜里气味刺鼻, 请来看看",
        author_id=str(number % 5000),
        posted_at=said,
        fetched_at=said + timedelta(minutes=20),
    )


def _verdict(dice: random.Random) -> Verdict:
    complaint, area = dice.random() < COMPLAINTS, dice.choice(AREAS)
    return Verdict(
        type=PostType.COMPLAINT if complaint else PostType.OPINION,
        complaint=0.9 if complaint else 0.1,
        kinds=(dice.choice(KINDS),) if complaint else (),
        sentiment=Sentiment.NEGATIVE if complaint else dice.choice(tuple(Sentiment)),
        urgent=False,
        unsure=False,
        is_complaint=complaint,
        places=(Place(name=area, code=area, level="county", unit=area),) if area else (),
        out_of_town=False,
        signature=b"",
        why=(),
        tokens="",
        model="bench",
    )


def _plan(post_id: int, verdict: Verdict) -> CasePlan:
    return CasePlan(
        post_id=post_id,
        action=CaseAction.NEW,
        reason="",
        title=f"编号{post_id}的事项",
        kinds=verdict.kinds,
        area=verdict.places[0].unit if verdict.places else "",
    )


def _cost(desk: Desk, name: str, series: str, day: date, items: int, now: datetime) -> Cost:
    about = issues.subject(desk, series, day)
    made, writing = _timed(lambda: issues.preview(desk, about, now))
    drawn = [(one, _timed(partial(render, made))[1]) for one, render in RENDERERS.items()]
    bare = _timed(lambda: _bare(desk, about.period, now))[1]
    return Cost(name, items, bare, (("查询、热点、编写", writing), *drawn))


def _bare(desk: Desk, period: Period, now: datetime) -> None:
    for one in (period, period.before()):
        desk.store.figures.counts(one, now)


def _timed(work: Callable[[], Done]) -> tuple[Done, float]:
    start = perf_counter()
    done = work()
    return done, perf_counter() - start


def bench() -> tuple[bool, list[tuple[str, str]]]:
    """For the command line: what each cost."""
    return True, [(f"{one.name}, {one.items:,} 条", one.told()) for one in run()]
