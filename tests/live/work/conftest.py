"""A desk on PostgreSQL whose steps are jobs, and the processes that work them off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from flow.desk import Desk
from huanyu.config import Config
from tests.flow.conftest import TEMPLATE
from tests.flow.conftest import _admin
from tests.flow.conftest import copying
from tests.flow.conftest import postgres  # noqa: F401 - its server serves these tests too
from tests.fresh import STORE_KEY

PATIENCE = 240.0  # seconds: the machine may be busy with other tests


@dataclass
class Cluster:
    """One database, and processes anywhere that work for it."""

    folder: Path
    url: str
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[Desk]:
        desk = Desk.open(Config.load(self.folder / "huanyu.toml"))
        try:
            yield desk
        finally:
            desk.close()

    def work(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a process, and wait until it has begun."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HUANYU_")}
        with (self.folder / f"worker-{len(self.workers)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "console.cli", "work", *arguments],
                cwd=self.folder,
                env=environment | {"PYTHONPATH": str(Path(__file__).parents[3])},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.workers.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().startswith("开始工作"), self.logs()
        return process

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def do(self, *statements: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def until(self, reached: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not reached():
            assert time.monotonic() < end, self.logs()
            time.sleep(0.2)

    def logs(self, most: int = 2000) -> str:
        return "\n".join(path.read_text()[-most:] for path in sorted(self.folder.glob("worker-*.log")))

    def close(self) -> None:
        for process in self.workers:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


@pytest.fixture
def cluster(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cluster]:
    """An empty desk on PostgreSQL, set to be worked for by `huanyu work`."""
    address: str = request.getfixturevalue("postgres")
    with database(address) as url:
        write(tmp_path, url)
        made = Cluster(tmp_path, url)
        yield made
        made.close()


@contextmanager
def database(address: str) -> Iterator[str]:
    name = f"t_{uuid.uuid4().hex}"
    _admin(address, copying(name, TEMPLATE))
    yield address.format(name)
    _admin(address, f"DROP DATABASE {name} WITH (FORCE)")


def write(folder: Path, url: str, engine: str = "jobs") -> None:
    (folder / "huanyu.toml").write_text(
        f'database = {json.dumps(url)}\nengine = "{engine}"\nsecrets_file = "secrets.toml"\n'
    )
    secrets = folder / "secrets.toml"
    secrets.touch(mode=0o600)
    secrets.write_text(f"store_key = {json.dumps(STORE_KEY)}\n")


def write_source(folder: Path, key: str, spider: str, urls: list[str]) -> None:
    """One source, read as often as may be, at no pace."""
    (folder / "tables").mkdir()
    (folder / "tables" / "sources.toml").write_text(
        f'[[source]]\nkey = "{key}"\nname = "{key}"\nspider = "{spider}"\nkind = "news"\n'
        f"urls = {json.dumps(urls)}\npace = 0.0\nevery = 1800\n"
    )
    settings = folder / "huanyu.toml"
    settings.write_text(settings.read_text() + 'config_dir = "tables"\n')


def end(process: subprocess.Popen[str]) -> int:
    """Ask it to end, as the system does; returns its exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE)
