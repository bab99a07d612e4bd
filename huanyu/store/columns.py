"""Column types: aware moments, clean text, tuples of words, enumerations.

What a driver would refuse or silently bend (naive datetimes, NUL, lone surrogates) is settled here, once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
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
KEPT = 50_000  #: values remembered as they were read: lists show the same rows all day
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

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None]:
        """A list has thousands of them: one call each, and none where the same text was read before."""
        return _read if dialect.name == "sqlite" else _found


def _found(moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment)


@lru_cache(maxsize=KEPT)
def _read(text: str | None) -> datetime | None:
    """SQLite keeps no zone: what stands there without one is UTC because nothing else can get in by this type."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return local(found if found.tzinfo else found.replace(tzinfo=UTC))


class Words(TypeDecorator[str]):
    """A text that every database takes."""

    impl = Text
    cache_ok = True

    def result_processor(self, _dialect: Dialect, _coltype: object) -> None:
        """Both drivers give texts as they are."""

    def bind_processor(self, _dialect: Dialect) -> Callable[[str | None], str | None]:
        """One call each: a post has a dozen of them."""
        return _cleaned

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return _cleaned(value)


def _cleaned(value: str | None) -> str | None:
    return None if value is None else clean(value)


class Tuple(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, kept as a JSON list."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else JSON())

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> list[str] | None:
        return None if value is None else [clean(word) for word in value]

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], tuple[str, ...]]:
        """SQLite gives the text, and few of them are different; psycopg has read it."""
        return _words if dialect.name == "sqlite" else _listed


@lru_cache(maxsize=KEPT)
def _words(text: str | None) -> tuple[str, ...]:
    return _listed(None if text is None else json.loads(text))


def _listed(value: list[str] | None) -> tuple[str, ...]:
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

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], StrEnum | None]:
        """By the table of its members: asking the enumeration costs ten times as much."""
        known = {one.value: one for one in self.members}
        return lambda value: None if value is None else known[value]
