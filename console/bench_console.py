"""`huanyu bench console`: twenty people at a desk of 200,000 posts, page by page, beside a static file of the same server.

The servers are processes of their own, those that `huanyu up` starts beside its clockwork; the people are threads here.
"""

from __future__ import annotations

import http.client
import secrets
import statistics
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from itertools import cycle
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import quote

from console import servers
from console import sessions
from console import up
from console.case_views import VIEWS
from console.servers import Servers
from console.shared import Shared
from demo import bench_console_desk
from demo.bench_console_desk import COMMON
from demo.bench_console_desk import RARE
from demo.bench_console_desk import Wanted
from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import User

HOST = "127.0.0.1"
POSTS, POSTS_A_CASE, SECONDS, USERS = 200_000, 10, 5.0, 20
LIST, SEARCH = 0.3, 0.5  #: goals: seconds that 95 of 100 answers stay within
STATIC = "静态文件"
KNOWN = 300  #: case pages a person opens in turn
PATIENCE = 120.0  # seconds until an answer is given up

Paths = Callable[[User], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the table: what a person opens, one path after the other."""

    name: str
    paths: Paths
    goal: float = 0.0  #: 0 = none was set
    needs: str = ""  #: the permission


@dataclass(slots=True)
class Timed:
    """What was seen of a page."""

    page: Page
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  #: answers that were no page
    seconds: float = 0.0

    def part(self, hundredth: int) -> float:
        """So many of a hundred answers came within this many seconds."""
        return statistics.quantiles(self.took, n=100, method="inclusive")[hundredth - 1]

    def told(self, static: Timed) -> str:
        """In one line."""
        half, most = self.part(50), self.part(95)
        line = (
            f"p50 {half * 1000:.0f} ms, p95 {most * 1000:.0f} ms, 每秒 {len(self.took) / self.seconds:.0f} 次; "
            f"为静态文件的 {half / static.part(50):.1f} 倍 (p50)、{most / static.part(95):.1f} 倍 (p95)"
        )
        if self.page.goal:
            line += f"; 目标 p95 ≤ {self.page.goal * 1000:.0f} ms, {'达到' if most <= self.page.goal else '未达到'}"
        return line if not self.wrong else f"{line}; 答错 {len(self.wrong)} 次, 如 {self.wrong[0]}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run showed; the static file is the first line."""

    filled: str
    pages: list[Timed]

    @property
    def holds(self) -> bool:
        """Every answer was the page that was asked for."""
        return not any(one.wrong for one in self.pages)

    def lines(self) -> list[tuple[str, str]]:
        """For the table."""
        return [("数据", self.filled), *((one.page.name, one.told(self.pages[0])) for one in self.pages)]


def run(wanted: Wanted, seconds: float = SECONDS, users: int = USERS) -> Seen:
    """Fill a desk, start its server, and let so many people open each page for so many seconds."""
    with TemporaryDirectory() as folder, bench_console_desk.opened(Path(folder), wanted.database) as desk:
        start = perf_counter()
        crew = bench_console_desk.fill(desk, wanted, now())
        filled = (
            f"{desk.store.posts.count():,} 条信息, {desk.store.cases.count():,} 件办件 (多为副本, 没有审计记录), "
            f"{'SQLite' if not wanted.database.startswith('postgresql') else 'PostgreSQL'}; "
            f"装入用时 {perf_counter() - start:.0f} 秒; 同时 {users} 人, 每页 {seconds:g} 秒, 不停顿"
        )
        cookies = {one.id: _enter(desk, one) for one in crew}
        pages = _pages(desk)
        with _serving(desk.config) as port:
            return Seen(filled, [_measure(port, one, crew, cookies, seconds, users) for one in pages])


def _enter(desk: Desk, user: User) -> str:
    token, moment = secrets.token_urlsafe(32), now()
    desk.store.people.start_session(user.id, sessions.digest(token), moment + sessions.LASTS, moment)
    return f"{sessions.COOKIE}={token}"


def _pages(desk: Desk) -> list[Page]:
    newest = desk.store.posts.listing(limit=1)[0][0].id
    older = [f"/posts?before={newest * part // 20 + 2}" for part in range(1, 20)]
    common, rare = quote(COMMON), quote(RARE)
    return [
        Page(STATIC, lambda _: ["/static/desk.css"]),
        Page("反映列表", lambda _: ["/posts"], LIST, "see_posts"),
        Page("反映列表, 往前翻", lambda _: older, LIST, "see_posts"),
        *(
            Page(f"反映列表, {name}", _always(f"/posts?view={view}"), LIST, "see_posts")
            for view, name in (("complaint", "投诉"), ("unsure", "拿不准"), ("rest", "其他"))
        ),
        Page("反映列表, 搜常见词", _always(f"/posts?text={common}"), SEARCH, "see_posts"),
        Page("反映列表, 搜少见词", _always(f"/posts?text={rare}"), SEARCH, "see_posts"),
        Page("查找, 常见词", _always(f"/search?q={common}"), SEARCH),
        Page("查找, 少见词", _always(f"/search?q={rare}"), SEARCH),
        *(Page(f"办件列表, {name}", _always(f"/cases?view={key}"), LIST) for key, (name, _) in VIEWS.items()),
        Page("办件列表, 往前翻", lambda _: [f"/cases?view=all&at={at}" for at in range(50, 1000, 50)], LIST),
        Page("办件列表, 搜常见词", _always(f"/cases?view=all&text={common}"), SEARCH),
        Page("办件页", lambda user: _cases(desk, user)),
        Page("今日", _always("/")),
        Page("收件箱", _always("/inbox")),
    ]


def _always(path: str) -> Paths:
    return lambda _: [path]


def _cases(desk: Desk, user: User) -> list[str]:
    """The pages of cases this person may open; where there is none, their list."""
    found = desk.store.cases.listing(limit=KNOWN, seer=rights.seer(user))
    return [f"/cases/{one.id}" for one in found if permits.may_see(user, one)] or ["/cases"]


@contextmanager
def _serving(config: Config) -> Iterator[int]:
    """The console alone, by as many processes as `huanyu up` would start."""
    with (
        up.listen(HOST, 0) as door,
        Servers(config, door, servers.wanted(config.settings), Shared()) as running,
    ):
        port = door.getsockname()[1]
        for _ in running.pids:
            _person(port, "", ["/login"], 0, 0)  # the first answer waits for the server to start
        yield port


def _measure(
    port: int, page: Page, crew: Sequence[User], cookies: dict[int, str], seconds: float, users: int
) -> Timed:
    """Everybody who may opens the page again and again; those who may not leave their place to one who may."""
    able = [one for one in crew if not page.needs or permits.may(one, page.needs)]
    seated = list(islice(cycle(able), users))
    ways = {one.id: list(page.paths(one)) for one in able}
    seen = Timed(page)
    with ThreadPoolExecutor(users) as pool:
        start = perf_counter()
        until = start + seconds
        given = [(port, cookies[one.id], ways[one.id], place, until) for place, one in enumerate(seated)]
        for took, wrong in pool.map(lambda one: _person(*one), given):
            seen.took += took
            seen.wrong += wrong
        seen.seconds = perf_counter() - start
    return seen


def _person(
    port: int, cookie: str, paths: Sequence[str], place: int, until: float
) -> tuple[list[float], list[str]]:
    """Open one path after the other, without a pause, over one connection; at least two answers are waited for."""
    took: list[float] = []
    wrong: list[str] = []
    caller = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    for path in islice(cycle(paths), place, None):
        start = perf_counter()
        caller.request("GET", path, headers={"Cookie": cookie})
        answer = caller.getresponse()
        answer.read()
        took.append(perf_counter() - start)
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
        if perf_counter() >= until and len(took) > 1:
            break
    caller.close()
    return took, wrong


def bench(
    posts: int = POSTS, seconds: float = SECONDS, database: str = "", seed: int | None = None
) -> tuple[bool, list[tuple[str, str]]]:
    """For the command line: whether every page came, and how long each took."""
    wanted = Wanted(posts, posts // POSTS_A_CASE, database, 8 if seed is None else seed)
    seen = run(wanted, seconds)
    return seen.holds, seen.lines()
