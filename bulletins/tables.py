"""How a table stands on the page: widths from what the cells hold, type size, what must not be torn apart.

Pure arithmetic in half-width characters; the three renderers only follow it. Knows no file format.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from huanyu.text import shorten

_NUMBER = re.compile(r"[+−]?\d[\d.,]*[条件起期个%]?(?:个百分点)?|—|持平|")
_LINK = 42  # printed characters of an address; the link itself stays whole
_PAGE = 442  # points across, 156 mm
_PADDING = 9.0  # points per column, left and right together
_LARGE, _SMALL = 12.0, 10.5  # 小四, 五号
_KEEP = 20  # cells up to so many half-width characters stay on one line
_LEADS = ("事项", "标题", "来源", "承办单位", "类别", "区域")
_NARROWEST, _WIDEST, _LEAST = 4, 44, 12
_SLACK = 0.8  # where a machine's own fonts run wider
_WHOLE = 250  # points: a lower table is never broken over two pages
_TALL = 300  # points: a higher row may be cut, or it would fit no page
_CAPITAL, _LATIN = 1.45, 1.15  # of the packaged serif, in half-width characters
_JOINT = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])")
_APART = 0.2  # half-width characters; the slack of the column takes the rest
_NARROW = MappingProxyType(dict.fromkeys(" .,:;-'|", 0.9))


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `href` is "" unless it is a web address."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all that the renderers need to set it alike."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]  #: of each column, in thousandths of the page
    numeric: tuple[bool, ...]
    keep: tuple[bool, ...]  #: the column's cells stand on one line
    size: float  #: of type, in points
    whole: bool  #: short enough to stay on one page
    tall: bool  #: some row is so high that it may be cut
    lead: int  #: the column a reader looks for first; heads the row on a phone
    cards: bool  #: too wide for a phone: rows become cards there


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """Measure and set a table."""
    columns = [(name, *(row[place].text for row in rows)) for place, name in enumerate(head)]
    full = [max(_NARROWEST, *map(_roomy, column)) + _SLACK for column in columns]
    roomy = sum(full) <= _room(_LARGE, len(full))
    size = _LARGE if roomy or len(full) < 5 else _SMALL
    keep = _kept(full, size)
    natural = [min(one, _WIDEST) for one in full]
    shares = _shares(natural, keep, _room(size, len(natural)))
    heights = [_height(row, shares, size) for row in rows]
    return Table(
        head=tuple(head),
        rows=tuple(map(tuple, rows)),
        widths=_thousandths(shares, size),
        numeric=tuple(all(_NUMBER.fullmatch(cell) for cell in column[1:]) for column in columns),
        keep=tuple(keep),
        size=size,
        whole=sum(heights) + size + 15 <= _WHOLE,
        tall=max(heights, default=0) > _TALL,
        lead=next((head.index(name) for name in _LEADS if name in head), 0),
        cards=sum(natural) + 2 * len(natural) > 48,
    )


def cell(text: str) -> Cell:
    """A cell; a web address becomes a link and is printed shortened."""
    href = web_address(text)
    return Cell(shorten(text, _LINK) if href else text, href)


def web_address(text: str) -> str:
    """The text when it is a plain http(s) address, else "": javascript: and the like never become links."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and parts.netloc and not re.search(r"\s", text)
    return text if plain else ""


def width(text: str) -> float:
    """Half-width characters the text takes on a line."""
    return sum(map(_wide, text))


def _roomy(text: str) -> float:
    """The same with what some machines add: LibreOffice sets characters and digits a quarter of a character apart."""
    return width(text) + _APART * len(_JOINT.findall(text))


def _wide(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WFA":
        return 2
    return _NARROW.get(char) or (_CAPITAL if char.isupper() else _LATIN)


def _room(size: float, columns: int) -> float:
    """Half-width characters of type that fit across the page beside the padding."""
    return (_PAGE - _PADDING * columns) / (size / 2)


def _kept(natural: Sequence[float], size: float) -> list[bool]:
    """Which columns stay on one line: all where they fit, else the narrow ones, as far as the others can live."""
    room = _room(size, len(natural))
    if sum(natural) <= room:
        return [True] * len(natural)
    keep = [one <= _KEEP for one in natural]
    while any(keep) and _taken(natural, keep) + _LEAST * keep.count(False) > room:
        keep[max((one, place) for place, one in enumerate(natural) if keep[place])[1]] = False
    return keep


def _taken(natural: Sequence[float], keep: Sequence[bool]) -> float:
    return sum(one for one, kept in zip(natural, keep, strict=True) if kept)


def _shares(natural: Sequence[float], keep: Sequence[bool], room: float) -> list[float]:
    """Width of each column: the kept ones what they need, what is left to the others or to all."""
    loose = sum(natural) - _taken(natural, keep)
    left = room - _taken(natural, keep)
    if not loose:
        return [one * room / sum(natural) for one in natural]
    return [one if kept else one * left / loose for one, kept in zip(natural, keep, strict=True)]


def _height(row: Sequence[Cell], shares: Sequence[float], size: float) -> float:
    """Points the row takes."""
    lines = max(
        (math.ceil(width(one.text) / share) for one, share in zip(row, shares, strict=True)), default=1
    )
    return max(lines, 1) * (size + 5) + 10


def _thousandths(shares: Sequence[float], size: float) -> tuple[int, ...]:
    points = [share * size / 2 + _PADDING for share in shares]
    return tuple(round(1000 * one / sum(points)) for one in points)
