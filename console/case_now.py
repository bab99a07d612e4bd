"""What a case waits for now, in one sentence, and the nearest limit: for the top of its page. Must not know the store."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from cases.clocks import next_due
from huanyu.types import Case
from huanyu.types import Event
from huanyu.types import Message
from huanyu.types import MessageState

#: For every state; `unit` handles the case, `office` distributes.
WAITS: Mapping[str, str] = MappingProxyType(
    {
        "pending": "等{office}受理、派单",
        "accepted": "已受理，等{office}派单",
        "assigned": "等{unit}签收",
        "signed": "等{unit}到现场查看、填报查处结果",
        "onsite": "{unit}已到现场，等查处结果",
        "returned": "{unit}已退单，等{office}改派、移送或不予受理",
        "paused": "暂停办理，办结时限停走；原因消除后恢复",
        "reported": "{unit}已反馈，等审核",
        "handled": "查处结果已有，等拟出答复",
        "replying": "等答复稿审定、发出",
        "answered": "已答复，等回访或办结",
        "visited": "已回访（{satisfied}），等办结",
        "interim": "阶段性办结，等核查余下的事项",
        "closed": "已办结",
        "refused": "不予受理",
        "transferred": "已移送其他部门",
        "joined": "已并入另一件",
    }
)
STOPS = frozenset({"returned", "paused", "refused", "transferred", "interim"})  #: a reader asks why
PAUSE_ANSWERED = frozenset({"pause_refused", "paused", "returned"})
UNSETTLED = frozenset({MessageState.DRAFT, MessageState.RETURNED})


def offer(
    case: Case, unit: str, office: str, messages: Sequence[Message], history: Sequence[Event]
) -> dict[str, Any]:
    """What the head of the page says, why it stopped, and the answers that wait for somebody."""
    since = turn_of(history)
    stops = [event.note for event in history if event.action == case.state and event.action in STOPS]
    return {
        "stopped_because": stops[-1] if stops else "",
        "pause_asked": _last(since, "pause_asked", PAUSE_ANSWERED) if case.state != "paused" else None,
        "urged": _last(since, "supervised", frozenset({"result"})) if case.unit else None,
        "waits": waits_for(case, unit, office),
        "nearest": next_due(case),
        "unsettled": [one for one in messages if one.purpose == "reply" and one.state in UNSETTLED],
    }


def turn_of(history: Sequence[Event]) -> Sequence[Event]:
    """What happened since the case was last handed to a unit, or taken up again."""
    starts = [at for at, event in enumerate(history) if event.action in {"routed", "rerouted", "reopened"}]
    return history[starts[-1] :] if starts else history


def _last(history: Sequence[Event], action: str, over: frozenset[str]) -> Event | None:
    """The last of such events, unless something has settled it since."""
    found = next((event for event in reversed(history) if event.action in over | {action}), None)
    return found if found is not None and found.action == action else None


def waits_for(case: Case, unit: str, office: str) -> str:
    """The sentence for the state the case is in."""
    if case.state == "visited" and case.satisfied == "不满意":
        return "反映人不满意，等决定重办或办结"
    if case.state == "pending" and not case.why:
        return "刚立件，等程序按规则派单；也可以现在指定承办单位"
    told = {"unit": unit or "承办单位", "office": office, "satisfied": case.satisfied or "未评价"}
    return WAITS.get(case.state, "").format(**told)
