"""A desk of the version before, upgraded: what it knew of units, limits and pauses stands in the new tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import Connection
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.types import JSON

from huanyu.store import Store
from huanyu.store import assignments
from huanyu.store import schema
from huanyu.store.session import Database
from huanyu.store.tables import cards
from huanyu.store.tables import clocks
from huanyu.store.tables import metadata
from huanyu.store.tables import stops

NOW = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
EMPTY = {str: "", int: 0, bool: False, float: 0.0, bytes: b"", datetime: NOW}
UNIT = "dongchangfu"


class Before:
    """Rows of the version before, each filled up with nothing."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._known = MetaData()

    def put(self, into: str, **values: object) -> int:
        table = Table(into, self._known, autoload_with=self._tx)
        for column in table.columns:
            if column.name not in values and not column.nullable and column.name != "id":
                values[column.name] = [] if isinstance(column.type, JSON) else EMPTY[column.type.python_type]
        return int(self._tx.execute(insert(table).values(**values)).inserted_primary_key[0])

    def case(self, number: int, state: str, unit: str = UNIT, round: int = 1, **more: object) -> int:
        post = {"source": "12345", "kind": "hotline", "native_id": str(number), "identity": str(number)}
        post_id = self.put("posts", **post)
        names = {"number": f"HY2026-{number:06d}", "public_id": f"p{number}", "first_post_id": post_id}
        moments = {"learned_at": NOW, "opened_at": NOW, "last_post_at": NOW, "level": "一般"}
        case_id = self.put("cases", state=state, unit=unit, round=round, **names, **moments, **more)
        if unit:
            self.event(case_id, "routed", "assigned", NOW + HOUR, "王敏")
        return case_id

    def limits(self, case_id: int) -> None:
        """One that runs and one that was met, and a yellow card of each."""
        for name, ended_at in (("handling", None), ("sign", at(2))):
            told = {"round": 1, "name": name, "due": at(99), "started_at": at(1), "ended_at": ended_at}
            self.put("clocks", case_id=case_id, **told)
            self.put("reminders", case_id=case_id, round=1, clock=name, stage="yellow", at=at(50))

    def reported(self, case_id: int, recorded_at: datetime) -> None:
        told = {"finding": "属实", "visited_at": recorded_at, "found": "罩破损", "recorded_at": recorded_at}
        result = self.put("results", case_id=case_id, **told)
        self._tx.exec_driver_sql(f"UPDATE cases SET result_id = {result} WHERE id = {case_id}")

    def event(
        self, case_id: int, action: str, state: str, at: datetime, actor: str = "李岚", note: str = ""
    ) -> None:
        told = {"action": action, "state": state, "at": at, "actor": actor, "note": note, "moved": True}
        self.put("case_events", case_id=case_id, **told)


def at(hours: int) -> datetime:
    return NOW + hours * HOUR


def fill(before: Before) -> None:
    """Cases 1 to 7, in the states that matter."""
    routed = {"routed_at": at(1)}
    before.case(1, "pending", unit="")
    before.limits(before.case(2, "signed", signed_at=at(2), **routed))
    before.event(2, "signed", "signed", at(2))
    before.case(3, "paused", **routed)
    before.event(3, "paused", "paused", at(3), note="待检测结果")
    before.case(4, "returned", **routed)
    before.event(4, "returned", "returned", at(4), note="不在本辖区")
    before.case(5, "answered", answered_at=at(6), **routed)
    before.reported(5, at(5))
    before.case(6, "joined", joined_into=2, closed_at=at(7), **routed)
    before.case(7, "pending", round=2)


@pytest.fixture
def upgraded(bare_url: str, store_key: str) -> Iterator[Store]:
    """A desk of the version before, after the upgrade."""
    database, script = Database(bare_url), schema.scripts()
    with database.write() as connection:
        environment = EnvironmentContext(
            Config(), script, fn=lambda revision, _context: script._upgrade_revs("0007", revision)
        )
        environment.configure(connection=connection, target_metadata=metadata)
        environment.run_migrations()
        fill(Before(connection))
    database.close()
    with Store.open(bare_url, store_key) as store:
        yield store


def test_every_unit_leads_the_case_it_has_and_holds_it_as_long_as_it_did(upgraded):
    with upgraded._database.read() as tx:
        held = {number: assignments.of_case(tx, number) for number in range(1, 8)}
        in_hand = [one.case_id for one in assignments.of_unit(tx, UNIT)]
    assert held.pop(1) == ()
    one = {number: rows[0] for number, rows in held.items()}
    assert {len(rows) for rows in held.values()} == {1}
    assert {(row.unit, row.part, row.given_at, row.given_by) for row in one.values()} == {
        (UNIT, "lead", at(1), "王敏")
    }
    assert in_hand == [2, 3]
    assert (one[2].signed_at, one[2].signed_by) == (at(2), "李岚")
    assert (one[4].returned_at, one[4].ended_at, one[4].reason) == (at(4), at(4), "不在本辖区")
    assert (one[5].signed_at, one[5].answered_at, one[5].ended_at) == (at(5), at(5), at(6))
    assert one[6].ended_at == at(7)
    assert (one[7].round, one[7].ended_at) == (1, NOW)


def test_limits_pauses_and_reminders_are_carried_over(upgraded):
    with upgraded._database.read() as tx:
        limits = {row.name: row for row in tx.execute(select(clocks))}
        (stop,) = tx.execute(select(stops)).all()
        (card,) = tx.execute(select(cards)).all()
        case = upgraded.cases.get(2)
    assert (limits["handling"].base_due, limits["handling"].from_at) == (at(99), NOW)
    assert limits["sign"].from_at == at(1)
    assert {row.planned_at for row in limits.values()} == {None}
    assert (stop.case_id, stop.reason, stop.from_at, stop.until_at) == (3, "待检测结果", at(3), None)
    assert (card.clock_id, card.stage, card.given_at) == (limits["handling"].id, "yellow", at(50))
    assert (case.type, case.channel, case.parent_id, case.restricted) == ("complaint", "hotline", None, False)


def test_an_upgraded_desk_goes_on(upgraded):
    case = upgraded.cases.get(3)
    upgraded.moves.move(case, "signed", action="resumed", note="已有结果", now=at(200))
    with upgraded._database.read() as tx:
        assert assignments.of_case(tx, 3)[0].signed_at == at(200)
        assert schema.differences(tx) == []
