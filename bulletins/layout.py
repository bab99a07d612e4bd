"""From a bulletin to what stands on the page: numbered headings, lines, entries and tables as plain strings.

All three renderers print this one sheet, so they cannot disagree. Knows no font and no file format.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from bulletins import charts
from bulletins import wording
from huanyu.text import normalise
from huanyu.text import shorten
from huanyu.types import Bulletin
from huanyu.types import CaseLine
from huanyu.types import Section

NUMERALS = "一二三四五六七八九十"
_NUMBER = re.compile(r"[+−]?\d[\d.]*[条件起期%]?|—|持平|")
_NOT_TEXT = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # noncharacters: XML, and so Word, refuses them
_NARROWEST, _WIDEST = 6, 34  # column widths in half-width characters; the page has 56 at 16 pt
_LINK = 60  # printed characters of an address; the link itself stays whole


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `href` is "" unless it is a web address."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with relative column widths and, per column, whether it holds numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One matter as text."""

    number: str  #: 1. 2. …
    title: str
    urgent: bool
    facts: str
    quote: str
    standing: str
    link: Cell


@dataclass(frozen=True, slots=True)
class Block:
    """A headed part."""

    heading: str
    paragraphs: tuple[str, ...]
    chart: str  #: name of the chart, or ""
    caption: str
    entries: tuple[Entry, ...]
    table: Table | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything printed, top to bottom."""

    mark: str
    masthead: str
    series: str
    issue: str
    office: str
    date: str
    title: str
    note: str
    blocks: tuple[Block, ...]
    imprint: tuple[str, ...]
    issuer: str
    issued: str
    signatory: str
    audit: str
    evidence: Table


def lay_out(bulletin: Bulletin) -> Sheet:
    """The bulletin as strings in print order."""
    issued = bulletin.issued_at
    date = f"{issued.year}年{wording.day(issued)}"
    return Sheet(
        mark=_clean(bulletin.mark),
        masthead=bulletin.masthead,
        series=bulletin.series_name,
        issue=f"{bulletin.year}年第{bulletin.number}期（总第{bulletin.total}期）",
        office=f"{bulletin.bureau}{bulletin.office}编",
        date=date,
        title=bulletin.title,
        note=bulletin.late_note,
        blocks=tuple(_block(bulletin, place, part) for place, part in enumerate(bulletin.sections)),
        imprint=tuple(_clean(line) for line in bulletin.distribution),
        issuer=f"{bulletin.bureau}{bulletin.office}",
        issued=f"{date}印发",
        signatory=f"签发：{_clean(bulletin.signatory)}" if bulletin.signatory else "",
        audit=bulletin.audit_head,
        evidence=_evidence(bulletin),
    )


def _block(bulletin: Bulletin, place: int, part: Section) -> Block:
    return Block(
        heading=f"{_numeral(place + 1)}、{part.heading}",
        paragraphs=_paragraphs(part),
        chart=part.chart,
        caption=charts.caption(bulletin, part.chart) if part.chart else "",
        entries=tuple(_entry(number, line) for number, line in enumerate(part.items, 1)),
        table=_table(part.table_head, part.table) if part.table else None,
    )


def _clean(text: str) -> str:
    return _NOT_TEXT.sub("", normalise(text))


def _numeral(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def _paragraphs(part: Section) -> tuple[str, ...]:
    """The section's sentences run on as one paragraph."""
    text = "".join(_clean(sentence.text) for sentence in part.sentences)
    return (text,) if text else ()


def _entry(number: int, line: CaseLine) -> Entry:
    kinds = "、".join(line.kinds) or "类别待定"
    spread = f"相关信息{line.posts}条" if line.posts > 1 else ""
    facts = (line.number, line.area, kinds, line.source_kind, spread, line.level)
    due = f"，时限{wording.minute(line.due)}" if line.due else ""
    return Entry(
        number=f"{number}.",
        title=_clean(line.title),
        urgent=line.urgent,
        facts="　".join(_clean(fact) for fact in facts if fact and fact != "一般"),
        quote=_clean(line.quote).replace("\n", " "),
        standing=_clean(f"{line.unit}，{line.state}{due}"),
        link=_cell(line.url),
    )


def _cell(text: str) -> Cell:
    text = _clean(text)
    href = _web_address(text)
    return Cell(shorten(text, _LINK) if href else text, href)


def _web_address(text: str) -> str:
    """The text when it is a plain http(s) address, else "": javascript: and the like never become links."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and parts.netloc and not re.search(r"\s", text)
    return text if plain else ""


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    columns = tuple(zip(head, *rows, strict=True))
    return Table(
        head=head,
        rows=tuple(tuple(_cell(cell) for cell in row) for row in rows),
        widths=tuple(_width(column) for column in columns),
        numeric=tuple(all(_NUMBER.fullmatch(cell) for cell in column[1:]) for column in columns),
    )


def _width(column: tuple[str, ...]) -> int:
    widest = max(map(_columns, column))
    return min(max(widest, _NARROWEST), _WIDEST) + 2


def _columns(text: str) -> int:
    """Half-width columns the text takes on a line."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _evidence(bulletin: Bulletin) -> Table:
    rows = tuple(
        (figure.label, f"{figure.value}{figure.unit}", _before(figure.previous), figure.key, figure.query)
        for figure in bulletin.figures
    )
    return _table(("数字", "本期", "前一日", "键", "查询"), rows)


def _before(previous: int | None) -> str:
    return "—" if previous is None else str(previous)
