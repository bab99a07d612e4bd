"""Which of the known matters a complaint need be compared with: an index over what a likeness can rest on.

Leaves out only matters that `cases.sameness` would score below what intake acts upon; a test compares the plans.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Final

from cases import objects
from cases.sameness import MATTER_WINDOW
from cases.sameness import NAMED_WIDE
from cases.sameness import Complaint
from cases.sameness import within_reach
from huanyu.types import OpenMatter

#: A signature of up to 128 values is cut into so many pieces. Two that agree in 80 % differ in 25 values at most,
#: which spoil 25 pieces at most: all others are the same.
PIECES: Final = 32
SPOILT: Final = 25
FEW: Final = 20
DAY: Final = 86_400  # seconds

Key = tuple[str, object]


class Candidates:
    """The known matters, found by what they share with a complaint."""

    def __init__(self, matters: Iterable[OpenMatter] = (), complaints: int = FEW) -> None:
        """Take the known matters; for less than FEW complaints looking at each costs less than an index."""
        self._indexed = complaints >= FEW
        self._matters: dict[int, OpenMatter] = {}
        self._dropped = 0  #: matters that are in the index still
        self._found: defaultdict[Key, list[int]] = defaultdict(list)
        self._townships: set[str] = set()
        self._days: defaultdict[int, set[int]] = defaultdict(
            set
        )  #: open matters by the day of their last post
        self._closed: set[int] = set()
        for matter in matters:
            self.put(matter)

    def __len__(self) -> int:
        return len(self._matters)

    @property
    def matters(self) -> list[OpenMatter]:
        """All of them, by number."""
        return [self._matters[case_id] for case_id in sorted(self._matters)]

    def put(self, matter: OpenMatter) -> None:
        """Add a matter, or renew what is known of it: its text and place mostly stay those of its first post."""
        known = self._matters.get(matter.case_id)
        self._matters[matter.case_id] = matter
        if known is not None:
            self._when(known).discard(known.case_id)
        self._when(matter).add(matter.case_id)
        if not self._indexed or (known is not None and _indexed(known) == _indexed(matter)):
            return
        before = frozenset() if known is None else frozenset(_keys_of(known))
        for key in set(_keys_of(matter)) - before:
            self._found[key].append(matter.case_id)
        if matter.place.endswith(NAMED_WIDE):
            self._townships.add(matter.place)

    def drop(self, case_ids: Iterable[int]) -> None:
        """Forget matters; the index does so when it holds more of what is forgotten than of what is known."""
        for case_id in case_ids:
            if (gone := self._matters.pop(case_id, None)) is not None:
                self._when(gone).discard(case_id)
                self._dropped += 1
        if self._dropped > max(FEW, len(self._matters)):
            known, self._dropped = list(self._matters.values()), 0
            self._matters.clear()
            self._found.clear()
            self._townships.clear()
            self._days.clear()
            self._closed.clear()
            for matter in known:
                self.put(matter)

    def near(self, one: Complaint) -> list[OpenMatter]:
        """Every matter that may be the complaint's, by number."""
        if not self._indexed:
            return self.matters
        copies = self._copies(one.signature) & self._matters.keys()
        reach = self._reach(one)
        found = copies.union(*(reach.intersection(self._found.get(key, ())) for key in self._asked(one)))
        known = (self._matters[case_id] for case_id in sorted(found))
        return [matter for matter in known if matter.case_id in copies or within_reach(one, matter)]

    def _when(self, matter: OpenMatter) -> set[int]:
        """Where it stands by time."""
        return self._closed if matter.closed else self._days[_day(matter.last_post_at)]

    def _reach(self, one: Complaint) -> set[int]:
        """At least all that is within reach: of a city's matters few, and most keys are of many."""
        days = range(_day(one.said_at - MATTER_WINDOW), _day(one.said_at + MATTER_WINDOW) + 1)
        return self._closed.union(*(self._days.get(day, ()) for day in days))

    def _copies(self, signature: bytes) -> set[int]:
        """Matters whose first text may be nearly the same."""
        pieces = list(_pieces(signature))
        agreeing = Counter(chain.from_iterable(self._found.get(piece, ()) for piece in pieces))
        least = max(1, len(pieces) - SPOILT)
        return {case_id for case_id, count in agreeing.items() if count >= least}

    def _asked(self, one: Complaint) -> Iterator[Key]:
        yield from (("kind", (one.area, kind)) for kind in one.kinds if one.area)
        yield from (("firm", name) for name in one.enterprises)
        yield from (("name", pair) for pair in _pairs(one.text))
        yield from (("text", pair) for pair in objects.keys(one.text))
        for place in one.places:
            yield "place", place.name
            yield "text", place.name[:2]
        yield from (("text", line[:2]) for line in objects.lines(one.text))
        yield from (("place", name) for name in self._townships if name in one.text)


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // DAY)


def _keys_of(matter: OpenMatter) -> Iterator[Key]:
    yield from _pieces(matter.signature)
    yield from (("kind", (matter.unit_area, kind)) for kind in matter.kinds)
    yield from (("firm", name) for name in matter.enterprises)
    yield from (("name", pair) for pair in objects.keys(matter.text))
    yield from (("text", pair) for pair in _pairs(matter.text))
    yield "place", matter.place


def _indexed(matter: OpenMatter) -> tuple[object, ...]:
    return (
        matter.text,
        matter.place,
        matter.kinds,
        matter.unit_area,
        matter.signature,
        matter.enterprises,
    )


def _pieces(signature: bytes) -> Iterator[Key]:
    size = max(1, -(-len(signature) // PIECES))
    return (("copy", (at, signature[at : at + size])) for at in range(0, len(signature), size))


def _pairs(text: str) -> set[str]:
    """Every two characters that stand side by side."""
    return {text[at : at + 2] for at in range(len(text) - 1)}
