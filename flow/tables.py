"""The tables of the bureau as people change them: read, judged as the desk would read them, saved, taken back.

A row is never deleted, it ends. What a table means is not known here; what is wrong with one, `huanyu.config` says.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Any
from typing import Final

from pydantic import BaseModel

from flow import permits
from flow import table_diff
from flow.desk import Desk
from flow.table_journal import Cell
from flow.table_journal import Change
from flow.table_journal import Journal
from huanyu import toml_text
from huanyu.bureau import Bureau
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.dated import Dated
from huanyu.errors import BadInput
from huanyu.errors import ConfigError
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES
from huanyu.types import User

LONGEST: Final = 1_000_000  #: characters of a table; the longest shipped one has a tenth of it
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A table as it would be: what is wrong with it, what is other than now."""

    table: str
    text: str
    seen: str  #: mark of the table it was made from
    mistakes: tuple[str, ...] = ()  #: it cannot be read: nothing else is known
    edits: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()

    @property
    def savable(self) -> bool:
        return not self.mistakes and bool(self.edits)


def model_of(table: str) -> type[BaseModel]:
    """The model of a row, or of a table that is one row; raises NotFound."""
    if table not in LISTS and table not in SINGLES:
        raise NotFound("没有这张表")
    return LISTS[table][1] if table in LISTS else SINGLES[table]


def current(desk: Desk, table: str) -> str:
    """The table as it stands."""
    model_of(table)
    path = desk.config.table(table)
    if not desk.config.holds(table):
        return ""  # the shipped one is of another city
    return path.read_text(encoding="utf-8-sig")


def mark(text: str) -> str:
    """Tells one text of a table, or of a row, from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def mark_of(row: Row) -> str:
    """Tells a row from what it was."""
    return mark(repr(sorted(row.items())))


def rows(table: str, text: str) -> list[Row]:
    """The rows as TOML says them; a table that is one row has one. Raises BadInput."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadInput(f"{table}.toml 现在读不懂，请先用全文编辑改好（{problem}）") from problem
    if table in SINGLES:
        return [found]
    listed = found.get(LISTS[table][0], [])
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def changed(
    desk: Desk, user: User, table: str, number: int | None, seen: str, changes: Mapping[str, object],
    before: int | None = None,
) -> Judged:  # fmt: skip
    """The table with one row changed (`seen` is its mark) or added, judged; raises Conflict, BadInput."""
    permits.demand(user, "edit_rules")
    old = current(desk, table)
    there = rows(table, old)
    key = "" if table in SINGLES else LISTS[table][0]
    if number is None:
        if table in SINGLES:
            raise BadInput("这张表只有一行，不能添加")
        place = before if before is not None and before < len(there) else None
        made = {name: value for name, value in changes.items() if value is not None}
        text = toml_text.added(old, key, made, place)
        _demand_same(rows(table, text), there, len(there) if place is None else place, made, adds=True)
        return judge(desk, user, table, text)
    at = _place(there, number, seen)
    if any(there[at].get(name) and name in changes for name in ("key", "id")):
        raise BadInput("代号不能改：旧案按它记着。请停用这一行，照此添加一行新的")
    text = toml_text.edited(old, key, at, changes)
    wanted = {name: value for name, value in {**there[at], **changes}.items() if value is not None}
    _demand_same(rows(table, text), there, at, wanted)
    return judge(desk, user, table, text)


def ended(desk: Desk, user: User, table: str, number: int, seen: str, day: date) -> Judged:
    """The table with a row that is no longer in force after `day`, judged."""
    if not issubclass(model_of(table), Dated):
        raise BadInput("这张表没有起止日期，不能停用")
    row = rows(table, current(desk, table))[number : number + 1]
    begins = row[0].get("valid_from") if row else None
    if isinstance(begins, date) and day < begins:
        raise BadInput(f"截止日期早于起始日期 {begins}")
    return changed(desk, user, table, number, seen, {"valid_to": day})


def judge(desk: Desk, user: User, table: str, text: str, *, undoing: bool = False) -> Judged:
    """What the desk would make of this text in the place of its table."""
    permits.demand(user, "edit_rules")
    old = current(desk, table)
    seen = mark(old)
    try:
        read(desk, table, text)
    except ConfigError as problem:
        return Judged(table=table, text=text, seen=seen, mistakes=tuple(str(problem).splitlines()))
    was, now = _readable(table, old), rows(table, text)
    gone = table_diff.lost(was, now) if table in LISTS and issubclass(model_of(table), Dated) else []
    if gone and not undoing:
        told = f"不能删去 {'、'.join(gone[:5])}{' 等' if len(gone) > 5 else ''}：请写上 valid_to（何时止），旧案还要用"
        return Judged(table=table, text=text, seen=seen, mistakes=(told,))
    edits = tuple(table_diff.edits(was, now)) or (("注释",) if text != old else ())
    return Judged(table=table, text=text, seen=seen, edits=edits, cells=tuple(table_diff.cells(was, now)))


def save(desk: Desk, user: User, judged: Judged, now: datetime, undoes: int = 0) -> Change:
    """Put a judged table in its place; raises BadInput, and Conflict where somebody was faster."""
    if judged.mistakes:
        raise BadInput("；".join(judged.mistakes))
    if not judged.edits:
        raise BadInput("没有改动")
    return put(desk, user, judged, now, undoes)


def put(desk: Desk, user: User, judged: Judged, now: datetime, undoes: int = 0) -> Change:
    """Write the table, its line in the journal and the audit row; the running desk then works by it."""
    permits.demand(user, "edit_rules")
    folder, table = folder_of(desk), judged.table
    journal, made = Journal(desk.config), list[Change]()

    def write() -> None:
        old = current(desk, table)
        if mark(old) != judged.seen:  # looked at under the lock: of two at once the second is told
            raise Conflict(f"{table}.toml 刚被他人改过, 请重新比较后再保存")
        told = judged.edits, judged.cells
        made.append(journal.add(table, old, mark(judged.text), *told, user.name, now, undoes))
        _replace(folder / f"{table}.toml", judged.text)

    with journal.locked():
        facts = mark(repr((judged.text, judged.cells)))
        desk.store.rerouting.save_table(f"{table}.toml", judged.edits, facts, write, user.name, now)
    desk.take_in()
    return made[0]


def undo(desk: Desk, user: User, number: int, now: datetime) -> Change:
    """Take a change back, as long as nobody has changed that table since."""
    permits.demand(user, "edit_rules")
    journal = Journal(desk.config)
    change = journal.get(number)
    if mark(current(desk, change.table)) != change.mark:
        raise Conflict("这张表在那以后又改过，不能再撤销；请直接改成要的样子")
    judged = judge(desk, user, change.table, journal.before(change), undoing=True)
    return save(desk, user, judged, now, undoes=number)


def undoable(desk: Desk, changes: Sequence[Change]) -> frozenset[int]:
    """Which of these changes nobody has built upon."""
    marks = {table: mark(current(desk, table)) for table in {one.table for one in changes}}
    latest = {one.table: one.number for one in reversed(changes)}
    return frozenset(
        one.number for one in changes if latest[one.table] == one.number and marks[one.table] == one.mark
    )


def may_save(desk: Desk) -> str:
    """Why no table can be saved here; "" where it can."""
    try:
        folder_of(desk)
    except BadInput as problem:
        return str(problem.args[0])
    return ""


def folder_of(desk: Desk) -> Path:
    """Where this bureau keeps tables of its own; raises BadInput where it has none."""
    folder = _own(desk)
    if folder.resolve() == SHIPPED:
        raise BadInput("本局还没有自己的配置文件夹，请先在 huanyu.toml 中写 config_dir")
    return folder


def read(desk: Desk, table: str, text: str) -> Bureau:
    """All tables with this text among them; raises ConfigError naming the line."""
    if len(text) > LONGEST:
        raise ConfigError(f"{table}.toml: 太大，最多 {LONGEST} 字")
    with tempfile.TemporaryDirectory(prefix="huanyu-tables-") as name:
        folder = Path(name)
        for path in _own(desk).glob("*.toml"):
            shutil.copyfile(path, folder / path.name)
        (folder / f"{table}.toml").write_text(text, encoding="utf-8")
        try:
            return load_bureau(folder)
        except ConfigError as problem:
            told = str(problem).replace(f"{folder}{os.sep}", "").replace(f"{SHIPPED}{os.sep}", "")
            raise ConfigError(told) from problem


def _own(desk: Desk) -> Path:
    named = desk.config.settings.config_dir
    return desk.config.home / named if named else SHIPPED


def _readable(table: str, text: str) -> list[Row]:
    """The rows of a table that may be broken: then every row of the new one is new."""
    try:
        return rows(table, text)
    except BadInput:
        return []


def _place(there: Sequence[Row], number: int, seen: str) -> int:
    """Where the row stands now: others may have added rows above it meanwhile."""
    if number < len(there) and mark_of(there[number]) == seen:
        return number
    found = [place for place, row in enumerate(there) if mark_of(row) == seen]
    if len(found) != 1:
        raise Conflict("这一行刚被他人改过，您的改动没有保存。请看一眼现在的内容，再改一次")
    return found[0]


def _demand_same(
    now: Sequence[Row], there: Sequence[Row], at: int, wanted: Mapping[str, object], *, adds: bool = False
) -> None:
    """The text was changed as meant, and nothing beside; raises BadInput otherwise."""
    expected = [*there[:at], dict(wanted), *there[at + (not adds) :]]
    if repr([_plain(row) for row in now]) != repr([_plain(row) for row in expected]):
        raise BadInput("这一行在文件中的写法太特别，不能用表单改，请用全文编辑")


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted((name, _plain(one)) for name, one in value.items())
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _replace(path: Path, text: str) -> None:
    """Whoever reads meanwhile sees the old table or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
