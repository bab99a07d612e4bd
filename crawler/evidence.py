"""Decide what becomes of one picture of a complaint: kept, refused for good, or asked for again later.

Pure: what came in, the outcome out. A picture is what its first bytes say, never what its name or server claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

LARGEST = 5 * 1024 * 1024  # bytes; a telephone's photograph as platforms pass it on has one or two million
OK = 200
GONE = frozenset({404, 410})
BACKOFF = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 48))  # waits before attempts 2 to 5
ATTEMPTS = len(BACKOFF) + 1

#: Only these are shown by a browser as nothing but a picture; SVG may carry a script.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
HEAD = 1024  # bytes in which a page or an SVG shows that it is one

DELETED = "图片已被删除"
TOO_LARGE = "图片超过 5 MB, 没有保存"
ROBOTS = "网站的 robots.txt 不允许读取这张图片, 来源设置中也没有书面许可"
NO_ADDRESS = "图片的网址不完整"
CIRCLES = "图片的网址一直在跳转, 没有取到"
RESTING = "网站要求稍后再取"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture to fetch."""

    id: int
    url: str
    page: str = ""  #: address of the post it belongs to
    attempts: int = 0  #: made so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt."""

    id: int
    state: str  #: kept | refused | wanted
    note: str = ""  #: Chinese
    body: bytes = b""
    media: str = ""
    wait: timedelta | None = None  #: before the next attempt


def media_of(body: bytes) -> str:
    """Media type by the first bytes; "" for what is none of the four kinds."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((media for magic, media in MAGIC if body.startswith(magic)), "")


def foreign(body: bytes) -> str:
    """Why a body is not taken for a picture."""
    head = body[:HEAD].lower()
    if not body:
        return "网站返回的内容是空的"
    if b"<svg" in head:
        return "SVG 图片可以夹带程序, 不保存"
    if b"<html" in head or b"<!doctype" in head:
        return "网站返回的是网页, 不是图片"
    return "不是 JPEG、PNG、GIF 或 WEBP 图片, 不保存"


def answered(one: Wanted, status: int, body: bytes, told: timedelta | None = None) -> Outcome:
    """The outcome of an answer; `told` is how long the site asked us to stay away."""
    if status in GONE:
        return refused(one, DELETED)
    if status != OK:
        return later(one, f"网站没有给出图片 (HTTP {status})", told)
    if len(body) > LARGEST:
        return refused(one, TOO_LARGE)
    if media := media_of(body):
        return Outcome(id=one.id, state="kept", body=body, media=media)
    return refused(one, foreign(body))


def refused(one: Wanted, note: str) -> Outcome:
    return Outcome(id=one.id, state="refused", note=note)


def later(one: Wanted, note: str, told: timedelta | None = None) -> Outcome:
    """Another attempt, each after a longer wait; after the last one it is given up."""
    made = one.attempts + 1
    if made >= ATTEMPTS:
        return refused(one, f"试了 {made} 次都没有取到: {note}")
    wait = BACKOFF[made - 1]
    return Outcome(id=one.id, state="wanted", note=note, wait=max(wait, told) if told else wait)
