"""`huanyu init` and `huanyu up` as somebody would type them: the console answers, and a signal ends it cleanly."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from time import sleep

import pytest

from demo.platforms.telegram import TelegramPlatform
from flow import chat_binding
from flow.desk import Desk
from flow.workers import Worker
from huanyu.clock import now
from huanyu.config import Config
from huanyu.types import Draft
from huanyu.types import MessageState

ROOT = Path(__file__).parents[2]
BOT = 'secret = "telegram_token"\nenabled = true\nverified = true'

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    subprocess.run(command("init", str(tmp_path)), env=environment(tmp_path), check=True, capture_output=True)
    _set(tmp_path, "console_workers = 1")
    return tmp_path


def _set(folder: Path, line: str) -> None:
    """One more line in the settings; several processes are another test's."""
    with (folder / "huanyu.toml").open("a", encoding="utf-8") as settings:
        settings.write(f"{line}\n")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "console.cli", *arguments]


def environment(folder: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("HUANYU_")}
    return own | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "HUANYU_CONFIG": str(folder / "huanyu.toml")}


def free_port() -> int:
    """One below those the system hands out, so that nobody is given it before the desk takes it."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("every port is taken")


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, int]]:
    """`huanyu up`, what it printed up to the first-run code, and the port it chose."""
    up = subprocess.Popen(
        command("up", "--port", "0"),
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    try:
        assert up.stdout is not None
        told = up.stdout.readline() + up.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
        assert found is not None, told
        yield up, told, int(found[1])
    finally:
        up.kill()
        up.communicate()


def get(port: int, path: str) -> tuple[int, str, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}{path}", timeout=120) as reply:
        return reply.status, reply.url, reply.read().decode()


def desk_of(folder: Path) -> Desk:
    return Desk.open(Config.load(folder / "huanyu.toml"))


@pytest.mark.parametrize("told_to_stop", [signal.SIGTERM, signal.SIGINT])
def test_a_new_desk_asks_for_its_first_user_and_stops_when_told(folder, told_to_stop):
    with running(folder) as (up, told, port):
        assert re.search(r"首次设置码.*: \S{8,}", told)
        status, url, page = get(port, "/")
        assert (status, url.endswith("/setup")) == (200, True)
        assert "设置码" in page
        up.send_signal(told_to_stop)
        _, errors = up.communicate(timeout=240)
        assert up.returncode == 0, errors
        assert "Traceback" not in errors
    assert not (folder / "data" / "huanyu.db-wal").exists()  # closed, not cut off


def test_a_second_desk_on_the_same_port_says_so_and_leaves(folder):
    with running(folder) as (_, told, port):
        assert "首次设置码" in told
        second = subprocess.run(
            command("up", "--port", str(port)),
            env=environment(folder),
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert second.returncode == 1
        assert str(port) in second.stderr
        assert "Traceback" not in second.stderr


def test_what_was_in_flight_at_a_power_cut_is_listed_as_unknown_at_the_next_start(folder):
    moment = now() - timedelta(seconds=5)
    desk = desk_of(folder)
    try:
        draft = Draft(
            channel="mail", account="mail", purpose="notice", text="转办", recipient="a@example.org"
        )
        one = desk.store.outbox.add(draft, "cut", MessageState.APPROVED, "lilan", now=moment)
        worker = Worker(desk.config.data_dir / "workers")
        assert desk.store.outbox.claim(desk.store.outbox.get(one), now=moment, worker=worker.name)
        worker._lock.release()  # as the system does when the power fails
        with running(folder) as (up, _, port):
            get(port, "/setup")
            assert desk.store.outbox.get(one).state is MessageState.UNKNOWN
            up.send_signal(signal.SIGTERM)
            up.communicate(timeout=240)
    finally:
        desk.close()


def test_init_never_overwrites_a_desk(folder):
    before = (folder / "huanyu.toml").read_text(encoding="utf-8")
    again = subprocess.run(
        command("init", str(folder)), env=environment(folder), capture_output=True, text=True, timeout=240
    )
    assert again.returncode == 1
    assert "已存在" in again.stderr
    assert (folder / "huanyu.toml").read_text(encoding="utf-8") == before


def test_what_platforms_post_is_answered_on_a_port_of_its_own(folder: Path) -> None:
    other = free_port()
    accounts = (folder / "config" / "accounts.toml").read_text(encoding="utf-8")
    accounts = accounts.replace('push_token = ""', 'push_token = "push"').replace(
        "enabled = false", "enabled = true"
    )
    (folder / "config" / "accounts.toml").write_text(accounts, encoding="utf-8")
    talk = (folder / "config" / "talk.toml").read_text(encoding="utf-8")
    (folder / "config" / "talk.toml").write_text(
        talk.replace('wechat = ""', 'wechat = "wechat"', 1), encoding="utf-8"
    )
    _set(folder, f"callback_port = {other}")
    secrets = folder / "data" / "secrets.toml"
    secrets.parent.mkdir(exist_ok=True)
    secrets.touch(mode=0o600)
    secrets.write_text('push = "a-token"\n', encoding="utf-8")
    with running(folder) as (up, _, _):
        stamp = str(int(now().timestamp()))
        signature = hashlib.sha1("".join(sorted(("a-token", stamp, "7"))).encode()).hexdigest()
        asked = f"signature={signature}&timestamp={stamp}&nonce=7&echostr=4711"
        url = f"http://127.0.0.1:{other}/wechat/wechat?{asked}"
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == b"4711"
        for closed in ("/login", "/cases", "/api/v1/docs"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"http://127.0.0.1:{other}{closed}")
        up.send_signal(signal.SIGTERM)
        assert up.wait(240) == 0


def test_the_bot_is_attended_and_keeps_its_place_when_the_desk_is_killed(folder: Path) -> None:
    with TelegramPlatform() as telegram:
        accounts = (folder / "config" / "accounts.toml").read_text(encoding="utf-8")
        accounts = accounts.replace('"https://api.telegram.org/bot"', f'"{telegram.api}"')
        accounts = accounts.replace('secret = "telegram_token"\nenabled = false', BOT)
        (folder / "config" / "accounts.toml").write_text(accounts, encoding="utf-8")
        talk = (folder / "config" / "talk.toml").read_text(encoding="utf-8")
        talk = talk.replace('telegram = ""', 'telegram = "telegram"').replace(
            "poll_seconds = 5", "poll_seconds = 1"
        )
        (folder / "config" / "talk.toml").write_text(talk, encoding="utf-8")
        secrets = folder / "data" / "secrets.toml"
        secrets.parent.mkdir(exist_ok=True)
        secrets.touch(mode=0o600)
        secrets.write_text(f'telegram_token = "{telegram.token}"\n', encoding="utf-8")
        desk = desk_of(folder)
        user = desk.store.people.add_user("lilan", "李岚", "press", "", "", now())
        code = chat_binding.new_code(desk, user, now())
        update = telegram.talk.say(70001, text=code.text)
        with at_work(folder) as up:
            assert waited(lambda: bool(telegram.published)), "heard"
            up.kill()
            up.wait(120)
        telegram.talk.waiting.append(update)  # its confirmation was lost with the process
        telegram.talk.say(70001, text="/set")
        with at_work(folder) as up:
            assert waited(lambda: len(telegram.published) > 1), "heard"
            up.send_signal(signal.SIGTERM)
            assert up.wait(240) == 0
        told = [one.text[:3] for one in telegram.published]
        desk.close()
    assert told == ["已绑定", "选择要"]


@contextmanager
def at_work(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`huanyu up` of a desk that was set up long ago."""
    up = subprocess.Popen(
        command("up", "--port", "0"),
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        yield up
    finally:
        up.kill()
        up.wait(120)


def waited(done: Callable[[], bool]) -> bool:
    """Whether it came about within four minutes."""
    until = monotonic() + 240
    while not done() and monotonic() < until:
        sleep(0.1)
    return done()
