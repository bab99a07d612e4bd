"""A period as it was known at a moment, and what the named queries are: values for `huanyu.store.queries`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import and_

from huanyu.clock import SHANGHAI

Ids = Select[Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A period as it was known at `seen`; None means as it is known today."""

    start: datetime
    end: datetime  #: exclusive
    seen: datetime | None = None

    @classmethod
    def of_day(cls, day: date, seen: datetime | None = None) -> Span:
        """One day in Asia/Shanghai."""
        start = datetime.combine(day, time(), SHANGHAI)
        return cls(start, start + timedelta(days=1), seen)

    @classmethod
    def of_days(cls, first: date, last: date, seen: datetime | None = None) -> Span:
        """Whole days, both ends included."""
        return cls(cls.of_day(first).start, cls.of_day(last).end, seen)

    def year_to_date(self) -> Span:
        """From 1 January of the period's year to its end."""
        return Span(datetime(self.start.year, 1, 1, tzinfo=SHANGHAI), self.end, self.seen)

    @property
    def moment(self) -> datetime:
        """When the state of things is looked at: at the period's end, or now if that is earlier."""
        return self.end if self.seen is None else min(self.end, self.seen)

    def within(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows whose moment lies in the period."""
        return and_(column >= self.start, self.before(column))

    def before(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows from before the period's end."""
        return and_(column < self.end, self.known(column))

    def known(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Rows that were there when we looked.

        Strictly earlier: of two writes in one instant one may have come after the look, and asking again must
        not see more than was seen then.
        """
        return column.is_not(None) if self.seen is None else column < self.seen
