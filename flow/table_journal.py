"""What was changed in the tables of the bureau: one line per save in a file of the desk, with the tables as they were.

The tables are files, so is their history; that nobody rewrote it shows in the audit trail, which has its digests.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
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


class Journal:
    """The changes of one desk, and the tables as they were before each."""

    def __init__(self, config: Config) -> None:
        self._file = config.data_dir / FILE
        self._kept = config.data_dir / "tables"

    def locked(self) -> AbstractContextManager[object]:
        """Hold this while a table is read, changed and written: two saves never mix."""
        return FileLock(self._file.with_suffix(".lock"), timeout=PATIENCE)

    def all(self) -> list[Change]:
        """Every change, the latest first."""
        if not self._file.is_file():
            return []
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return [Change.model_validate_json(line) for line in reversed(lines) if line.endswith("}")]

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
        return path.read_text(encoding="utf-8")

    def add(
        self, table: str, old: str, mark: str, edits: Sequence[str], cells: Sequence[Cell],
        actor: str, now: datetime, undoes: int = 0,
    ) -> Change:  # fmt: skip
        """Keep the old table and note the change; call it before the new table is put in its place."""
        number = max((one.number for one in self.all()), default=0) + 1
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
        (self._kept / kept).write_text(old, encoding="utf-8")
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{change.model_dump_json()}\n")
            file.flush()
            os.fsync(file.fileno())
        return change
