"""Figures of a period and the bulletin compiled from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime

from huanyu.types.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number in a bulletin together with the query that gives it."""

    key: str
    value: int
    unit: str  #: 起 件 条 期
    label: str  #: Chinese
    query: str  #: name of the query in huanyu.store.figures
    previous: int | None = None  #: same figure of the period before
    ids: tuple[int, ...] = ()  #: rows counted, where there are few enough to list


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table or chart: label, count, and what it counts."""

    label: str
    count: int
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case as a bulletin shows it: masked and shortened."""

    case_id: int
    number: str
    title: str
    kinds: tuple[str, ...]
    area: str
    source_kind: str
    quote: str
    url: str
    posts: int
    state: str
    unit: str
    opened_at: datetime
    due: datetime | None
    urgent: bool
    answered_url: str = ""
    level: str = "一般"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """What one source gave in the period, and whether it was seen at all."""

    key: str
    name: str
    kind: str
    posts: int
    complaints: int
    state: str  #: ok slow wall login_needed robots_closed silent failing paused
    sentence: str  #: Chinese, for a press officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that a bulletin is compiled from: one consistent read of the store."""

    period_from: datetime
    period_to: datetime
    day: date
    counts: tuple[Figure, ...]
    by_source: tuple[Row, ...]
    by_kind: tuple[Row, ...]
    by_area: tuple[Row, ...]
    by_sentiment: tuple[Row, ...]
    by_state: tuple[Row, ...]
    trend: tuple[Row, ...]  #: cases opened per day, oldest first
    new_cases: tuple[CaseLine, ...]
    open_cases: tuple[CaseLine, ...]
    overdue: tuple[CaseLine, ...]
    answered: tuple[CaseLine, ...]
    sources: tuple[SourceLine, ...]
    unanswered: tuple[CaseLine, ...] = ()
    audit_head: str = ""
    topics: tuple[Topic, ...] = ()  #: hottest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A rendered statement and where it comes from."""

    text: str
    figures: tuple[str, ...] = ()  #: keys of Figure
    cases: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed part of a bulletin."""

    heading: str
    sentences: tuple[Sentence, ...] = ()
    items: tuple[CaseLine, ...] = ()
    table_head: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    chart: str = ""  #: trend | kinds | areas | ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A compiled bulletin: one data object from which HTML, DOCX and PDF are rendered."""

    series: str  #: daily weekly …
    series_name: str  #: 每日舆情
    year: int
    number: int  #: within the year
    total: int  #: over all years
    day: date
    title: str
    bureau: str
    office: str
    mark: str  #: 内部资料 注意保存
    issued_at: datetime
    sections: tuple[Section, ...]
    figures: tuple[Figure, ...]
    trend: tuple[Row, ...] = ()
    kinds: tuple[Row, ...] = ()
    audit_head: str = ""
    late_note: str = ""
    masthead: str = ""  #: 环保舆情简报, in red on the first page
    distribution: tuple[str, ...] = ()  #: 报：… 送：… 发：…
    signatory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBulletin:
    """An issued bulletin as it lies in the archive."""

    id: int
    bulletin: Bulletin
    html: bytes
    docx: bytes
    pdf: bytes
