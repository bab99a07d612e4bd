"""A year of mornings on an invented desk, with restarts, one of them between a bulletin's number and its issue.

Every daily is looked at afterwards: on time, numbered without a gap, delivered, every figure counted again.
Posts come judged: what is tried here is the paper, not the reader.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from time import process_time

from flow import cycle
from flow import verifying
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Place
from huanyu.types import PostType
from huanyu.types import RawPost
from huanyu.types import Result
from huanyu.types import Sentiment
from huanyu.types import SourceKind
from huanyu.types import Verdict

DAYS = 365
FIRST = date(2025, 1, 1)
DEADLINE = time(8, 30)
GRACE = timedelta(minutes=5)  # one turn of the crank after the set time
RESTART_EVERY = 7  # days; beside them the restart at the deadline
KINDS = (
    "air.odour",
    "air.cooking",
    "noise.construction",
    "noise.social",
    "water.blackodour",
    "waste.household",
)
AREAS = ("371502", "371503", "371581", "371525", "")
SOURCES = (("weibo-mentions", SourceKind.WEIBO), ("platform", SourceKind.PLATFORM), ("news", SourceKind.NEWS))
SETTINGS = 'data_dir = "data"\nconfig_dir = "config"\n'
RECIPIENTS = """[[recipient]]
key = "press"
name = "宣教科"
channel = "console"
address = "press"
series = ["daily"]
form = "link"
when = "compiled"
"""


@dataclass(slots=True)
class Outcome:
    """What a run showed."""

    days: int
    on_time: int = 0
    delivered: int = 0
    restarts: int = 0
    gaps: list[str] = field(default_factory=list)
    issues: dict[str, int] = field(default_factory=dict)
    figures: int = 0
    differing: int = 0
    sentences: int = 0
    unsupported: int = 0
    audit_faults: int = 0
    seconds: list[float] = field(default_factory=list)  #: of each morning

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        whole = self.on_time == self.delivered == self.days and self.figures > 0
        return whole and not (self.gaps or self.differing or self.unsupported or self.audit_faults)

    def lines(self) -> list[tuple[str, str]]:
        """For a table."""
        spent = statistics.quantiles(self.seconds, n=20)
        told = "、".join(f"{series} {count} 期" for series, count in sorted(self.issues.items()))
        return [
            ("每日舆情按时编发", f"{self.on_time} / {self.days}"),
            ("按时送达宣教科", f"{self.delivered} / {self.days}"),
            ("重启", f"{self.restarts} 次, 其中 1 次在取号之后、印发之前"),
            ("各系列", told),
            ("期号缺漏或重复", "、".join(self.gaps) or "0"),
            ("重新计算的数字", f"{self.figures}, 不一致 {self.differing}"),
            ("语句", f"{self.sentences}, 无出处 {self.unsupported}"),
            ("审计链问题", str(self.audit_faults)),
            ("每个早晨用时", f"中位 {statistics.median(self.seconds):.2f} 秒, 第95百分位 {spent[-1]:.2f} 秒"),
        ]


def run(days: int = DAYS, first: date = FIRST) -> Outcome:
    """Live through so many days and look at every issue."""
    with TemporaryDirectory() as folder:
        year = _Year(Path(folder), days, first)
        for number in range(days):
            year.live(first + timedelta(days=number), cut=number == days // 2)
        return year.look()


class _Year:
    """The desk, its dice, and what was seen so far."""

    def __init__(self, folder: Path, days: int, first: date) -> None:
        self._first = first
        (folder / "config").mkdir()
        (folder / "config" / "recipients.toml").write_text(RECIPIENTS, encoding="utf-8")
        self._path = folder / "huanyu.toml"
        self._path.write_text(SETTINGS, encoding="utf-8")
        self._dice = random.Random(20250101)
        self._outcome = Outcome(days)
        self._open: list[Case] = []
        self._posts = 0
        self._desk = Desk.open(Config.load(self._path))

    def live(self, day: date, cut: bool) -> None:
        """One day, and the morning after it."""
        for hour in (9, 13, 21):  # after the morning before, so that time runs one way
            self._collect(datetime.combine(day, time(hour, 40), SHANGHAI))
        if day.toordinal() % RESTART_EVERY == 0:
            self._restart()
        self._morning(day, cut)

    def _collect(self, now: datetime) -> None:
        store, dice = self._desk.store, self._dice
        said = [self._raw(now) for _ in range(dice.randrange(0, 5))]
        added = store.posts.add(said, now=now).new
        verdicts = [(post_id, self._verdict()) for post_id in added]
        store.posts.save_verdicts(verdicts, now=now)
        for post_id, verdict in verdicts:
            if verdict.is_complaint:
                self._file(post_id, verdict, now)
        cycle.turn(self._desk, now, ("route", "flash", "recalendar", "plan_cards", "cards"))
        self._handle(now)

    def _raw(self, now: datetime) -> RawPost:
        self._posts += 1
        source, kind = self._dice.choice(SOURCES)
        back = timedelta(hours=self._dice.choice((1, 2, 5, 30, 60)))  # some are found days later
        link = f"news.example.org/{self._posts // 3}" if kind is SourceKind.NEWS else ""
        return RawPost(
            source=source,
            kind=kind,
            native_id=str(self._posts),
            url=f"https://example.org/{self._posts}",
            text=f"编号{self._posts}的反映: 夜里气味刺鼻, 请来看看",
            posted_at=now - back,
            fetched_at=now,
            link=link,
        )

    def _verdict(self) -> Verdict:
        dice = self._dice
        complaint = dice.random() < 0.7
        mood = Sentiment.NEGATIVE if complaint else dice.choice(tuple(Sentiment))
        area = dice.choice(AREAS)
        return Verdict(
            type=PostType.COMPLAINT if complaint else PostType.OPINION,
            complaint=0.9 if complaint else 0.1,
            kinds=tuple(sorted(dice.sample(KINDS, dice.randrange(1, 3)))) if complaint else (),
            sentiment=mood,
            urgent=dice.random() < 0.01,
            unsure=False,
            is_complaint=complaint,
            places=(Place(name=area, code=area, level="county", unit=area),) if area else (),
            out_of_town=False,
            signature=b"",
            why=(),
            tokens="",
            model="bench",
        )

    def _file(self, post_id: int, verdict: Verdict, now: datetime) -> None:
        known = self._dice.choice(self._open) if self._open and self._dice.random() < 0.3 else None
        plan = CasePlan(
            post_id=post_id,
            action=CaseAction.APPEND if known else CaseAction.NEW,
            reason="",
            case_id=known.id if known else None,
            reopen=known is not None,
            title=f"编号{post_id}的事项",
            kinds=verdict.kinds,
            area=verdict.places[0].unit if verdict.places else "",
            urgent=verdict.urgent,
        )
        case_id = self._desk.store.cases.apply(plan, now=now)
        if case_id is not None and not known:
            self._open.append(self._desk.store.cases.get(case_id))

    def _handle(self, now: datetime) -> None:
        """Units move some of what they have one step on; what is closed may come back."""
        for case in self._dice.sample(self._open, min(4, len(self._open))):
            self._step(self._desk.store.cases.get(case.id), now)
        self._open = self._open[-60:]

    def _step(self, case: Case, now: datetime) -> None:
        steps = {"assigned": "signed", "signed": "returned" if self._dice.random() < 0.1 else "handled"}
        to = (steps | {"handled": "closed", "returned": "assigned"}).get(case.state)
        if to is not None:
            result = _result(now) if to == "handled" else None
            self._desk.store.moves.move(case, to, action=to, note="", now=now, result=result)

    def _morning(self, day: date, cut: bool) -> None:
        set_time = datetime.combine(day + timedelta(days=1), DEADLINE, SHANGHAI)
        cycle.turn(self._desk, set_time - timedelta(minutes=1), ("bulletin", "circulate"))
        now = set_time
        if cut:  # killed between the number and the issue: the number may neither be lost nor given again
            self._desk.store.bulletins.reserve("daily", day, now=now)
            self._restart()
            now += timedelta(minutes=4)
        start = perf_counter()
        cycle.turn(self._desk, now, ("bulletin", "circulate", "seal"))
        self._outcome.seconds.append(perf_counter() - start)

    def _restart(self) -> None:
        self._desk.close()
        self._desk = Desk.open(Config.load(self._path))
        self._outcome.restarts += 1

    def look(self) -> Outcome:
        """Every daily on its day and on time, every issue of every series counted again."""
        with self._ending() as desk:
            seen = self._outcome
            for number in range(seen.days):
                self._punctual(desk, self._first + timedelta(days=number))
            heads = desk.store.bulletins.listing(limit=10 * seen.days)
            for series in {head.series for head in heads}:
                mine = [head for head in heads if head.series == series]
                seen.issues[series] = len(mine)
                for year in {head.year for head in mine}:
                    given = sorted(head.number for head in mine if head.year == year)
                    seen.gaps += [] if given == list(range(1, len(given) + 1)) else [f"{series}/{year}"]
            for head in heads:
                self._counted_again(desk, head.id)
            seen.audit_faults = len(desk.store.audit.verify())
            return seen

    def _punctual(self, desk: Desk, day: date) -> None:
        stored = desk.store.bulletins.by_day("daily", day)
        if stored is None:
            return
        until = datetime.combine(day + timedelta(days=1), DEADLINE, SHANGHAI) + GRACE
        self._outcome.on_time += stored.bulletin.issued_at <= until and not stored.bulletin.late_note
        sent = desk.store.archive.standing(stored.id).deliveries
        self._outcome.delivered += any(one.recipient == "press" and one.at <= until for one in sent)

    def _counted_again(self, desk: Desk, bulletin_id: int) -> None:
        found = verifying.verify(desk, bulletin_id)
        self._outcome.figures += len(found.checks)
        self._outcome.differing += len(found.checks) - found.counted("same")
        self._outcome.sentences += sum(len(part.sentences) for part in found.bulletin.sections)
        self._outcome.unsupported += len(found.unsupported)

    @contextmanager
    def _ending(self) -> Iterator[Desk]:
        try:
            yield self._desk
        finally:
            self._desk.close()


def _result(now: datetime) -> Result:
    return Result(finding="属实", visited_at=now, found="现场有气味", measure="责令整改")


def bench() -> tuple[bool, list[tuple[str, str]]]:
    """The whole year, for the command line: whether it holds, and what was seen."""
    start, spent = perf_counter(), process_time()
    seen = run()
    taken = f"{perf_counter() - start:.0f} 秒, 其中处理器 {process_time() - spent:.0f} 秒"
    return seen.holds, [*seen.lines(), ("总用时", taken)]
