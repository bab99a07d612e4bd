"""How far to read a list: what is news in it, when to stop, where to go on at the next visit.

Pure. A walk starts at the top and ends at what is known; where `max_pages` ends it before, the rest is remembered
and walked at the next visit, down to what was known when the walk fell behind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from hashlib import sha256

PAGE = "{page}"  #: stands in an address for the number of the page
KNOWN = 1000  # items remembered for each list, sixteen characters each
DEEPEST_KEPT = 100  # of these, items at the end of what a catching-up walk has reached
FLOOR = 30  # items that a catching-up walk looks out for
DEEPEST = 400  # pages of one list, over all visits: a list that is longer has no end, or it is history
ID, MARK = 10, 6  # characters of a digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One list on its way down."""

    start: str  #: address in sources.toml
    url: str  #: the page to read
    page: int = 1  #: of this visit
    depth: int = 1  #: from the top, over all visits
    catching_up: bool = False
    floor: tuple[str, ...] = ()  #: catching up: known before the walk fell behind
    been: tuple[str, ...] = ()  #: pages read in this walk
    seen: tuple[str, ...] = ()  #: items seen in this walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Where the next visit goes on."""

    url: str
    depth: int
    floor: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What comes after a page."""

    walk: Walk | None = None
    rest: Rest | None = None
    endless: bool = False


def digest(text: str, length: int = ID) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def numbered(start: str, first_page: int, depth: int) -> str:
    """The address of the page at that depth; the address itself where it has no {page}."""
    return start.replace(PAGE, str(first_page + depth - 1))


def begin(start: str, first_page: int) -> Walk:
    return Walk(start=start, url=numbered(start, first_page, 1))


def go_on(start: str, rest: Rest) -> Walk:
    """The walk that catches up with what an earlier visit left."""
    return Walk(start=start, url=rest.url, depth=rest.depth, catching_up=True, floor=rest.floor)


def step(
    walk: Walk, ids: Sequence[str], news: int, following: str, floor: Sequence[str], most: int, look_back: int
) -> Step:
    """What to do after a page that showed the items `ids`, `news` of them new or changed.

    `floor` is what was known before this visit; `following` the next page, "" at the end of the list.
    """
    again = bool(ids) and set(ids) <= set(walk.seen)  # past its end a list often shows its last page for ever
    if not following or not ids or again or following in {*walk.been, walk.url}:
        return Step()
    if not news and reached(walk, ids, min(look_back, most)):
        return Step()
    if walk.depth >= DEEPEST:
        return Step(endless=True)
    if walk.page < most:
        return Step(walk=further(walk, following, ids))
    # pages move down while we are away: the last one is read twice so that nothing slips through between them
    url, depth = (walk.url, walk.depth) if most > 1 else (following, walk.depth + 1)
    return Step(rest=Rest(url=url, depth=depth, floor=tuple(floor[:FLOOR])))


def reached(walk: Walk, ids: Sequence[str], look_back: int) -> bool:
    """Whether a page without news is the end of the news."""
    return bool(set(walk.floor) & set(ids)) if walk.catching_up else walk.page >= look_back


def further(walk: Walk, following: str, ids: Sequence[str]) -> Walk:
    return replace(
        walk,
        url=following,
        page=walk.page + 1,
        depth=walk.depth + 1,
        been=(*walk.been, walk.url),
        seen=(*walk.seen, *ids),
    )


# --- what is remembered -------------------------------------------------------------------------------------


def load_known(told: str) -> dict[str, str]:
    """Items by digest, each with the mark it bore, newest first."""
    return {part[:ID]: part[ID:] for part in told.split()}


def dump_known(top: Mapping[str, str], known: Mapping[str, str], deep: Mapping[str, str]) -> str:
    """Items of this visit's walk from the top, those known before, those a catching-up walk found."""
    upper = {**top, **{key: mark for key, mark in known.items() if key not in top}}
    lower = {key: mark for key, mark in deep.items() if key not in top}
    kept = {key: mark for key, mark in upper.items() if key not in lower}
    both = [*list(kept.items())[: KNOWN - DEEPEST_KEPT], *list(lower.items())[-DEEPEST_KEPT:]]
    return " ".join(key + mark for key, mark in both)


def load_rest(told: str) -> Rest | None:
    found = json.loads(told) if told else None
    return Rest(**(found | {"floor": tuple(found["floor"])})) if found else None


def dump_rest(rest: Rest | None) -> str:
    return json.dumps({"url": rest.url, "depth": rest.depth, "floor": list(rest.floor)}) if rest else ""
