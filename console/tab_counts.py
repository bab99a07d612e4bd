"""How many cases stand behind each tab of their list: counted once a write for the same eyes, not once a look.

What is kept is found again by all that the count depends on, the eyes it was made for among it: nobody is shown what
another one may see.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.lifecycle import ENDS
from console.case_views import VIEWS
from console.day_figures import OnceAWriteByEyes
from flow.desk import Desk
from huanyu.types import Seer

MOST: Final = 10_000  #: of what is over so many are counted


@dataclass(frozen=True, slots=True)
class Tabs:
    """Cases by state, and how many are over, counted up to MOST; 0 where `states` holds those, too."""

    states: Mapping[str, int]
    over: int = 0

    def told(self, states: Collection[str]) -> str:
        """How many are in these states, all where none are named."""
        some = not states or not ENDS.isdisjoint(states)
        found = sum(count for state, count in self.states.items() if not states or state in states)
        return f"{MOST}+" if some and self.over >= MOST else str(found + (self.over if some else 0))


class TabCounts:
    """What one process has counted last, by unit and eyes."""

    def __init__(self) -> None:
        self._known = OnceAWriteByEyes(_count)

    def of(self, desk: Desk, now: datetime, unit: str | None, seer: Seer) -> Tabs:
        """Of one unit's cases, or of all, that these eyes may see."""
        return self._known.of((unit, seer), desk, now)


def _count(asked: tuple[str | None, Seer], desk: Desk, _now: datetime) -> Tabs:
    unit, seer = asked
    counts = desk.store.cases.count_states(VIEWS["open"][1], unit, seer=seer)
    return Tabs(counts, desk.store.cases.count(unit, ENDS, seer=seer, most=MOST))
