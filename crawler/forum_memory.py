"""What a forum spider remembers of a board between two visits, as the short texts a cursor can hold.

Knows no page and no request. What a visit could not finish is written down here; the next visit goes on from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta

from crawler.forum_page import BoardRow
from crawler.patience import TRIES

THREADS = 1000  # threads remembered per board; an older one that moves is read whole again
WAITING = 5000  # threads that wait to be read; a visit reads at most some hundred
BACKLOG = 1000  # of these; a board is not read further back while more are waiting
ALONE = 10**18  #: as `since` of a rest: above all floors, so that its page alone is left
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Read:
    """A thread as it was read last: its highest floor id, and what the board said of it then."""

    top: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A thread that waits to be read from its first page."""

    stamp: str
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """Pages of a long thread that were not read yet: from `page` down, to the second or a floor not above `since`."""

    tid: str
    opener: str
    page: int
    since: int
    tries: int = 0  #: visits on which `page` did not come


@dataclass(frozen=True, slots=True)
class Inside:
    """Answers inside a floor that were not read yet, from `page` on."""

    tid: str
    opener: str
    page: int


@dataclass(frozen=True, slots=True)
class Deep:
    """Pages of a board that were not read yet: from `page` on, to threads that last moved before `until`."""

    page: int
    until: datetime


@dataclass(slots=True)
class Memory:
    """One board: what is known, what is left. Changed while a visit goes on, written down at its end."""

    known: datetime | None = None  #: the newest row of the last visit
    before: datetime | None = (
        None  #: and of the visit before it: what slipped between two pages is found again
    )
    deep: Deep | None = None
    read: dict[str, Read] = field(default_factory=dict)
    waiting: dict[str, Wanted] = field(default_factory=dict)
    rest: list[Rest] = field(default_factory=list)  #: a thread that grows fast may leave several stretches
    answers: dict[str, int] = field(default_factory=dict)  #: answers read below a floor
    inside: dict[str, Inside] = field(default_factory=dict)  #: answers below a floor that are left
    feed: tuple[str, ...] = ()  #: threads the board's RSS listed
    board_at: datetime | None = None  #: when the board itself was read
    budget: int = 0  #: pages of threads this visit may still ask for
    asked: set[str] = field(default_factory=set)

    def is_news(self, row: BoardRow, when: datetime | None, since: datetime | None) -> bool:
        """Whether a thread must be read; `since` None means every thread that is not known as it stands."""
        mine = self.read.get(row.tid)
        if mine and mine.stamp != row.stamp:
            return True
        if when is None or since is None:
            return mine is None
        if mine:  # boards print minutes: what came later in the same one must not be missed
            return not is_day(when) and self.known is not None and when >= self.known
        return reaches(when, since)

    def has_moved(self, row: BoardRow) -> bool:
        """Whether a thread is not known as it stands on its board."""
        mine = self.read.get(row.tid)
        return mine is None or mine.stamp != row.stamp

    def finish(self, tid: str, top: int, stamp: str) -> None:
        """Note that a thread was read up to floor `top`."""
        known = self.read.pop(tid, None)
        self.read[tid] = Read(max(top, known.top if known else 0), stamp)

    def forget(self, tid: str) -> None:
        """A thread is gone."""
        self.read.pop(tid, None)
        self.rest = [rest for rest in self.rest if rest.tid != tid]

    def postpone(self, tid: str, wanted: Wanted) -> None:
        """Try a thread on the next visit; after too many visits only when it has moved again."""
        if wanted.tries < TRIES:
            self.waiting[tid] = wanted
        else:
            self.finish(tid, 0, wanted.stamp)

    def put_back(self, rest: Rest) -> None:
        """Go on there on the next visit; a page that never comes does not keep those before it."""
        if rest.tries >= TRIES:
            rest = Rest(rest.tid, rest.opener, rest.page - 1 if rest.since < ALONE else 0, rest.since)
        if rest.page > 1:
            self.rest.append(rest)

    def deep_until(self, deep: Deep) -> datetime:
        """The older end of what is left, where two visits left something."""
        return min(deep.until, self.deep.until) if self.deep else deep.until


def reaches(when: datetime, since: datetime) -> bool:
    """Whether a moment, or any moment of the day it stands for, is not before `since`."""
    return when + DAY > since if is_day(when) else when >= since


def is_day(when: datetime) -> bool:
    """A midnight: the board told the day only."""
    return (when.hour, when.minute, when.second) == (0, 0, 0)


def load(cursor: Mapping[str, str], board: str) -> Memory:
    """What the cursor says of a board."""
    known = moment(cursor.get(board, ""))
    return Memory(
        known=known,
        before=moment(cursor.get(f"before:{board}", "")) or known,
        deep=to_deep(cursor.get(f"deep:{board}", "")),
        read={
            tid: Read(int(top), stamp) for tid, top, stamp in records(cursor.get(f"threads:{board}", ""), 3)
        },
        waiting={
            tid: Wanted(stamp, int(tries or 0))
            for tid, stamp, tries in records(cursor.get(f"again:{board}", ""), 3)
        },
        rest=[
            Rest(tid, opener, int(page), int(since), int(tries or 0))
            for tid, opener, page, since, tries in records(cursor.get(f"rest:{board}", ""), 5)
        ],
        answers={pid: int(count) for pid, count in records(cursor.get(f"answers:{board}", ""), 2)},
        inside={
            pid: Inside(tid, opener, int(page))
            for pid, tid, opener, page in records(cursor.get(f"inside:{board}", ""), 4)
        },
        feed=tuple(cursor.get(f"feed:{board}", "").split()),
        board_at=moment(cursor.get(f"board:{board}", "")),
    )


def dump(memory: Memory, board: str) -> dict[str, str]:
    """The cursor that `load` reads; an empty text takes the key away."""
    told = {
        board: iso(memory.known),
        f"before:{board}": iso(memory.before),
        f"deep:{board}": f"{memory.deep.page} {iso(memory.deep.until)}" if memory.deep else "",
        f"feed:{board}": " ".join(memory.feed),
        f"board:{board}": iso(memory.board_at),
    }
    threads = [f"{tid}|{one.top}|{one.stamp}" for tid, one in memory.read.items()]
    again = [f"{tid}|{one.stamp}|{one.tries}" for tid, one in memory.waiting.items()]
    rest = [f"{one.tid}|{one.opener}|{one.page}|{one.since}|{one.tries}" for one in memory.rest]
    answers = [f"{pid}|{count}" for pid, count in memory.answers.items()]
    inside = [f"{pid}|{one.tid}|{one.opener}|{one.page}" for pid, one in memory.inside.items()]
    return told | {
        f"threads:{board}": " ".join(threads[-THREADS:]),
        f"again:{board}": " ".join(again[:WAITING]),
        f"rest:{board}": " ".join(rest[:WAITING]),
        f"answers:{board}": " ".join(answers[-THREADS:]),
        f"inside:{board}": " ".join(inside[:WAITING]),
    }


def records(text: str, width: int) -> list[list[str]]:
    """Records between blanks, fields between bars; one of an older shape is filled up with empty fields."""
    split = (record.split("|") for record in text.split())
    return [(fields + [""] * width)[:width] for fields in split]


def to_deep(text: str) -> Deep | None:
    page, _, until = text.partition(" ")
    when = moment(until)
    return Deep(int(page), when) if page.isdecimal() and when else None


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def iso(when: datetime | None) -> str:
    return when.isoformat() if when else ""
