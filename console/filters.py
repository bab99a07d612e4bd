"""Saved filters as a list shows them: where each leads, and how much is behind it, counted to 99+."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qs
from urllib.parse import urlencode

from console.case_views import VIEWS as CASE_VIEWS
from flow import permits
from flow import rights
from flow.desk import Desk
from huanyu.store import SavedFilter
from huanyu.types import User

COUNTED = 99
LONGEST = 100  # characters of one value
#: Lists that have filters: name, and the fields a filter may hold.
PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {"posts": ("帖文", ("view", "text")), "cases": ("案件", ("view", "unit", "text"))}
)
POST_VIEWS = frozenset({"all", "complaint", "unsure", "rest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A filter with its count."""

    id: int
    name: str
    href: str
    count: str  #: "" where nobody counted
    mine: bool
    shared: bool
    owner: str
    page: str


def query_of(page: str, values: Mapping[str, str]) -> str:
    """The fields of a list as a query, always in one order and without what is empty."""
    return urlencode(
        [(name, values[name].strip()[:LONGEST]) for name in PAGES[page][1] if values.get(name, "").strip()]
    )


def offered(desk: Desk, user: User, page: str = "", counted: bool = True) -> list[Shown]:
    """What this person saved, and what others share of lists they may see."""
    return [
        Shown(
            id=one.id,
            name=one.name,
            href=f"/{one.page}?{one.query}",
            count=count(desk, user, one) if counted else "",
            mine=one.owner == user.name,
            shared=one.shared,
            owner=one.owner,
            page=PAGES[one.page][0],
        )
        for one in desk.store.saved_filters.of(user.name, page)
        if one.page == "cases" or permits.may(user, "see_posts")
    ]


def count(desk: Desk, user: User, one: SavedFilter) -> str:
    """How many rows the list would show this person; no more than COUNTED are told."""
    asked = {name: found[0] for name, found in parse_qs(one.query).items()}
    seer, text = rights.seer(user), asked.get("text", "")
    if one.page == "posts":
        view = asked.get("view", "all")
        found = desk.store.search.count_posts(view if view in POST_VIEWS else "all", text, seer, COUNTED + 1)
    else:
        units = rights.units_of(user)
        several = units is None or len(units) > 1
        view = asked.get("view", "open")
        found = desk.store.search.count_cases(
            unit=(asked.get("unit") or None) if several else None,
            states=CASE_VIEWS[view if view in CASE_VIEWS else "open"][1],
            text=text,
            deep=permits.may(user, "see_posts"),
            seer=seer,
            most=COUNTED + 1,
        )
    return f"{COUNTED}+" if found > COUNTED else str(found)
