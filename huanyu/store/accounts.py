"""What is known of each official account: how it is, until when it rests, what waits for it.

Every claim locks the row of its account, so that one account has one call in flight, whoever works for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import APPROVED
from huanyu.store.tables import UNKNOWN
from huanyu.store.tables import account_states
from huanyu.store.tables import outbox
from huanyu.types import AccountState
from huanyu.types import MessageState
from huanyu.types import Traffic

#: Messages that count against a quota: they are out, or may be; a person may post a handed one any minute.
LEFT = (MessageState.SENT, MessageState.SENDING, MessageState.UNKNOWN, MessageState.HANDED)
#: Taking a text down is no word of the account.
_SPOKEN = and_(outbox.c.state == MessageState.SENT, outbox.c.stage != "withdrawal")
#: What left later than that left by a clock that was wrong: it must not stop the account until then.
SKEW = timedelta(minutes=10)
#: What `huanyu.store.outbox` learns while it delivers; a look at the account leaves it alone.
LEARNED = frozenset({"last_ok", "last_failed", "last_published", "held_until", "held_for", "failures"})


class Accounts:
    """One state per official account."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def state(self, account: str) -> AccountState:
        """What is known of the account; nothing yet is a state too."""
        with self._database.read() as tx:
            query = select(account_states).where(account_states.c.account == account)
            row = tx.execute(query).mappings().first()
        return AccountState(account=account) if row is None else noun(AccountState, row)

    def states(self) -> dict[str, AccountState]:
        """Every account of which something is known, by key."""
        with self._database.read() as tx:
            rows = tx.execute(select(account_states)).mappings().all()
        return {row["account"]: noun(AccountState, row) for row in rows}

    def save(self, found: AccountState, now: datetime, actor: str = SYSTEM) -> None:
        """Keep what a look at the account said; what deliveries have learned meanwhile stays."""
        values = {name: value for name, value in asdict(found).items() if name not in LEARNED}
        with self._database.write() as tx:
            before = lock(tx, found.account)
            tx.execute(_row(found.account).values(**values))
            if (before["state"], before["note"]) != (found.state, found.note):
                facts = [found.state, found.note]
                self._trail.record(tx, "account.state", "account", [found.account], facts, actor, now)

    def hold(self, account: str, until: datetime, why: str, now: datetime, actor: str = SYSTEM) -> None:
        """Let nothing of the account leave before `until`."""
        with self._database.write() as tx:
            lock(tx, account)
            tx.execute(_row(account).values(held_until=until, held_for=why))
            self._trail.record(tx, "account.hold", "account", [account], why, actor, now)

    def lift(self, account: str, now: datetime, actor: str = SYSTEM) -> bool:
        """Let the account work again, and what waited for it be due now; whether it was held."""
        with self._database.write() as tx:
            row = lock(tx, account)
            if row["held_until"] is None and not row["failures"]:
                return False
            tx.execute(_row(account).values(held_until=None, held_for="", failures=0))
            hurry(tx, account, now)
            self._trail.record(tx, "account.lift", "account", [account], "", actor, now)
            return True

    def wake(self, account: str, now: datetime, actor: str = SYSTEM) -> None:
        """The platform answers again: what was put off is tried at once, from the oldest on."""
        with self._database.write() as tx:
            lock(tx, account)
            tx.execute(_row(account).values(held_until=None, held_for=""))
            hurry(tx, account, now)
            self._trail.record(tx, "account.wake", "account", [account], "", actor, now)

    def traffic(self, now: datetime) -> dict[str, Traffic]:
        """What waits, what is in doubt and when something went out last, by account."""
        ready = and_(APPROVED, outbox.c.approved_version == outbox.c.version)
        query = select(
            outbox.c.account,
            _count(ready).label("waiting"),
            _count(UNKNOWN).label("doubtful"),
            func.min(case((and_(ready, outbox.c.due_at <= now), outbox.c.created_at))).label("oldest"),
            func.max(outbox.c.sent_at).filter(_SPOKEN).label("last_published"),
        ).group_by(outbox.c.account)
        with self._database.read() as tx:
            rows = tx.execute(query).mappings().all()
        return {row["account"]: noun(Traffic, row) for row in rows}

    def departures(self, since: datetime, most: Mapping[str, int]) -> dict[str, list[datetime]]:
        """When messages of each account left since then, newest first, at most so many of each; in one query."""
        if not most:
            return {}
        newest = func.row_number().over(
            partition_by=outbox.c.account, order_by=(outbox.c.claimed_at.desc(), outbox.c.id.desc())
        )
        ranked = (
            select(outbox.c.account, outbox.c.claimed_at, newest.label("place"))
            .where(outbox.c.account.in_(list(most)), outbox.c.claimed_at > since, outbox.c.state.in_(LEFT))
            .subquery()
        )
        query = select(ranked).where(ranked.c.place <= max(most.values())).order_by(ranked.c.place)
        found: dict[str, list[datetime]] = {account: [] for account in most}
        with self._database.read() as tx:
            for row in tx.execute(query):
                found[row.account].append(row.claimed_at)
        return {account: moments[: most[account]] for account, moments in found.items()}

    def waiting(self, accounts: Sequence[str], after: datetime) -> dict[str, list[datetime]]:
        """When approved messages of each account are planned to leave after that moment, earliest first."""
        query = (
            select(outbox.c.account, outbox.c.due_at)
            .where(APPROVED, outbox.c.account.in_(list(accounts)), outbox.c.due_at > after)
            .order_by(outbox.c.due_at)
        )
        found: dict[str, list[datetime]] = {account: [] for account in accounts}
        with self._database.read() as tx:
            for row in tx.execute(query):
                found[row.account].append(row.due_at)
        return found


def lock(tx: Connection, account: str) -> RowMapping:
    """The account's row, which nobody else changes before this transaction ends."""
    query = select(account_states).where(account_states.c.account == account).with_for_update()
    row = tx.execute(query).mappings().first()
    if row is None:
        tx.execute(insert_new(tx, account_states).values(account=account, state="ok"))
        row = tx.execute(query).mappings().one()
    return row


def has_room(tx: Connection, account: str, room: Sequence[tuple[datetime, int]], now: datetime) -> bool:
    """Whether fewer messages than allowed have left since each of these moments."""
    for since, most in room:
        between = (outbox.c.claimed_at > since, outbox.c.claimed_at <= now + SKEW)
        left = (outbox.c.account == account, *between, outbox.c.state.in_(LEFT))
        if tx.execute(select(func.count()).select_from(outbox).where(*left)).scalar_one() >= most:
            return False
    return True


def learn(
    tx: Connection, account: str, state: MessageState, hold: datetime | None, why: str, now: datetime
) -> None:
    """What the end of a call says of the account itself; the caller holds its row."""
    if state is MessageState.SENT:
        done = tx.execute(
            _row(account)
            .where((account_states.c.failures > 0) | account_states.c.held_until.is_not(None))
            .values(failures=0, held_until=None, held_for="")
        )
        if done.rowcount:
            hurry(tx, account, now)
        tx.execute(_row(account).values(last_ok=now, last_published=now))
    elif state is MessageState.REFUSED:  # it answers, and it said no to one text
        tx.execute(_row(account).values(last_ok=now, failures=0))
    elif state is MessageState.APPROVED:
        values: dict[str, Any] = {"last_failed": now, "failures": account_states.c.failures + 1}
        if hold is not None:
            values |= {"held_until": hold, "held_for": why}
        tx.execute(_row(account).values(**values))


def hurry(tx: Connection, account: str, now: datetime) -> None:
    """What was put off because the account did not work need not wait out its time; what a person timed does."""
    put_off = (outbox.c.attempts > 0, outbox.c.claimed_at.is_not(None))
    later = (APPROVED, outbox.c.account == account, *put_off, outbox.c.due_at > now)
    tx.execute(update(outbox).where(*later).values(due_at=now))


def _row(account: str) -> Any:
    return update(account_states).where(account_states.c.account == account)


def _count(where: Any) -> Any:
    return func.count().filter(where)
