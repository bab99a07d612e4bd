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
    year_before: int | None = None  #: same figure of the same period a year before
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
    signed_at: datetime | None = None  #: when its unit took it


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A few masked words of one post."""

    post_id: int
    source_kind: str
    area: str
    quote: str


PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Judgement or advice a person typed for one issue; no program writes these."""

    kind: str  #: judgement | advice, which are printed; proposed, a word to whoever signs
    text: str
    author: str  #: the name printed under it
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a 专报 is about: nothing stated means everything, several of a sort mean any of them."""

    id: int
    name: str
    kinds: tuple[str, ...] = ()  #: a family covers its leaves
    areas: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  #: in the title, the place or the text


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """What one source gave in the period, and whether it was seen at all."""

    key: str
    name: str
    kind: str
    posts: int
    complaints: int
    state: (
        str  #: ok slow wall login_needed robots_closed silent failing paused; partly: at times one of these
    )
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
    first_day: date | None = None  #: of the period, where it is longer than `day`, its last one
    span: str = "day"  #: a span of huanyu.periods
    trend_before: tuple[Row, ...] = ()  #: the same of the period before, where it is longer than a day
    cells: tuple[
        Figure, ...
    ] = ()  #: of tables: `case_kind:noise.social`, `case_level:重大`, `issued:daily` …
    returned: tuple[CaseLine, ...] = ()
    reopened: tuple[CaseLine, ...] = ()
    repeated: tuple[CaseLine, ...] = ()
    praise: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A rendered statement and where it comes from."""

    text: str
    figures: tuple[str, ...] = ()  #: keys of Figure
    cases: tuple[int, ...] = ()
    author: str = ""  #: who typed it; "" = compiled from figures and cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A headed part of a bulletin."""

    heading: str
    sentences: tuple[Sentence, ...] = ()
    items: tuple[CaseLine, ...] = ()
    table_head: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    chart: str = ""  #: trend | kinds | areas | channels | ""
    chart_rows: tuple[Row, ...] = ()  #: what the chart draws, in print order; empty: Bulletin.trend or .kinds
    chart_before: tuple[Row, ...] = ()  #: the same for the period before; trend: by place, the others: by key
    chart_unit: str = ""  #: 件 条; "" says 件 for trend and 条 for the others
    chart_caption: str = ""  #: "" says what the chart usually shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A compiled bulletin: one data object from which HTML, DOCX and PDF are rendered."""

    series: str  #: a key of bulletins.toml: daily weekly …
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
    copy_number: str = ""  #: 份号, six digits
    copies: int = 0  #: 印数; 0 prints none
    signatory: str = ""
    first_day: date | None = None  #: of the period, where it is longer than `day`, its last one
    span: str = "day"  #: a span of huanyu.periods: says what "the period before" is called
    scope: str = ""  #: case:12, cases:1,2, search:3/2026-03-01; "" = the period
    search: Search | None = None  #: as it read when this was issued


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBulletin:
    """An issued bulletin as it lies in the archive."""

    id: int
    bulletin: Bulletin
    html: bytes
    docx: bytes
    pdf: bytes
