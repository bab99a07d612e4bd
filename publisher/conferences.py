"""The life of a 新闻发布会 as one table, and which of the approved answers may be said on a day.

Values in, values out. What is not approved, or approved no more, is never printed for whoever speaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from datetime import date
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from huanyu.clock import local
from huanyu.errors import IllegalMove
from huanyu.types import Answer
from huanyu.types import Attendance
from huanyu.types import Conference
from huanyu.types import ConferencePlan

START: Final = "planned"
LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {"planned": "筹备", "approved": "已审定", "held": "已召开", "archived": "已归档", "cancelled": "取消"}
)
PLAN = "聊环函〔2018〕228号：制定新闻发布会工作方案"
HELD = "聊环函〔2018〕228号：召开新闻发布会，就记者关心的问题进行解答"
FILED = "本局工作规定（待核实）：签到、报道收齐后归档"
#: state -> {next state: the rule that allows the arrow}
ALLOWED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "planned": {"approved": f"{PLAN}（由拟方案以外的人审定）", "cancelled": PLAN},
        "approved": {"held": HELD, "planned": f"{PLAN}；改了方案的重新审定", "cancelled": PLAN},
        "held": {"archived": FILED},
        "archived": {},
        "cancelled": {},
    }
)
KINDS: Final[Mapping[str, str]] = MappingProxyType({"line": "口径", "question": "答问"})
STANDING: Final[Mapping[str, str]] = MappingProxyType(
    {"draft": "待批准", "approved": "有效", "expired": "已过期", "withdrawn": "已停用"}
)
#: What a plan must say before it is approved.
MUST: Final[Mapping[str, str]] = MappingProxyType(
    {"theme": "主题", "place": "地点", "host": "主持人", "speakers": "发布人", "agenda": "议程"}
)


def check(state: str, to: str) -> None:
    """Raise IllegalMove unless the table has the arrow."""
    if to not in ALLOWED[state]:
        raise IllegalMove(f"发布会“{LABEL[state]}”，不能改为“{LABEL[to]}”")


def missing(plan: ConferencePlan) -> tuple[str, ...]:
    """What the plan does not say yet."""
    return tuple(name for field, name in MUST.items() if not getattr(plan, field))


def standing(answer: Answer, day: date) -> str:
    """draft, approved, expired or withdrawn, on that day."""
    return "expired" if answer.state == "approved" and answer.valid_until < day else answer.state


def spoken_on(one: Conference, today: date) -> date:
    """The day its answers are said on: its own, or today where it is put off and nobody wrote when to."""
    day = local(one.at).date()
    return day if one.state in {"held", "archived"} else max(day, today)


def sayable(answers: Iterable[Answer], day: date) -> tuple[Answer, ...]:
    """What may be said on that day, lines before questions."""
    found = [one for one in answers if standing(one, day) == "approved"]
    return tuple(sorted(found, key=lambda one: (list(KINDS).index(one.kind), one.id)))


def ends_soon(answer: Answer, day: date, days: int) -> bool:
    """Whether an answer that stands ends within these days."""
    return standing(answer, day) == "approved" and answer.valid_until <= day + timedelta(days=days)


def houses(attendance: Iterable[Attendance]) -> int:
    """How many press houses came, each once."""
    return len({one.outlet for one in attendance if one.came})


def is_early(one: Conference, now: datetime) -> bool:
    """Whether it has not begun yet."""
    return now < one.at
