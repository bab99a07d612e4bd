"""What was found, with its values and files: one transaction with the move of the case.

Changes are compare-and-set on the version the caller saw; what a result must have is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy import select

from huanyu.store import casework
from huanyu.store import clockwork
from huanyu.store.audit import Trail
from huanyu.store.case_files import NewFile
from huanyu.store.case_files import put_files
from huanyu.store.caseload import load_case
from huanyu.store.clockwork import RECTIFY
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import measurements
from huanyu.store.tables import results
from huanyu.types import Case
from huanyu.types import Clock
from huanyu.types import Measurement
from huanyu.types import Result


class Findings:
    """Results of the units."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def record(
        self,
        case: Case,
        to: str,
        result: Result,
        measured: Sequence[Measurement],
        files: Sequence[NewFile],
        note: str,
        actor: str,
        now: datetime,
        recheck: Clock | None = None,
    ) -> Case:
        """Keep the result with its values and files, and move the case; raises Conflict.

        `recheck`: until when somebody looks again at what is to be put right; without it nobody has to any more.
        """
        with self._database.write() as tx:
            result_id = casework.add_result(tx, case.id, result)
            if measured:
                tx.execute(
                    insert(measurements), [{"result_id": result_id, **asdict(one)} for one in measured]
                )
            kept = put_files(tx, case.id, result_id, files, actor, now)
            casework.advance(tx, case, to, "result", note, actor, now, result_id=result_id)
            if recheck is not None:
                clockwork.begin(tx, case.id, recheck, now)
            else:
                clockwork.void(tx, case.id, RECTIFY, now)
            facts = [to, note, _facts(result), [[one.item, one.value, one.unit] for one in measured], kept]
            self._trail.record(tx, "case.result", "case", [case.id], facts, actor, now)
            return load_case(tx, case.id)

    def measurements(self, result_id: int) -> list[Measurement]:
        """The values of one result, as entered."""
        query = select(measurements).where(measurements.c.result_id == result_id).order_by(measurements.c.id)
        with self._database.read() as tx:
            return [noun(Measurement, row) for row in tx.execute(query).mappings()]

    def of_case(self, case_id: int) -> list[Result]:
        """Every result of a case, the latest last: none is ever overwritten."""
        query = select(results).where(results.c.case_id == case_id).order_by(results.c.id)
        with self._database.read() as tx:
            return [noun(Result, row) for row in tx.execute(query).mappings()]


def _facts(result: Result) -> list[object]:
    """What the audit digest covers of a result."""
    money = [result.fine_cents, result.damages_cents]
    texts = [result.finding, result.found, result.measure, result.internal_report, result.public_answer]
    lists = [list(result.people), list(result.measures), list(result.bases)]
    by = result.rectify_by.isoformat() if result.rectify_by else ""
    return [*texts, *lists, *money, result.outcome, by]
