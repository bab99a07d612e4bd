"""What is shipped to run the desk as a service or in a container names commands, pages and users that exist."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from time import monotonic
from time import sleep

import pytest

from console import cli
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
    ((_, option, asked),) = [json.loads(told) for told in re.findall(r"HEALTHCHECK.*CMD (\[.*\])", joined())]
    with socket.socket() as nobody:  # whose port nobody else can be given, and who answers nobody
        nobody.bind(("127.0.0.1", 0))
        silent = nobody.getsockname()[1]
        # A machine behind a proxy has Docker put that into the environment of every container.
        environment = {**os.environ, "http_proxy": f"http://127.0.0.1:{silent}", "no_proxy": ""}

        def passed(port: int) -> bool:
            here = [sys.executable, option, asked.replace(":8460", f":{port}")]
            return not subprocess.run(here, env=environment, capture_output=True, timeout=240).returncode

        assert not passed(silent)
        with running(folder) as (_, _, port):
            until = monotonic() + 240  # its first turn may have to wait for other programs
            while not passed(port):
                assert monotonic() < until, "the desk never was at work"
                sleep(1)


def test_nothing_of_a_desk_beside_the_program_gets_into_the_image() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in ("huanyu-data", "huanyu-demo", "data", "**/secrets.toml", "**/*.key", "**/*.db", ".*"):
        assert name in left_out
