"""What the ledger (整改台账) counts for a bulletin: its steps in a period, and the lines on it at the end."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func
from sqlalchemy import select

from huanyu.store.spans import Ids
from huanyu.store.spans import Span
from huanyu.store.tables import ledger_steps

TAKEN_OFF: Final = "cancelled"  #: state of a line after 销号


def ledger_done(span: Span, action: str) -> Ids:
    """Steps of that kind on the ledger in the period."""
    return select(ledger_steps.c.id).where(ledger_steps.c.action == action, span.within(ledger_steps.c.at))


def ledger_open(span: Span) -> Ids:
    """Lines on the ledger at the end: their last step by then had not taken them off."""
    by_then = ledger_steps.alias()
    last = select(func.max(by_then.c.id)).where(span.before(by_then.c.at)).group_by(by_then.c.line_id)
    return select(ledger_steps.c.line_id.label("id")).where(
        ledger_steps.c.id.in_(last), ledger_steps.c.state != TAKEN_OFF
    )
