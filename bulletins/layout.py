"""From a bulletin to what stands on the page: numbered headings, lines, entries and tables as plain strings.

All three renderers print this one sheet, so they cannot disagree. Knows no font and no file format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bulletins import charts
from bulletins import wording
from bulletins.charts import Picture
from bulletins.glyphs import pictureless
from bulletins.tables import Cell
from bulletins.tables import Table
from bulletins.tables import cell
from bulletins.tables import table
from huanyu.text import normalise
from huanyu.types import Bulletin
from huanyu.types import CaseLine
from huanyu.types import Section

NUMERALS = "一二三四五六七八九十"
_NOT_TEXT = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # noncharacters: XML, and so Word, refuses them
_LEADING = 3  # from so many matters on, their titles are listed on the first page
_SHORT = 200  # characters, seven lines: a longer paragraph would drag half a page along
_NAMED, _OF_MATTERS = 6, 2  # of a paper with more than two parts the first page shows figures too
PROOF = "样稿（签发或编发时编号）"
_FITTING = 9  # characters of a masthead in full size; a longer one is set smaller, on one line


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
    picture: Picture | None
    entries: tuple[Entry, ...]
    table: Table | None
    leads: bool  #: the last paragraph stays with the table it explains


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything printed, top to bottom."""

    mark: str
    copy_number: str
    masthead: str
    scale: float  #: of the masthead's type: 1, less for a long name
    series: str
    name: str  #: what the file calls itself
    issue: str
    office: str
    date: str
    title: str
    note: str
    contents: tuple[str, ...]
    blocks: tuple[Block, ...]
    imprint: tuple[str, ...]
    issuer: str
    issued: str
    copies: str
    signatory: str
    audit: str
    evidence: Table


@lru_cache(maxsize=1)
def lay_out(bulletin: Bulletin) -> Sheet:
    """The bulletin as strings in print order; kept for the renderers that ask for it one after the other."""
    issued = bulletin.issued_at
    date = f"{issued.year}年{wording.day(issued)}"
    series = _clean(bulletin.series_name)
    masthead = _clean(bulletin.masthead) or series
    issue = f"{bulletin.year}年第{bulletin.number}期（总第{bulletin.total}期）" if bulletin.number else PROOF
    return Sheet(
        mark=_clean(bulletin.mark),
        copy_number=_clean(bulletin.copy_number),
        masthead=masthead,
        scale=min(1.0, _FITTING / max(len(masthead), 1)),
        series=series if bulletin.masthead else "",
        name=f"{masthead}（{series}）{issue}" if bulletin.masthead else f"{series}{issue}",
        issue=issue,
        office=f"{bulletin.bureau}{bulletin.office}编",
        date=date,
        title=_clean(bulletin.title),
        note=_clean(bulletin.late_note),
        contents=_contents(bulletin),
        blocks=tuple(_block(bulletin, place, part) for place, part in enumerate(bulletin.sections)),
        imprint=tuple(_ended(_clean(line)) for line in bulletin.distribution),
        issuer=f"{bulletin.bureau}{bulletin.office}",
        issued=f"{date}印发",
        copies=f"（共印{bulletin.copies}份）" if bulletin.copies else "",
        signatory=f"签发：{_clean(bulletin.signatory)}" if bulletin.signatory else "",
        audit=bulletin.audit_head,
        evidence=_evidence(bulletin),
    )


def _contents(bulletin: Bulletin) -> tuple[str, ...]:
    """Titles of the matters; a daily goes without: its first page is for the figures."""
    titles = [_clean(line.title) for part in bulletin.sections for line in part.items]
    if bulletin.series == "daily" or len(titles) < _LEADING:
        return ()
    return tuple(titles if len(bulletin.sections) <= _OF_MATTERS else titles[:_NAMED])


def _block(bulletin: Bulletin, place: int, part: Section) -> Block:
    paragraphs, drawn = _paragraphs(part, charts.gap(bulletin, part)), charts.picture(bulletin, part)
    between = bool(part.items or drawn)
    return Block(
        heading=f"{_numeral(place + 1)}、{_clean(part.heading)}",
        paragraphs=paragraphs,
        picture=drawn,
        entries=tuple(_entry(number, line) for number, line in enumerate(part.items, 1)),
        table=_table(part.table_head, part.table) if part.table else None,
        leads=bool(part.table and not between and paragraphs and len(paragraphs[-1]) <= _SHORT),
    )


def _ended(line: str) -> str:
    """A line of the imprint ends with a full stop (GB/T 9704-2012, 7.4.2)."""
    return line if line.endswith(("。", "；")) else f"{line}。"


def _clean(text: str) -> str:
    return pictureless(_NOT_TEXT.sub("", normalise(text)))


def _numeral(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def _paragraphs(part: Section, gap: str) -> tuple[str, ...]:
    """Sentences run on as one paragraph; what a person typed stands apart and says who wrote it."""
    text = ""
    for sentence in part.sentences:
        words = _clean(sentence.text)
        apart = sentence.text.startswith("\n")
        text += f"\n{words}{_signed(words, sentence.author)}\n" if sentence.author else "\n" * apart + words
    return tuple(line.strip() for line in (text + gap).split("\n") if line.strip())


def _signed(words: str, author: str) -> str:
    """The mark under typed words, unless they carry it already."""
    name = _clean(author)
    return "" if name in words else f"（{name}撰写）"


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
        link=cell(_clean(line.url)),
    )


def _table(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Table:
    return table(head, [[cell(_clean(text)) for text in row] for row in rows])


def _evidence(bulletin: Bulletin) -> Table:
    """Every figure with the query that gives it; the year before only where one was counted."""
    yearly = any(figure.year_before is not None for figure in bulletin.figures)
    head = ("数字", "本期", "前一日" if bulletin.span == "day" else "上期", "上年同期", "键", "查询")
    rows = [
        (
            figure.label,
            f"{figure.value}{figure.unit}",
            _before(figure.previous),
            _before(figure.year_before),
            figure.key,
            figure.query,
        )
        for figure in bulletin.figures
    ]
    kept = [place for place in range(len(head)) if yearly or head[place] != "上年同期"]
    return _table(
        tuple(head[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows)
    )


def _before(earlier: int | None) -> str:
    return "—" if earlier is None else str(earlier)
