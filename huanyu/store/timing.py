"""When items came: from being said to being stored, and how many each hour. Reads only; judging is for others."""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import DateTime
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import type_coerce

from huanyu.clock import local
from huanyu.clock import utc
from huanyu.store.tables import posts
from huanyu.store.tables import sightings
from huanyu.types import Latency
from huanyu.types import Rhythm

HISTORY = timedelta(weeks=8)
HOUR = timedelta(hours=1)
PAGE = 5000  # rows held at once
LAST_HOUR_OF_UTC_DAY = 16  # Asia/Shanghai's midnight in UTC
#: Without the zone each value would be given by `Moment`: half of the time a hundred thousand rows take.
BARE = DateTime()


def latency(tx: Connection, since: datetime, until: datetime) -> list[Latency]:
    """Of each source, over the posts stored in [since, until), from post time to stored time.

    What was said before the source's first visit is its backlog and left out; so is what was said at exactly
    midnight in Asia/Shanghai, which stands for a day and no time. A post from the future took no time.
    """
    begun = {source: utc(first) for source, first in tx.execute(_begun())}
    query = select(posts.c.source, _bare(posts.c.posted_at), _bare(posts.c.stored_at)).where(
        posts.c.stored_at >= since, posts.c.stored_at < until, posts.c.posted_at.is_not(None)
    )
    took: dict[str, list[timedelta]] = defaultdict(list)
    for source, said, stored in _times(tx, query):
        if said >= begun[source] and not _is_day_only(said):
            took[source].append(max(stored - said, timedelta()))
    return [_latency(source, sorted(spans)) for source, spans in sorted(took.items())]


def rhythm(tx: Connection, source: str, now: datetime) -> Rhythm:
    """Items of each hour over the eight weeks that end with the last one; whole weeks, from the first visit on.

    An item counts in the hour it was said, or was first shown where the platform tells no time of day.
    """
    seen = select(func.min(sightings.c.at), func.max(sightings.c.at))
    first, last = tx.execute(seen.where(sightings.c.source == source, sightings.c.at <= now)).one()
    if first is None:
        return Rhythm(source=source, start=_hour(local(now)), counts=())
    end = _hour(local(last)) + HOUR
    weeks = min((end - _hour(local(first)) - HOUR) // timedelta(weeks=1), HISTORY // timedelta(weeks=1))
    start = end - timedelta(weeks=weeks)
    hours = Counter((moment - utc(start)) // HOUR for moment in _moments(tx, source, start, end))
    return Rhythm(source=source, start=start, counts=tuple(hours[n] for n in range((end - start) // HOUR)))


def _moments(tx: Connection, source: str, start: datetime, end: datetime) -> Iterator[datetime]:
    both = sightings.join(posts, posts.c.id == sightings.c.post_id)
    query = select(sightings.c.source, _bare(posts.c.posted_at), _bare(sightings.c.at)).select_from(both)
    mine = sightings.c.source == source, sightings.c.at >= start, sightings.c.at < end
    for _, said, seen in _times(tx, query.where(*mine)):
        moment = seen if said is None or _is_day_only(said) else min(said, seen)
        if moment >= utc(start):
            yield moment


def _begun() -> Select[Any]:
    return select(posts.c.source, func.min(posts.c.stored_at)).group_by(posts.c.source)


def _bare(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(column, BARE)


def _times(tx: Connection, query: Select[Any]) -> Iterator[tuple[str, Any, Any]]:
    rows = tx.execute(query.execution_options(yield_per=PAGE))
    return ((source, _aware(first), _aware(second)) for source, first, second in rows)


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite keeps no zone; what stands there is UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _is_day_only(said: datetime) -> bool:
    at = said.astimezone(UTC)
    return (at.hour, at.minute, at.second, at.microsecond) == (LAST_HOUR_OF_UTC_DAY, 0, 0, 0)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _latency(source: str, spans: Sequence[timedelta]) -> Latency:
    """Nearest rank: a latency some post really had."""
    return Latency(source=source, posts=len(spans), p50=_rank(spans, 50), p95=_rank(spans, 95))


def _rank(spans: Sequence[timedelta], percent: int) -> timedelta:
    return spans[-(-len(spans) * percent // 100) - 1]
