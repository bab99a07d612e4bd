"""查漏: posts a person knows of are looked for every day among what was collected; what is missing is told.

Where a post is looked for is the store's business, whether its page can be read the crawler's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

import structlog

from crawler import addresses
from crawler import links
from flow.batch import each
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.text import normalise
from huanyu.types import Probe
from huanyu.types import ProbeCheck

log = structlog.get_logger()

COVERAGE = timedelta(days=30)
LEAST_WORDS, MOST_WORDS = 6, 500  # characters; fewer stand in many posts


@dataclass(frozen=True, slots=True)
class Watched:
    """A known post with the last look for it."""

    probe: Probe
    check: ProbeCheck | None

    @property
    def is_missing(self) -> bool:
        return self.check is None or self.check.post_id is None


def probe(desk: Desk, now: datetime) -> int:
    """Look for every known post once a day, and for a missing one until it turns up.

    Returns how many looks told something new.
    """
    day = local(now).date()
    found = {check.probe_id: check.post_id for check in desk.store.probes.checks(day)}
    rows = {row.key: row for row in desk.bureau.sources}
    waiting = [one for one in desk.store.probes.listing() if not found.get(one.id) and one.source in rows]
    news = 0

    def look_for(one: Probe) -> None:
        nonlocal news
        news += look(desk, one, rows[one.source], now, one.id in found)

    each("probe", waiting, look_for)
    return news


def look(desk: Desk, one: Probe, row: SourceRow, now: datetime, missing: bool = False) -> bool:
    """Look for one known post now, perhaps one that is known to be missing today; whether that is news."""
    post_id = desk.store.probes.find(one, row.kind)
    if missing and post_id is None:
        return False
    told = desk.store.probes.save_found(one.id, local(now).date(), post_id, now)
    if told and post_id is None:
        log.warning("known_post_missing", probe=one.id, source=one.source)
    return told


def add(
    desk: Desk, key: str, url: str, words: str, posted_at: datetime | None, actor: str, now: datetime
) -> Watched:
    """Keep an eye on a post somebody knows of, and look for it at once; raises NotFound or BadInput."""
    row, quoted, address = demand(desk, key), normalise(words)[:MOST_WORDS], url.strip()
    if addresses.netloc(address) is None:
        raise BadInput("网址要以 http:// 或 https:// 开头")
    if refusal := addresses.refusal(address, addresses.own_hosts(row)):
        raise BadInput(refusal)
    if len(quoted) < LEAST_WORDS:
        raise BadInput(f"请抄一句原文, 不少于 {LEAST_WORDS} 个字")
    if posted_at is not None and posted_at > now:
        raise BadInput("发布时间晚于现在")
    link = links.canonical(address)
    probe_id = desk.store.probes.add(row.key, address, link, quoted, posted_at, actor, now)
    one = next(probe for probe in desk.store.probes.listing() if probe.id == probe_id)
    look(desk, one, row, now)
    return Watched(one, _last(desk, now).get(one.id))


def demand(desk: Desk, key: str) -> SourceRow:
    """The source of that key; raises NotFound."""
    row = desk.bureau.source(key)
    if row is None:
        known = "、".join(row.key for row in desk.bureau.sources)
        raise NotFound(f"sources.toml 中没有来源 {key}, 可选: {known}")
    return row


def watched(desk: Desk, now: datetime) -> list[Watched]:
    """Every known post with its last look of the last thirty days, the missing ones first."""
    last = _last(desk, now)
    found = [Watched(one, last.get(one.id)) for one in desk.store.probes.listing()]
    return sorted(found, key=lambda one: (not one.is_missing, one.probe.source, one.probe.id))


def recall(desk: Desk, now: datetime) -> list[tuple[str, int, int]]:
    """Of each source: how many of its known posts of the last thirty days the desk has, and how many there are."""
    return desk.store.probes.recall((local(now) - COVERAGE).date())


def _last(desk: Desk, now: datetime) -> Mapping[int, ProbeCheck]:
    return {check.probe_id: check for check in desk.store.probes.checks((local(now) - COVERAGE).date())}
