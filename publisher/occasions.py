"""Which days of the calendar are near, and the text proposed for each. Pure; proposes, never publishes."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import timedelta

from huanyu.bureau import BureauRow
from huanyu.occasion_rows import OccasionRow
from publisher.press import Piece


@dataclass(frozen=True, slots=True)
class Near:
    """A day that is near enough to be written about."""

    row: OccasionRow
    day: date


def near(rows: Sequence[OccasionRow], today: date) -> Iterator[Near]:
    """Days whose time for a draft has come and that are not over."""
    for row in rows:
        for year in (today.year, today.year + 1):
            day = row.on(year)
            if row.enabled and day is not None and day - timedelta(days=row.lead) <= today <= day:
                yield Near(row, day)


def between(rows: Sequence[OccasionRow], since: date, until: date) -> list[Near]:
    """Days from `since` to `until`, for the calendar."""
    days = ((row, row.on(year)) for row in rows for year in range(since.year, until.year + 1))
    found = [Near(row, day) for row, day in days if day is not None and since <= day <= until]
    return sorted(found, key=lambda one: one.day)


def proposed(one: Near, bureau: BureauRow) -> Piece:
    """The text proposed for a day; this year's theme and events are for people to add."""
    values = {
        "year": str(one.day.year),
        "date": f"{one.day.month}月{one.day.day}日",
        "bureau": bureau.name,
        "hotline": bureau.hotline,
    }
    row = one.row
    text = row.text.format(**values) + (f"\n{row.slogan}" if row.slogan else "")
    return Piece(title=row.title.format(**values), text=text, short=row.short.format(**values))


def unfilled(row: OccasionRow) -> str:
    """What is wrong with the blanks of a row, in Chinese; "" where nothing is."""
    try:
        for text in (row.title, row.text, row.short):
            text.format(year="", date="", bureau="", hotline="")
    except (KeyError, IndexError, ValueError):
        return "空只能写 {year}、{date}、{bureau}、{hotline}"
    return ""
