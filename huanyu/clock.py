"""The only place that asks what time it is. Everything else is handed `now`."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The current moment in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def local(moment: datetime) -> datetime:
    """The same moment in Asia/Shanghai; a naive value is an error, not a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    return moment.astimezone(SHANGHAI)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC, as the store keeps it."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    return moment.astimezone(UTC)
