"""Posts and what is made of them: RawPost -> Post -> Verdict."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from typing import Any


class SourceKind(StrEnum):
    """Where an item came in; counted apart in every bulletin (domain 1, 4: 118 and 241 are never added)."""

    WEIBO = "weibo"
    WECHAT = "wechat"
    FORUM = "forum"
    NEWS = "news"
    PLATFORM = "platform"  #: an outside monitoring platform's export
    HOTLINE = "hotline"  #: 12369, 12345, 81890 …
    LETTER = "letter"  #: letters, mail, message boards
    REPORT = "report"  #: our own 随手拍 form, telephone log, visit


class PostType(StrEnum):
    """What a text is (labelling guide, part 1)."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    PUBLICITY = "publicity"
    OPINION = "opinion"
    OTHER_REQUEST = "other_request"
    OTHER = "other"


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPost:
    """One post, comment, floor, article or report as a spider or an import saw it."""

    source: str  #: key in sources.toml
    kind: SourceKind
    native_id: str  #: the platform's id; unique together with `source`
    url: str
    text: str  #: plain text, no markup, not yet normalised
    fetched_at: datetime
    title: str = ""
    author: str = ""
    author_id: str = ""
    posted_at: datetime | None = None
    year_inferred: bool = False  #: the list gave no year and we supplied one
    parent_id: str = ""  #: native id of the thread or post this answers
    region: str = ""  #: the platform's "发布于 山东"
    likes: int | None = None
    reposts: int | None = None
    comments: int | None = None
    views: int | None = None
    images: tuple[str, ...] = ()
    deleted: bool = False
    raw: bytes = b""  #: the payload it was read from
    raw_type: str = ""  #: media type of `raw`
    identity: str = ""  #: the same whichever source found it, "weibo/5123…"; "" = source/native_id
    link: str = ""  #: canonical name of its own page (crawler.links); "" = it has none of its own
    event_at: datetime | None = None  #: 事件时间: when it happened, by the text; never with an inferred year
    event_words: str = ""  #: the words that say so
    learned_at: datetime | None = None  #: when the bureau was told, where that was before we fetched it
    entered_by: str = ""  #: the person who typed it in, "" for what a machine found
    ordered_to: str = ""  #: the unit that a work order names, as it names it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Something that could not be read: kept and shown."""

    source: str
    where: str  #: URL, or file name and line
    reason: str  #: Chinese, for the person who looks at the list
    payload: bytes
    at: datetime
    callback: str = ""  #: spider method that reads the payload again; "" where only a new visit or import can
    meta: dict[str, Any] = field(default_factory=dict)  #: what that method needs to know; JSON values


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A stored post."""

    id: int
    source: str
    kind: SourceKind
    native_id: str
    url: str
    title: str
    text: str
    author: str
    posted_at: datetime | None
    fetched_at: datetime
    parent_id: str = ""
    region: str = ""
    likes: int | None = None
    reposts: int | None = None
    comments: int | None = None
    views: int | None = None
    images: tuple[str, ...] = ()
    deleted: bool = False
    link: str = ""
    same_as: int | None = None  #: the earliest post this one repeats
    same_why: str = ""  #: link | repost
    event_at: datetime | None = None
    event_words: str = ""
    year_inferred: bool = False  #: the list gave no year and we supplied one
    learned_at: datetime | None = None  #: when the bureau was told, where that was before we fetched it
    entered_by: str = ""  #: the person who typed it in
    ordered_to: str = ""  #: the unit that a work order names, as it names it

    @property
    def said_at(self) -> datetime:
        """Post time, or the time we saw it where the platform gave none."""
        return self.posted_at or self.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place named in a text, resolved to the bureau's gazetteer."""

    name: str  #: as in the gazetteer
    code: str  #: 6 or 9 digits
    level: str  #: city | county | zone | township | village | river | road | landmark
    unit: str  #: county code, or 经开区 | 高新区 | 度假区
    reason: str = ""  #: Chinese; which words, which rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a text names besides places."""

    enterprises: tuple[str, ...] = ()  #: as in the bureau's table, else as written
    times: tuple[str, ...] = ()  #: when it happens, as written: 每天凌晨2点
    contacts: tuple[
        str, ...
    ] = ()  #: which sorts of contact data stand in it (phone, id_card …), never the data
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()  #: accounts addressed with @


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the classifier makes of one text."""

    type: PostType
    complaint: float  #: calibrated probability, 0–1
    kinds: tuple[str, ...]  #: codes such as noise.construction, most likely first
    sentiment: Sentiment
    urgent: bool
    unsure: bool  #: near the operating point: a person looks
    is_complaint: bool  #: decided at the operating point
    places: tuple[Place, ...]
    out_of_town: bool
    signature: bytes  #: MinHash of the text, for "same text?"
    why: tuple[str, ...]  #: the words that decided, strongest first
    tokens: str  #: search tokens, blank-separated
    model: str  #: version of the model that said so
    named: Named = Named()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we know of one source's health."""

    source: str
    state: str  #: ok slow wall login_needed robots_closed silent failing; "paused" is a switch, not kept here
    since: datetime
    sentence: str  #: Chinese
    last_ok: datetime | None = None
    last_new: int = 0
    cursor: dict[str, str] = field(default_factory=dict)  #: since_id, ETag, Last-Modified …
    last_try: datetime | None = None
    failures: int = 0  #: visits in a row that did not go well
    interval: int = 0  #: seconds to the next visit as adapted; 0 = not yet
    next_at: datetime | None = None  #: earliest next visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """One visit to a source, as the log of visits keeps it."""

    source: str
    at: datetime
    seconds: float
    state: str
    sentence: str
    pages: int = 0
    new: int = 0
    seen: int = 0
    changed: int = 0
    rejects: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A post a person knows of, to measure whether we would have seen it."""

    id: int
    source: str
    url: str
    link: str
    words: str  #: a piece of its text
    posted_at: datetime | None
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeCheck:
    """What one day's look for a known post found."""

    probe_id: int
    day: date
    post_id: int | None  #: where the desk has it, None = missed
    readable: bool | None  #: whether its page could be read that day; None = not tried
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A picture of a complaint, kept as it was."""

    id: int
    post_id: int
    url: str
    state: str  #: wanted | kept | refused
    sha256: str | None
    media: str
    size: int
    at: datetime
    note: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """From post time to captured time, of one source."""

    source: str
    posts: int
    p50: timedelta
    p95: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How many new items a source showed in each hour, up to the last one it showed."""

    source: str
    start: datetime  #: a full hour in Asia/Shanghai
    counts: tuple[int, ...]  #: one for each hour from there
