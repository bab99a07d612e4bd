"""A person keeps a filter of a list under a name, for themselves or for the office."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.text import normalise
from huanyu.types import User

LONGEST: Final = 30  #: characters of a name


def demand_page(user: User, page: str, pages: Collection[str]) -> None:
    """Raise BadInput for a list that has no filters, NotAllowed for one this person may not see."""
    if page not in pages:
        raise BadInput("这个页面不能存筛选")
    if page == "posts":
        permits.demand(user, "see_posts")


def save(desk: Desk, user: User, page: str, name: str, query: str, shared: bool, now: datetime) -> int:
    """Keep it; the same name again replaces it."""
    told = " ".join(normalise(name).split())
    if not told:
        raise BadInput("请给筛选起个名字")
    if len(told) > LONGEST:
        raise BadInput(f"筛选的名字最多 {LONGEST} 字")
    return desk.store.saved_filters.save(page, told, query, shared, user.name, now)


def remove(desk: Desk, user: User, filter_id: int, now: datetime) -> None:
    """Drop one's own."""
    desk.store.saved_filters.remove(filter_id, user.name, now)
