"""What became of a case or a text since somebody opened it: by whom, when, and what stands there now.

Reads only; shown to a person whose change was refused because somebody else had been there first.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import cases.happened
import cases.lifecycle
from flow import permits
from flow.desk import Desk
from flow.routing import assist_names
from huanyu.clock import local
from huanyu.kinds import KIND_LABEL
from huanyu.redact import mask
from huanyu.types import Case
from huanyu.types import Event
from huanyu.types import User

SHOWN = 12  # changes, the last ones; whoever slept through more than that reads the case anew
#: Fields of a case by what they are called on its page; what is not here is nobody's business or no field.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "unit": "承办单位",
        "assist": "协办",
        "kinds": "问题类型",
        "area": "区域",
        "place": "地点",
        "built_up": "建成区",
        "happened_at": "发生时间",
        "level": "等级",
        "type": "事项类型",
        "lane": "办理通道",
        "campaign": "专项",
        "owner": "包案领导",
        "restricted": "限定范围",
        "satisfied": "满意度",
        "title": "标题",
        "urgent": "紧急",
    }
)
#: What a result says, by the names of the fields on its form.
RESULT = ("found", "measure", "basis", "next_step", "public_answer", "internal_report")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was done meanwhile."""

    at: datetime
    actor: str
    note: str
    done: str  #: Chinese
    fields: tuple[tuple[str, str, str], ...] = ()  #: what it is called, before, after


@dataclass(frozen=True, slots=True)
class Since:
    """All that was done since a version, and what stands there now."""

    version: int  #: of now: what is sent again with it counts
    changes: tuple[Change, ...]
    now: Mapping[str, str]  #: texts as they stand, by the name of the form's field


def of_case(desk: Desk, user: User, case_id: int, seen: int) -> Since:
    """What happened to the case after the version the person saw; raises NotFound or NotAllowed."""
    case = desk.store.cases.get(case_id)
    permits.demand_case(user, case)
    since = [event for event in desk.store.cases.history(case_id) if event.version > seen]
    told = tuple(_change(desk, event) for event in since[-SHOWN:])
    return Since(case.version, told, _texts(user, case))


def of_message(desk: Desk, user: User, message_id: int, seen: int) -> Since:
    """Which texts the message has had after the one the person saw; raises NotFound or NotAllowed."""
    message = desk.store.outbox.get(message_id)
    permits.demand_message(
        user, desk.store.cases.get(message.case_id) if message.case_id is not None else None
    )
    since = [one for one in desk.store.outbox.texts(message_id) if one.version > seen]
    told = tuple(Change(one.at, one.author, f"第 {one.version} 稿", "改了文稿") for one in since[-SHOWN:])
    return Since(message.version, told, {"text": message.text})


def _change(desk: Desk, event: Event) -> Change:
    shown = tuple(
        (FIELDS[name], _value(desk, name, pair[0]), _value(desk, name, pair[1]))
        for name, pair in event.changes.items()
        if name in FIELDS and len(pair) == 2
    )
    done = cases.happened.told(event.action, event.state)
    return Change(event.at, event.actor, mask(event.note), done, shown)


def _texts(user: User, case: Case) -> dict[str, str]:
    """What the unit has written, for whoever may read it."""
    if case.result is None:
        return {}
    hidden = () if permits.may_on(user, "see_internal", case) else ("internal_report",)
    return {name: text for name in RESULT if name not in hidden and (text := getattr(case.result, name))}


def _value(desk: Desk, name: str, value: Any) -> str:
    """A value as the page would write it."""
    if value in (None, "", [], ()):
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "unit":
        unit = desk.bureau.unit(str(value))
        return unit.short if unit else str(value)
    if name == "assist":
        return "、".join(assist_names(desk, value))
    if name == "area":
        return desk.bureau.area_name(str(value))
    if name == "happened_at":
        return f"{local(datetime.fromisoformat(str(value))):%Y-%m-%d %H:%M}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(KIND_LABEL.get(str(one), str(one)) for one in value)
    return mask(str(value))
