"""Incidents (突发环境事件): proposed by the machine, declared by a person, reported, ended; what they keep back ends with them.

Who may do what, and what a report must say, is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import casework
from huanyu.store import holding
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.caseload import IS_OPEN
from huanyu.store.caseload import load
from huanyu.store.caseload import queued
from huanyu.store.caseload import select_cases
from huanyu.store.counters import next_number
from huanyu.store.documents import Filed
from huanyu.store.documents import put_filed
from huanyu.store.outgoing import put
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import incident_reports as reports
from huanyu.store.tables import incidents
from huanyu.store.tables import outbox
from huanyu.types import Alarm
from huanyu.types import Case
from huanyu.types import Incident
from huanyu.types import IncidentReport
from huanyu.types import MessageState

FIRST, FURTHER, LAST = "初报", "续报", "处理结果报告"
GONE = "这起事件刚被他人处理过，请刷新后再试"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What a person or the machine says of an incident before anybody has confirmed it."""

    title: str
    level: str
    why: str
    known_at: datetime
    due: datetime
    to_whom: str


class Incidents:
    """Incidents, their cases and their reports."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def unwatched(self, limit: int) -> list[Case]:
        """Routed open cases with posts nobody has looked at for signs of an incident."""
        new = (cases.c.posts != cases.c.watched_posts, cases.c.routed_at.is_not(None), IS_OPEN)
        with self._database.read() as tx:
            return queued(tx, select_cases().where(*new).order_by(cases.c.id).limit(limit))

    def watched(self, looked_at: Sequence[Case], now: datetime) -> None:
        """The posts of these cases have been looked at, and nothing pointed to an incident."""
        with self._database.write() as tx:
            for case in looked_at:
                _watched(tx, case)
            facts = [case.posts for case in looked_at]
            ids = [case.id for case in looked_at]
            self._trail.record(tx, "incident.watched", "case", ids, facts, SYSTEM, now)

    def propose(self, case: Case, said: Proposed, alarms: Sequence[Alarm], actor: str, now: datetime) -> int:
        """Write down that this may be an incident and tell those on duty; raises Conflict where the case changed."""
        with self._database.write() as tx:
            number = f"TF{local(now).year}-{next_number(tx, f'incident:{local(now).year}'):03d}"
            values = {"title": said.title, "level": said.level, "why": said.why, "known_at": said.known_at}
            row = insert(incidents).values(**values, number=number, actor=actor)
            found = int(tx.execute(row.returning(incidents.c.id)).scalar_one())
            first = {"kind": FIRST, "number": 1, "to_whom": said.to_whom, "due": said.due}
            tx.execute(insert(reports).values(incident_id=found, **first))
            _join(tx, case, found, f"提请认定为突发环境事件 {number}：{said.why}", actor, now)
            _watched(tx, case)
            _tell(tx, alarms, now)
            self._trail.record(tx, "incident.propose", "incident", [found], [case.id, said.why], actor, now)
            return found

    def attach(self, incident: Incident, case: Case, actor: str, now: datetime) -> None:
        """A further case is about the same incident; raises Conflict."""
        with self._database.write() as tx:
            _join(tx, case, incident.id, f"并入突发环境事件 {incident.number}", actor, now)
            self._trail.record(tx, "incident.attach", "incident", [incident.id], case.id, actor, now)

    def declare(
        self, incident: Incident, level: str, title: str, due: datetime, actor: str, now: datetime
    ) -> None:
        """认定: from now on it keeps publishing back; raises Conflict when somebody decided before."""
        values = {"level": level, "title": title, "confirmed_by": actor, "confirmed_at": now}
        with self._database.write() as tx:
            _set(tx, incident, incidents.c.confirmed_at.is_(None), **values)
            waiting = (reports.c.incident_id == incident.id, reports.c.sent_at.is_(None))
            tx.execute(update(reports).where(*waiting).values(due=due))
            self._note(tx, incident, "incident", f"认定为{level}突发环境事件 {incident.number}", actor, now)
            self._trail.record(tx, "incident.declare", "incident", [incident.id], [level, title], actor, now)

    def dismiss(self, incident: Incident, reason: str, actor: str, now: datetime) -> None:
        """Not an incident; what waited for a decision goes on. Raises Conflict."""
        with self._database.write() as tx:
            _set(tx, incident, incidents.c.confirmed_at.is_(None), closed_at=now)
            told = f"{incident.number} 不认定为突发环境事件：{reason}"
            self._note(tx, incident, "incident", told, actor, now)
            self._trail.record(tx, "incident.dismiss", "incident", [incident.id], reason, actor, now)

    def set_line(self, incident: Incident, line: str, actor: str, now: datetime) -> None:
        """口径: what was kept back for want of it may leave; a new one replaces the old. Raises Conflict."""
        with self._database.write() as tx:
            _set(tx, incident, line=line, line_by=actor, line_at=now)
            self._note(tx, incident, "incident", f"{incident.number} 口径已定", actor, now)
            self._trail.record(tx, "incident.line", "incident", [incident.id], line, actor, now)

    def report(
        self,
        incident: Incident,
        kind: str,
        to_whom: str,
        text: str,
        actor: str,
        now: datetime,
        paper: Filed | None = None,
    ) -> int:
        """A report is out; the one that was due is met, a 续报 gets the next number. Raises Conflict."""
        with self._database.write() as tx:
            tx.execute(select(incidents.c.id).where(incidents.c.id == incident.id).with_for_update())
            mine = (reports.c.incident_id == incident.id, reports.c.kind == kind)
            sent = {"sent_at": now, "actor": actor, "text": text, "to_whom": to_whom}
            if paper is not None:
                sent["document_id"] = put_filed(tx, paper, incident.id, actor, now)
            waiting = update(reports).where(*mine, reports.c.sent_at.is_(None)).values(**sent)
            found = tx.execute(waiting.returning(reports.c.id)).scalar()
            if found is None and kind != FURTHER:
                raise Conflict(f"{kind}已经报过，有新情况请用续报", incident=incident.number)
            if found is None:
                number = int(tx.scalar(select(func.count()).select_from(reports).where(*mine)) or 0) + 1
                row = {"incident_id": incident.id, "kind": kind, "number": number, "due": now}
                statement = insert(reports).values(**row, **sent).returning(reports.c.id)
                found = tx.execute(statement).scalar_one()
            serial = f"（{paper.serial}）" if paper else ""
            self._note(
                tx, incident, "incident", f"{incident.number} {kind}{serial}已报送{to_whom}", actor, now
            )
            facts = [kind, text, paper.serial if paper else ""]
            self._trail.record(tx, "incident.report", "incident", [incident.id], facts, actor, now)
            return int(found)

    def close(
        self, incident: Incident, reason: str, due: datetime, to_whom: str, actor: str, now: datetime
    ) -> None:
        """终止: publishing thaws with the last one; the final report is due now. Raises Conflict."""
        with self._database.write() as tx:
            _set(tx, incident, incidents.c.confirmed_at.is_not(None), closed_at=now)
            last = {"kind": LAST, "number": 1, "to_whom": to_whom, "due": due}
            tx.execute(insert(reports).values(incident_id=incident.id, **last))
            self._note(tx, incident, "incident", f"{incident.number} 应急终止：{reason}", actor, now)
            self._trail.record(tx, "incident.close", "incident", [incident.id], reason, actor, now)

    def remind(self, alarms: Sequence[Alarm], now: datetime) -> bool:
        """Say once that a report is due; False when that was said before."""
        with self._database.read() as tx:
            known = set(tx.scalars(select(outbox.c.key).where(outbox.c.key.in_([one.key for one in alarms]))))
        fresh = [one for one in alarms if one.key not in known]
        if not fresh:
            return False
        with self._database.write() as tx:
            told = _tell(tx, fresh, now)
            if told:
                self._trail.record(tx, "incident.remind", "message", told, len(told), SYSTEM, now)
            return bool(told)

    def get(self, incident_id: int) -> Incident:
        """One incident; raises NotFound."""
        found = self._where(incidents.c.id == incident_id)
        if not found:
            raise NotFound("没有这起突发环境事件", incident=incident_id)
        return found[0]

    def listing(self, limit: int = 100) -> list[Incident]:
        """Incidents, those that go on first, newest first."""
        query = select(incidents).order_by(incidents.c.closed_at.is_not(None), incidents.c.id.desc())
        with self._database.read() as tx:
            return [noun(Incident, row) for row in tx.execute(query.limit(limit)).mappings()]

    def going_on(self) -> list[Incident]:
        """Proposed or declared, and not ended."""
        return self._where(holding.GOES_ON)

    def cases(self, incident_id: int) -> list[Case]:
        """The cases of an incident, oldest first."""
        with self._database.read() as tx:
            query = select_cases().where(cases.c.incident_id == incident_id)
            return load(tx, query.order_by(cases.c.id))

    def reports(self, incident_id: int) -> list[IncidentReport]:
        """Reports sent and due, in order."""
        return self._reports(reports.c.incident_id == incident_id)

    def waiting(self, by: datetime) -> list[tuple[Incident, IncidentReport]]:
        """Reports not sent yet that are due before `by`, of incidents nobody dismissed."""
        late = self._reports(reports.c.sent_at.is_(None), reports.c.due <= by)
        told = {one.id: one for one in self._of(row.incident_id for row in late)}
        return [
            (told[row.incident_id], row)
            for row in late
            if told[row.incident_id].confirmed_at or not told[row.incident_id].closed_at
        ]

    def _reports(self, *where: ColumnElement[bool]) -> list[IncidentReport]:
        query = select(reports).where(*where).order_by(reports.c.due, reports.c.id)
        with self._database.read() as tx:
            return [noun(IncidentReport, row) for row in tx.execute(query).mappings()]

    def _of(self, ids: Iterable[int]) -> list[Incident]:
        return self._where(incidents.c.id.in_(sorted(set(ids))))

    def _where(self, *where: ColumnElement[bool]) -> list[Incident]:
        with self._database.read() as tx:
            query = select(incidents).where(*where).order_by(incidents.c.id)
            return [noun(Incident, row) for row in tx.execute(query).mappings()]

    def _note(
        self, tx: Connection, incident: Incident, action: str, note: str, actor: str, now: datetime
    ) -> None:
        query = select(cases.c.id, cases.c.state).where(cases.c.incident_id == incident.id)
        for row in tx.execute(query).all():
            casework.note_event(tx, row.id, row.state, action, note, actor, now)


def _set(tx: Connection, incident: Incident, *only: ColumnElement[bool], **values: object) -> None:
    mine = (incidents.c.id == incident.id, incidents.c.closed_at.is_(None), *only)
    if not tx.execute(update(incidents).where(*mine).values(**values)).rowcount:
        raise Conflict(GONE, incident=incident.number)


def _join(tx: Connection, case: Case, incident_id: int, note: str, actor: str, now: datetime) -> None:
    casework.advance(tx, case, case.state, "incident", note, actor, now, incident_id=incident_id)


def _watched(tx: Connection, case: Case) -> None:
    tx.execute(update(cases).where(cases.c.id == case.id).values(watched_posts=case.posts))


def _tell(tx: Connection, alarms: Iterable[Alarm], now: datetime) -> list[int]:
    put_in = [put(tx, one.draft, one.key, MessageState.APPROVED, SYSTEM, now) for one in alarms]
    return [one for one in put_in if one is not None]
