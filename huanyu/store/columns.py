"""Column types: aware moments, clean text, tuples of words, enumerations.

What a driver would refuse or silently bend (naive datetimes, NUL, lone surrogates) is settled here, once.
"""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from huanyu.clock import local
from huanyu.clock import utc

#: SQLite numbers rows by itself only in a column of exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB, "postgresql")


def clean(text: str) -> str:
    """The text without what no database can hold: NUL, and halves of surrogate pairs."""
    if text.isascii():  # no halves of anything; keys, states and numbers are most of what is written
        return text.replace("\x00", "")
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


class Moment(TypeDecorator[datetime]):
    """An aware datetime: UTC in the database, Asia/Shanghai outside; a naive one is an error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else utc(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        # SQLite keeps no zone; what stands there is UTC because nothing else can get in.
        return local(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


class Words(TypeDecorator[str]):
    """A text that every database takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else clean(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else str(value)


class Tuple(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, kept as a JSON list."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> list[str] | None:
        return None if value is None else [clean(word) for word in value]

    def process_result_value(self, value: Any, _dialect: Dialect) -> tuple[str, ...]:
        return tuple(value or ())


class Name(TypeDecorator[StrEnum]):
    """A member of one enumeration, kept as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | None, _dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: Any, _dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.members(value)
