"""The users' manual as pages of the console: its Markdown made HTML, links and pictures led to where they are served.

Knows the files under docs and nothing of who reads them; HTML inside them stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.token import Token

from huanyu.errors import NotFound

DOCS = Path(__file__).resolve().parents[1] / "docs"
#: What can be read: key, name in the list, file under docs.
CHAPTERS = MappingProxyType(
    {
        "press": ("宣教科的一天", "manual/press.md"),
        "handler": ("经办的一天", "manual/handler.md"),
        "reviewer": ("审核的一天", "manual/reviewer.md"),
        "leader": ("局领导的一天", "manual/leader.md"),
        "admin": ("管理员的一天", "manual/admin.md"),
        "assessor": ("第三方评估的一天", "manual/assessor.md"),
        "manual": ("查细节：使用手册", "manual.md"),
    }
)
HEAD = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Chapter:
    """One part of the manual, ready to be shown."""

    title: str
    body: str


def chapter(key: str) -> Chapter:
    """Render one part; raises NotFound for what is none, or where the manual was not installed with the program."""
    if key not in CHAPTERS:
        raise NotFound("手册里没有这一章")
    path = DOCS / CHAPTERS[key][1]
    if not path.is_file():
        raise NotFound("手册没有随程序安装，请看程序文件夹中的 docs")
    writer = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = writer.parse(path.read_text(encoding="utf-8"))
    titles = [words for tag, words in _anchored(tokens) if tag == "h1"]
    for token in _all(tokens):
        _led(token, path.parent)
    return Chapter("".join(titles[:1]), writer.renderer.render(tokens, writer.options, {}))


def picture(name: str) -> Path:
    """One picture of the manual by its file's name; raises NotFound for any other."""
    folder = DOCS / "manual" / "pictures"
    if not re.fullmatch(r"[\w-]+\.png", name) or not (folder / name).is_file():
        raise NotFound("没有这张图")
    return folder / name


def _anchored(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Give each heading the anchor that GitHub gives it; tag and words of each."""
    for token, words in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", HEAD.sub("", words.content.lower()).replace(" ", "-"))
            yield token.tag, words.content


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _led(token: Token, folder: Path) -> None:
    """Let a picture be fetched, and a link lead, where the console serves it; what it does not serve loses its link."""
    if token.type == "image":
        token.attrSet("src", f"/help/pictures/{Path(str(token.attrGet('src'))).name}")
        token.attrSet("loading", "lazy")
    if token.type == "table_open":
        token.attrSet("class", "table table-sm")
    if token.type == "link_open":
        where = str(token.attrGet("href"))
        file, _, anchor = where.partition("#")
        if file and ":" not in file:
            token.attrSet("href", _served((folder / file).resolve(), anchor))


def _served(path: Path, anchor: str) -> str:
    """The page that shows a file of docs; for one that none shows, the first of them."""
    keys = [key for key, (_, file) in CHAPTERS.items() if (DOCS / file).resolve() == path]
    where = f"/help/{keys[0]}" if keys else "/help/manual"
    return f"{where}#{anchor}" if anchor and keys else where
