"""What our settings, pipeline and store cost on top of a bare Scrapy spider: the same local forum, pace off.

Both sides are child processes that read every page of every thread; the seconds are Scrapy's own, from first
request to close, so that starting Python is not counted on either side.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.run import crawl
from demo.sites.content import Floor
from demo.sites.content import Label
from demo.sites.content import Thread
from demo.sites.discuz import DiscuzSite
from demo.sites.server import Reply
from demo.sites.server import Request
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import SHIPPED
from huanyu.config import Config
from huanyu.errors import HuanyuError
from huanyu.types import PostType

BOARD = 2
THREADS = 60
FLOORS = 30
ROUNDS = 5
SOURCE = """[[source]]
key = "bench"
name = "性能对比"
spider = "discuz"
kind = "forum"
base_url = "{url}"
boards = ["{board}"]
pace = 0.0
max_pages = 1000
permission = "本机站点"
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """One crawl: what it found and how long it took."""

    items: int
    seconds: float


class Quick(DiscuzSite):
    """The demo's forum with every page made once, so that serving costs both sides next to nothing."""

    def answer(self, request: Request) -> Reply:
        return self._made(request.path, tuple(sorted(request.query.items())))

    @cache  # noqa: B019 (lives as long as one bench)
    def _made(self, path: str, query: tuple[tuple[str, str], ...]) -> Reply:
        return super().answer(Request(path, dict(query), {}))


def threads() -> list[Thread]:
    """Invented threads of three pages each."""
    return [thread(number) for number in range(1, THREADS + 1)]


def thread(number: int) -> Thread:
    text = f"东昌府区第{number}小区旁边的工地夜里一直施工，噪音很大，希望有关部门来看一看。"
    floors = [
        Floor(
            pid=number * 1000 + n, after=n, author=f"网友{n}", text=f"我家也听得到，这是第{n}次留言。{text}"
        )
        for n in range(1, FLOORS)
    ]
    return Thread(
        tid=number,
        fid=BOARD,
        pid=number * 1000,
        title=f"第{number}小区夜间施工",
        author="水城居民",
        views=number,
        text=text,
        truth=Label(type=PostType.COMPLAINT),
        floors=tuple(floors),
        day_offset=1,
        time="08:00",
    )


def run() -> list[tuple[str, float, float]]:
    """Name, items per second and speed beside the first, which is Scrapy as it comes."""
    ways = {"bare Scrapy, its own defaults": bare, "bare Scrapy, one request at a time": one, "huanyu": ours}
    taken: dict[str, list[Taken]] = {name: [] for name in ways}
    with Quick(threads(), now()) as site:
        bare(site.url)  # every page is made once before anybody is measured
        for _ in range(ROUNDS):
            for name, way in ways.items():
                taken[name].append(way(site.url))
    demand_equal(taken)
    medians = {name: statistics.median(one.seconds for one in rounds) for name, rounds in taken.items()}
    peer = next(iter(medians.values()))
    return [(name, THREADS * FLOORS / median, peer / median) for name, median in medians.items()]


def demand_equal(taken: dict[str, list[Taken]]) -> None:
    """Raise unless everybody found every floor: a faster way that loses some is no way."""
    for name, rounds in taken.items():
        if any(one.items != THREADS * FLOORS for one in rounds):
            raise HuanyuError(f"{name}: 应读到 {THREADS * FLOORS} 条, 实际 {[one.items for one in rounds]}")


def bare(url: str) -> Taken:
    return peer_process(url)


def one(url: str) -> Taken:
    return peer_process(url, "--one")


def peer_process(url: str, *more: str) -> Taken:
    command = [sys.executable, "-m", "crawler.bare", url, str(BOARD), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    found = json.loads(done.stdout.splitlines()[-1])
    return Taken(found["items"], found["seconds"])


def ours(url: str) -> Taken:
    """A first visit by a new desk: every floor is new and is stored."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(SHIPPED, folder / "config")
        (folder / "config" / "sources.toml").write_text(SOURCE.format(url=url, board=BOARD), encoding="utf-8")
        settings = folder / "huanyu.toml"
        settings.write_text('data_dir = "data"\nconfig_dir = "config"\n', encoding="utf-8")
        Desk.open(Config.load(settings)).close()  # the tables are made before, as on any day but the first
        report = crawl("bench", settings)
    return Taken(report.new, report.seconds)
