"""Rankings: what cases count by unit, tables handed in, rankings put up, issued and taken back.

One transaction and one audit row a write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import date
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.periods import Period
from huanyu.store import unit_figures
from huanyu.store.audit import Trail
from huanyu.store.breakdowns import Cells
from huanyu.store.documents import Filed
from huanyu.store.documents import put_filed
from huanyu.store.queries import REOPENED
from huanyu.store.queries import Span
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.states import ANSWERED
from huanyu.store.states import ASSIGNED
from huanyu.store.states import DONE
from huanyu.store.states import HANDLED
from huanyu.store.states import INTERIM
from huanyu.store.states import PENDING
from huanyu.store.states import REPLYING
from huanyu.store.states import REPORTED
from huanyu.store.tables import audit
from huanyu.store.tables import case_events
from huanyu.store.tables import cases
from huanyu.store.tables import documents
from huanyu.store.tables import ranking_sheets
from huanyu.store.tables import rankings
from huanyu.types import Ranking
from huanyu.types import RankingSheet

SETTLED, ENDED, REPEATED = "unit_settled", "unit_ended", "unit_repeated"
#: The unit has told what it did.
WORK_TOLD = DONE | {REPORTED, HANDLED, REPLYING, INTERIM}
ENDS = (ANSWERED, "closed")
HEADS = select(*(column for column in rankings.c if column.name != "content"))
MOST_KEPT: Final = 24  #: periods whose counts are kept
GONE = "这一份刚被他人改过，请刷新后再试"


class Rankings:
    """What is ranked and what was told of it."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail
        self._known: dict[
            tuple[date, date], tuple[int, Cells]
        ] = {}  #: of a period: the trail's end, its counts

    def counted(self, period: Period, now: datetime) -> Cells:
        """Ids of the cases behind each count of each unit that led them, as known at `now`; not to be changed.

        A period that is over is counted anew only when something was written since.
        """
        span, days = Span.of_days(period.first, period.last, now), (period.first, period.last)
        with self._database.read() as tx:
            end = _settled(tx, span, now)
            kept = self._known.get(days)
            if end is not None and kept is not None and kept[0] == end:
                return kept[1]
            found: dict[str, Mapping[str, Sequence[int]]] = dict(unit_figures.counts(tx, span))
            due = found.get("unit_due", {})
            told = _told(tx, span, {one for ids in due.values() for one in ids})
            found[SETTLED] = {unit: [one for one in ids if one in told] for unit, ids in due.items()}
            found[ENDED], found[REPEATED] = _ended(tx, span)
        if end is not None:
            self._keep(days, end, found)
        return found

    def _keep(self, days: tuple[date, date], end: int, found: Cells) -> None:
        if len(self._known) >= MOST_KEPT:
            self._known.clear()
        self._known[days] = (end, found)

    def where(self, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Of each case its area and its place."""
        found: dict[int, tuple[str, str]] = {}
        with self._database.read() as tx:
            for chunk in chunks(sorted(set(ids))):
                query = select(cases.c.id, cases.c.area, cases.c.place).where(cases.c.id.in_(chunk))
                found |= {row.id: (row.area, row.place) for row in tx.execute(query)}
        return found

    def take(
        self,
        ranking: str,
        period: Period,
        name: str,
        rows: Mapping[str, Any],
        left: int,
        actor: str,
        now: datetime,
    ) -> RankingSheet:
        """A table of a period; it counts in place of an earlier one, which is kept."""
        values = {
            "ranking": ranking,
            "first": period.first,
            "last": period.last,
            "name": name,
            "rows": dict(rows),
            "left": left,
            "taken_by": actor,
            "taken_at": now,
        }
        with self._database.write() as tx:
            made = insert(ranking_sheets).values(**values).returning(ranking_sheets.c.id)
            found = int(tx.execute(made).scalar_one())
            told = [ranking, period.first.isoformat(), name, len(rows), left]
            self._trail.record(tx, "ranking.take", "ranking_sheet", [found], told, actor, now)
            row = tx.execute(select(ranking_sheets).where(ranking_sheets.c.id == found)).mappings().one()
            return noun(RankingSheet, row)

    def sheet(self, ranking: str, period: Period) -> RankingSheet | None:
        """The last table of that very period."""
        same = (ranking_sheets.c.first == period.first, ranking_sheets.c.last == period.last)
        query = select(ranking_sheets).where(ranking_sheets.c.ranking == ranking, *same)
        with self._database.read() as tx:
            row = tx.execute(query.order_by(ranking_sheets.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else noun(RankingSheet, row)

    def sheets(self, limit: int = 50) -> list[RankingSheet]:
        """The tables that were taken in last."""
        query = select(ranking_sheets).order_by(ranking_sheets.c.id.desc()).limit(limit)
        with self._database.read() as tx:
            return [noun(RankingSheet, row) for row in tx.execute(query).mappings()]

    def propose(self, values: Mapping[str, Any], actor: str, now: datetime) -> Ranking:
        """Put a ranking up for a signature, with all it says."""
        row = {
            **values,
            "state": "proposed",
            "made_by": actor,
            "made_at": now,
            "signed_by": "",
            "issued_at": None,
            "document_id": None,
            "version": 1,
        }
        with self._database.write() as tx:
            found = int(tx.execute(insert(rankings).values(**row).returning(rankings.c.id)).scalar_one())
            told = [values["ranking"], values["first"].isoformat(), values["title"], values["corrects_id"]]
            self._trail.record(tx, "ranking.propose", "ranking", [found], told, actor, now)
            return _one(tx, found)

    def issue(self, seen: Ranking, paper: Filed, actor: str, now: datetime) -> Ranking:
        """签发并印发: the paper under its number, in the same write.

        Raises Conflict, also where another was issued of the period since: one of them would not name the other.
        """
        with self._database.write() as tx:
            document = put_filed(tx, paper, None, actor, now)  # from here on nobody else issues of this form
            if _last_issued(tx, seen) != seen.corrects_id:
                raise Conflict("这一时段已另印发一份，请撤回后重新送签", ranking=seen.id)
            anew = {"state": "issued", "signed_by": actor, "issued_at": now, "document_id": document}
            _change(tx, seen, anew)
            told = [paper.serial, seen.title, seen.corrects_id]
            self._trail.record(tx, "ranking.issue", "ranking", [seen.id], told, actor, now)
            return _one(tx, seen.id)

    def void(self, seen: Ranking, why: str, actor: str, now: datetime) -> Ranking:
        """Take back what nobody has signed; raises Conflict."""
        with self._database.write() as tx:
            _change(tx, seen, {"state": "void", "why": why})
            self._trail.record(tx, "ranking.void", "ranking", [seen.id], [seen.title, why], actor, now)
            return _one(tx, seen.id)

    def get(self, ranking_id: int) -> Ranking:
        """Raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, ranking_id)

    def listing(self, states: Sequence[str], limit: int = 1000) -> list[Ranking]:
        """Those in these states, the latest period first, without what they say: it names every case they count."""
        query = HEADS.where(rankings.c.state.in_(states))
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(rankings.c.first.desc(), rankings.c.id.desc()).limit(limit))
            return [noun(Ranking, row, content={}) for row in rows.mappings()]

    def correcting(self, ranking_id: int) -> list[Ranking]:
        """Those issued to put this one right, oldest first, without what they say."""
        query = HEADS.where(rankings.c.corrects_id == ranking_id, rankings.c.state == "issued")
        with self._database.read() as tx:
            rows = tx.execute(query.order_by(rankings.c.id)).mappings()
            return [noun(Ranking, row, content={}) for row in rows]

    def issued_within(self, first: date, last: date) -> int:
        """How many were issued on these days."""
        span = Span.of_days(first, last)
        query = select(func.count()).where(rankings.c.state == "issued", span.within(rankings.c.issued_at))
        with self._database.read() as tx:
            return int(tx.execute(query).scalar_one())

    def issued(self, ranking: str, period: Period) -> Ranking | None:
        """What was last issued of that very period."""
        same = (
            rankings.c.first == period.first,
            rankings.c.last == period.last,
            rankings.c.state == "issued",
        )
        query = select(rankings).where(rankings.c.ranking == ranking, *same)
        with self._database.read() as tx:
            row = tx.execute(query.order_by(rankings.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else noun(Ranking, row)

    def serials(self, ids: Sequence[int]) -> dict[int, str]:
        """The number of each of these that was issued."""
        paper = rankings.c.document_id == documents.c.id
        query = select(rankings.c.id, documents.c.serial).join(documents, paper).where(rankings.c.id.in_(ids))
        with self._database.read() as tx:
            return {row.id: row.serial for row in tx.execute(query)}

    def note_export(self, ranking_id: int, form: str, actor: str, now: datetime) -> None:
        """Leave the line of a table taken out, before it is handed over."""
        with self._database.write() as tx:
            self._trail.record(tx, "ranking.export", "ranking", [ranking_id], [form], actor, now)


def _settled(tx: Connection, span: Span, now: datetime) -> int | None:
    """The last row of the audit trail, where nothing but a further one can change what is counted of a period.

    None while it goes on, or where something was written at this very moment: a later look sees that, this one not.
    """
    if span.end > now:
        return None
    last = tx.execute(select(audit.c.id, audit.c.at).order_by(audit.c.id.desc()).limit(1)).one_or_none()
    return last.id if last is not None and last.at < now else None


def _told(tx: Connection, span: Span, ids: Iterable[int]) -> set[int]:
    """Of these cases those whose unit had told its result when the period ended; parts count here as well."""
    found: set[int] = set()
    for chunk in chunks(sorted(ids)):
        state = _last_states(tx, span, chunk)
        found |= {case for case, name in state.items() if name in WORK_TOLD}
    return found


def _last_states(tx: Connection, span: Span, ids: Sequence[int]) -> dict[int, str]:
    last = select(func.max(case_events.c.id)).where(
        case_events.c.case_id.in_(ids), span.before(case_events.c.at)
    )
    query = select(case_events.c.case_id, case_events.c.state).where(
        case_events.c.id.in_(last.group_by(case_events.c.case_id))
    )
    return {row.case_id: row.state for row in tx.execute(query)}


def _ended(tx: Connection, span: Span) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """By unit the cases that were answered or closed in the period, and those of them that were complained of again.

    A round ends once: what was answered in March and is closed in April is March's alone.
    """
    query = select(case_events.c.case_id).where(
        case_events.c.moved, case_events.c.state.in_(ENDS), span.within(case_events.c.at)
    )
    first, again = _rounds(tx, span, sorted(set(tx.scalars(query))))
    ended: dict[str, list[int]] = defaultdict(list)
    repeated: dict[str, list[int]] = defaultdict(list)
    leads = unit_figures.leads_of(tx, first)
    for case_id, at in sorted(first.items()):
        unit = unit_figures.lead_at(leads, case_id, at)
        if unit:
            ended[unit].append(case_id)
            if case_id in again:
                repeated[unit].append(case_id)
    return dict(ended), dict(repeated)


def _rounds(tx: Connection, span: Span, ids: Sequence[int]) -> tuple[dict[int, datetime], set[int]]:
    """When a round of each case first ended in the period, and those taken up again later, whenever until now."""
    first: dict[int, datetime] = {}
    again: set[int] = set()
    over: set[int] = set()
    turns = and_(case_events.c.moved, case_events.c.state.in_((*ENDS, PENDING, ASSIGNED)))
    columns = (case_events.c.case_id, case_events.c.at, case_events.c.state, case_events.c.action)
    for chunk in chunks(ids):
        query = select(*columns).where(
            case_events.c.case_id.in_(chunk),
            or_(turns, case_events.c.action == REOPENED),
            span.known(case_events.c.at),
        )
        for row in tx.execute(query.order_by(case_events.c.id)):
            if row.state not in ENDS:
                over.discard(row.case_id)
                if row.action == REOPENED and row.case_id in first:
                    again.add(row.case_id)
            elif row.case_id not in over:
                over.add(row.case_id)
                if span.start <= row.at < span.end:
                    first.setdefault(row.case_id, row.at)
    return first, again


def _change(tx: Connection, seen: Ranking, values: Mapping[str, Any]) -> None:
    mine = (rankings.c.id == seen.id, rankings.c.version == seen.version, rankings.c.state == "proposed")
    if not tx.execute(update(rankings).where(*mine).values(**values, version=seen.version + 1)).rowcount:
        raise Conflict(GONE, ranking=seen.id)


def _last_issued(tx: Connection, seen: Ranking) -> int | None:
    """Of the same ranking and period."""
    same = (
        rankings.c.ranking == seen.ranking,
        rankings.c.first == seen.first,
        rankings.c.last == seen.last,
        rankings.c.state == "issued",
    )
    return tx.execute(select(func.max(rankings.c.id)).where(*same)).scalar()


def _one(tx: Connection, ranking_id: int) -> Ranking:
    row = tx.execute(select(rankings).where(rankings.c.id == ranking_id)).mappings().first()
    if row is None:
        raise NotFound("没有这份排名", ranking=ranking_id)
    return noun(Ranking, row)
