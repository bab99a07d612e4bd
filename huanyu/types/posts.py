"""Posts and what is made of them: RawPost -> Post -> Verdict."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Something that could not be read: kept and shown."""

    source: str
    where: str  #: URL, or file name and line
    reason: str  #: Chinese, for the person who looks at the list
    payload: bytes
    at: datetime


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

    @property
    def said_at(self) -> datetime:
        """Post time, or the time we saw it where the platform gave none."""
        return self.posted_at or self.fetched_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place named in a text, resolved to the bureau's gazetteer."""

    name: str  #: as in the gazetteer
    code: str  #: 6 or 9 digits
    level: str  #: city | county | zone | township | village | river | landmark
    unit: str  #: county code, or 经开区 | 高新区 | 度假区
    reason: str = ""  #: Chinese; which words, which rule


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What we know of one source's health."""

    source: str
    state: str
    since: datetime
    sentence: str  #: Chinese
    last_ok: datetime | None = None
    last_new: int = 0
    cursor: dict[str, str] = field(default_factory=dict)  #: since_id, ETag, Last-Modified …
