"""A small site that answers as told, and a desk of its own that crawls it with the real spiders in a child process."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.report import CrawlReport
from crawler.run import crawl
from crawler.run import start
from huanyu.config import Config
from huanyu.store import Store
from tests.fresh import STORE_KEY

POLL = 0.02  # seconds a site may take to notice that its test is over


@dataclass
class Answer:
    """What the site says to one request."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


BUREAU = """
name = "聊城市生态环境局"
short_name = "市生态环境局"
office = "宣教科"
city = "聊城市"
city_code = "371500"
phone = "0635-8000000"
account_name = "聊城环境"
public_url = "https://sthj.example.org"
"""

Respond = Callable[[str, dict[str, str]], Answer]  # path with query, request headers


class Site:
    """A local server; `asked` lists (time, path) of every request but robots.txt, `times` and `robots` that too."""

    def __init__(self, respond: Respond, robots: str | Callable[[], Answer] = "") -> None:
        self.asked: list[tuple[float, str]] = []
        self.times: list[float] = []
        self.robots = 0  #: how often robots.txt was asked for
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a body waits 40 ms for the acknowledgement of its head

            def do_GET(self) -> None:
                self.answer(site.answer(self.path, dict(self.headers), respond, robots))

            def answer(self, found: Answer) -> None:
                self.send_response(found.status)
                self.send_header("Content-Type", found.type)
                self.send_header("Content-Length", str(len(found.body)))
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(found.body)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(POLL,), daemon=True).start()

    def answer(
        self, path: str, headers: dict[str, str], respond: Respond, robots: str | Callable[[], Answer]
    ) -> Answer:
        self.times.append(time.monotonic())
        if path == "/robots.txt":
            self.robots += 1
            if callable(robots):
                return robots()
            return Answer(robots.encode(), 200 if robots else 404, "text/plain")
        self.asked.append((time.monotonic(), path))
        self.headers.append({name.lower(): value for name, value in headers.items()})
        return respond(path, headers)

    @property
    def paths(self) -> list[str]:
        return [path for _, path in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Visit:
    """A visit that a test looks at while it runs, started as the desk starts its own."""

    def __init__(self, desk: Desk, key: str) -> None:
        self.child = start("crawler.visit", [key, "--config", str(desk.config_path)])

    def runs(self) -> bool:
        try:
            self.wait(0)
        except subprocess.TimeoutExpired:
            return True
        return False

    def wait(self, timeout: float | None = None) -> int | None:
        """Its exit code, once it has ended."""
        if self.child.returncode is None:
            self.child.communicate(timeout=timeout)
            with self.child:
                pass
        return self.child.returncode

    def stop(self) -> None:
        """Ask it to end."""
        self.child.terminate()

    def kill(self) -> None:
        """With -9, and wait until it is gone."""
        if self.child.returncode is None:
            self.child.kill()
            self.wait()


class Desk:
    """A configured desk in a folder of its own."""

    def __init__(self, folder: Path, database: Path | None = None) -> None:
        """One that keeps a copy of `database`, or one that has none yet."""
        self.folder = folder
        self.config_path = folder / "huanyu.toml"
        self.sources: list[str] = []
        self.visits: list[Visit] = []
        tables = folder / "tables"
        tables.mkdir()
        (tables / "bureau.toml").write_text(BUREAU, encoding="utf-8")
        for name in ("places", "units", "routes", "clocks", "sources", "accounts", "words", "calendar"):
            (tables / f"{name}.toml").touch()
        secrets = folder / "secrets.toml"
        secrets.write_text(f'store_key = "{STORE_KEY}"\nweibo = "token-of-the-test"\n')
        secrets.chmod(0o600)
        self.config_path.write_text(
            'config_dir = "tables"\ndata_dir = "data"\nsecrets_file = "secrets.toml"\n'
        )
        if database is not None:
            (folder / "data").mkdir()
            shutil.copy(database, folder / "data" / "huanyu.db")

    def source(self, key: str, spider: str, kind: str = "forum", **more: object) -> None:
        """Add a row to sources.toml; no pace unless told."""
        told = {"key": key, "name": key, "spider": spider, "kind": kind, "pace": 0.0} | more
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]
        self.sources.append("[[source]]\n" + "\n".join(lines) + "\n")
        (self.folder / "tables" / "sources.toml").write_text("\n".join(self.sources), encoding="utf-8")

    def crawl(self, key: str, timeout: float = 120, at: datetime | None = None) -> CrawlReport:
        return crawl(key, self.config_path, timeout, at)

    def start(self, key: str) -> Visit:
        self.visits.append(Visit(self, key))
        return self.visits[-1]

    def store(self) -> Store:
        config = Config.load(self.config_path)
        return Store.open(config.database, config.store_key)


@pytest.fixture
def serve() -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def start(respond: Respond, robots: str | Callable[[], Answer] = "") -> Site:
        sites.append(Site(respond, robots))
        return sites[-1]

    yield start
    for site in sites:
        site.close()


@pytest.fixture
def desk(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, sqlite_template)
    yield made
    for visit in made.visits:
        visit.kill()


@pytest.fixture
def new_desk(tmp_path: Path) -> Desk:
    """One nobody has worked at yet: its database is still to be made."""
    return Desk(tmp_path)


@pytest.fixture
def answer() -> type[Answer]:
    return Answer
