"""Public pages over fresh desks, and a Chromium that can speak and knows where it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import made_public
from made_public import Public

from flow.desk import Desk


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk nobody has written to yet, for copies: its migrations take longer than most tests."""
    folder = tmp_path_factory.mktemp("public_pattern")
    Desk.open(made_public.configure(folder)).close()
    return folder


@pytest.fixture
def public(tmp_path: Path, pattern: Path) -> Iterator[Public]:
    with made_public.running(tmp_path, pattern=pattern) as found:
        yield found


@pytest.fixture
def open_page(browser: object) -> Iterator[Callable[..., object]]:
    """Open pages that must end without a message of the policy or a broken script."""
    contexts, messages = [], []

    def opened(width: int = 390, height: int = 844, **options: object) -> object:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda problem: messages.append(f"script error: {problem}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [one for one in messages if "Content Security Policy" in one or one.startswith("script error")]
