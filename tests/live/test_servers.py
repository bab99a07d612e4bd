"""Several server processes behind one port: they count as one, one that dies is replaced, none outlives its starter."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from time import sleep

import httpx
import pytest

from console import sessions
from console import throttle
from console import up
from console.commands.found import write_desk
from console.servers import Servers
from console.servers import wanted
from console.shared import Shared
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.config import Settings

ROOT = Path(__file__).parents[2]
PATIENCE = 240.0  # seconds: the machine may be busy with other tests

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A desk with one colleague, who is served by two processes."""
    path = write_desk(tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write("console_workers = 2\n")
    desk = Desk.open(Config.load(path))
    desk.store.people.add_user("lilan", "李岚", "press", "", sessions.hash_password("a long password"), now())
    desk.close()
    return path


@contextmanager
def asleep(pid: int) -> Iterator[None]:
    """As long as this lasts, the other one answers."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def log_in(url: str, password: str) -> int:
    """Over a connection of its own: whoever is awake takes it."""
    told = {"name": "lilan", "password": password}
    return httpx.post(f"{url}/login", data=told, headers={"Origin": url}, timeout=PATIENCE).status_code


def test_two_processes_count_tries_as_one_and_one_that_dies_is_replaced(settings: Path) -> None:
    with (
        up.listen("127.0.0.1", 0) as door,
        Servers(Config.load(settings), door, 2, Shared()) as running,
    ):
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        first, second = running.pids
        answers = []
        for number in range(throttle.TRIES + 2):
            with asleep((first, second)[number % 2]):
                answers.append(log_in(url, "a wrong password"))
        assert answers == [401] * throttle.TRIES + [429] * 2
        os.kill(first, signal.SIGKILL)
        assert waited(lambda: running.renew() == 1 or first not in running.pids)
        assert running.pids[1] == second
        assert running.pids[0] not in {first, second}
        with asleep(second):
            assert log_in(url, "a long password") == 429, "the new one knows of the tries, too"
        pids = running.pids
    assert not any(map(is_running, pids))


@pytest.mark.parametrize("told_to_stop", [signal.SIGTERM, signal.SIGKILL])
def test_no_server_outlives_the_desk(settings: Path, told_to_stop: signal.Signals) -> None:
    command = [sys.executable, "-m", "console.cli", "up", "--port", "0"]
    own = {name: value for name, value in os.environ.items() if not name.startswith("HUANYU_")}
    desk = subprocess.Popen(
        command,
        env=own | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HUANYU_CONFIG": str(settings)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert desk.stdout is not None
        port = int(desk.stdout.readline().strip().rstrip("/").rpartition(":")[2])
        page = httpx.get(f"http://127.0.0.1:{port}/login", timeout=PATIENCE)
        assert page.status_code == 200
        desk.send_signal(told_to_stop)
        _, errors = desk.communicate(timeout=PATIENCE)  # the end of a stream that the servers hold, too
        assert "Traceback" not in errors
        assert desk.returncode == (0 if told_to_stop is signal.SIGTERM else -signal.SIGKILL)
        assert waited(lambda: is_free(port))
    finally:
        desk.kill()
        desk.communicate()


def test_two_cores_are_used_where_nobody_says_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wanted(Settings(console_workers=3)) == 3
    for cores, processes in ((1, 1), (2, 2), (64, 2), (None, 1)):
        monkeypatch.setattr(os, "cpu_count", lambda told=cores: told)
        assert wanted(Settings()) == processes


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def waited(done: Callable[[], bool]) -> bool:
    """Whether it came about in the end."""
    until = monotonic() + PATIENCE
    while not done() and monotonic() < until:
        sleep(0.1)
    return bool(done())
