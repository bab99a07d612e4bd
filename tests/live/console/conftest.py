"""Consoles over copies of the made desk, and a Chromium to look at them with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_desk
from made_console import Console
from made_console import pages
from made_console import running
from made_desk import MadeDesk
from walk import LAST
from walk import MODES
from walk import Walk


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MadeDesk]:
    """The made desk, built once; tests work on copies."""
    folder = tmp_path_factory.mktemp("made_desk")
    return folder, made_desk.make(folder)


@pytest.fixture
def console(template: tuple[Path, MadeDesk], tmp_path: Path) -> Iterator[Console]:
    folder, made = template
    with running(Path(shutil.copytree(folder, tmp_path / "desk")), made) as found:
        yield found


@pytest.fixture(scope="session")
def reading_console(
    template: tuple[Path, MadeDesk], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Console]:
    """One console for all tests that change nothing."""
    folder, made = template
    with running(Path(shutil.copytree(folder, tmp_path_factory.mktemp("reading") / "desk")), made) as found:
        yield found


@pytest.fixture
def empty_console(tmp_path: Path) -> Iterator[Console]:
    """A console whose desk nobody has set up."""
    made_desk.configure(tmp_path)
    with running(tmp_path, None) as found:
        yield found


@pytest.fixture
def open_page(browser: object) -> Iterator[Callable[..., object]]:
    """Open pages that note every message on the browser's console and must end without one of the policy."""
    with pages(browser) as opened:
        yield opened


@pytest.fixture(params=MODES)
def start_day(
    request: pytest.FixtureRequest, console: Console, open_page: Callable[..., object], tmp_path: Path
) -> Iterator[Callable[[str], Walk]]:
    """Somebody's day begins at the door of a fresh console: at a desk, without scripts, on a telephone."""
    walk = Walk(open_page(**MODES[request.param]), console, request.param, tmp_path)

    def started(role: str) -> Walk:
        walk.come_in(role)
        return walk

    yield started
    walk.picture(LAST)
