"""What an incident keeps back: 宣传 while one goes on, answers about it until its 口径 is set.

Asked by the list of what is due and once more in the transaction that lets a message out.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select

from huanyu.store.outgoing import CORRECTING
from huanyu.store.tables import cases
from huanyu.store.tables import incidents
from huanyu.store.tables import outbox

GOES_ON = incidents.c.closed_at.is_(None)
DECLARED = and_(incidents.c.confirmed_at.is_not(None), GOES_ON)
NO_LINE = and_(GOES_ON, incidents.c.line == "")
REPLY = "reply"
INCIDENT = "incident"
_GOING_ON = select(incidents).where(DECLARED).order_by(incidents.c.id).limit(1)  # asked on every page


def going_on(tx: Connection) -> RowMapping | None:
    """The oldest declared incident that has not ended; None where there is none."""
    return tx.execute(_GOING_ON).mappings().first()


def waits_for_line(tx: Connection, row: RowMapping) -> bool:
    """Whether this row of the outbox must not leave before somebody has set the 口径."""
    if row["stage"] in CORRECTING:
        return False
    if row["content_class"] == INCIDENT:
        return tx.scalar(select(incidents.c.id).where(DECLARED, incidents.c.line == "").limit(1)) is not None
    if row["purpose"] != REPLY or row["case_id"] is None:
        return False
    mine = _without_line().where(cases.c.id == row["case_id"])
    return tx.scalar(mine) is not None


def not_waiting_for_line() -> ColumnElement[bool]:
    """The same for a list: answers about an incident take nobody's place in it."""
    return or_(
        outbox.c.purpose != REPLY,
        outbox.c.stage.in_(CORRECTING),
        outbox.c.case_id.is_(None),
        outbox.c.case_id.not_in(_without_line()),
    )


def _without_line() -> Select[tuple[int]]:
    return select(cases.c.id).join(incidents, incidents.c.id == cases.c.incident_id).where(NO_LINE)
