"""The invented city as it stood on an earlier day: what had not been said yet is left out.

Pure; the days come from the offsets in demo/posts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from demo.sites.content import Content
from demo.sites.content import Dated

P = TypeVar("P", bound=Dated)


def as_of(content: Content, back: int, now: datetime) -> Content:
    """The content `back` days before the last, at the hour of `now`."""
    return replace(
        content,
        statuses=tuple(_until(content.statuses, back, now)),
        threads=tuple(_until(content.threads, back, now)),
        articles=tuple(_until(content.articles, back, now)),
    )


def _until(posts: Iterable[P], back: int, now: datetime) -> Iterable[P]:
    for post in posts:
        offset = post.day_offset - back
        if offset > 0 or (offset == 0 and post.time <= f"{now:%H:%M}"):
            yield post.model_copy(update={"day_offset": offset})
