"""政府信息公开申请: moved by compare-and-set, each act a step and an audit row; who asks is sealed, every look a line.

One write is one transaction. Whether something may be done is decided by others.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store.audit import Trail
from huanyu.store.counters import next_number
from huanyu.store.keys import Keys
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import info_applicants as applicants
from huanyu.store.tables import info_consultations as consultations
from huanyu.store.tables import info_disputes as disputes
from huanyu.store.tables import info_requests as requests
from huanyu.store.tables import info_steps as steps
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer
from huanyu.types import Applicant
from huanyu.types import Consultation
from huanyu.types import InfoDispute
from huanyu.types import InfoEntry
from huanyu.types import InfoRequest
from huanyu.types import InfoStep

PREFIX: Final = "GK"
GONE: Final = "这件申请刚被他人改过，请刷新后再试"


class InfoRequests:
    """The register, in the order it was written."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, unsealer: Unsealer) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._unsealer = unsealer

    def add(self, entry: InfoEntry, who: Applicant, actor: str, now: datetime) -> InfoRequest:
        """A request under the next number of the year, with who asks sealed."""
        year = local(now).year
        with self._database.write() as tx:
            number = f"{PREFIX}{year}-{next_number(tx, f'info_request:{year}'):04d}"
            row = {**asdict(entry), "number": number, "state": "open", "made_by": actor, "made_at": now}
            found = int(tx.execute(insert(requests).values(**row).returning(requests.c.id)).scalar_one())
            sealed = self._keys.seal(json.dumps(asdict(who), ensure_ascii=False))
            tx.execute(insert(applicants).values(request_id=found, sealed=sealed))
            self._note(tx, found, "received", "", [number, asdict(who)], actor, now)
            return _one(tx, found)

    def move(
        self, seen: InfoRequest, act: str, values: Mapping[str, Any], note: str, actor: str, now: datetime
    ) -> InfoRequest:
        """The request changed as the caller saw it, and its step; raises Conflict."""
        with self._database.write() as tx:
            found = _change(tx, seen, values)
            told = [note, {name: str(value) for name, value in values.items()}]
            self._note(tx, seen.id, act, note, told, actor, now)
            return found

    def consult(
        self, seen: InfoRequest, whom: str, asked_on: date, due_on: date, actor: str, now: datetime
    ) -> InfoRequest:
        """Somebody else is asked; raises Conflict."""
        row = {"request_id": seen.id, "whom": whom, "asked_on": asked_on, "due_on": due_on, "view": ""}
        with self._database.write() as tx:
            found = _change(tx, seen, {})
            tx.execute(insert(consultations).values(**row))
            note = f"{whom}，{asked_on.isoformat()} 发出，{due_on.isoformat()} 前回复"
            self._note(tx, seen.id, "consult", note, [note], actor, now)
            return found

    def heard(
        self, seen: InfoRequest, consultation_id: int, ended_on: date, view: str, actor: str, now: datetime
    ) -> InfoRequest:
        """Their view is in, or they were waited for long enough; raises Conflict."""
        mine = (
            consultations.c.id == consultation_id,
            consultations.c.request_id == seen.id,
            consultations.c.ended_on.is_(None),
        )
        with self._database.write() as tx:
            found = _change(tx, seen, {})
            if not tx.execute(
                update(consultations).where(*mine).values(ended_on=ended_on, view=view)
            ).rowcount:
                raise Conflict(GONE, request=seen.id)
            note = f"{ended_on.isoformat()}：{view}"
            self._note(tx, seen.id, "heard", note, [consultation_id, note], actor, now)
            return found

    def dispute(
        self, seen: InfoRequest, kind: str, began_on: date, note: str, actor: str, now: datetime
    ) -> InfoRequest:
        """A 复议 or 诉讼 about it begins; raises Conflict."""
        row = {"request_id": seen.id, "kind": kind, "began_on": began_on, "ruling": ""}
        with self._database.write() as tx:
            found = _change(tx, seen, {})
            tx.execute(insert(disputes).values(**row))
            told = f"{note}，{began_on.isoformat()}"
            self._note(tx, seen.id, "dispute", told, [kind, told], actor, now)
            return found

    def ruled(
        self,
        seen: InfoRequest,
        dispute_id: int,
        ruling: str,
        ended_on: date,
        note: str,
        actor: str,
        now: datetime,
    ) -> InfoRequest:
        """It is decided; raises Conflict."""
        mine = (
            disputes.c.id == dispute_id,
            disputes.c.request_id == seen.id,
            disputes.c.ended_on.is_(None),
        )
        with self._database.write() as tx:
            found = _change(tx, seen, {})
            if not tx.execute(
                update(disputes).where(*mine).values(ended_on=ended_on, ruling=ruling)
            ).rowcount:
                raise Conflict(GONE, request=seen.id)
            told = f"{note}，{ended_on.isoformat()}"
            self._note(tx, seen.id, "ruled", told, [dispute_id, ruling, told], actor, now)
            return found

    def disputes(self, request_ids: Collection[int]) -> dict[int, list[InfoDispute]]:
        """复议 and 诉讼 by request, the earliest first."""
        found: dict[int, list[InfoDispute]] = {one: [] for one in request_ids}
        with self._database.read() as tx:
            for some in chunks(sorted(request_ids)):
                query = select(disputes).where(disputes.c.request_id.in_(some)).order_by(disputes.c.id)
                for row in tx.execute(query).mappings():
                    found[row["request_id"]].append(noun(InfoDispute, row))
        return found

    def disputed_until(self, last: date) -> list[InfoDispute]:
        """All that began up to a day, of requests that are not void."""
        query = (
            select(disputes)
            .join(requests, requests.c.id == disputes.c.request_id)
            .where(disputes.c.began_on <= last, requests.c.state != "void")
            .order_by(disputes.c.id)
        )
        with self._database.read() as tx:
            return [noun(InfoDispute, row) for row in tx.execute(query).mappings()]

    def applicant(self, request_id: int, reason: str, actor: str, now: datetime) -> Applicant:
        """Who asks, and a line for the look; raises NotFound where it is kept no more, BadInput where it cannot be opened."""
        query = select(applicants.c.id, applicants.c.sealed).where(applicants.c.request_id == request_id)
        with self._database.write() as tx:
            row = tx.execute(query).one_or_none()
            if row is None:
                raise NotFound("申请人信息已不再保存", request=request_id)
            self._note(tx, request_id, "read", reason, [reason], actor, now)
        found = self._unsealer.read(applicants.name, row.id, None, row.sealed, _applicant)
        if isinstance(found, Lost):
            raise BadInput(found.told)
        return found

    def names(self, request_id: int) -> tuple[str, ...]:
        """What tells of the applicant, where it can be opened: for nothing but to hide it in what a colleague typed."""
        query = select(applicants.c.id, applicants.c.sealed).where(applicants.c.request_id == request_id)
        with self._database.read() as tx:
            rows = tx.execute(query).all()
        found = [self._unsealer.read(applicants.name, row.id, None, row.sealed, _applicant) for row in rows]
        return tuple(word for one in found if not isinstance(one, Lost) for word in one.known_as)

    def kept(self, request_id: int) -> bool:
        """Whether it is still known who asked."""
        query = select(func.count()).where(applicants.c.request_id == request_id)
        with self._database.read() as tx:
            return bool(tx.execute(query).scalar_one())

    def get(self, request_id: int) -> InfoRequest:
        """Raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, request_id)

    def listing(
        self, states: Collection[str], below: int | None = None, limit: int | None = None
    ) -> list[InfoRequest]:
        """Requests in these states, the newest first; `below`: older than this one."""
        where: list[ColumnElement[bool]] = [requests.c.state.in_(sorted(states))]
        where += [] if below is None else [requests.c.id < below]
        query = select(requests).where(*where).order_by(requests.c.id.desc()).limit(limit)
        with self._database.read() as tx:
            return [noun(InfoRequest, row) for row in tx.execute(query).mappings()]

    def received_until(self, last: date) -> list[InfoRequest]:
        """All that came in up to a day, in the order of their numbers."""
        query = select(requests).where(requests.c.received_on <= last).order_by(requests.c.id)
        with self._database.read() as tx:
            return [noun(InfoRequest, row) for row in tx.execute(query).mappings()]

    def consultations(self, request_ids: Collection[int]) -> dict[int, list[Consultation]]:
        """Whom else was asked, by request, the earliest first."""
        found: dict[int, list[Consultation]] = {one: [] for one in request_ids}
        with self._database.read() as tx:
            for some in chunks(sorted(request_ids)):
                query = select(consultations).where(consultations.c.request_id.in_(some))
                for row in tx.execute(query.order_by(consultations.c.id)).mappings():
                    found[row["request_id"]].append(noun(Consultation, row))
        return found

    def steps(self, request_id: int) -> list[InfoStep]:
        """Everything that was done to a request, oldest first."""
        query = select(steps).where(steps.c.request_id == request_id).order_by(steps.c.id)
        with self._database.read() as tx:
            return [noun(InfoStep, row) for row in tx.execute(query).mappings()]

    def _note(
        self, tx: Connection, request_id: int, act: str, note: str, facts: object, actor: str, now: datetime
    ) -> None:
        tx.execute(insert(steps).values(request_id=request_id, at=now, actor=actor, action=act, note=note))
        self._trail.record(tx, f"info.{act}", "info_request", [request_id], facts, actor, now)


def _change(tx: Connection, seen: InfoRequest, values: Mapping[str, Any]) -> InfoRequest:
    mine = (requests.c.id == seen.id, requests.c.version == seen.version)
    if not tx.execute(update(requests).where(*mine).values(**values, version=seen.version + 1)).rowcount:
        raise Conflict(GONE, request=seen.id)
    return _one(tx, seen.id)


def _applicant(told: str) -> Applicant:
    return Applicant(**json.loads(told))


def _one(tx: Connection, request_id: int) -> InfoRequest:
    row = tx.execute(select(requests).where(requests.c.id == request_id)).mappings().first()
    if row is None:
        raise NotFound("没有这件申请", request=request_id)
    return noun(InfoRequest, row)
