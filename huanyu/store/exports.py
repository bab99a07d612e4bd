"""What was taken out of the desk as a file: by whom, when, and which cases were in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from huanyu.store.audit import Trail
from huanyu.store.session import Database


class Exports:
    """The log of files taken out; it is a part of the audit trail."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def note(self, case_ids: Sequence[int], asked: Sequence[str], actor: str, now: datetime) -> None:
        """Leave the line; before the file is handed over, so that none is taken out without it."""
        with self._database.write() as tx:
            self._trail.record(tx, "case.export", "case", case_ids, list(asked), actor, now)
