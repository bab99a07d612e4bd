"""`run.py` on a machine without a network: all comes from a folder, each package by its hash.

A project and packages of a few lines stand in for ours, which are 224 MB; `run.py`, pip and the virtual environment are the
real ones.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9/simple"  # an index that does not answer
PROJECT = """[project]
name = "huanyu"
version = "1"
[build-system]
requires = ["setuptools>=77"]
build-backend = "stand_in_builder"
"""
#: Makes the one wheel an editable installation needs; found only where the build's own requirements were installed.
BUILDER = """
import zipfile
NAME = "huanyu-1-py3-none-any.whl"
def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{folder}/{NAME}", "w") as wheel:
        wheel.writestr("huanyu-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: huanyu\\nVersion: 1\\n")
        wheel.writestr("huanyu-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("huanyu-1.dist-info/RECORD", "")
    return NAME
"""
COMMANDS = "import sys\nimport lantern\nprint(lantern.TOLD, *sys.argv[1:])\n"


def make_wheel(folder: Path, name: str, version: str, module: str, text: str) -> str:
    """A wheel of one module; returns the line a lock file has for it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    files = {
        f"{module}.py": text,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},sha256={_digest(told)},{len(told.encode())}\n" for file, told in files.items())
    with zipfile.ZipFile(path, "w") as wheel:
        for file, told in (files | {f"{about}/RECORD": f"{record}{about}/RECORD,,\n"}).items():
            wheel.writestr(file, told)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def _digest(told: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(told.encode()).digest()).rstrip(b"=").decode()


class Machine:
    """A folder with the real run.py, a project of a few lines and the packages it wants, on a machine without a network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "program"
        self.packages = folder / "packages"
        (self.folder / "console").mkdir(parents=True)
        self.packages.mkdir()
        shutil.copy(ROOT / "run.py", self.folder)
        (self.folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
        (self.folder / "console" / "__init__.py").touch()
        (self.folder / "console" / "cli.py").write_text(COMMANDS, encoding="utf-8")
        self.lock(make_wheel(self.packages, "lantern", "1", "lantern", "TOLD = 'installed'\n"))
        # As on PyPI: what run.py carries over for whoever builds the project. The first is asked for by the build here.
        make_wheel(self.packages, "setuptools", "77", "stand_in_builder", BUILDER)
        make_wheel(self.packages, "wheel", "1", "stand_in_wheel", "")
        make_wheel(self.packages, "pip", "99", "stand_in_pip", "")

    def lock(self, line: str) -> None:
        (self.folder / "requirements.lock").write_text(line, encoding="utf-8")

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        own = {name: told for name, told in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        offline = {"PIP_INDEX_URL": NOBODY, "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            [sys.executable, str(self.folder / "run.py"), *arguments],
            cwd=self.folder,
            env=own | offline | {"PYTHONUTF8": "1"} | more,
            capture_output=True,
            text=True,
            timeout=240,
        )


@pytest.fixture(scope="module")
def bought(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture
def machine(bought: Machine) -> Iterator[Machine]:
    """One for all tests, as a virtual environment takes seconds; its lock file is put back."""
    lock = (bought.folder / "requirements.lock").read_text(encoding="utf-8")
    yield bought
    bought.lock(lock)


def test_all_comes_from_the_folder_and_the_option_is_not_needed_again(machine: Machine) -> None:
    """`wheels` takes from what pip is told, here a folder as on a machine with a mirror; `--wheels` from its folder alone."""
    away = machine.run("install")
    assert (away.returncode, "检查网络" in away.stderr) == (1, True), away.stderr
    fetched = machine.run("wheels", "wheels", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(machine.packages))
    assert fetched.returncode == 0, fetched.stderr
    names = sorted(path.name.partition("-")[0] for path in (machine.folder / "wheels").iterdir())
    assert names == ["lantern", "pip", "setuptools", "wheel"]
    done = machine.run("--wheels", "wheels", "hello", "desk")
    assert (done.returncode, done.stdout) == (0, "installed hello desk\n"), done.stderr
    again = machine.run("hello")
    assert (again.returncode, again.stdout, again.stderr) == (0, "installed hello\n", "")


def test_a_package_that_is_not_the_one_of_the_lock_file_is_not_installed(
    machine: Machine, tmp_path: Path
) -> None:
    line = make_wheel(tmp_path, "lantern", "2", "lantern", "TOLD = 'installed'\n")
    make_wheel(tmp_path, "lantern", "2", "lantern", "TOLD = 'installed by somebody else'\n")
    machine.lock(line)
    done = machine.run("--wheels", str(tmp_path), "hello")
    assert (done.returncode, "installed" in done.stdout) == (1, False)
    assert "HASHES" in done.stderr and "文件夹里缺少依赖" in done.stderr


def test_a_folder_that_lacks_a_package_is_told_and_the_network_not_asked(
    machine: Machine, tmp_path: Path
) -> None:
    machine.lock(make_wheel(tmp_path, "missing", "1", "missing", ""))
    done = machine.run("--wheels", str(machine.packages), "hello")
    assert (done.returncode, "文件夹里缺少依赖" in done.stderr, NOBODY in done.stderr) == (1, True, False)


def test_a_wrong_line_is_told_before_anything_is_made(tmp_path: Path) -> None:
    fresh = Machine(tmp_path)
    for wrong in (("--wheels", "nowhere", "hello"), ("--wheels", str(fresh.packages)), ("wheels",)):
        assert fresh.run(*wrong).returncode == 2
    assert not (fresh.folder / ".venv").exists()
