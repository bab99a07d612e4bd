"""Several posts or cases at once: what would come of each, then each by itself, and what came of it; none is passed over.

Every one is its own transaction, compare-and-set: what fails fails alone, and whoever sends it twice does it once.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Final
from typing import TypeVar

from flow import permits
from flow import reading
from flow.desk import Desk
from flow.several_acts import ACTS
from flow.several_acts import CASES
from flow.several_acts import Act
from flow.several_acts import Asked
from flow.several_acts import Ticked
from flow.several_acts import version_of
from huanyu.errors import BadInput
from huanyu.errors import Blocked
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import NotFound
from huanyu.text import shorten
from huanyu.types import User

T = TypeVar("T")

MOST: Final = 100  #: at a time
TITLE: Final = 60  # characters
#: What is wrong with one and says nothing of the others.
OF_ONE: Final = (BadInput, Blocked, Conflict, IllegalMove, NotAllowed, NotFound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One of them: before, what would come of it; afterwards, what came of it."""

    id: int
    version: int
    number: str = ""  #: of a case
    title: str = ""  #: "" where it is not this person's to read
    goes: bool = False  #: it can be done, or was
    told: str = ""  #: Chinese: what happens, or why it does not


def offered(user: User, of: str) -> dict[str, str]:
    """The acts this person may do at all, with their names."""
    return {key: act.name for key, act in ACTS.items() if act.of == of and _may(user, act)}


def look(desk: Desk, user: User, of: str, asked: Asked, ids: Sequence[int], now: datetime) -> list[Line]:
    """What would come of each, in the order they were ticked in; writes nothing."""
    act = _act(user, of, asked.act)
    return [_looked(desk, user, act, asked, id_, now) for id_ in _few(dict.fromkeys(ids))]


def do(desk: Desk, user: User, of: str, asked: Asked, ticked: Sequence[Ticked], now: datetime) -> list[Line]:
    """Each by itself; raises, before the first, for what is wrong with all of them."""
    act = _act(user, of, asked.act)
    if act.do is None:
        raise NotFound("没有这个操作", act=asked.act)
    chosen = _few({one.id: one for one in ticked}.values())
    act.ready(desk, user, asked, now)
    return [_done(desk, user, act, asked, one, now) for one in chosen]


def first_of(desk: Desk, user: User, ids: Sequence[int]) -> str:
    """The number of the earliest of these cases that others can be joined into; "" where there is none."""
    for id_ in sorted(set(ids)):
        try:
            ACTS["part"].ask(desk, user, id_, Asked(act="part"), desk.store.cases.get(id_).opened_at)
        except OF_ONE:
            continue
        return desk.store.cases.get(id_).number
    return ""


def _act(user: User, of: str, key: str) -> Act:
    act = ACTS.get(key)
    if act is None or act.of != of:
        raise NotFound("没有这个操作", act=key)
    for action in act.needs:
        permits.demand(user, action)
    return act


def _may(user: User, act: Act) -> bool:
    return all(permits.may(user, action) for action in act.needs)


def _few(chosen: Collection[T]) -> list[T]:
    if not chosen:
        raise BadInput("请先勾选要办的各条")
    if len(chosen) > MOST:
        raise BadInput(f"一次最多 {MOST} 条，这次勾选了 {len(chosen)} 条，请分几次办；一条也没有动")
    return list(chosen)


def _looked(desk: Desk, user: User, act: Act, asked: Asked, id_: int, now: datetime) -> Line:
    line = Line(id=id_, version=0)
    try:
        line = _named(desk, user, act, replace(line, version=version_of(desk, act, id_)))
        return replace(line, goes=True, told=act.ask(desk, user, id_, asked, now))
    except OF_ONE as problem:
        return replace(line, told=_why(problem))


def _done(desk: Desk, user: User, act: Act, asked: Asked, one: Ticked, now: datetime) -> Line:
    line = Line(id=one.id, version=one.version)
    if act.do is None:
        return line
    try:
        line = _named(desk, user, act, line)
        act.ask(desk, user, one.id, asked, now)
        return replace(line, goes=True, told=act.do(desk, user, one, asked, now))
    except OF_ONE as problem:
        return replace(line, told=_why(problem))


def _named(desk: Desk, user: User, act: Act, line: Line) -> Line:
    """The line with its title, where it is this person's to read."""
    if act.of == CASES:
        case = desk.store.cases.get(line.id)
        permits.demand_case(user, case)
        return replace(line, number=case.number, title=case.title)
    post = reading.post(desk, user, line.id)
    return replace(line, title=shorten(post.title or post.text, TITLE))


def _why(problem: HuanyuError) -> str:
    """The sentence without the keys behind it, which may name what is not this person's to read."""
    return str(problem.args[0])
