"""收件箱: what waits for this person's decision, of whatever sort, as one queue; gravest sort first, oldest first in each.

Asks the store with the person's eyes; what a decision does stays with the flow's own functions.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from flow import limits
from flow import permits
from flow import resting
from flow import reviewing
from flow import rights
from flow.desk import Desk
from huanyu.text import shorten
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User

MOST: Final = 100  #: of one sort; a count of so many is told as 99+
DRAFTS: Final = 200  #: texts looked through for those whose next step is this person's
TITLE: Final = 60  # characters

#: Sorts of decisions in the order they stand in, with the permission that each needs.
SORTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "level": ("定级", "confirm_level"),
        "dispatch": ("派单", "dispatch"),
        "route": ("改派", "dispatch"),
        "sign": ("签收", "sign"),
        "result": ("审反馈", "check_result"),
        "extension": ("批延期", "decide_extension"),
        "pause": ("批暂停", "decide_pause"),
        "draft": ("审稿", "review"),
        "suggestion": ("并件", "join"),
        "unsure": ("判帖文", "correct_label"),
        "sample": ("抽查", "judge_sample"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One decision that waits."""

    sort: str  #: a key of SORTS
    id: int  #: of the case, extension, message, suggestion, post or sample
    title: str
    note: str  #: number, place, channel
    at: datetime  #: since when

    @property
    def key(self) -> str:
        return f"{self.sort}-{self.id}"


Find = Callable[[Desk, User], Sequence[Waiting]]


def queue(desk: Desk, user: User, only: str = "") -> list[Waiting]:
    """What waits, of one sort or of all; at most MOST of each."""
    return [
        one
        for sort, (_, action) in SORTS.items()
        if permits.may(user, action) and only in ("", sort)
        for one in _FIND[sort](desk, user)[:MOST]
    ]


def counts(waiting: Sequence[Waiting]) -> dict[str, int]:
    """How many of each sort."""
    return {sort: found for sort in SORTS if (found := sum(one.sort == sort for one in waiting))}


def shown(count: int) -> str:
    """A count as a badge tells it."""
    return "99+" if count >= MOST else str(count)


def _levels(desk: Desk, user: User) -> list[Waiting]:
    found = desk.store.rerouting.unconfirmed(MOST, lean=True)
    return _cases("level", [one for one in found if permits.may_on(user, "confirm_level", one)])


def _dispatch(desk: Desk, user: User) -> list[Waiting]:
    found = desk.store.cases.undispatched(limit=MOST)
    return _cases("dispatch", [one for one in found if permits.may_on(user, "dispatch", one)])


def _routes(desk: Desk, user: User) -> list[Waiting]:
    found = desk.store.rerouting.proposed(limit=MOST)
    return _cases("route", [one for one in found if permits.may_on(user, "dispatch", one)])


def _unsigned(desk: Desk, user: User) -> list[Waiting]:
    """Of the own units: what the office may sign for others comes by mail, not by itself."""
    if permits.rows_of(user) is None:
        return []
    seer = rights.seer(user)
    found = desk.store.cases.listing(states={"assigned"}, limit=MOST, seer=seer, lean=True, limits=False)
    return _cases("sign", [one for one in reversed(found) if permits.may_on(user, "sign", one)])


def _results(desk: Desk, user: User) -> list[Waiting]:
    """Whoever wrote a result down does not review it."""
    found = desk.store.cases.listing(states={"reported"}, limit=MOST, seer=rights.seer(user), limits=False)
    mine = [one for one in found if one.result is None or one.result.recorded_by != user.name]
    return _cases("result", [one for one in reversed(mine) if permits.may_on(user, "check_result", one)])


def _extensions(desk: Desk, user: User) -> list[Waiting]:
    return [
        Waiting(sort="extension", id=one.id, title=case.title, note=case.number, at=one.asked_at)
        for one, case in limits.undecided(desk, user, MOST)
    ]


def _pauses(desk: Desk, user: User) -> list[Waiting]:
    return [
        Waiting(sort="pause", id=case.id, title=case.title, note=case.number, at=asked.at)
        for asked, case in resting.pauses_asked(desk, user)
    ]


def _cases(sort: str, found: Sequence[Case]) -> list[Waiting]:
    return [
        Waiting(sort=sort, id=one.id, title=one.title, note=one.number, at=one.opened_at) for one in found
    ]


def _drafts(desk: Desk, user: User) -> list[Waiting]:
    return [
        Waiting(
            sort="draft",
            id=one.id,
            title=shorten(one.title or one.text, TITLE),
            note=case.number if case else "",
            at=one.created_at,
        )
        for one, case in my_drafts(desk, user)
    ]


def my_drafts(desk: Desk, user: User) -> list[tuple[Message, Case | None]]:
    """Public texts whose next step this person may take, oldest first, with their cases."""
    found = desk.store.outbox.listing(states=(MessageState.DRAFT,), limit=DRAFTS, seer=rights.seer(user))
    public = [one for one in found if reviewing.is_public(one)]
    known = desk.store.cases.of_ids({one.case_id for one in public if one.case_id is not None})
    pairs = [(one, known.get(one.case_id) if one.case_id is not None else None) for one in public]
    seen = [(one, case) for one, case in pairs if case is None or permits.may_see(user, case)]
    reviews = reviewing.desk_of(desk, user, seen)
    return [(one, case) for one, case in seen if (review := reviews[one.id]) and review.is_mine]


def _suggestions(desk: Desk, user: User) -> list[Waiting]:
    found = desk.store.cases.suggestions(MOST, seer=rights.seer(user))
    known = desk.store.cases.of_ids({one.case_id for one in found})
    return [
        Waiting(
            sort="suggestion",
            id=one.id,
            title=known[one.case_id].title,
            note=known[one.case_id].number,
            at=one.at,
        )
        for one in found
        if permits.may_on(user, "join", known[one.case_id])
    ]


def _unsure(desk: Desk, user: User) -> list[Waiting]:
    """The newest first: what is told now can still be helped."""
    found = desk.store.posts.listing(view="unsure", limit=MOST, seer=rights.seer(user))
    return [
        Waiting(
            sort="unsure",
            id=post.id,
            title=shorten(post.title or post.text, TITLE),
            note=verdict.places[0].name if verdict and verdict.places else "",
            at=post.said_at,
        )
        for post, verdict in found
    ]


def _samples(desk: Desk, _user: User) -> list[Waiting]:
    found = desk.store.samples.waiting(limit=MOST)
    return [
        Waiting(sort="sample", id=one.id, title="随机抽出的一条", note=f"{one.day:%m-%d}", at=one.drawn_at)
        for one in found
    ]


_FIND: Final[Mapping[str, Find]] = MappingProxyType(
    {
        "level": _levels,
        "dispatch": _dispatch,
        "route": _routes,
        "sign": _unsigned,
        "result": _results,
        "extension": _extensions,
        "pause": _pauses,
        "draft": _drafts,
        "suggestion": _suggestions,
        "unsure": _unsure,
        "sample": _samples,
    }
)
