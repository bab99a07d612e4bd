"""What was changed in the tables of the bureau: one line per save in a file of the desk, with the tables as they were.

The tables are files, so is their history; that nobody rewrote it shows in the audit trail, which has its digests.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO
from typing import Final

from filelock import FileLock
from pydantic import BaseModel
from pydantic import ConfigDict

from huanyu.clock import local
from huanyu.config import Config
from huanyu.errors import Conflict
from huanyu.errors import NotFound

FILE: Final = "table-changes.jsonl"
PATIENCE: Final = 10  #: seconds for somebody else's save
_BEGINS: Final = re.compile(rb'\{"number":([0-9]{1,9}),')


class Cell(BaseModel):
    """One key of one row, as it was and as it is; "" where there was none."""

    model_config = ConfigDict(frozen=True)

    row: str
    field: str
    before: str
    after: str


class Change(BaseModel):
    """One save."""

    model_config = ConfigDict(frozen=True)

    number: int
    at: datetime
    actor: str
    table: str
    edits: tuple[str, ...]
    cells: tuple[Cell, ...]
    kept: str  #: file with the table as it was
    mark: str  #: of the table as it was saved
    undoes: int = 0  #: number of the change it took back


@dataclass(frozen=True, slots=True)
class History:
    """What the file tells."""

    changes: tuple[Change, ...] = ()  #: the latest first
    unread: tuple[int, ...] = ()  #: lines that cannot be read, counted from 1
    number: int = 0  #: the highest that was given, also by a line that cannot be read


class Journal:
    """The changes of one desk, and the tables as they were before each."""

    def __init__(self, config: Config) -> None:
        self._file = config.data_dir / FILE
        self._kept = config.data_dir / "tables"

    def locked(self) -> AbstractContextManager[object]:
        """Hold this while a table is read, changed and written: two saves never mix."""
        return FileLock(self._file.with_suffix(".lock"), timeout=PATIENCE)

    def history(self) -> History:
        """Every line that can be read; a save that was cut off, or a damaged disk, spoils its own line alone."""
        if not self._file.is_file():
            return History()
        # not splitlines(): the text of a cell may hold other ends of line, such as U+2028
        lines = list(enumerate(self._file.read_bytes().split(b"\n"), 1))
        read = {number: _change(line) for number, line in lines if line.strip()}
        changes = tuple(one for one in reversed(read.values()) if one)
        unread = tuple(number for number, one in read.items() if one is None)
        torn = (_BEGINS.findall(line) for number, line in lines if number in unread)
        given = [*(one.number for one in changes), *map(int, chain.from_iterable(torn))]
        return History(changes, unread, max(given, default=0))

    def all(self) -> tuple[Change, ...]:
        """Every change that can be read, the latest first."""
        return self.history().changes

    def get(self, number: int) -> Change:
        found = next((one for one in self.all() if one.number == number), None)
        if found is None:
            raise NotFound("没有这次改动")
        return found

    def before(self, change: Change) -> str:
        """The table as it was before this change."""
        path = self._kept / Path(change.kept).name
        if not path.is_file():
            raise Conflict("改动前的旧表已经不在数据文件夹中，不能撤销")
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as problem:
            raise Conflict(f"改动前的旧表（{path.name}）内容已损坏，不能撤销") from problem

    def add(
        self, table: str, old: str, mark: str, edits: Sequence[str], cells: Sequence[Cell],
        actor: str, now: datetime, undoes: int = 0,
    ) -> Change:  # fmt: skip
        """Keep the old table and note the change; call it before the new table is put in its place."""
        number = self.history().number + 1
        kept = f"{table}-{local(now):%Y%m%d-%H%M%S}-{number}.toml"
        change = Change(
            number=number,
            at=now,
            actor=actor,
            table=table,
            edits=tuple(edits),
            cells=tuple(cells),
            kept=kept,
            mark=mark,
            undoes=undoes,
        )
        self._kept.mkdir(exist_ok=True)
        with (self._kept / kept).open("wb") as file:
            _write(file, old)
        with self._file.open("ab+") as file:
            _write(file, f"{_end_of_torn(file)}{change.model_dump_json()}\n")
        return change


def warnings(config: Config) -> Iterator[str]:
    """What is to be said in Chinese of lines that cannot be read."""
    for number in Journal(config).history().unread:
        yield (
            f"各表的改动记录 {FILE} 第 {number} 行读不出: 这次改动不能在页面上查看和撤销; "
            "改前的表在数据文件夹的 tables 中, 审计中另有一行"
        )


def _change(line: bytes) -> Change | None:
    try:
        return Change.model_validate_json(line)
    except ValueError:
        return None


def _end_of_torn(file: BinaryIO) -> str:
    """An end for a last line that was cut off, lest the next one hang on to it."""
    if file.seek(0, os.SEEK_END) == 0:
        return ""
    file.seek(-1, os.SEEK_END)
    return "" if file.read(1) == b"\n" else "\n"


def _write(file: BinaryIO, text: str) -> None:
    file.write(text.encode())
    file.flush()
    os.fsync(file.fileno())
