"""群众信访举报转办和边督边改公开情况一览表 of a batch: for a page, a workbook, Word and PDF; masked, noted when taken out."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from typing import Literal

import bulletins.render_wide_docx
import bulletins.render_wide_pdf
import cases.inspections
from bulletins.wide import Column
from bulletins.wide import WideTable
from cases.inspections import Disclosure
from flow import inspections
from flow.desk import Desk
from flow.inspections import Standing
from flow.inspections import Whole
from huanyu.cells import workbook
from huanyu.errors import NotAllowed
from huanyu.redact import mask
from huanyu.types import Result
from huanyu.types import User

Form = Literal["pdf", "docx", "xlsx"]
FOCUS: Final = "*"  #: before the number of a letter that is 重点关注
FOCUS_NOTE: Final = "注：受理编号前标“*”的为重点关注信访举报件。"
AT_WORK: Final = "正在调查核实"
WITHHELD: Final = "按规定不公开"  #: of a case that only some people may see
COLUMNS: Final = (
    Column("序号", 10, centred=True),
    Column("受理编号", 33, centred=True),
    Column("交办问题基本情况", 47),
    Column("行政区域", 18, centred=True),
    Column("污染类型", 17, centred=True),
    Column("调查核实情况", 43),
    Column("是否属实", 17, centred=True),
    Column("处理和整改情况", 40),
    Column("是否办结", 16, centred=True),
    Column("责任人被处理情况", 16, centred=True),
)
RENDER: Final[Mapping[str, Callable[[WideTable, datetime], bytes]]] = {
    "pdf": bulletins.render_wide_pdf.render,
    "docx": bulletins.render_wide_docx.render,
}


def table(desk: Desk, user: User, found: Whole) -> WideTable:
    """The public table, a row a letter in the order of the list; raises NotAllowed for who stays away from one (回避)."""
    if away := [one.item.number for one in found.letters if user.id in one.case.recused]:
        raise NotAllowed(f"您在本批的 {'、'.join(away)} 中回避，不能查看公开情况表")
    batch = found.batch
    day = f"{batch.received_on.year}年{batch.received_on.month}月{batch.received_on.day}日"
    focus = (FOCUS_NOTE,) if found.tally.focus else ()
    return WideTable(
        title=f"群众信访举报转办和边督边改公开情况一览表（第{batch.number}批　{day}）",
        subtitle=f"{batch.campaign}　　{desk.bureau.bureau.name}",
        issuer=desk.bureau.bureau.name,
        columns=COLUMNS,
        rows=tuple(_row(at, one) for at, one in enumerate(found.letters, 1)),
        notes=(*focus, *((found.disclosure.note,) if found.disclosure.note else ())),
    )


def file(desk: Desk, user: User, batch_id: int, form: Form, now: datetime) -> tuple[str, bytes]:
    """(name, bytes) of the table; the line of the audit trail is written before the bytes leave."""
    found = inspections.whole(desk, user, batch_id, now)
    sheet = table(desk, user, found)
    made = RENDER[form](sheet, now) if form in RENDER else _workbook(sheet, found.disclosure)
    desk.store.inspections.note_export(batch_id, form, user.name, now)
    return f"{sheet.title.replace('　', ' ')}.{form}", made


def _workbook(sheet: WideTable, told: Disclosure) -> bytes:
    """The table and, on a sheet of its own, the day's words or why there are none."""
    head = tuple(one.name for one in sheet.columns)
    words = (told.text, *sheet.notes) if told.text else ("数字对不上，暂不公开：", *told.faults)
    return workbook(
        {"公开情况一览表": [head, *sheet.rows], "公开稿": [("公开稿",), *((one,) for one in words)]}
    )


def _row(at: int, one: Standing) -> tuple[str, ...]:
    item, result = one.item, None if one.case.restricted else one.case.result
    told, unsaid = one.case.result is not None, WITHHELD if one.case.restricted else AT_WORK
    return (
        str(at),
        f"{FOCUS}{item.number}" if item.focus else item.number,
        mask(item.problem),
        "、".join(one.fact.areas),
        "、".join(item.matters),
        mask(result.found) if result else unsaid,
        one.fact.finding if told else "",
        mask(_done(result)) if result else "",
        cases.inspections.LABEL[one.fact.standing],
        mask(item.accountable) or ("无" if one.fact.standing != "open" else ""),
    )


def _done(result: Result) -> str:
    """What was ordered and what comes next, as it is written for the public."""
    parts = (result.measure, result.next_step)
    return "。".join(part.strip().rstrip("。") for part in parts if part.strip()) + "。"
