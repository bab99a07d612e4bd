"""What a unit found and did: checked for what a reply needs, then kept with the case, its values and its files.

Measures and legal bases chosen from the tables stand in the texts, too, so that replies and bulletins need no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import cases.clocks
import cases.lifecycle
from cases.quality import FINDINGS as FINDINGS
from cases.quality import Problem
from cases.quality import goes_to
from cases.quality import problems
from cases.quality import reviewed_first
from flow.case_files import INTAKE
from flow.case_files import Upload
from flow.case_files import looked_at
from flow.desk import Desk
from flow.life import as_seen
from flow.life import demand_for_unit
from flow.typed import tidy
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.finding_rows import BasisRow
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Measurement
from huanyu.types import Result
from huanyu.types import User

TEXTS = {
    "found": "查明情况",
    "measure": "处理措施",
    "basis": "法律依据",
    "next_step": "后续",
    "internal_report": "内部报告",
    "public_answer": "公开答复",
    "polluter": "污染主体",
}
MOST = 30  # values of one report
MOST_PEOPLE = 20  # who were on the spot


def record_result(
    desk: Desk,
    user: User,
    case_id: int,
    version: int,
    result: Result,
    now: datetime,
    measured: Sequence[Measurement] = (),
    uploads: Sequence[Upload] = (),
) -> Case:
    """What was found and done; the draft of the reply follows by itself, or a person reviews it first."""
    demand_for_unit(desk, user, "record_result", case_id)
    case = as_seen(desk, user, case_id, version)
    cases.lifecycle.check_record(case.state)
    full = completed(desk, result)
    values = [_tidied_value(one) for one in measured]
    if wrong := look_over(desk, case, full, values, len(uploads), now):
        raise BadInput("；".join(problem.told for problem in wrong))
    to = _next(desk, case)
    files = looked_at(desk.bureau.quality, uploads)
    signed = replace(full, recorded_by=user.name, recorded_at=now, reported_by_unit=case.unit)
    note = f"{result.finding}: {full.measure}"
    again = _recheck(desk, case, full, now)
    return desk.store.findings.record(case, to, signed, values, files, note, user.name, now, again)


def look_over(
    desk: Desk,
    case: Case,
    result: Result,
    measured: Sequence[Measurement],
    photos: int,
    now: datetime,
) -> tuple[Problem, ...]:
    """What is wrong with a result, each beside its field."""
    full = completed(desk, result)
    kept = sum(one.kind != INTAKE for one in desk.store.case_files.of_case(case.id))
    level, learned, table = case.level, case.learned_at, desk.bureau.quality
    found = problems(full, measured, photos + kept, learned, table, now, level)
    return (*_unknown(desk, full, len(measured)), *found)


def completed(desk: Desk, result: Result) -> Result:
    """The result with tidy texts; where only the lists were used, their names stand in the texts."""
    texts: dict[str, Any] = {name: tidy(label, getattr(result, name)) for name, label in TEXTS.items()}
    tidied = replace(result, **texts)
    names = {row.key: row.name for row in desk.bureau.measures}
    laws = {row.key: row.citation for row in desk.bureau.bases}
    return replace(
        tidied,
        measure=tidied.measure or "、".join(names[key] for key in tidied.measures if key in names),
        basis=tidied.basis or "、".join(dict.fromkeys(laws[key] for key in tidied.bases if key in laws)),
        people=tuple(dict.fromkeys(told[:40] for name in tidied.people if (told := normalise(name)))),
    )


def offered_bases(desk: Desk, case: Case, day: datetime) -> list[BasisRow]:
    """The bases in force on the day of the visit, those of the case's kinds first."""
    families = {kind.partition(".")[0] for kind in case.kinds}
    valid = [row for row in desk.bureau.bases if row.valid_on(local(day).date())]
    return sorted(valid, key=lambda row: not (families & set(row.kinds)))


def _recheck(desk: Desk, case: Case, result: Result, now: datetime) -> Clock | None:
    """整改: until when somebody looks again; None where nothing has to be put right by a day."""
    if result.rectify_by is None:
        return None
    return cases.clocks.recheck(case, result.rectify_by, desk.clocks(local(now).date()), desk.calendar)


def _next(desk: Desk, case: Case) -> str:
    """Where the result takes the case."""
    table = desk.bureau.quality
    if case.state == "replying" and reviewed_first(table, case):
        raise IllegalMove("该件的反馈须经审核：请宣教科先退回补充，再更正查处结果", case=case.number)
    return goes_to(table, case)


def _unknown(desk: Desk, result: Result, values: int) -> list[Problem]:
    """What was chosen that is not in the tables, or no longer in force on the day of the visit."""
    day = local(result.visited_at).date()
    measures = {row.key for row in desk.bureau.measures if row.valid_on(day)}
    bases = {row.key for row in desk.bureau.bases if row.valid_on(day)}
    told = []
    if set(result.measures) - measures:
        told.append(Problem("measures", "所选措施不在现行措施清单中，请重新选择"))
    if set(result.bases) - bases:
        told.append(Problem("bases", "所选法律依据在现场检查之日不适用，请重新选择"))
    if len(result.people) > MOST_PEOPLE:
        told.append(Problem("people", f"检查人员一次最多 {MOST_PEOPLE} 人"))
    if values > MOST:
        told.append(Problem("measurements", f"监测数据一次最多 {MOST} 项"))
    return told


def _tidied_value(one: Measurement) -> Measurement:
    named = {"item": "监测项目", "value": "监测值", "unit": "单位", "limit_value": "限值"}
    named |= {"limit_source": "限值出处", "point": "点位", "report_no": "报告编号"}
    texts: dict[str, Any] = {
        name: tidy(label, getattr(one, name)).strip()[:200] for name, label in named.items()
    }
    return replace(one, **texts)
