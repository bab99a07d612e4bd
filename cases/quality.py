"""What is missing from a result before an answer may rest on it: no facts, no date, no measure, only phrases.

Pure: the result, the table and the moment in, problems out. Must not know where a result is kept or who is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cases.lifecycle import ALLOWED
from huanyu.clock import local
from huanyu.finding_rows import NeedRow
from huanyu.finding_rows import QualityTable
from huanyu.types import Case
from huanyu.types import Measurement
from huanyu.types import Result

FINDINGS: Final = ("属实", "部分属实", "不属实", "未发现")
EARLIEST: Final = 2000  # a year before is a slip of the keyboard
TEXTS: Final = {"found": "查明情况", "measure": "处理措施", "public_answer": "公开答复"}
_MARKS: Final = re.compile(r"[\s，。；：、！？“”（）,.;:!?()\-—]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and the field it stands beside."""

    field: str
    told: str  #: Chinese


def problems(
    result: Result,
    measurements: Sequence[Measurement],
    photos: int,
    learned_at: datetime,
    table: QualityTable,
    now: datetime,
    level: str = "一般",
) -> tuple[Problem, ...]:
    """Everything that is wrong, in the order of the form."""
    amounts = _amounts(result, len(measurements), photos)
    missing = [Problem(row.field, row.told) for row in table.need if _asks(row, result, level, amounts)]
    named = {problem.field for problem in missing}
    found = [
        *_choices(result, table.outcome),
        *_days(result, learned_at, now),
        *missing,
        *(one for one in _phrases(result, table) if one.field not in named),
        *_measured(measurements, now),
    ]
    return tuple(dict.fromkeys(found))


def reviewed_first(table: QualityTable, case: Case) -> bool:
    """Whether a person looks at the result of this case before an answer is drafted."""
    of_incident = table.review_incidents and case.incident_id is not None
    return of_incident or case.level in table.review_levels or case.lane in table.review_lanes


def goes_to(table: QualityTable, case: Case) -> str:
    """Where a result takes the case: straight on, or to the person who reviews it first."""
    return "reported" if reviewed_first(table, case) and "reported" in ALLOWED[case.state] else "handled"


def _amounts(result: Result, measured: int, photos: int) -> dict[str, int]:
    """How much there is of what a row may ask for: characters of a text, else how many."""
    return {
        "found": len(result.found.strip()),
        "measure": len(result.measure.strip()),
        "public_answer": len(result.public_answer.strip()),
        "next_step": len(result.next_step.strip()),
        "people": len(result.people),
        "bases": len(result.bases) or (1 if result.basis.strip() else 0),
        "rectify_by": 0 if result.rectify_by is None else 1,
        "measurements": measured,
        "photos": photos,
    }


def _asks(row: NeedRow, result: Result, level: str, amounts: dict[str, int]) -> bool:
    """Whether the row applies to this result and finds too little."""
    conditions: tuple[tuple[Collection[str], str], ...] = (
        (row.findings, result.finding),
        (row.levels, level),
        (row.outcomes, result.outcome),
    )
    fits = all(not wanted or told in wanted for wanted, told in conditions)
    return fits and (not row.fined or bool(result.fine_cents)) and amounts[row.field] < row.least


def _choices(result: Result, outcomes: Collection[str]) -> list[Problem]:
    told = []
    if result.finding not in FINDINGS:
        told.append(Problem("finding", f"请选择是否属实，查处结论只能是{'、'.join(FINDINGS)}"))
    if result.outcome and result.outcome not in outcomes:
        told.append(Problem("outcome", f"办理结果没有“{result.outcome}”这一项"))
    return told


def _days(result: Result, learned_at: datetime, now: datetime) -> list[Problem]:
    told = []
    if result.visited_at > now:
        told.append(Problem("visited_at", "现场检查时间晚于现在"))
    if local(result.visited_at).date() < local(learned_at).date():
        told.append(Problem("visited_at", "现场检查时间早于收件时间"))
    if result.rectify_by is not None and result.rectify_by < local(result.visited_at).date():
        told.append(Problem("rectify_by", "整改期限早于现场检查的日子"))
    return told


def _phrases(result: Result, table: QualityTable) -> list[Problem]:
    """A text that says nothing once the phrases are taken out of it."""
    return [
        Problem(field, f"{name}只有“{_said(text, table.filler)}”之类的套话，请写明具体的事实、时间和做法")
        for field, name in TEXTS.items()
        if (text := str(getattr(result, field))).strip()
        and len(_without(text, table.filler)) < table.substance <= len(_MARKS.sub("", text))
    ]


def _without(text: str, filler: Sequence[str]) -> str:
    for phrase in sorted(filler, key=len, reverse=True):
        text = text.replace(phrase, "")
    return _MARKS.sub("", text)


def _said(text: str, filler: Sequence[str]) -> str:
    return max((phrase for phrase in filler if phrase in text), key=len, default=text[:8])


def _measured(found: Sequence[Measurement], now: datetime) -> list[Problem]:
    told = []
    for number, one in enumerate(found, start=1):
        if not one.item or not one.value:
            told.append(f"第 {number} 项监测数据缺少项目名称或测得的值")
        if one.limit_value and not one.limit_source:
            told.append(f"第 {number} 项监测数据有限值而没有写限值的出处（标准名称）")
        if one.exceeded and not one.limit_value:
            told.append(f"第 {number} 项监测数据勾选了超标，请写明限值")
        if one.at is not None and one.at > now:
            told.append(f"第 {number} 项监测数据的采样时间晚于现在")
        if one.at is not None and one.at.year < EARLIEST:
            told.append(f"第 {number} 项监测数据的采样时间不对，年份写成了 {one.at.year} 年")
    return [Problem("measurements", line) for line in told]
