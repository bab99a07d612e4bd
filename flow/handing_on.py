"""Cases as another system of the same unit may read them: masked, without anything that leads to who reported.

What an official is said to have done is not handed on at all. Who may ask is `tokens`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import cases.lifecycle
from flow import permits
from flow import rights
from flow import tokens
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Event
from huanyu.types import Token

TEXTS = 20  # of one case


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case with every text masked."""

    case: Case
    part: str  #: lead | assist
    title: str
    place: str
    number: str  #: of the desk that handed it to us
    fields: dict[str, str]
    texts: tuple[str, ...] = ()  #: what was reported, where the whole case was asked for
    events: tuple[Event, ...] = ()
    found: str = ""
    measure: str = ""
    public_answer: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases, oldest first, and where to go on; "" at the end."""

    cases: tuple[Shown, ...]
    after: str


def page(
    desk: Desk,
    token: Token,
    after: str = "",
    states: Sequence[str] = (),
    since: datetime | None = None,
    limit: int = 50,
) -> Page:
    """The unit's cases beyond the case named `after`; with `since` those of which something was noted from then on."""
    if strange := sorted(set(states) - cases.lifecycle.LABEL.keys()):
        known = "、".join(f"{key} {name}" for key, name in cases.lifecycle.LABEL.items())
        raise BadInput(f"state：没有 {mask(strange[0][:40])} 这个状态，可选：{known}")
    seer = rights.seer(tokens.unit_itself(token))
    size = min(limit, desk.bureau.api.page)
    found = desk.store.cases.beyond(_number(desk, after), seer, states, since, size + 1)
    shown = tuple(_shown(token, one) for one in found[:size])
    return Page(shown, found[size - 1].public_id if len(found) > size else "")


def one(desk: Desk, token: Token, public_id: str) -> Shown:
    """One case of the unit with what was reported, done and found; raises NotFound for anybody else's, too."""
    case = desk.store.cases.by_public_id(public_id)
    if case.restricted or not permits.may_see(tokens.unit_itself(token), case):
        raise NotFound("没有这个案件")
    posts = desk.store.cases.posts(case.id)
    names = tuple({post.author for post in posts if post.author})
    return _shown(
        token,
        case,
        names,
        texts=tuple(mask(post.text, names=names) for post in posts[:TEXTS]),
        events=_steps(desk.store.cases.history(case.id)),
    )


def _steps(events: Sequence[Event]) -> tuple[Event, ...]:
    """The steps from one state to the next; what was noted in between is the desk's own."""
    return tuple(
        event
        for before, event in zip((None, *events), events, strict=False)
        if before is None or before.state != event.state
    )


def _number(desk: Desk, after: str) -> int:
    if not after:
        return 0
    try:
        return desk.store.cases.by_public_id(after).id
    except NotFound as problem:
        raise BadInput("after：没有这个案件，请从头读起") from problem


def _shown(
    token: Token,
    case: Case,
    names: Sequence[str] = (),
    texts: tuple[str, ...] = (),
    events: tuple[Event, ...] = (),
) -> Shown:
    hidden = tuple(names) or ((case.first_author,) if case.first_author else ())
    result = case.result
    return Shown(
        case=case,
        part="lead" if case.unit == token.unit else "assist",
        title=mask(case.title, names=hidden),
        place=mask(case.place, names=hidden),
        number=mask(case.external_number),
        fields={key: mask(value, names=hidden) for key, value in case.fields.items()},
        texts=texts,
        events=events,
        found=mask(result.found, names=hidden) if result else "",
        measure=mask(result.measure, names=hidden) if result else "",
        public_answer=mask(result.public_answer, names=hidden) if result else "",
    )
