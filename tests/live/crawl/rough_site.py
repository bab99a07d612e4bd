"""A site that misbehaves on request: a forum and a Weibo list of ten thousand items on one host.

It delays, drops, cuts bodies, answers 429, 432 and login JSON, redirects in circles, pages without end, lies about
its charset, repeats ids, changes its order while it is read, and its clock is ahead. Every request's time is kept.
"""

from __future__ import annotations

import gzip
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from datetime import datetime
from datetime import timedelta

from demo.sites.content import Floor
from demo.sites.content import Label
from demo.sites.content import Thread
from demo.sites.discuz import ROWS
from demo.sites.discuz import DiscuzSite
from demo.sites.server import JSON
from demo.sites.server import Reply
from demo.sites.server import Request
from huanyu.types import PostType

BOARD = 2
THREADS = 110
FLOORS = 40  # four pages a thread
LATER = 200  # replies that are written while the site is being read
STATUSES = 10_000 - THREADS * FLOORS - LATER
SKEW = timedelta(minutes=7)
FIRST_MID = 5_300_000_000_000_000
RARE = 0.1  # share of requests that meet a trouble while there is some left
TROUBLES = ("delay", "drop", "cut", "429", "432", "login", "circle")
EACH = 6  # times each trouble happens
WORDS = "徒骇河边的养殖场夜里往河里排水，气味很大，住在附近的人都不敢开窗。"


class RoughSite(DiscuzSite):
    """Ten thousand items under one address; `rough` switches the troubles on and off."""

    def __init__(self, now: datetime, seed: int) -> None:
        threads = [thread(number) for number in range(1, THREADS + 1)]
        super().__init__(threads, now + SKEW, encoding="gbk", claims="utf-8")
        self.dice = random.Random(seed)
        self.left = Counter(dict.fromkeys(TROUBLES, EACH))
        self.later = LATER
        self.times: list[float] = []
        self.lock = threading.Lock()

    @property
    def truth(self) -> set[str]:
        """Number of every item there is."""
        floors = {str(floor.pid) for one in self.threads.values() for floor in one.floors}
        return floors | {str(one.pid) for one in self.threads.values()} | {str(mid) for mid in mids()}

    def answer(self, request: Request) -> Reply:
        with self.lock:
            self.times.append(time.monotonic())
            if request.path == "/robots.txt":
                return Reply(b"User-agent: *\nDisallow:\n", "text/plain")
            trouble = self.trouble()
            self.grow()
            if made := self.made_worse(trouble, request):
                return made
            found = self.statuses(request) if request.path.startswith("/2/") else self.forum(request)
        return cut(found) if trouble == "cut" else found

    def trouble(self) -> str:
        waiting = sorted(+self.left)
        if not waiting or self.dice.random() > RARE:
            return ""
        name = self.dice.choice(waiting)
        self.left[name] -= 1
        return name

    def made_worse(self, trouble: str, request: Request) -> Reply | None:
        """What is answered instead, if anything is."""
        answers: dict[str, Callable[[], Reply]] = {
            "429": lambda: Reply(b"", status=429, headers={"Retry-After": "1"}),
            "432": lambda: Reply(b"", status=432),
            "login": lambda: Reply(b'{"ok":-100,"url":"https://passport.example.org/login"}', JSON),
            "circle": lambda: Reply(b"", status=302, headers={"Location": again(request)}),
        }
        if trouble == "drop":
            raise ConnectionAbortedError("dropped after accepting")
        if trouble == "delay":
            time.sleep(0.3)
        return answers[trouble]() if trouble in answers else None

    def grow(self) -> None:
        """Somebody answers in an old thread, which moves to the top of its board."""
        if not self.later:
            return
        self.later -= 1
        old = self.threads[self.dice.randint(1, THREADS)]
        pid = 900_000 + self.later
        new = Floor(
            pid=pid, after=100 + LATER - self.later, author="路过的人", text=f"第{pid}次来看，{WORDS}"
        )
        self.threads[old.tid] = old.model_copy(update={"floors": (*old.floors, new)})

    # --- the forum ------------------------------------------------------------------------------------------

    def forum(self, request: Request) -> Reply:
        """The demo's pages; behind the last page of the board the last one comes again and again, with a next link."""
        query = dict(request.query)
        last = -(-THREADS // ROWS)
        if query.get("mod") != "forumdisplay" or int(query.get("page") or 1) < last:
            return super().answer(request)
        found = super().answer(Request(request.path, query | {"page": str(last)}, request.headers))
        endless = (
            f'<a href="forum.php?mod=forumdisplay&fid={BOARD}&page={last + 1}" class="nxt">下一页</a></body>'
        )
        return Reply(found.body.replace(b"</body>", endless.encode("gbk")), found.media)

    # --- Weibo ----------------------------------------------------------------------------------------------

    def statuses(self, request: Request) -> Reply:
        """A page of an account's mentions, some of them twice and not in order; the comment lists are empty."""
        told = request.query
        above, below = int(told.get("since_id", 0)), int(told.get("max_id", 10**18))
        count = int(told["count"])
        found = [mid for mid in mids() if above < mid <= below] if "statuses" in request.path else []
        start = (int(told.get("page", 1)) - 1) * count
        shown = found[start : start + count]
        if len(shown) > 3:
            shown[1], shown[2] = shown[2], shown[1]
            shown.append(shown[0])
        name = "statuses" if "statuses" in request.path else "comments"
        body = {name: [status(mid, self.now) for mid in shown], "total_number": len(found)}
        return Reply(json.dumps(body, ensure_ascii=False).encode(), JSON)


def thread(number: int) -> Thread:
    floors = (
        Floor(pid=number * 1000 + n, after=n, author=f"网友{n}", text=f"{number}-{n}：{WORDS}")
        for n in range(1, FLOORS)
    )
    return Thread(
        tid=number,
        fid=BOARD,
        pid=number * 1000,
        title=f"第{number}个帖子：夜里排水",
        author="水城居民",
        views=number,
        text=f"{number}：{WORDS}",
        truth=Label(type=PostType.COMPLAINT),
        floors=tuple(floors),
        day_offset=number // 10 + 1,
        time=f"{number % 24:02}:{number % 60:02}",
    )


def mids() -> Iterator[int]:
    """Newest first."""
    return iter(range(FIRST_MID + STATUSES, FIRST_MID, -1))


def status(mid: int, now: datetime) -> dict[str, object]:
    when = now - timedelta(minutes=FIRST_MID + STATUSES - mid)
    return {
        "id": mid,
        "idstr": str(mid),
        "mid": str(mid),
        "created_at": when.strftime("%a %b %d %H:%M:%S %z %Y"),
        "text": f"@聊城环境 {WORDS}第{mid % 100_000}次",
        "user": {"id": 6_000_000_001, "idstr": "6000000001", "screen_name": "河边人家"},
        "reposts_count": 0,
        "comments_count": 0,
        "attitudes_count": 0,
    }


def again(request: Request) -> str:
    return f"{request.path}?" + "&".join(f"{name}={value}" for name, value in request.query.items())


def cut(found: Reply) -> Reply:
    """A packed body that ends in the middle."""
    packed = gzip.compress(found.body)
    return Reply(packed[: len(packed) // 2], found.media, found.status, {"Content-Encoding": "gzip"})
