"""Run as a program: carries out one write and kills itself, without warning, just before its Nth statement.

python cut.py URL KEY WRITE N
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy import event

from huanyu.clock import SHANGHAI
from huanyu.store import Store
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import Draft
from huanyu.types import MessageState
from huanyu.types import Receipt

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI)


def apply(store: Store) -> None:
    """Open a case for post 1."""
    store.cases.apply(CasePlan(post_id=1, action=CaseAction.NEW, reason="新立", title="气味"), NOW)


def draft(store: Store) -> None:
    """Draft the reply of case 1."""
    drafts = [Draft(channel="site", account="site", purpose="reply", text="已查处", case_id=1)]
    store.outbox.add_drafts(store.cases.get(1), drafts, to="replying", author="lilan", now=NOW)


def settle(store: Store) -> None:
    """Settle the one message in flight, answering its case."""
    (message,) = store.outbox.in_flight(NOW)
    store.outbox.settle(
        message,
        MessageState.SENT,
        receipt=Receipt(platform_id="1"),
        note="已发出",
        due_at=None,
        case_to="answered",
        now=NOW,
    )


def seal(store: Store) -> None:
    """Seal the audit trail."""
    store.audit.seal(NOW)


def _die_before(statement: int) -> None:
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)


if __name__ == "__main__":
    url, key, what, statement = sys.argv[1:]
    write = {"apply": apply, "draft": draft, "settle": settle, "seal": seal}[what]
    with Store.open(url, key) as store:
        _die_before(int(statement))
        write(store)
