"""What a page of a forum holds, whichever software printed it: rows of a board, floors of a thread.

Values only; reading a page is the business of crawler.discuz_html, crawler.discuz_mobile and crawler.tieba_html.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A thread as its board lists it."""

    tid: str
    title: str
    author: str
    sticky: bool
    posted_at: datetime | None  #: to the day
    last_at: datetime | None  #: last reply, to the minute
    replies: int | None
    views: int | None
    fades: bool = False  #: tomorrow the same reply will be told by its day only

    @property
    def stamp(self) -> str:
        """What changes when somebody answers; never the number of readers."""
        last = f"{self.last_at:%Y%m%d%H%M}" if self.last_at and not self.fades else ""
        return f"{last}/{'' if self.replies is None else self.replies}"


@dataclass(frozen=True, slots=True)
class Board:
    rows: tuple[BoardRow, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is no picture, by the name its author gave it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """One post of a thread, or an answer below a floor."""

    pid: str
    author: str
    author_id: str
    posted_at: datetime | None
    text: str
    images: tuple[str, ...]
    html: str
    hidden: bool = False  #: blocked or deleted: the floor stands, its text doesn't
    number: int | None = None  #: 楼: the opening post is 1
    year_inferred: bool = False
    attachments: tuple[Attachment, ...] = ()
    region: str = ""  #: "IP属地" as the platform says it
    below: str = ""  #: pid of the floor this answers inside (楼中楼)
    answers: int = 0  #: how many answers the page says stand below this floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    title: str
    floors: tuple[Floor, ...]
    page: int
    pages: int
    views: int | None
    replies: int | None

    @property
    def opener(self) -> str:
        """The opening post of a first page; a floor that a moderator put on top is not it."""
        first = next((floor for floor in self.floors if floor.number == 1), None)
        return first.pid if first else (self.floors[0].pid if self.floors else "")

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(int(floor.pid) for floor in self.floors if floor.pid.isdecimal() and not floor.below)
