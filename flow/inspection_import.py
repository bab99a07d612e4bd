"""A batch of 督察信访件 from its list: each row becomes a case under its own number, or is kept with what is wrong in it.

A list handed in again adds what was missing; a row that was bad and is good now leaves the list of bad ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from pathlib import Path
from types import MappingProxyType
from typing import Final

import cases.intake
from crawler.import_columns import Meaning
from crawler.import_columns import squeezed
from crawler.import_files import tables
from crawler.import_table import Row
from flow import entries
from flow import hiding
from flow import permits
from flow import registering
from flow import rejected_rows
from flow.desk import Desk
from flow.entries import Entry
from flow.inspections import areas
from flow.inspections import due_of
from flow.inspections import parts
from flow.receiving import reporter_of
from flow.typed import tidy
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.kinds import covers
from huanyu.redact import mask
from huanyu.supervision_rows import InspectionRow
from huanyu.text import normalise
from huanyu.types import BatchEntry
from huanyu.types import InspectionBatch
from huanyu.types import ItemEntry
from huanyu.types import User

SOURCE: Final = "督察批次"  #: under which rows that could not be taken are listed
HOW: Final = "督察交办"
NUMBERED: Final = "受理编号 "  #: before the number of a row that has one
CHANNEL: Final = "inspection"  #: in channels.toml and item_types.toml
HANDED_OVER: Final = time(9)  #: of the day a sheet names
#: What a column holds -> headings that say so.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "number": ("受理编号", "信访编号", "信访件编号", "举报编号", "编号"),
        "text": (
            *(
                "交办问题基本情况",
                "交办问题",
                "信访内容",
                "举报内容",
                "反映问题",
                "反映内容",
                "问题描述",
                "内容",
            ),
        ),
        "areas": ("行政区域", "辖区", "县（市、区）", "县市区", "所属区域", "属地", "区域"),
        "matters": ("污染类型", "问题类型", "污染类别"),
        "units": ("责任单位", "承办单位", "牵头单位"),
        "focus": ("重点关注", "是否重点关注", "重点件"),
        "where": ("地点", "具体地点", "问题地点"),
        "place": ("序号",),
    }
)
NEEDED: Final = ("number", "text", "areas")
STAR: Final = "*＊★"
YES: Final = frozenset({"是", "重点关注", "重点", "√", "*", "＊", "★", "1", "y", "yes"})
NO: Final = frozenset({"", "否", "0", "n", "no", "—", "-", "/"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a person types of the sheet that came with the list."""

    campaign: str
    level: str
    number: int
    received_on: date
    told_items: int
    told_focus: int
    due: date | None = None  #: where the sheet names another day


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a list."""

    batch: InspectionBatch
    new: int
    known: int
    bad: tuple[tuple[str, str], ...]  #: where, and what is wrong


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that could not be taken."""

    line: Row
    called: str  #: by its number, or where it stands where it has none
    told: str  #: what is wrong, column by column


@dataclass(frozen=True, slots=True)
class Read:
    """A row that was understood."""

    item: ItemEntry
    text: str
    where: str
    reporter: Mapping[str, str]


def take_in(desk: Desk, user: User, sheet: Sheet, path: Path, now: datetime) -> TakenIn:
    """Take the list in; raises BadInput where the sheet or the file as a whole will not do, Conflict as the store."""
    permits.demand(user, "keep_inspections")
    row, entry = _checked(desk, sheet, now)
    lines, unread = _rows(path)
    batch = desk.store.inspections.open(entry, user.name, now)
    new, known = 0, 0
    bad: list[Bad] = []
    good: list[str] = []
    for line, names in lines:
        try:
            read = _read(desk, row, line, names, len(good) + 1)
            is_new = _enter(desk, batch, read, user, now)
        except (BadInput, Conflict) as problem:
            bad.append(Bad(line, _called(line, names), mask(str(problem.args[0]))))
            continue
        new, known = new + is_new, known + (not is_new)
        good.append(_called(line, names))
    _keep(desk, batch, path.name, bad, good, user, now)
    return TakenIn(batch, new, known, (*((one.line.place, one.told) for one in bad), *unread))


def take_row(desk: Desk, user: User, line: Row, batch_id: int, now: datetime) -> bool:
    """One kept row of a batch's list, put right; False where the batch has its letter. Raises BadInput, Conflict."""
    permits.demand(user, "keep_inspections")
    batch = desk.store.inspections.get(batch_id)
    row = desk.bureau.supervision.inspection_on(batch.campaign, batch.level, batch.received_on)
    if row is None:
        raise BadInput("各表“台账和督办”中没有这一轮督察")
    names = _names(tuple(line.cells))
    if lacking := [COLUMNS[field][0] for field in NEEDED if field not in names]:
        raise BadInput(f"没有{'、'.join(f'“{one}”' for one in lacking)}列")
    last = max((one.place for one in desk.store.inspections.items([batch_id])), default=0)
    return _enter(desk, batch, _read(desk, row, line, names, last + 1), user, now)


def _checked(desk: Desk, sheet: Sheet, now: datetime) -> tuple[InspectionRow, BatchEntry]:
    row = desk.bureau.supervision.inspection_on(sheet.campaign, sheet.level, sheet.received_on)
    if row is None:
        raise BadInput("各表“台账和督办”中没有这一轮督察，或该日不在起止日期内")
    due = sheet.due or due_of(desk, row, sheet.received_on)
    problems = [
        ("批次请填写 1 以上的数", sheet.number < 1),
        ("收到日期晚于今天", sheet.received_on > local(now).date()),
        ("收到日期在三年以前，请核对年份", sheet.received_on < local(now - entries.LONG_AGO).date()),
        ("交办单写明的件数请填写 1 以上的数", sheet.told_items < 1),
        ("重点关注的件数多于总件数", sheet.told_focus > sheet.told_items),
        ("办结日期早于收到日期", due < sheet.received_on),
    ]
    if wrong := [told for told, is_wrong in problems if is_wrong]:
        raise BadInput("；".join(wrong))
    return row, BatchEntry(
        campaign=row.campaign,
        level=row.level,
        number=sheet.number,
        team=row.team,
        received_on=sheet.received_on,
        due=due,
        told_items=sheet.told_items,
        told_focus=sheet.told_focus,
    )


def _rows(path: Path) -> tuple[list[tuple[Row, Mapping[str, str]]], list[tuple[str, str]]]:
    """Every row with the headings of its table by what they hold, and the sheets that are no list and why.

    Raises BadInput where no sheet is one.
    """
    lines: list[tuple[Row, Mapping[str, str]]] = []
    missing: list[tuple[str, str]] = []
    for table in tables(path, Meaning({"text": COLUMNS["text"]})):
        names = _names(table.head)
        if lacking := [COLUMNS[field][0] for field in NEEDED if field not in names]:
            told = f"表头里没有{'、'.join(f'“{one}”' for one in lacking)}列"
            missing.append((f"{path.name} {table.place}", told))
            continue
        lines += [(row, names) for row in table.rows]
    if not lines:
        raise BadInput("；".join(f"{where}: {told}" for where, told in missing) or f"{path.name}: 文件是空的")
    return lines, missing


def _names(head: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, known in COLUMNS.items():
        for wanted in known:
            heading = next((one for one in head if squeezed(one) == squeezed(wanted)), None)
            if heading is not None:
                found.setdefault(field, heading)
    return found


def _read(desk: Desk, row: InspectionRow, line: Row, names: Mapping[str, str], at: int) -> Read:
    """A row as a letter; raises BadInput naming every column that is wrong."""
    if line.problem:
        raise BadInput(line.problem)
    cell = {field: line.cells.get(heading, "").strip() for field, heading in names.items()}
    number = _number(cell["number"])
    text = tidy("交办问题基本情况", cell["text"])
    found, strange = _areas(desk, cell["areas"])
    kinds, unknown = _matters(desk, cell.get("matters", ""))
    focus = cell.get("focus", "").lower()
    problems = [
        ("number", "没有填写", not number),
        (
            "number",
            f"{number} 不是 {row.example} 这样的编号",
            bool(number) and not re.fullmatch(row.number, number),
        ),
        ("text", f"太短，至少 {entries.SHORTEST} 个字", len(text) < entries.SHORTEST),
        ("areas", "没有填写", not found and not strange),
        ("areas", f"不认识 {'、'.join(strange)}", bool(strange)),
        ("matters", f"不认识 {'、'.join(unknown)}", bool(unknown)),
        ("focus", f"请写“是”或“否”，不是 {cell.get('focus', '')}", focus not in YES | NO),
    ]
    if wrong := [f"“{names[field]}”列{told}" for field, told, is_wrong in problems if is_wrong]:
        raise BadInput("；".join(wrong))
    reporter = reporter_of(line.cells, Meaning({"text": COLUMNS["text"]}))
    item = ItemEntry(
        place=int(cell["place"]) if re.fullmatch(r"\d{1,5}", cell.get("place", "")) else at,
        number=number,
        focus=focus in YES or any(star in cell["number"] for star in STAR),
        problem=mask(hiding.without(text, hiding.hidden(text, "", reporter, whole=True))),
        areas=found,
        matters=kinds,
        units=parts(cell.get("units", "")),
    )
    return Read(item, text, cell.get("where", ""), reporter)


def _number(written: str) -> str:
    """As it is kept: no star, no full-width digits."""
    return normalise(written).strip(f"{STAR} ")


def _areas(desk: Desk, written: str) -> tuple[tuple[str, ...], list[str]]:
    """The keys of the districts a cell names, in the order of disclosures, and what nobody knows."""
    names = {name: key for key, name in areas(desk).items()}
    for place in desk.bureau.places:
        if place.level in {"county", "zone"}:
            names |= {alias.rstrip("?"): place.unit for alias in place.aliases}
    said = parts(written)
    found = {names[one] for one in said if one in names}
    return tuple(key for key in areas(desk) if key in found), [one for one in said if one not in names]


def _matters(desk: Desk, written: str) -> tuple[tuple[str, ...], list[str]]:
    rows = desk.bureau.supervision.matter
    names = {name: row.name for row in rows for name in (row.name, *row.aliases)}
    said = parts(written)
    found = {names[one] for one in said if one in names}
    ordered = dict.fromkeys(row.name for row in rows if row.name in found)
    return tuple(ordered), [one for one in said if one not in names]


def _enter(desk: Desk, batch: InspectionBatch, read: Read, user: User, now: datetime) -> bool:
    """Keep the letter and its case in one transaction; False where this batch has it already."""
    known = desk.store.inspections.by_number(read.item.number)
    if known is not None and known.batch_id == batch.id:
        return False
    if known is not None:
        other = desk.store.inspections.get(known.batch_id)
        raise BadInput(f"受理编号 {read.item.number} 已在{other.campaign}第{other.number}批登记")
    item = registering.item_of(desk, _entry(desk, batch, read, now), user.name, now, how=HOW)
    with desk.store.together():
        case = desk.store.registry.enter(item, user.name, now).case
        kinds = read.item.matters or _told_by(desk, case.kinds)
        told = {name: getattr(read.item, name) for name in ItemEntry.__slots__} | {"matters": kinds}
        desk.store.inspections.add(batch, ItemEntry(**told), case.id, user.name, now)
    return True


def _entry(desk: Desk, batch: InspectionBatch, read: Read, now: datetime) -> Entry:
    came = datetime.combine(batch.received_on, HANDED_OVER, tzinfo=SHANGHAI)
    city = desk.bureau.supervision.city_units
    spot = cases.intake.spot_of(desk.reader.read([read.text])[0].places)
    names = [desk.bureau.area_name(key) for key in read.item.areas]
    return Entry(
        token=f"{CHANNEL}-{read.item.number}",
        type=CHANNEL,
        channel=CHANNEL,
        text=read.text,
        learned_at=min(came, now),
        place=read.where or spot or "、".join(names),
        area=next((key for key in read.item.areas if key != city), ""),
        external_number=read.item.number,
        ordered_to="、".join(read.item.units),
        fields={"batch": f"{batch.campaign}第{batch.number}批", "due": batch.due.isoformat()},
        reporter=read.reporter,
    )


def _told_by(desk: Desk, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """污染类型 by what the text was read as, where the list says none."""
    return tuple(
        row.name
        for row in desk.bureau.supervision.matter
        if any(covers(pattern, kind) for pattern in row.kinds for kind in kinds)
    )


def _called(line: Row, names: Mapping[str, str]) -> str:
    number = _number(line.cells.get(names["number"], ""))
    return f"{NUMBERED}{mask(number)}" if number else line.place


def _keep(
    desk: Desk,
    batch: InspectionBatch,
    name: str,
    bad: Sequence[Bad],
    good: Sequence[str],
    user: User,
    now: datetime,
) -> None:
    """Bad rows stay on the list of what could not be read, sealed, until their letter is taken or they come anew."""
    head = f"{batch.campaign}第{batch.number}批"
    # A row known by its place alone is nobody's successor: another list has another row there.
    called = (*good, *(one.called for one in bad))
    came = [f"{head} {one}" for one in called if one.startswith(NUMBERED)]
    desk.store.rejects.overtaken(SOURCE, came, actor=user.name, now=now)
    kept = [(f"{head} {one.called}", f"{one.line.place}：{one.told}", one.line) for one in bad]
    rejected_rows.put(desk, SOURCE, name, kept, user, now, {"batch": str(batch.id)})
