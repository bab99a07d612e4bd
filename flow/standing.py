"""How every source stands, as the console and `huanyu doctor` show it: its state first, figures beside it.

Reads only. What a state is, is decided in crawler.health.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType

from flow import probes
from flow.alarms import ADVICE
from flow.alarms import STATE_LABEL
from flow.alarms import needs_person
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.store import VisitSum
from huanyu.types import Latency
from huanyu.types import SourceState

DAY = timedelta(days=1)
LATENCY = timedelta(days=7)
ENOUGH = 0.9  # share of known posts below which the coverage is told

#: All that stands on a source's badge: states of a source that is read, and why another one is not.
LABEL: Mapping[str, str] = MappingProxyType(
    {**STATE_LABEL, "new": "尚未读取", "import": "随导入更新", "off": "停用"}
)
#: Worst first.
ORDER = (
    *("login_needed", "wall", "failing", "robots_closed", "silent", "slow"),
    *("paused", "new", "ok", "import", "off"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One source and how it is."""

    row: SourceRow
    state: str  #: key of LABEL
    sentence: str
    kept: SourceState | None
    needs_person: bool = False

    @property
    def label(self) -> str:
        return LABEL.get(self.state, self.state)

    @property
    def advice(self) -> str:
        """What a person does about it."""
        return ADVICE.get(self.state, "") if self.needs_person else ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of one source."""

    day: VisitSum | None  #: the visits of the last 24 hours
    latency: Latency | None  #: from post time to captured time, of the last seven days
    captured: int  #: of the known posts, how many the desk has
    known: int
    rejects: int  #: open

    @property
    def is_blind(self) -> bool:
        """Whether too many of the known posts are missing."""
        return self.known > 0 and self.captured < ENOUGH * self.known


def standings(desk: Desk) -> list[Standing]:
    """Every source of the table, those that need somebody first."""
    states = {state.source: state for state in desk.store.sources.states()}
    paused = desk.store.sources.paused()
    found = [standing(row, states.get(row.key), paused.get(row.key, "")) for row in desk.bureau.sources]
    return sorted(found, key=lambda one: (not one.needs_person, ORDER.index(one.state)))


def standing(row: SourceRow, state: SourceState | None, paused: str = "") -> Standing:
    """How one source stands; `paused` is the sentence that says who paused it."""
    if not row.enabled:
        return Standing(row, "off", "在来源设置中停用", state)
    if paused:
        return Standing(row, "paused", paused, state)
    if row.spider == "import":
        return Standing(row, "import", "靠人导入文件，程序不去读", state)
    if state is None or state.state not in ORDER:
        return Standing(row, "new", "程序启动后即读", state)
    return Standing(row, state.state, state.sentence, state, needs_person(state))


def figures(desk: Desk, now: datetime) -> dict[str, Figures]:
    """The figures of every source."""
    sources = desk.store.sources
    sums, rejects = sources.sums(now - DAY), desk.store.rejects.open_by_source()
    latency = {one.source: one for one in sources.latency(now - LATENCY, now)}
    recall = {source: (captured, known) for source, captured, known in probes.recall(desk, now)}
    return {
        row.key: Figures(
            sums.get(row.key),
            latency.get(row.key),
            *recall.get(row.key, (0, 0)),
            rejects=rejects.get(row.key, 0),
        )
        for row in desk.bureau.sources
    }
