"""Monitoring stations with their sealed keys, and what they reported: each alarm once, with the item it became.

Which case an alarm belongs to is decided by the caller, who has looked at the alarms up to a certain one.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import load_one
from huanyu.store.keys import Keys
from huanyu.store.registry import Entered
from huanyu.store.registry import Item
from huanyu.store.registry import Registry
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import cases
from huanyu.store.tables import readings
from huanyu.store.tables import stations
from huanyu.types import HeardReading
from huanyu.types import Reading
from huanyu.types import Station


class Stations:
    """Who monitors, and what was heard of them."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, registry: Registry) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._registry = registry

    def add(
        self,
        code: str,
        name: str,
        place: str,
        area: str,
        kind: str,
        unit: str,
        secret: str,
        now: datetime,
        actor: str = SYSTEM,
    ) -> Station:
        """Keep a new station and seal its key; raises Conflict while another bears its code."""
        values = {"code": code, "name": name, "place": place, "area": area, "kind": kind, "unit": unit}
        with self._database.write() as tx:
            new = insert_new(tx, stations).values(
                **values, secret=self._keys.seal(secret), made_at=now, made_by=actor
            )
            found = tx.execute(new.returning(stations.c.id)).scalar()
            if found is None:
                raise Conflict(f"已有编码为 {code} 的站点，请先停用它，或换一个编码")
            self._trail.record(tx, "station.add", "station", [found], list(values.values()), actor, now)
            row = tx.execute(select(stations).where(stations.c.id == found)).mappings().one()
            return noun(Station, row)

    def find(self, code: str) -> tuple[Station, str] | None:
        """The station that calls itself so, with its key; None where there is none any more."""
        live = and_(stations.c.code == code, stations.c.revoked_at.is_(None))
        with self._database.read() as tx:
            row = tx.execute(select(stations).where(live)).mappings().first()
        return None if row is None else (noun(Station, row), self._keys.open(row["secret"]))

    def listing(self) -> list[Station]:
        """Every station there ever was, those in use first, by code."""
        query = select(stations).order_by(stations.c.revoked_at.is_not(None), stations.c.code)
        with self._database.read() as tx:
            return [noun(Station, row) for row in tx.execute(query).mappings()]

    def revoke(self, station_id: int, actor: str, now: datetime) -> Station:
        """Believe it no more; raises NotFound, or Conflict where that was done before."""
        with self._database.write() as tx:
            mine = and_(stations.c.id == station_id, stations.c.revoked_at.is_(None))
            done = tx.execute(update(stations).where(mine).values(revoked_at=now, revoked_by=actor)).rowcount
            row = tx.execute(select(stations).where(stations.c.id == station_id)).mappings().first()
            if row is None:
                raise NotFound("没有这个站点", station=station_id)
            if not done:
                raise Conflict("这个站点已经停用", station=station_id)
            self._trail.record(tx, "station.revoke", "station", [station_id], None, actor, now)
            return noun(Station, row)

    def around(self, station: Station, one: Reading, since: datetime, until: datetime) -> list[HeardReading]:
        """Alarms of the same point and substance measured between two moments, oldest first."""
        span = (readings.c.at >= since, readings.c.at <= until)
        query = select(readings).where(_same(station, one), *span).order_by(readings.c.at, readings.c.id)
        with self._database.read() as tx:
            return [_heard(row) for row in tx.execute(query).mappings()]

    def newest(self, station: Station, one: Reading) -> int:
        """The id of the alarm of the same point and substance that came in last; 0 before the first."""
        with self._database.read() as tx:
            return _newest(tx, station, one)

    def take(
        self, station: Station, one: Reading, item: Item, newest: int, actor: str, now: datetime
    ) -> Entered:
        """Keep an alarm and its item, once. Raises Conflict where another came in after the caller looked."""
        with self._database.write() as tx:
            mine = select(stations.c.revoked_at).where(stations.c.id == station.id).with_for_update()
            if tx.execute(mine).scalar_one() is not None:
                raise NotFound("站点已停用", station=station.code)
            known = select(readings.c.case_id).where(
                readings.c.station_id == station.id, readings.c.number == one.number
            )
            if (case_id := tx.scalar(known)) is not None:
                return Entered(load_one(tx, cases.c.id == case_id), "known")
            if _newest(tx, station, one) != newest:
                raise Conflict("同一点位刚刚又有报警", station=station.code)
            entered = self._registry.put(tx, item, actor, now)
            values = {"station_id": station.id, "case_id": entered.case.id, "heard_at": now}
            new = insert(readings).values(**asdict(one), **values).returning(readings.c.id)
            found = tx.execute(new).scalar_one()
            tx.execute(update(stations).where(stations.c.id == station.id).values(heard_at=now))
            facts = [station.code, one.number, one.value, entered.case.id]
            self._trail.record(tx, "station.alarm", "reading", [found], facts, actor, now)
            return entered


def _same(station: Station, one: Reading) -> ColumnElement[bool]:
    return and_(
        readings.c.station_id == station.id,
        readings.c.point == one.point,
        readings.c.substance == one.substance,
    )


def _newest(tx: Connection, station: Station, one: Reading) -> int:
    return int(tx.scalar(select(func.max(readings.c.id)).where(_same(station, one))) or 0)


def _heard(row: RowMapping) -> HeardReading:
    return HeardReading(id=row["id"], reading=noun(Reading, row), case_id=row["case_id"])
