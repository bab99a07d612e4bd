"""Why something is done to a case: a reason of the table, and a sentence of one's own where that is needed."""

from __future__ import annotations

from datetime import datetime

from flow.desk import Desk
from flow.typed import reason_of
from flow.typed import tidy
from huanyu.errors import BadInput
from huanyu.intake_rows import ReasonRow

LONGEST = 2000  #: characters of a reason


def reasons(desk: Desk, act: str, now: datetime) -> tuple[ReasonRow, ...]:
    """The reasons in force for an act, in the order of the table."""
    return tuple(row for row in desk.bureau.reasons if row.act == act and row.valid_on(now.date()))


def because(desk: Desk, act: str, kind: str, words: str, now: datetime) -> str:
    """The reason as the history tells it; raises BadInput where there is none, or the table has no such reason."""
    said = tidy("理由", words).strip()
    if len(said) > LONGEST:
        raise BadInput(f"理由过长，最多 {LONGEST} 字")
    if not kind:
        return reason_of(said)  # also of acts the table has no reasons for
    row = next((row for row in reasons(desk, act, now) if row.key == kind), None)
    if row is None:
        raise BadInput("没有这一条理由，请重新选择")
    if row.words and not said:
        raise BadInput(f"请写明“{row.name}”的具体情况")
    return f"{row.name}：{said}" if said else row.name
