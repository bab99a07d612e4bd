"""From rows of posts and verdicts, side by side, to their nouns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import RowMapping

from huanyu.store.rows import noun
from huanyu.store.rows import nouns
from huanyu.types import Named
from huanyu.types import Place
from huanyu.types import Post
from huanyu.types import Verdict


def to_post(row: RowMapping) -> Post:
    """The post in a row of `posts`."""
    return noun(Post, row)


def to_verdict(row: RowMapping) -> Verdict:
    """The verdict in a row of `verdicts`."""
    return noun(Verdict, row, **_parts(row))


def judged(rows: Iterable[RowMapping]) -> list[tuple[Post, Verdict]]:
    """Posts with their verdicts, of rows that have both."""
    known = list(rows)
    return list(zip(nouns(Post, known), nouns(Verdict, known, _parts), strict=True))


def pairs(rows: Iterable[RowMapping]) -> list[tuple[Post, Verdict | None]]:
    """Posts with their verdicts, None where nobody has judged yet."""
    known = list(rows)
    verdicts = nouns(Verdict, (row for row in known if row["post_id"] is not None), _parts)
    return [
        (post, next(verdicts) if row["post_id"] is not None else None)
        for post, row in zip(nouns(Post, known), known, strict=True)
    ]


def _parts(row: RowMapping) -> dict[str, Any]:
    named = Named(**{name: tuple(said) for name, said in row["named"].items()})
    return {"places": tuple(Place(**place) for place in row["places"]), "named": named}
