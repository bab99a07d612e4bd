"""What one answer of Weibo gave, whichever of its faces answered.

Values only; reading them is the business of `crawler.weibo_json` and `crawler.weibo_results`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from huanyu.types import RawPost


@dataclass(frozen=True, slots=True)
class Seen:
    """Where and when a payload was fetched."""

    source: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """One item of a list that could not be read: itself alone, and why."""

    payload: bytes
    reason: str  #: Chinese


@dataclass(frozen=True, slots=True)
class More:
    """A comment below which stand more replies than the list shows."""

    id: str
    replies: int


@dataclass(frozen=True, slots=True)
class Page:
    """What one response gave."""

    groups: tuple[
        tuple[RawPost, ...], ...
    ] = ()  #: of each listed item: itself, then its original or its replies
    broken: tuple[Broken, ...] = ()
    next: str = ""  #: where the list goes on, as a query; "" where it tells no such place
    last: bool = False  #: the list says that nothing follows
    ids: tuple[int, ...] = ()  #: of the list itself, without the originals of reposts and nested replies
    pinned: frozenset[int] = frozenset()  #: of those, the ones put on top whatever their age
    cut: frozenset[str] = frozenset()  #: native ids whose text goes on elsewhere
    more: tuple[More, ...] = ()

    @property
    def posts(self) -> tuple[RawPost, ...]:
        """Every post or comment, in the order of the page."""
        return tuple(post for group in self.groups for post in group)

    @property
    def listed(self) -> tuple[int, ...]:
        """The numbers that are where their age puts them."""
        return tuple(one for one in self.ids if one not in self.pinned)
