"""The manual keeps its word: its pictures are there and all shown, its pages, buttons and menus exist."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from matrix import merged

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "manual"
CHAPTERS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
SHOWN = re.compile(r"!\[([^]]*)\]\(pictures/([\w-]+\.png)\)")
#: Where a page says something: templates, and the modules whose words stand on them.
SPOKEN = [
    path
    for part, kind in (("console", "*.html"), ("console", "*.py"), ("flow", "*.py"))
    for path in (ROOT / part).rglob(kind)
]
MOST = 3_000_000


def test_every_role_has_its_day_and_the_manual_leads_to_it() -> None:
    assert set(CHAPTERS) == {"press", "handler", "reviewer", "leader", "admin", "assessor"}
    assert [name for name in CHAPTERS if f"(manual/{name}.md)" not in MANUAL] == []
    assert [name for name, text in CHAPTERS.items() if len(SHOWN.findall(text)) < 3] == []


def test_every_picture_is_shown_once_with_words_and_every_one_shown_is_there() -> None:
    shown = [(name, said) for text in CHAPTERS.values() for said, name in SHOWN.findall(text)]
    assert sorted(name for name, _ in shown) == sorted(path.name for path in (FOLDER / "pictures").iterdir())
    assert [name for name, said in shown if len(said) < 5] == []


def test_the_pictures_are_small() -> None:
    pictures = {path.name: path.read_bytes() for path in (FOLDER / "pictures").iterdir()}
    assert sum(map(len, pictures.values())) < MOST
    kinds = {name: struct.unpack(">8s4x4sIIBB", body[:26]) for name, body in pictures.items()}
    assert [name for name, (magic, *_) in kinds.items() if magic != b"\x89PNG\r\n\x1a\n"] == []
    assert [name for name, (_, _, width, _, _, colour) in kinds.items() if width > 1920 or colour != 3] == []


def test_every_page_the_manual_names_exists() -> None:
    """Pages of the console, of the public and commands of the bot: each is a route, or stands in the code as a word."""
    written = "\n".join(path.read_text(encoding="utf-8") for path in SPOKEN if path.suffix == ".py")
    routes = {route for method, route in merged() if method == "GET"}
    told = {path for text in (MANUAL, *CHAPTERS.values()) for path in re.findall(r"`(/[a-z][\w/.-]*)`", text)}
    assert len(told) >= 4
    lost = {path for path in told - routes if not path.startswith("/api/")}
    assert sorted(path for path in lost if f'"{path}"' not in written) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_button_and_menu_named_in_a_day_stands_on_a_page(chapter: str) -> None:
    spoken = "\n".join(path.read_text(encoding="utf-8") for path in SPOKEN)
    named = {word for word in re.findall(r"\*\*([^*]+)\*\*", CHAPTERS[chapter]) if not word.isascii()}
    assert len(named) >= 5
    assert sorted(word for word in named if word not in spoken) == []
