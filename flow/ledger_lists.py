"""问题清单, 任务清单, 责任清单 and the 调度表 of one ledger as a workbook; masked, and noted in the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Final

import cases.ledger
from cases.ledger import CARDS
from cases.ledger import LABEL
from flow import ledger
from flow import ledger_areas
from flow import permits
from flow.desk import Desk
from flow.ledger import Standing
from huanyu.cells import Cell
from huanyu.cells import workbook
from huanyu.redact import mask
from huanyu.types import Charge
from huanyu.types import LedgerLine
from huanyu.types import Listing
from huanyu.types import User

PROBLEMS: Final = (
    "序号",
    "编号",
    "问题",
    "来源",
    "来源说明",
    "辖区",
    "涉及企业",
    "责任单位",
    "状态",
    "第几轮",
    "挂账日期",
)
TASKS: Final = (
    "序号",
    "编号",
    "问题",
    "整改目标",
    "整改措施",
    "整改时限",
    "进展",
    "状态",
    "红黄牌",
    "销号文号",
    "销号日期",
)
DUTIES: Final = ("序号", "编号", "问题", "责任单位", "责任人", "整改时限", "包案领导", "挂牌督办", "挂牌期限")
MEETING: Final = (
    "序号",
    "编号",
    "问题",
    "责任单位",
    "责任人",
    "整改时限",
    "红黄牌",
    "最近进展",
    "报进展日期",
    "是否按时报进展",
)


def lists(desk: Desk, user: User, states: Collection[str], now: datetime) -> bytes:
    """The ledger this person may see: 问题, 任务, 责任, 调度; who sees every line has 汇总 of all areas, too."""
    found = ledger.listing(desk, user, now, states)
    charges = {one.line_id: one for one in desk.store.oversight.charges()}
    listings = {one.line_id: one for one in desk.store.oversight.listings()}
    sheets: dict[str, list[Sequence[Cell]]] = {
        "问题清单": [PROBLEMS, *(_problem(desk, *one) for one in enumerate(found, 1))],
        "任务清单": [TASKS, *(_task(*one) for one in enumerate(found, 1))],
        "责任清单": [
            DUTIES,
            *(
                _duty(desk, place, one.line, charges.get(one.line.id), listings.get(one.line.id))
                for place, one in enumerate(found, 1)
            ),
        ],
        "调度表": [MEETING, *_meeting(desk, found)],
    }
    if permits.may(user, "see_all_lines"):
        everything = ledger_areas.rows(desk, ledger.listing(desk, user, now), listings)
        sheets["按辖区汇总"] = [ledger_areas.HEAD, *(one.cells() for one in everything)]
    made = workbook(sheets)
    desk.store.ledger.note_export([one.line.id for one in found], sorted(states), user.name, now)
    return made


def _problem(desk: Desk, place: int, one: Standing) -> tuple[Cell, ...]:
    line = one.line
    return (
        *(place, line.number, mask(line.title), origin_name(desk, line), mask(line.ground)),
        *(desk.bureau.area_name(line.area) if line.area else "", line.enterprise, unit_short(desk, line)),
        *(LABEL[line.state], line.round, _day(line.opened_at.date())),
    )


def _task(place: int, one: Standing) -> tuple[Cell, ...]:
    line = one.line
    return (
        *(place, line.number, mask(line.title), mask(line.goal), mask(line.measures), _day(line.due)),
        *(mask(line.progress), LABEL[line.state], CARDS.get(one.card, ""), line.serial),
        _day(line.cancelled_at.date() if line.cancelled_at else None),
    )


def _duty(
    desk: Desk, place: int, line: LedgerLine, charge: Charge | None, listing: Listing | None
) -> tuple[Cell, ...]:
    return (
        *(place, line.number, mask(line.title), unit_short(desk, line), line.person, _day(line.due)),
        f"{charge.post}{charge.leader}" if charge else "",
        f"{listing.grade}（{listing.serial}）" if listing else "",
        _day(listing.due if listing else None),
    )


def _meeting(desk: Desk, found: Sequence[Standing]) -> list[tuple[Cell, ...]]:
    """What a meeting goes through: what is not done yet, those late first."""
    at_work = [one for one in found if one.line.state not in cases.ledger.LOOKED_AT | {cases.ledger.END}]
    at_work.sort(key=lambda one: ({"red": 0, "yellow": 1}.get(one.card, 2), one.line.due, one.line.id))
    return [
        (
            *(place, one.line.number, mask(one.line.title), unit_short(desk, one.line), one.line.person),
            *(_day(one.line.due), CARDS.get(one.card, ""), mask(one.line.progress)),
            *(_day(one.line.told_at.date()), "否" if one.silent else "是"),
        )
        for place, one in enumerate(at_work, 1)
    ]


def origin_name(desk: Desk, line: LedgerLine) -> str:
    """督察信访件."""
    row = desk.bureau.supervision.origin_of(line.origin)
    return row.name if row else line.origin


def unit_short(desk: Desk, line: LedgerLine) -> str:
    """市执法支队."""
    found = desk.bureau.unit(line.unit)
    return found.short if found else line.unit


def _day(when: date | None) -> str:
    return f"{when:%Y-%m-%d}" if when else ""
