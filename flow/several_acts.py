"""The acts that may be done to several posts or cases at once: who may, what would come of one, and doing it.

What an act does is the flow's own function of a single one, with its rights, its states and its transaction; nothing
is decided here. A row is asked about with the same questions that the act itself asks.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import cases.lifecycle
from flow import life
from flow import matters
from flow import opening
from flow import permits
from flow import reading
from flow import teaching
from flow.desk import Desk
from flow.reasons import because
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import IllegalMove
from huanyu.errors import NotFound
from huanyu.types import Case
from huanyu.types import User
from huanyu.types import Verdict

POSTS: Final = "posts"
CASES: Final = "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be done to each of them."""

    act: str  #: a key of ACTS
    unit: str = ""  #: to whom cases are dispatched
    number: str = ""  #: of the case that takes the others in
    kind: str = ""  #: a reason of the table
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ticked:
    """One that was ticked, at the version the person saw: of a case its own, of a post how often people judged it."""

    id: int
    version: int


Ask = Callable[[Desk, User, int, Asked, datetime], str]
Do = Callable[[Desk, User, Ticked, Asked, datetime], str]
Ready = Callable[[Desk, User, Asked, datetime], None]


def _always(_desk: Desk, _user: User, _asked: Asked, _now: datetime) -> None:
    """Nothing has to be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act for many."""

    name: str
    of: str  #: POSTS or CASES
    needs: tuple[str, ...]  #: permissions
    ask: Ask  #: what would come of this one; raises as the act would
    do: Do | None = None  #: None: a file of all of them, made by `exporting`
    ready: Ready = _always  #: raises BadInput, NotFound … for what is wrong for all of them


def version_of(desk: Desk, act: Act, id_: int) -> int:
    """What changes when somebody else was there meanwhile."""
    if act.of == CASES:
        return desk.store.cases.get(id_).version
    return sum(1 for _ in desk.store.posts.corrections(id_))


def _verdict(desk: Desk, user: User, post_id: int) -> Verdict:
    reading.post(desk, user, post_id)
    found = desk.store.posts.verdict(post_id)
    if found is None:
        raise NotFound("这条帖文还没有研判", post=post_id)
    return found


def _ask_judge(desk: Desk, user: User, post_id: int, asked: Asked, _now: datetime) -> str:
    permits.demand(user, "correct_label")
    verdict, wanted = _verdict(desk, user, post_id), asked.act == "yes"
    opened = desk.store.posts.case_of(post_id) is not None
    said = "投诉" if wanted else "不是投诉"
    settled = opened or not wanted or any(desk.store.posts.corrections(post_id))
    if not verdict.unsure and verdict.is_complaint is wanted and settled:
        raise IllegalMove(f"已判为{said}，不必再判", post=post_id)
    return f"判为{said}" + ("；已在办件中，该件随后重新核对类别和派单" if opened else "")


def _judge(desk: Desk, user: User, one: Ticked, asked: Asked, now: datetime) -> str:
    if sum(1 for _ in desk.store.posts.corrections(one.id)) != one.version:
        raise Conflict("核对之后已有人判过这条，请重新核对", post=one.id)
    type_, kinds = teaching.judged(_verdict(desk, user, one.id), asked.act == "yes")
    teaching.correct_label(desk, user, one.id, type_, kinds, now)
    return "已判为投诉" if asked.act == "yes" else "已判为不是投诉"


def _ask_append(desk: Desk, user: User, post_id: int, asked: Asked, now: datetime) -> str:
    opening.plan(desk, user, post_id, now)
    if not asked.number:
        return "并入所填的案件"
    return f"并入 {matters.open_case(desk, user, asked.number).number}，作为又一条反映"


def _append(desk: Desk, user: User, one: Ticked, asked: Asked, now: datetime) -> str:
    return f"已并入 {opening.append(desk, user, one.id, asked.number, asked.reason, now).number}"


def _append_ready(desk: Desk, user: User, asked: Asked, _now: datetime) -> None:
    matters.reason_of(asked.reason)
    matters.open_case(desk, user, asked.number)


def _case(desk: Desk, user: User, case_id: int) -> Case:
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    return case


def _to(case: Case, state: str) -> str:
    return f"{cases.lifecycle.LABEL[case.state]} → {cases.lifecycle.LABEL[state]}"


def _ask_accept(desk: Desk, user: User, case_id: int, _asked: Asked, _now: datetime) -> str:
    permits.demand(user, "accept")
    case = _case(desk, user, case_id)
    cases.lifecycle.check(case.state, "accepted")
    return _to(case, "accepted")


def _accept(desk: Desk, user: User, one: Ticked, _asked: Asked, now: datetime) -> str:
    life.accept(desk, user, one.id, one.version, now)
    return "已受理"


def _ask_dispatch(desk: Desk, user: User, case_id: int, asked: Asked, now: datetime) -> str:
    case = _case(desk, user, case_id)
    permits.demand_on(user, "dispatch", case)
    life.demand_dispatchable(case)
    has = desk.bureau.unit(case.unit)
    if not asked.unit:
        return f"派给所选的单位（现由{has.short}承办）" if has else "派给所选的单位"
    unit = life.unit_of(desk, asked.unit, (), now)
    if unit.key == case.unit and case.state != "returned":
        raise IllegalMove(f"已由{unit.short}承办", case=case.number)
    return f"由{has.short}改派给{unit.short}，发转办单" if has else f"派给{unit.short}，发转办单"


def _dispatch(desk: Desk, user: User, one: Ticked, asked: Asked, now: datetime) -> str:
    life.dispatch(desk, user, one.id, one.version, asked.unit, now)
    return f"已派给{life.unit_of(desk, asked.unit, (), now).short}"


def _dispatch_ready(desk: Desk, _user: User, asked: Asked, now: datetime) -> None:
    if not asked.unit:
        raise BadInput("请选择承办单位")
    life.unit_of(desk, asked.unit, (), now)


def _ask_close(desk: Desk, user: User, case_id: int, asked: Asked, _now: datetime) -> str:
    permits.demand(user, "close")
    case = _case(desk, user, case_id)
    cases.lifecycle.check(case.state, "closed")
    unsatisfied = case.satisfied == life.UNSATISFIED and case.state == "visited"
    life.demand_closable(desk, case, asked.reason or "下面填写的理由")
    return _to(case, "closed") + ("；回访不满意，须另写理由" if unsatisfied and not asked.reason else "")


def _close(desk: Desk, user: User, one: Ticked, asked: Asked, now: datetime) -> str:
    life.close(desk, user, one.id, one.version, asked.reason, now, asked.kind)
    return "已办结"


def _close_ready(desk: Desk, _user: User, asked: Asked, now: datetime) -> None:
    because(desk, "close", asked.kind, asked.reason, now)


def _ask_part(desk: Desk, user: User, case_id: int, asked: Asked, _now: datetime) -> str:
    case = _case(desk, user, case_id)
    if not asked.number:
        permits.demand_on(user, "join", case)
        cases.lifecycle.check(case.state, "joined")
        return "并入所填的案件"
    if case.number == asked.number:
        raise BadInput("就是并入的那一件，保持不动", case=case.number)
    later, earlier = matters.pair(desk, user, case, asked.number)
    if later.id != case.id:
        raise IllegalMove(
            f"立件早于 {later.number}，只能晚的并入早的；可改填 {case.number}", case=case.number
        )
    return f"并入 {earlier.number}，本件结束，反映归到该件"


def _part(desk: Desk, user: User, one: Ticked, asked: Asked, now: datetime) -> str:
    merged = matters.join(desk, user, one.id, one.version, asked.number, asked.reason, now)
    return f"已并入 {merged.number}"


def _part_ready(desk: Desk, user: User, asked: Asked, _now: datetime) -> None:
    matters.reason_of(asked.reason)
    into = matters.by_number(desk, asked.number)
    permits.demand_on(user, "join", into)


def _ask_export(desk: Desk, user: User, case_id: int, _asked: Asked, _now: datetime) -> str:
    permits.demand(user, "export_cases")
    _case(desk, user, case_id)
    return "列入表格"


#: key -> act, in the order in which they are offered.
ACTS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "yes": Act(name="判为投诉", of=POSTS, needs=("correct_label",), ask=_ask_judge, do=_judge),
        "no": Act(name="判为不是投诉", of=POSTS, needs=("correct_label",), ask=_ask_judge, do=_judge),
        "append": Act(
            name="并入已有案件",
            of=POSTS,
            needs=("register", "join"),
            ask=_ask_append,
            do=_append,
            ready=_append_ready,
        ),
        "accept": Act(name="受理", of=CASES, needs=("accept",), ask=_ask_accept, do=_accept),
        "dispatch": Act(
            name="派单", of=CASES, needs=("dispatch",), ask=_ask_dispatch, do=_dispatch, ready=_dispatch_ready
        ),
        "close": Act(name="办结", of=CASES, needs=("close",), ask=_ask_close, do=_close, ready=_close_ready),
        "part": Act(name="并件", of=CASES, needs=("join",), ask=_ask_part, do=_part, ready=_part_ready),
        "export": Act(name="导出表格", of=CASES, needs=("export_cases",), ask=_ask_export),
    }
)
