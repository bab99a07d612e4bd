"""The picture of the console in the README: `python tests/live/console/picture.py docs/console.png`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from made_console import NAMES
from made_console import running
from made_desk import make
from made_desk import session_of
from playwright.sync_api import sync_playwright

from console.sessions import COOKIE
from tests.live.chromium import CHROMIUM
from tests.live.chromium import FLAGS


def take(target: Path) -> None:
    """Photograph the first page of a made desk, as a press officer sees it."""
    folder = Path(tempfile.mkdtemp())
    try:
        made = make(folder)
        with running(folder, made) as console, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = chromium.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
            token = session_of(NAMES["press"])
            page.context.add_cookies([{"name": COOKIE, "value": token, "url": console.url}])
            page.goto(console.url, wait_until="networkidle")
            page.screenshot(path=target)
            chromium.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
