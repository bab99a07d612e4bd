"""Alarms of monitoring stations: what one is told as, and to which matter it belongs.

Pure: knows readings and moments, no station's key and no store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from decimal import InvalidOperation

from huanyu.clock import local
from huanyu.types import HeardReading
from huanyu.types import Reading
from huanyu.types import Station

DIGITS = 12  # of a value; more is a broken instrument


def figure(said: str | float) -> str | None:
    """A measured value as it is kept; None for what is no number."""
    try:
        found = Decimal(str(said).strip())
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found.adjusted()) > DIGITS:
        return None
    plain = f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def number_of(point: str, substance: str, at: datetime) -> str:
    """The number of an alarm that came without one: the same point cannot report the same moment twice."""
    said = "\n".join((point, substance, local(at).isoformat()))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def excess(value: str, limit: str) -> str:
    """How far beyond the limit, in words; "" where that cannot be said."""
    measured, allowed = Decimal(value), Decimal(limit or 0)
    if allowed <= 0 or measured <= allowed:
        return ""
    times = (measured - allowed) / allowed
    return f"超标 {times:.2f} 倍" if times >= Decimal("0.005") else "超标"


def sentence(station: Station, one: Reading) -> str:
    """An alarm as the text of an item."""
    limit = f"，限值 {one.limit} {one.unit}" if one.limit else ""
    beyond = f"，{told}" if one.limit and (told := excess(one.value, one.limit)) else ""
    when = f"{local(one.at):%Y-%m-%d %H:%M}"
    where = station.name if one.point == station.name else f"{station.name} {one.point}"
    return (
        f"监测报警：{where}，{one.substance} {one.value} {one.unit}{limit}{beyond}，监测时间 {when}".replace(
            " ，", "，"
        )
    )


def nearest(one: Reading, known: Iterable[HeardReading], window: timedelta) -> list[int]:
    """The cases an alarm may belong to, that of the nearest in time first; it may be older than what is known."""
    near = [(abs(one.at - other.reading.at), -other.id, other.case_id) for other in known]
    return list(dict.fromkeys(case for apart, _, case in sorted(near) if apart <= window))
