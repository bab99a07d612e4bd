"""A person's walk through the pages: in by password, on by what stands there, with pictures of what was seen.

Pictures stay with the test, the last page in any case. With MANUAL_PICTURES=1 they are written for the manual, too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import made_desk
import palette
from made_console import NAMES
from made_console import Console

ALBUM = Path(__file__).resolve().parents[3] / "docs" / "manual" / "pictures"
LAST = "last"
PHONE = 390
#: How a day is walked: at a desk, with scripts switched off, on a telephone.
MODES: dict[str, dict[str, Any]] = {
    "desk": {"width": 1200, "height": 820},
    "noscript": {"width": 1200, "height": 820, "java_script_enabled": False},
    "phone": {"width": PHONE, "height": 844, "has_touch": True},
}


@dataclass
class Walk:
    """One person at one page of a browser."""

    page: Any
    console: Console
    mode: str
    kept: Path  #: where this test's pictures go

    def come_in(self, role: str) -> None:
        """Type name and password, and stand before 今日."""
        self.page.goto(f"{self.console.url}/login")
        self.page.get_by_label("用户名").fill(NAMES[role])
        self.page.get_by_label("密码").fill(made_desk.PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.sees("今日")

    def sees(self, heading: str) -> None:
        """The page is the one with this heading, and none of it lies beyond its right edge."""
        self.page.get_by_role("heading", name=heading).first.wait_for()
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= MODES[self.mode]["width"], f"{self.page.url} is {wide} px wide"

    def menu(self, name: str) -> None:
        """Go where the main menu leads; a telephone unfolds it first."""
        if self.mode == "phone":
            self.page.locator("label.menu-button").click()
        menu = self.page.get_by_role("navigation", name="主菜单")
        menu.get_by_role("link", name=name, exact=name != "收件箱").click()

    def press(self, key: str, button: str) -> None:
        """Give the answer of the inbox: its key at a desk, its button where there is no keyboard or no script."""
        if self.mode == "desk":
            self.page.keyboard.press(key)
        else:
            self.page.get_by_role("button", name=button).first.click()

    def picture(self, name: str, of: str = "desk", *, whole: bool = False) -> None:
        """Photograph the page where it is walked as the manual shows it; `last` is taken however it is walked."""
        target = self.kept / f"{name}.png"
        if self.mode == of or name == LAST:
            self.page.screenshot(path=target, full_page=whole, animations="disabled")
        if os.environ.get("MANUAL_PICTURES") and self.mode == of and name != LAST:
            ALBUM.mkdir(parents=True, exist_ok=True)
            palette.shrink(self.page, target, ALBUM / f"{name}.png")
