"""The demo: the real spiders and the whole loop on an invented city, three days and today, on this machine alone.

The local sites and platforms are `demo.sites` and `demo.platforms`. Which days were played is noted in the desk's
settings, so that a second run, or one after a kill, repeats nothing.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console

from demo import cast
from demo import city as home
from demo import conferences
from demo import days
from demo import inspected
from demo import ranked
from demo import rewarded
from demo import story_acts
from demo import summary
from demo.crew import Crew
from demo.crew import Hash
from demo.desk import Platforms
from demo.desk import write_config
from demo.office import Act
from demo.office import Office
from demo.platforms.folder import FolderServer
from demo.platforms.smtp import SmtpPlatform
from demo.platforms.telegram import TelegramPlatform
from demo.platforms.wechat import WechatPlatform
from demo.platforms.weibo import WeiboPlatform
from demo.ports import Ports
from demo.progress import Progress
from demo.sites import Sites
from demo.sites import content
from demo.sites import export
from demo.story import Story
from flow import crawls
from flow import cycle
from flow import doubts
from flow import intake
from flow import morning
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import MessageState
from huanyu.types import StoredBulletin

DAYS = 3  # played before today
FIRST = "demo_story"  # setting: the number of the case that the first chapter told to its end
EVENING = 17  # o'clock: inside office hours
OPENS, SHUTS = 8, 22
HOTLINE = "hotline-12345"
STEPS_A_DAY = 5
#: What the press office does beside the cases: how many days back, what happens.
BESIDE: tuple[tuple[int, Act], ...] = (
    (2, conferences.planned),
    (1, conferences.held),
    (1, ranked.told),
    (1, rewarded.told),
)
CRAWLERS = 2


@dataclass(frozen=True, slots=True)
class Day:
    """One played day: how far back, and the moment it is played at."""

    back: int
    at: datetime


class Show:
    """The demo's servers and desk, from the first page fetched to the summary."""

    def __init__(self, folder: Path, console_port: int, bureau: str = "") -> None:
        self.city = home.city(bureau)
        self.folder = folder.resolve()
        self._console_port = console_port
        self._running = ExitStack()
        self._content = content.load(self.city.told)
        self._out = Console()
        self._truth: dict[str, content.Label] = {}

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ports = Ports.of(self.folder)
        enter = self._running.enter_context
        self.platforms = Platforms(
            enter(WeiboPlatform(port=self.ports.weibo, name=self._content.names.official)),
            enter(WechatPlatform(port=self.ports.wechat)),
            enter(TelegramPlatform(port=self.ports.telegram, name=self._content.names.official)),
            enter(SmtpPlatform(page_port=self.ports.mail)),
        )
        self.platforms.wechat.talk.callback = f"http://127.0.0.1:{self.ports.callback}/wechat/wechat"
        self.pages = enter(FolderServer(self.folder / "data" / "site", self.ports.pages))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if "desk" in self.__dict__:
            self.desk.close()
        self._running.close()

    @cached_property
    def desk(self) -> Desk:
        """The demo's desk, configured for the local servers."""
        with Sites(self._content, now(), self.ports.sites).start() as sites:
            path = write_config(
                self.folder,
                sites,
                self.platforms,
                console_port=self._console_port,
                public_port=self.ports.public,
                callback_port=self.ports.callback,
                public_url=self.pages.url,
                city=self.city,
            )
        return Desk.open(Config.load(path))

    def run(self, hash_password: Hash) -> None:
        """Play every day not played yet, then tell what became of it all."""
        password = secrets.token_urlsafe(8)
        crew = Crew(self.desk, hash_password(password), now())
        crew.arrive()
        base = self._base()
        waiting = [day for day in _days(base) if not self._played(day)]
        acts = 0 if self.told else len(story_acts.CHAPTER)
        steps = sum(STEPS_A_DAY + len(_beside(day)) for day in waiting)
        with Progress(self._out, acts + steps) as progress:
            if not self.told:
                self._tell(Story(self.desk, crew, self.platforms.mail, _evening(base), self.city), progress)
            for day in waiting:
                self._play(day, crew, progress)
        self._today_again(base)
        summary.tell(self._out, self)
        self._out.print(f"控制台用户: {'、'.join(crew.names())}  密码: {password}", highlight=False)

    def _base(self) -> datetime:
        """The moment of the first run: all later runs show the same city."""
        kept = self.desk.store.settings.get("demo_base")
        if kept:
            return datetime.fromisoformat(kept)
        base = now().replace(microsecond=0)
        self.desk.store.settings.put("demo_base", base.isoformat(), actor="演示", now=base)
        return base

    def _played(self, day: Day) -> bool:
        return self.desk.store.settings.get(f"demo_day_{day.back}") == "played"

    @property
    def told(self) -> str:
        """The number of the case of the first chapter, once it has been told to its end."""
        return self.desk.store.settings.get(FIRST) or ""

    def _tell(self, story: Story, progress: Progress) -> None:
        """The first chapter: one clue from a chat group, before the days of the city."""
        progress.begin("第一章 一条群聊线索")
        self._out.print("第一章 一条群聊线索", highlight=False)
        for at, told in story_acts.play(story):
            progress.done(f"{at:%m月%d日 %H:%M} {told}")
        self._out.print("第二章 三天和今天", highlight=False)
        self.desk.store.settings.put(FIRST, story.case.number, actor="演示", now=story.at(2, 10, 30))

    def _play(self, day: Day, crew: Crew, progress: Progress) -> None:
        told = f"{day.at:%m月%d日}"
        progress.begin(f"{told} 采集")
        progress.done(f"{told} 采集: {self._read(day, crew)}")
        progress.begin(f"{told} 研判、立案、派单")
        read = cycle.run(self.desk, "understand", day.at)
        judged = cast.triage(self.desk, self._truth, day.at)
        counts = cycle.turn(self.desk, day.at, ("open", "route", "recalendar", "plan_cards", "cards"))
        done = f"投诉 {counts['open']} 条, 派单 {counts['route']} 件"
        progress.done(f"{told} 研判 {read} 条, {judged}, {done}")
        progress.begin(f"{told} 查处")
        progress.done(f"{told} {self._handle(day, crew)}")
        progress.begin(f"{told} 审核、发布")
        progress.done(f"{told} {self._publish(day, crew)}")
        progress.begin(f"{told} 编报")
        progress.done(f"{told} {self._morning(day)}")
        office = Office(self.desk, crew, self.city, self.folder)
        for act in _beside(day):
            progress.begin(f"{told} 宣传、通报、奖励")
            progress.done(f"{told} {act(office, day.at)}")
        self.desk.store.settings.put(f"demo_day_{day.back}", "played", actor="演示", now=day.at)

    def _read(self, day: Day, crew: Crew) -> str:
        """Crawl every source as the city stood on that day."""
        stood = days.as_of(self._content, day.back, day.at)
        with Sites(stood, day.at, self.ports.sites).start() as sites, ThreadPoolExecutor(CRAWLERS) as pool:
            self._truth |= {fact.native_id: fact.label for fact in sites.truth.facts}
            keys = [row.key for row in crawls.readable(self.desk)]
            reports = list(pool.map(lambda key: crawls.read(self.desk, key, at=day.at), keys))
        told = f"{len(reports)} 个来源, 新增 {sum(report.new for report in reports)} 条"
        if day.back == 1:
            told += f", {self._import(day)}"
            told += f", {inspected.hand_over(self.desk, crew.of_office('press'), self.folder, day.at)}"
        trouble = [report for report in reports if report.state != "ok"]
        return told + "".join(f"\n    {report.source}: {report.sentence}" for report in trouble)

    def _import(self, day: Day) -> str:
        path = export.write(self._content.rows, self.folder / "12345导出.csv", day.at)
        source = self.desk.bureau.source(HOTLINE)
        assert source is not None
        done = intake.import_file(self.desk, path, source, day.at)
        bad = "; ".join(f"{reject.where} {reject.reason}" for reject in done.rejects)
        return f"导入热线 {done.new} 条, 留待处理 {len(done.rejects)} 行 ({bad})"

    def _handle(self, day: Day, crew: Crew) -> str:
        """Colleagues work by day; at night a desk only collects."""
        if not OPENS <= day.at.hour < SHUTS:
            return "各单位未上班, 明日处理"
        return cast.handle(self.desk, crew, day.at)

    def _publish(self, day: Day, crew: Crew) -> str:
        """Reviews, then posts; on one day two platforms lose a connection after accepting, as platforms do."""
        cycle.run(self.desk, "draft", day.at)
        reviewed = cast.review(self.desk, crew, day.at)
        if day.back == 1:
            self.platforms.weibo.fail_next("drop_after_accept")
            self.platforms.telegram.fail_next("drop_after_accept")
        sent = cycle.run(self.desk, "deliver", day.at)
        found = doubts.read_back(self.desk, day.at)
        told = f"{reviewed}, 发出 {sent} 条"
        unknown = len(self.desk.store.outbox.listing(states=(MessageState.UNKNOWN,)))
        told += f", 其中 {found} 条经回读确认 (公众号排队发布的、发布时断线的)" if found else ""
        return told + (f", 结果不明 {unknown} 条待人工核实, 不自动重发" if unknown else "")

    def _morning(self, day: Day) -> str:
        """The next morning's bulletin about the day; today is not over."""
        cast.close(self.desk, day.at)
        if day.back == 0:
            return "今日未结束, 明早编报"
        at = day.at.replace(hour=8, minute=30) + timedelta(days=1)
        made = morning.compile_day(self.desk, day.at.date(), min(at, self._base()))
        return _issued(made)

    def _today_again(self, base: datetime) -> None:
        """Serve the sites while the console stays open, and settle what a kill may have left."""
        self._running.enter_context(Sites(self._content, base, self.ports.sites).start())
        doubts.sweep(self.desk, now())


def _evening(base: datetime) -> datetime:
    """When the first chapter begins: it ends before the first day that is played."""
    return base - timedelta(days=DAYS + 2)


def _days(base: datetime) -> list[Day]:
    evenings = [
        Day(back, (base - timedelta(days=back)).replace(hour=EVENING, minute=0, second=0))
        for back in range(DAYS, 0, -1)
    ]
    return [*evenings, Day(0, base)]


def _beside(day: Day) -> list[Act]:
    return [act for back, act in BESIDE if back == day.back]


def _issued(made: StoredBulletin | None) -> str:
    return f"编发{made.bulletin.series_name}第 {made.bulletin.number} 期" if made else "简报此前已编发"
