"""What a unit found and did: checked for what a reply needs, then kept with the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import cases.lifecycle
from flow.desk import Desk
from flow.life import as_seen
from flow.life import demand_for_unit
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.types import Case
from huanyu.types import Result
from huanyu.types import User

FINDINGS = ("属实", "部分属实", "不属实", "未发现")


def record_result(desk: Desk, user: User, case_id: int, version: int, result: Result, now: datetime) -> Case:
    """What was found and done; the draft of the reply follows by itself."""
    demand_for_unit(desk, user, "record_result", case_id)
    case = as_seen(desk, user, case_id, version)
    cases.lifecycle.check_record(case.state)
    tidied = _tidied(result)
    _check_result(tidied, case, now)
    signed = replace(tidied, recorded_by=user.name, recorded_at=now)
    return desk.store.moves.move(
        case,
        "handled",
        action="result",
        note=f"{result.finding}: {result.measure}",
        actor=user.name,
        result=signed,
        now=now,
    )


def _tidied(result: Result) -> Result:
    """The texts of a result without control characters and within bounds."""
    return replace(
        result,
        found=tidy("查明情况", result.found),
        measure=tidy("处理措施", result.measure),
        basis=tidy("法律依据", result.basis),
        next_step=tidy("后续", result.next_step),
        internal_report=tidy("内部报告", result.internal_report),
        polluter=tidy("污染主体", result.polluter),
    )


def _check_result(result: Result, case: Case, now: datetime) -> None:
    """表面整改 starts with empty fields (domain 45): facts, measure and a plausible date are required."""
    problems = [
        (f"查处结论只能是{'、'.join(FINDINGS)}", result.finding not in FINDINGS),
        ("查明情况过短, 请写明查到的事实", len(result.found.strip()) < 10),
        ("处理措施过短, 请写明采取了什么措施", len(result.measure.strip()) < 4),
        ("现场检查时间晚于现在", result.visited_at > now),
        ("现场检查时间早于收件时间", local(result.visited_at).date() < local(case.learned_at).date()),
    ]
    found = [text for text, wrong in problems if wrong]
    if found:
        raise BadInput("；".join(found))
