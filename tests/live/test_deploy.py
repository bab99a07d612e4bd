"""What is shipped to run the desk as a service or in a container names commands, pages and users that exist."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from time import monotonic
from time import sleep

import pytest

from console import cli
from demo.platforms.folder import FolderServer
from tests.live.crawl.conftest import Answer
from tests.live.crawl.conftest import Site
from tests.live.test_up import command
from tests.live.test_up import environment
from tests.live.test_up import folder as _folder
from tests.live.test_up import running

folder = _folder  # a desk as `huanyu init` makes it
ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "huanyu.service"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
INSTALLED = "/opt/huanyu/.venv/bin/python"
MOST_EXPOSED = 20  # tenths of systemd's figure from 0 to 10; "OK" ends at 4.9


def analyzer() -> str:
    """Why the unit cannot be looked at here, "" where it can: systemd 250 learned to do so without being at work."""
    if shutil.which("systemd-analyze") is None:
        return "systemd-analyze is not on this machine"
    return "" if "--threshold" in analyzed("--help").stdout else "systemd is older than 250"


def analyzed(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
    )


MISSING = analyzer()
with_systemd = pytest.mark.skipif(bool(MISSING), reason=MISSING)


def settings(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def joined() -> str:
    """The Dockerfile, what goes on in a further line in one."""
    return DOCKERFILE.read_text(encoding="utf-8").replace("\\\n", "")


def instruction(name: str) -> list[str]:
    """What stands behind an instruction of the Dockerfile."""
    return re.findall(rf"^{name}\s+(.*)$", joined(), re.MULTILINE)


@with_systemd
def test_systemd_finds_nothing_to_say_of_the_unit(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text(encoding="utf-8").replace(INSTALLED, sys.executable), encoding="utf-8")
    done = analyzed("verify", "--man=no", "--recursive-errors=no", str(here))
    assert (done.returncode, UNIT.name in done.stdout) == (0, False), done.stdout


@with_systemd
def test_a_directive_systemd_does_not_know_is_told(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text(encoding="utf-8").replace("PrivateTmp=", "PrivateTemp="), encoding="utf-8")
    assert "PrivateTemp" in analyzed("verify", "--man=no", "--recursive-errors=no", str(here)).stdout


@with_systemd
def test_the_service_may_do_little_beyond_its_desk() -> None:
    done = analyzed("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(UNIT))
    assert done.returncode == 0, done.stdout


def test_the_unit_starts_a_command_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    (started,) = settings("ExecStart")
    python, option, module, *arguments = shlex.split(started)
    assert (python, option, module) == (INSTALLED, "-m", cli.__name__)
    assert cli.run([*arguments, "--help"]) == 0 and "启动舆情台" in capsys.readouterr().out
    assert settings("WorkingDirectory") == settings("ReadWritePaths") == ["/srv/huanyu"]


def test_the_container_starts_a_command_there_is_as_a_user_without_rights(
    capsys: pytest.CaptureFixture[str],
) -> None:
    program, *arguments = json.loads(instruction("CMD")[-1])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"][program] == f"{cli.__name__}:{cli.main.__name__}"
    assert cli.run([*arguments, "--help"]) == 0 and "启动舆情台" in capsys.readouterr().out
    (user,) = instruction("USER")
    assert int(user.split(":")[0]) > 0, "a name would not show whoever starts it that it is not root"
    (version,) = re.findall(r"python:(\d+\.\d+)", instruction("FROM")[0])
    assert project["requires-python"] == f">={version}"


@pytest.mark.skipif(os.name == "nt", reason="the image is of Linux")
def test_the_check_of_the_container_is_passed_by_a_desk_at_work_and_by_nothing_else(folder: Path) -> None:
    (told,) = re.findall(r"HEALTHCHECK.*CMD (\[.*\])", joined())
    program, *arguments = json.loads(told)
    assert (
        program in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    )
    with socket.socket() as nobody:  # whose port nobody else can be given, and who answers nobody
        nobody.bind(("127.0.0.1", 0))
        silent = nobody.getsockname()[1]

        def passed(port: int, *more: str) -> bool:
            """With the port and the address a container is told, and the proxy that Docker puts into every one."""
            proxy = {"http_proxy": f"http://127.0.0.1:{silent}", "no_proxy": ""}
            told = {"HUANYU_CONSOLE_PORT": f"{port}", "HUANYU_CONSOLE_HOST": "0.0.0.0"}
            return not subprocess.run(
                command(*arguments, *more),
                env=environment(folder) | proxy | told,
                capture_output=True,
                timeout=300,
            ).returncode

        assert not passed(silent)
        with running(folder) as (_, _, port):
            assert passed(port, "--wait", "240"), (
                "the desk never was at work"
            )  # it may have to wait for others


def test_the_check_follows_the_port_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        silent = nobody.getsockname()[1]
        assert told(tmp_path, f"console_port = {silent}\n", monkeypatch, "health") == 1
        begun = monotonic()
        assert told(tmp_path, "", monkeypatch, "health", "--port", str(silent), "--wait", "2") == 1
        assert monotonic() - begun >= 2
    assert f"127.0.0.1:{silent} 没有舆情台应答" in capsys.readouterr().err


def test_a_desk_whose_timers_have_not_turned_yet_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it says in its first seconds on a busy machine, too short to be met there every time."""
    said = iter((False, False, True))

    def answer(_path: str, _headers: object) -> Answer:
        parts = {"ready": True, "database": True, "clockwork": next(said), "disk": True}
        return Answer(json.dumps(parts).encode(), type="application/json")

    with closing(Site(answer)) as site:
        port = site.url.rpartition(":")[2].strip("/")
        assert told(tmp_path, "", monkeypatch, "health", "--port", port) == 1
        assert "不正常: 定时任务" in capsys.readouterr().err
        assert told(tmp_path, "", monkeypatch, "health", "--port", port, "--wait", "60") == 0
    assert capsys.readouterr().out == "正常\n"


def test_what_answers_at_the_port_but_is_no_desk_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with FolderServer(tmp_path, 0) as other:
        port = other.url.rpartition(":")[2]
        assert told(tmp_path, "", monkeypatch, "health", "--port", port) == 1
    assert "没有舆情台应答" in capsys.readouterr().err


FIRST = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child")
CONTAINED = shutil.which("unshare") and not subprocess.run([*FIRST, "true"], capture_output=True).returncode
WRONG = {
    "a key nobody knows": ("consol_port = 1\n", "consol_port"),
    "no TOML": ("console_port = \n", "huanyu.toml"),
    "a folder that is not there": ('config_dir = "nowhere"\n', "nowhere"),
    "an address that is none": ('database = "mysql://a/b"\n', "mysql"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrongly_set_desk_is_not_started_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The same in both: what the program ends with is what the unit does not start again for."""
    text, word = WRONG[name]
    code = told(tmp_path, text, monkeypatch, "up", "--port", "0")
    assert (str(code) in not_again(), word in capsys.readouterr().err) == (True, True)


def told(folder: Path, settings: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """What a command in a folder with these settings ends with."""
    (folder / "huanyu.toml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HUANYU_CONFIG", str(folder / "huanyu.toml"))
    before = signal.getsignal(signal.SIGTERM)  # `up` takes it for itself
    try:
        return cli.run([*arguments])
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_passes_by_itself_is_tried_again_for_as_long_as_it_takes(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        taken = ran(folder, "up", "--port", str(other.getsockname()[1]))
        address = f"postgresql+psycopg://nobody@127.0.0.1:{other.getsockname()[1]}/desk"
        away = subprocess.run(
            command("up", "--port", "0"),
            env=environment(folder) | {"HUANYU_DATABASE": address},
            capture_output=True,
            text=True,
            timeout=240,
        )
    for done in (taken, away):
        assert done.returncode and str(done.returncode) not in not_again(), done.stderr
    assert settings("Restart") == ["on-failure"] and settings("StartLimitIntervalSec") == ["0"]


@pytest.mark.skipif(not CONTAINED, reason="no process may be the first of a namespace here")
def test_the_first_process_of_a_container_hears_a_stop_whatever_it_is_doing(tmp_path: Path) -> None:
    """`classify` waits for texts, and would until the container is killed."""
    (tmp_path / "huanyu.toml").touch()
    started = subprocess.Popen(
        [*FIRST, *command("classify")], env=environment(tmp_path), cwd=tmp_path, stdin=subprocess.PIPE
    )
    try:
        children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
        until = monotonic() + 120
        while started.poll() is None:
            assert monotonic() < until, "nobody heard it"
            for child in children.read_text().split():
                os.kill(int(child), signal.SIGTERM)
            sleep(0.2)
        assert started.returncode == cli.INTERRUPTED
    finally:
        started.kill()  # and with it, what it began
        started.communicate()


def not_again() -> list[str]:
    (codes,) = settings("RestartPreventExitStatus")
    return codes.split()


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment(folder), cwd=folder, capture_output=True, text=True, timeout=240
    )


def test_nothing_of_a_desk_beside_the_program_gets_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in ("huanyu-data", "huanyu-demo", "data", "**/secrets.toml", "**/*.key", "**/*.db", ".*"):
        assert name in left_out
