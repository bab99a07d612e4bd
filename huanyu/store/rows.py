"""From a row to a frozen noun, by the names they share."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from typing import Any
from typing import TypeVar

from sqlalchemy import RowMapping

T = TypeVar("T")

CHUNK = 400  # values in one IN (…): far below the 32,766 parameters SQLite takes, good plans on both
SHAPES = 500  # pairs of a noun and the columns of a query; there are far fewer


def noun(kind: type[T], row: RowMapping, **more: Any) -> T:
    """A `kind` from the columns that carry its field names; `more` adds or replaces."""
    values = {name: row[name] for name in _shared(kind, tuple(row))}  # type: ignore[arg-type]
    return kind(**(values | more)) if more else kind(**values)


def nouns(
    kind: type[T], rows: Iterable[RowMapping], more: Callable[[RowMapping], dict[str, Any]] | None = None
) -> Iterator[T]:
    """The same of every row of one query, whose columns are looked at once; `more` adds or replaces."""
    names: tuple[str, ...] = ()
    for row in rows:
        names = names or _shared(kind, tuple(row))  # type: ignore[arg-type]
        values = {name: row[name] for name in names}
        yield kind(**values) if more is None else kind(**values | more(row))


def values(one: Any) -> dict[str, Any]:
    """The fields of a noun by name, one level deep: `asdict` copies each word of each tuple."""
    return {name: getattr(one, name) for name in _names(type(one))}  # type: ignore[arg-type]


@lru_cache(maxsize=SHAPES)
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@lru_cache(maxsize=SHAPES)
def _shared(kind: type[Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name in columns)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
