"""报道和活动台账: a record typed in, a year's list taken in, what is wrong put right; the year's figures and their workbook."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Final

from bulletins.wording import percent
from crawler import import_lists
from crawler.import_table import Row
from flow import permits
from flow import rejected_rows
from flow.desk import Desk
from flow.typed import reason_of
from huanyu.cells import Cell
from huanyu.cells import sheet
from huanyu.cells import workbook
from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.press_rows import ActivityKindRow
from huanyu.redact import mask
from huanyu.types import Activity
from huanyu.types import ActivityEntry
from huanyu.types import User
from publisher import activities
from publisher.activities import COLUMNS
from publisher.activities import NEEDED
from publisher.activities import Line
from publisher.amounts import Amount

SOURCE: Final = "报道和活动台账"  #: under which rows that could not be taken are listed
#: What a growth is a percentage of, at least; of fewer it says nothing.
SMALL: Final = 10
TWICE: Final = "{where}已有同类同日同名的一条，数不同：要改的请在台账里改，是另一条的请写明地点"
SAID: Final = tuple(field.name for field in fields(ActivityEntry))
#: Of these personal data is starred out in a workbook.
STARRED: Final = ("title", "place", "outlet", "slot", "evidence", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a list."""

    new: int
    known: int  #: in the log already
    bad: tuple[tuple[str, str], ...]  #: where, and what is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What the press office did in a year, so far."""

    year: int
    until: date
    lines: tuple[Line, ...]
    parts: Mapping[tuple[str, str], Mapping[str, Amount]]  #: (kind, count) -> outlet -> how much
    faults: tuple[str, ...]
    sentence: str


def kinds(desk: Desk, day: date) -> tuple[ActivityKindRow, ...]:
    """Kinds in force on a day."""
    return tuple(row for row in desk.bureau.press.kind if row.valid_on(day))


def entry(
    desk: Desk,
    user: User,
    told: Mapping[str, str],
    numbers: Mapping[str, str],
    now: datetime,
    conference_id: int | None = None,
) -> Activity:
    """Take a record down, of a conference or not; raises BadInput, or Conflict where the log has it already."""
    permits.demand(user, "keep_press")
    one = _read(desk, told, numbers, now)
    if conference_id is not None and one.kind == _filled(desk, one.day):
        raise BadInput("发布会本身由程序记，这里登记报道")
    token = activities.token(one)
    if token in _tokens(desk, [one]):
        raise Conflict("台账里已经有相同的一条")
    new = desk.store.press_log.add([(token, one)], user.name, now, conference_id)
    if not new:
        raise Conflict("台账里已经有相同的一条")
    return desk.store.press_log.get(new[0])


def change(
    desk: Desk,
    user: User,
    record_id: int,
    version: int,
    told: Mapping[str, str],
    numbers: Mapping[str, str],
    now: datetime,
) -> Activity:
    """Put a record right; raises BadInput or Conflict."""
    permits.demand(user, "keep_press")
    known = _standing(desk, record_id, version)
    one = _read(desk, told, numbers, now)
    changed = {name: new for name in SAID if (new := getattr(one, name)) != getattr(known, name)}
    if not changed:
        raise BadInput("没有任何改动")
    # A record the desk wrote itself keeps its own mark: the conference is not counted once more.
    own = known.conference_id is not None and known.kind == one.kind == _filled(desk, known.day)
    token = known.token if own else activities.token(one)
    return desk.store.press_log.change(known, token, changed, user.name, now)


def strike(desk: Desk, user: User, record_id: int, version: int, why: str, now: datetime) -> Activity:
    """Take a record out of the figures, with a reason; it stays in the log. Raises Conflict."""
    permits.demand(user, "keep_press")
    return desk.store.press_log.strike(_standing(desk, record_id, version), reason_of(why), user.name, now)


def listing(desk: Desk, user: User, year: int, kind: str = "") -> list[Activity]:
    """The records of a year, the newest first."""
    permits.demand(user, "see_press")
    found = desk.store.press_log.between(date(year, 1, 1), date(year, 12, 31))
    return [one for one in found if kind in ("", one.kind)]


def year(desk: Desk, of: int, now: datetime) -> Year:
    """The figures of a year up to today, with 同比; of a past year the whole of it."""
    until = min(local(now).date(), date(of, 12, 31))
    records = desk.store.press_log.between(date(of - 1, 1, 1), date(of, 12, 31))
    rows = desk.bureau.press.kind
    lines = activities.figures(records, rows, of, until)
    mine = [one for one in records if one.day.year == of and one.day <= until]
    parts = {
        (row.key, row.first.name): activities.by(mine, row, lambda one: one.outlet)
        for row in rows
        if row.outlet and any(one.kind == row.key for one in mine)
    }
    return Year(
        year=of,
        until=until,
        lines=lines,
        parts=parts,
        faults=activities.faults(lines, parts),
        sentence=activities.sentence(lines),
    )


def growth(line: Line) -> str:
    """同比 in words, with its base; "" where nothing was kept of the year before."""
    if line.before is None:
        return ""
    now, ago = line.total.value, line.before
    base = f"上年同期{ago.told(line.unit)}"
    about = "约" if line.total.is_about or ago.is_about else ""
    if now == ago.value:
        return f"{'基本' if about else ''}持平（{base}）"
    if ago.value < SMALL:
        return f"{'增加' if now > ago.value else '减少'}{about}{abs(now - ago.value)}{line.unit}（{base}）"
    return f"{'上升' if now > ago.value else '下降'}{about}{abs(percent(now, ago.value))}%（{base}）"


def take_in(desk: Desk, user: User, path: Path, now: datetime) -> Taken:
    """A list of records; each bad row is told by row and column and kept, the others are taken.

    Raises BadInput where the file as a whole will not do.
    """
    permits.demand(user, "keep_press")
    read: list[tuple[Row, ActivityEntry]] = []
    bad: list[tuple[Row, str]] = []
    listed = import_lists.read(path, _columns(desk), NEEDED)
    for row, cells in listed.rows:
        try:
            if row.problem:
                raise BadInput(row.problem)
            read.append((row, _read(desk, *_parted(cells), now)))
        except BadInput as problem:
            bad.append((row, str(problem)))
    known = _tokens(desk, [one for _, one in read])
    good: dict[str, ActivityEntry] = {}
    again = 0
    for row, one in read:
        token = activities.token(one)
        former = good.get(token) or known.get(token)
        if former is None:
            good[token] = one
        elif _numbers(desk, former) == _numbers(desk, one):
            again += 1
        else:
            where = "这张表前面" if token in good else "台账里"
            bad.append((row, TWICE.format(where=where)))
    new = desk.store.press_log.add(list(good.items()), user.name, now)
    rejected_rows.keep(desk, SOURCE, path.name, bad, user, now)
    wrong = (*((row.place, told) for row, told in bad), *listed.unread)
    return Taken(new=len(new), known=again + len(good) - len(new), bad=wrong)


def take_row(desk: Desk, user: User, row: Row, now: datetime) -> bool:
    """One kept row of a list, put right; False where the log has it. Raises BadInput."""
    permits.demand(user, "keep_press")
    one = _read(desk, *_parted(import_lists.cells(row, _columns(desk))), now)
    token = activities.token(one)
    former = _tokens(desk, [one]).get(token)
    if former is None:
        return bool(desk.store.press_log.add([(token, one)], user.name, now))
    if _numbers(desk, former) != _numbers(desk, one):
        raise BadInput(TWICE.format(where="台账里"))
    return False


def as_workbook(desk: Desk, user: User, of: int, now: datetime) -> bytes:
    """Figures, parts by outlet and the records of a year; the line of the trail is written before the bytes leave."""
    found = year(desk, of, now)
    records = [one for one in listing(desk, user, of) if one.struck_at is None]
    made = workbook(
        {
            f"{of}年统计": _figures(found),
            "按媒体": [("类别", "媒体", "数量"), *_by_outlet(desk, found)],
            "台账": [_head(desk), *(_line(desk, one) for one in reversed(records))],
        }
    )
    desk.store.press_log.note_export(of, user.name, now)
    return made


def as_csv(found: Year) -> bytes:
    """The figures as a sheet."""
    return sheet(_figures(found))


def _figures(found: Year) -> list[tuple[Cell, ...]]:
    head = ("组", "项目", "单位", *(f"{month}月" for month in activities.MONTHS), "合计", "同比")
    body = [
        (
            line.group,
            line.name,
            line.unit,
            *(_cell(one) for one in line.months),
            _cell(line.total),
            growth(line),
        )
        for line in found.lines
    ]
    return [head, *body, *((f"核对：{told}",) for told in found.faults)]


def _cell(amount: Amount) -> Cell:
    return amount.told() if amount.is_about else amount.value


def _by_outlet(desk: Desk, found: Year) -> list[tuple[Cell, ...]]:
    names = {row.key: row.name for row in desk.bureau.press.kind}
    return [
        (names[kind], outlet, _cell(amount))
        for (kind, _), parts in found.parts.items()
        for outlet, amount in parts.items()
    ]


def _head(desk: Desk) -> tuple[str, ...]:
    return (*(names[0] for name, names in COLUMNS.items() if name != "amount"), *_counts(desk))


def _line(desk: Desk, one: Activity) -> tuple[Cell, ...]:
    """A record as a list would have it: it can be taken in again."""
    row = desk.bureau.press.kind_of(one.kind)
    told = {
        **{name: getattr(_starred(one), name) for name in STARRED},
        "kind": row.name if row else one.kind,
        "day": one.day.isoformat(),
        "tags": "、".join(one.tags),
        "author": one.author,
        "link": one.link,
        "tone": activities.TONES[one.tone] if one.tone else "",
    }
    cells = [told[name] for name in COLUMNS if name != "amount"]
    return (*cells, *(one.amounts.get(name, "") for name in _counts(desk)))


def _counts(desk: Desk) -> tuple[str, ...]:
    """Names of every count of every kind, each once."""
    return tuple(dict.fromkeys(count.name for row in desk.bureau.press.kind for count in row.counts))


def _read(desk: Desk, told: Mapping[str, str], numbers: Mapping[str, str], now: datetime) -> ActivityEntry:
    one = activities.entry(told, numbers, desk.bureau.press.kind)
    row = desk.bureau.press.kind_of(one.kind)
    if row is not None and not row.valid_on(one.day):
        raise BadInput(f"“{row.name}”在 {one.day.isoformat()} 不计")
    if one.day > local(now).date():
        raise BadInput(f"日期 {one.day.isoformat()} 还没有到")
    return one


def _tokens(desk: Desk, some: Sequence[ActivityEntry]) -> dict[str, Activity]:
    """What stands in the log on the days of these, by its words, and by its words as a workbook of ours has them.

    A line the desk wrote itself has a token of its own, and what was starred on its way out comes back starred.
    """
    if not some:
        return {}
    days = [one.day for one in some]
    standing = [one for one in desk.store.press_log.between(min(days), max(days)) if one.struck_at is None]
    starred = {activities.token(_starred(one)): one for one in standing}
    return starred | {activities.token(one): one for one in standing}


def _starred(one: Activity) -> Activity:
    """As it leaves the desk: personal data starred out."""
    words: dict[str, Any] = {name: mask(getattr(one, name)) for name in STARRED}
    return replace(one, **words)


def _numbers(desk: Desk, one: ActivityEntry) -> list[Amount | None]:
    row = desk.bureau.press.kind_of(one.kind)
    return [activities.amount_of(one, row, count) for count in row.counts] if row else []


def _filled(desk: Desk, day: date) -> str:
    row = desk.bureau.press.filled_by("conference", day)
    return row.key if row else ""


def _standing(desk: Desk, record_id: int, version: int) -> Activity:
    one = desk.store.press_log.get(record_id)
    if one.struck_at is not None:
        raise Conflict("这一条已经划去", record=record_id)
    if one.version != version:
        raise Conflict("这一条刚被他人改过，请刷新后再试", record=record_id)
    return one


def _columns(desk: Desk) -> dict[str, Sequence[str]]:
    """What a column holds, or counts -> headings that say so."""
    return {**{name: _called(desk, name) for name in _counts(desk)}, **COLUMNS}


def _parted(cells: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What a row says, and its numbers by the name of the count."""
    said = {field: told for field, told in cells.items() if field in COLUMNS}
    return said, {name: told for name, told in cells.items() if name not in COLUMNS}


def _called(desk: Desk, name: str) -> list[str]:
    """A count by its name, or with its unit: 班级（个）."""
    units = {c.unit for row in desk.bureau.press.kind for c in row.counts if c.name == name}
    return [name, *(f"{name}（{unit}）" for unit in units), *(f"{name}({unit})" for unit in units)]
