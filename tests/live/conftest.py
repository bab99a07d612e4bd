"""One Chromium for all, and commands run within the process of the test, where the process itself is not the point.

Loading the program takes ten times as long as most commands; that it starts and ends as a process is shown elsewhere.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from console import cli
from tests.live.chromium import CHROMIUM
from tests.live.chromium import FLAGS


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


Here = Callable[..., Done]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Real Chromium: one a process, since Playwright's loop stands no second one."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """Run a command in a folder, with no setting of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("HUANYU_")]:
        monkeypatch.delenv(name)

    def run(*arguments: str, folder: Path, given: str = "") -> Done:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        capsys.readouterr()
        return Done(cli.run(list(arguments)), *capsys.readouterr())

    return run
