"""Walk a list that shows the newest first, without a gap: also when a visit ends before the known is reached.

Pure. A visit first reads from the top down to what is known; then it goes on with what earlier visits left unread.
The cursor is "known low:high:position …": the newest number met, and for each gap where its reading goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

MOST = 20  # gaps remembered of one list; two of the oldest become one, which reads a few pages twice


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece of a list that no visit has read yet."""

    low: int  #: up to this number everything is known
    high: int  #: from this number on everything is read
    at: str  #: where the platform goes on, as a query

    def __str__(self) -> str:
        return f"{self.low}:{self.high}:{self.at}"


@dataclass(frozen=True, slots=True)
class Walk:
    """Where we are in one list."""

    newest: int = 0  #: highest number met
    low: int = 0  #: of the piece in hand: up to here it is known
    high: int = 0  #: of the piece in hand: from here on it is read; 0 = it begins at the top
    edge: int = (
        0  #: highest number of the last page: lists are not quite in order, below it some may be unread
    )
    at: str = ""  #: position of the page asked for, "" = the first
    page: int = (
        1  #: of this piece on this visit; a gap begins with 0, for its first page overlaps the last one read
    )
    waiting: tuple[Gap, ...] = ()  #: gaps of earlier visits, to be read after the top
    left: tuple[Gap, ...] = ()  #: gaps that the next visit finds

    @property
    def behind(self) -> bool:
        """Whether more has come than a visit may read; what an account wrote before we first looked is no such flood."""
        return any(gap.low for gap in self.left)

    def wants(self, number: int) -> bool:
        """Whether a post belongs to the piece in hand and has not been read before."""
        return number > self.low and (not self.high or number < self.high)


def start(cursor: Mapping[str, str], name: str) -> Walk:
    """The walk of list `name` where the last visit left it."""
    first, *rest = cursor.get(name, "").split() or ["0"]
    known = int(first) if first.isdecimal() else 0
    return Walk(newest=known, low=known, waiting=tuple(gap for one in rest if (gap := read_gap(one))))


def read_gap(told: str) -> Gap | None:
    parts = told.split(":", 2)
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return Gap(int(parts[0]), int(parts[1]), parts[2])


def step(
    walk: Walk,
    ids: Sequence[int],
    following: str,
    max_pages: int,
    *,
    repeated: bool = False,
    resume: str = "",
    enough: bool = False,
) -> tuple[Walk | None, Walk]:
    """The next page to ask for, None at the end of this visit, and the walk as it is after this page.

    `repeated`: the page held nothing that this piece had not shown already; such a list has no end of its own.
    `resume`: where a later visit goes on instead of `following`, because positions there move.
    `enough`: this visit may ask for nothing more; what is left, is left to the next one.
    """
    walk = after(walk, ids)
    unread = any(walk.wants(one) for one in ids)
    above = bool(walk.high and ids) and min(ids) >= walk.high  # newer ones have pushed the gap down
    more = bool(following and ids) and (unread or above) and not repeated
    if more and walk.page < max_pages and not enough:
        return replace(walk, at=following, page=walk.page + 1), walk
    stuck = repeated and (not walk.high or walk.edge < walk.high)
    high = min(walk.edge, walk.high) if walk.high else walk.edge
    if (more or stuck) and high > walk.low + 1:
        walk = replace(walk, left=(*walk.left, Gap(walk.low, high, resume or following or walk.at)))
    if enough:
        walk = replace(walk, left=(*walk.left, *walk.waiting), waiting=())
    if not walk.waiting:
        return None, walk
    gap, *rest = walk.waiting
    opened = replace(walk, low=gap.low, high=gap.high, at=gap.at, page=0, edge=0, waiting=tuple(rest))
    return opened, opened


def after(walk: Walk, ids: Sequence[int]) -> Walk:
    return replace(walk, newest=max(walk.newest, *ids), edge=max(ids)) if ids else walk


def saved(walk: Walk) -> str:
    """The cursor with which the next visit starts."""
    gaps = list(walk.left)
    while len(gaps) > MOST:
        older, newer = gaps.pop(), gaps.pop()
        gaps.append(Gap(older.low, newer.high, newer.at))
    return " ".join([str(walk.newest), *map(str, gaps)])
