"""What each unit did in a period with what it was given: sent back, limits kept, days taken, what reporters said.

Each limit is decided once, when it is met or when it is over, whichever is first; so periods add up, and a look from
then can be taken again. Parts (拆分) count here: their units had them in hand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import select

from huanyu.store.assignments import LEAD
from huanyu.store.breakdowns import Cells
from huanyu.store.breakdowns import narrowed
from huanyu.store.queries import Ids
from huanyu.store.queries import Span
from huanyu.store.rows import chunks
from huanyu.store.states import HANDLED
from huanyu.store.states import ONSITE
from huanyu.store.states import REPORTED
from huanyu.store.states import SIGNED
from huanyu.store.tables import assignments
from huanyu.store.tables import case_events
from huanyu.store.tables import cases
from huanyu.store.tables import clocks
from huanyu.store.tables import follow_ups
from huanyu.types import Search

GIVEN, RETURNED = "unit_given", "unit_returned"
ASKED, CONTENT = "unit_asked", "unit_content"
REPORTED_ON = "unit_reported"
DAYS = "unit_days"  #: the middle one of the days taken; of two the shorter
#: limit -> groups of those decided and of those kept, and the states by which it is kept
LIMITS = {
    "sign": ("unit_sign_due", "unit_sign_met", frozenset({SIGNED, ONSITE, REPORTED, HANDLED})),
    "handling": ("unit_due", "unit_met", frozenset({REPORTED, HANDLED})),
}
REPORTS = (REPORTED, HANDLED)
ANSWERS = {"满意": True, "基本满意": True, "不满意": False}
DAY = timedelta(days=1)

Found = dict[str, dict[str, list[int]]]


def cells(tx: Connection, span: Span, search: Search | None = None) -> Cells:
    """Ids of the cases behind each count of each unit."""
    found = counts(tx, span, search)
    found[REPORTED_ON] = {unit: ids for unit, (_, ids) in days(tx, span, search).items()}
    return found


def counts(tx: Connection, span: Span, search: Search | None = None) -> Found:
    """The same without those behind the days a unit took."""
    found: Found = defaultdict(lambda: defaultdict(list))
    about = _about(search)
    _given(tx, span, about, found)
    _limits(tx, span, about, found)
    _asked(tx, span, about, found)
    return found


def days(tx: Connection, span: Span, search: Search | None = None) -> Mapping[str, tuple[int, list[int]]]:
    """Of each unit the median of the days from the hand-over to its first report in the period, and the cases."""
    reports = select(case_events.c.case_id, case_events.c.at).where(
        case_events.c.moved, case_events.c.state.in_(REPORTS)
    )
    now = _narrow(reports.where(span.within(case_events.c.at)), case_events.c.case_id, _about(search))
    ids = {row.case_id for row in tx.execute(now)}
    leads = _leads(tx, ids)
    first: dict[int, tuple[Row[Any], datetime]] = {}
    for chunk in chunks(sorted(ids)):
        known = reports.where(case_events.c.case_id.in_(chunk), span.before(case_events.c.at))
        for case_id, at in tx.execute(known.order_by(case_events.c.id)):
            if (lead := _lead(leads, case_id, at)) is not None:
                first.setdefault(lead.id, (lead, at))
    taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for lead, at in first.values():
        if at >= span.start:
            taken[lead.unit].append((max(1, -(-(at - lead.given_at) // DAY)), lead.case_id))
    return {
        unit: (sorted(each for each, _ in some)[(len(some) - 1) // 2], sorted(one for _, one in some))
        for unit, some in taken.items()
    }


def leads_of(tx: Connection, ids: Iterable[int]) -> Mapping[int, Sequence[Row[Any]]]:
    """Every hand-over of these cases to a unit that leads, oldest first; for `lead_at`."""
    return _leads(tx, ids)


def lead_at(leads: Mapping[int, Sequence[Row[Any]]], case_id: int, at: datetime) -> str:
    """The unit that had the case at a moment; "" while it lay returned."""
    one = _lead(leads, case_id, at)
    return one.unit if one is not None else ""


def _about(search: Search | None) -> Ids | None:
    return None if search is None else narrowed(select(cases.c.id), "case", search)


def _narrow(query: Ids, column: Any, about: Ids | None) -> Ids:
    return query if about is None else query.where(column.in_(about))


def _given(tx: Connection, span: Span, about: Ids | None, found: Found) -> None:
    query = select(assignments).where(assignments.c.part == LEAD, span.within(assignments.c.given_at))
    for row in tx.execute(_narrow(query, assignments.c.case_id, about).order_by(assignments.c.id)):
        found[GIVEN][row.unit].append(row.case_id)
        if row.returned_at is not None and _known(row.returned_at, span):
            found[RETURNED][row.unit].append(row.case_id)


def _limits(tx: Connection, span: Span, about: Ids | None, found: Found) -> None:
    rows = list(_decided(tx, span, about))
    ids = {row.case_id for row in rows}
    leads, kept = _leads(tx, ids), _kept(tx, span, ids)
    told: dict[tuple[int, int, str], tuple[bool, str]] = {}
    for row in rows:
        ended = row.ended_at if row.ended_at is not None and _known(row.ended_at, span) else None
        is_late = ended is None or ended > row.due
        if not is_late and (row.case_id, ended, row.name) not in kept:
            continue  # paused, sent back, moved on: another row goes on with it
        lead = _lead(leads, row.case_id, row.due if is_late or ended is None else ended)
        one = (row.case_id, row.round, row.name)
        if lead is not None and not told.get(one, (False, ""))[0]:
            told[one] = (is_late, lead.unit)
    for (case_id, _, name), (is_late, unit) in told.items():
        decided, met, _ = LIMITS[name]
        found[decided][unit].append(case_id)
        if not is_late:
            found[met][unit].append(case_id)


def _decided(tx: Connection, span: Span, about: Ids | None) -> Iterator[Row[Any]]:
    """Limits that were met or stopped in time in the period, and those that ran over in it; each has its index."""
    real = (clocks.c.name.in_(sorted(LIMITS)), clocks.c.met_how != "void", span.known(clocks.c.started_at))
    in_time = (span.within(clocks.c.ended_at), clocks.c.ended_at <= clocks.c.due)
    over = (
        clocks.c.due >= span.start,
        clocks.c.due < span.moment,
        clocks.c.started_at <= clocks.c.due,  # one that goes on after a pause was over before
    )
    still = (*over, clocks.c.ended_at.is_(None))
    done = (*over, clocks.c.ended_at > clocks.c.due, clocks.c.ended_at >= span.start)
    for which in (in_time, still, done):
        query = _narrow(select(clocks).where(*real, *which), clocks.c.case_id, about)
        yield from tx.execute(query.order_by(clocks.c.id))


def _kept(tx: Connection, span: Span, ids: Iterable[int]) -> set[tuple[int, datetime, str]]:
    """(case, moment, limit) of what was done in the period."""
    found = set()
    states = sorted({state for *_, done in LIMITS.values() for state in done})
    for chunk in chunks(sorted(ids)):
        query = select(case_events.c.case_id, case_events.c.at, case_events.c.state).where(
            case_events.c.case_id.in_(chunk),
            case_events.c.moved,
            case_events.c.state.in_(states),
            span.within(case_events.c.at),
        )
        for case_id, at, state in tx.execute(query):
            found |= {(case_id, at, name) for name, (_, _, done) in LIMITS.items() if state in done}
    return found


def _asked(tx: Connection, span: Span, about: Ids | None, found: Found) -> None:
    query = select(follow_ups).where(span.within(follow_ups.c.at), follow_ups.c.satisfied.in_(list(ANSWERS)))
    rows = tx.execute(_narrow(query, follow_ups.c.case_id, about).order_by(follow_ups.c.id)).all()
    leads = _leads(tx, {row.case_id for row in rows})
    for row in rows:
        lead = _lead(leads, row.case_id, row.at)
        if lead is None:
            continue
        found[ASKED][lead.unit].append(row.case_id)
        if ANSWERS[row.satisfied]:
            found[CONTENT][lead.unit].append(row.case_id)


def _leads(tx: Connection, ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Every hand-over of these cases to a unit that leads, oldest first."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for chunk in chunks(sorted(ids)):
        mine = (assignments.c.case_id.in_(chunk), assignments.c.part == LEAD)
        query = select(assignments).where(*mine).order_by(assignments.c.given_at, assignments.c.id)
        for row in tx.execute(query):
            found[row.case_id].append(row)
    return found


def _lead(leads: Mapping[int, Sequence[Row[Any]]], case_id: int, at: datetime) -> Row[Any] | None:
    """The hand-over under which the case stood at a moment; none while it lay returned."""
    own = leads.get(case_id, ())
    place = bisect_right(own, at, key=lambda row: row.given_at)
    one = own[place - 1] if place else None
    return one if one is not None and (one.returned_at is None or one.returned_at >= at) else None


def _known(moment: datetime, span: Span) -> bool:
    return span.seen is None or moment < span.seen
