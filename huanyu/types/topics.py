"""Hot topics: TopicPost -> Topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huanyu.types.posts import Place
from huanyu.types.posts import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPost:
    """What of a post its topic and heat are made from; nothing in it names a person."""

    id: int
    said_at: datetime
    source: str
    kind: SourceKind
    voice: int  #: equal for posts of one author within one read of the store, and good for nothing else
    root: int  #: the post it repeats, or its own id
    case_id: int | None
    kinds: tuple[str, ...]
    places: tuple[Place, ...] = ()
    enterprises: tuple[str, ...] = ()
    likes: int = 0
    reposts: int = 0
    comments: int = 0
    views: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a heat: value = weight × amount, or weight × log2(1 + amount ÷ unit)."""

    name: str
    amount: int
    weight: float
    shape: str
    unit: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What many speak of in a period."""

    title: str  #: place or enterprise, and kind; never a citizen's words
    heat: float  #: sum of the terms' values
    terms: tuple[Term, ...]
    posts: tuple[int, ...]  #: ids, earliest first
    cases: tuple[int, ...]
    sources: tuple[str, ...]
    kinds: tuple[str, ...]  #: most told first
    place: str
    enterprise: str
    area: str
    before: float  #: heat in the equal period before
    posts_before: tuple[int, ...]
    first_at: datetime
    last_at: datetime

    @property
    def key(self) -> str:
        """Its earliest post: the same for the same data."""
        return str(self.posts[0])
