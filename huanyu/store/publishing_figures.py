"""What the statistics of publishing are made of: what went out, how long it took, what was put right.

No row here carries the name of a person: nobody is measured by what the public liked.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timedelta

from sqlalchemy import func
from sqlalchemy import select

from huanyu.clock import local
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.published import PUBLIC
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import account_days
from huanyu.store.tables import account_states
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import public_corrections
from huanyu.store.tables import published
from huanyu.store.tables import results
from huanyu.types import Followers
from huanyu.types import MessageState
from huanyu.types import Outgoing


class PublishingFigures:
    """Rows of a span of time; what they amount to is decided by publisher.statistics."""

    def __init__(self, database: Database, trail: Trail) -> None:
        self._database = database
        self._trail = trail

    def outgoing(self, start: datetime, end: datetime) -> list[Outgoing]:
        """What was published in [start, end), oldest first."""
        columns = (
            "id",
            "channel",
            "account",
            "purpose",
            "stage",
            "sent_at",
            "platform_id",
            "case_id",
            "about",
        )
        query = (
            select(*(outbox.c[name] for name in columns), cases.c.learned_at, published.c.views)
            .outerjoin(cases, cases.c.id == outbox.c.case_id)
            .outerjoin(published, published.c.message_id == outbox.c.id)
            .where(outbox.c.state == MessageState.SENT, outbox.c.purpose.in_(PUBLIC))
            .where(outbox.c.sent_at >= start, outbox.c.sent_at < end)
            .order_by(outbox.c.id)
        )
        with self._database.read() as tx:
            return [noun(Outgoing, row) for row in tx.execute(query).mappings()]

    def first_answers(self, start: datetime, end: datetime) -> set[int]:
        """Messages of [start, end) that were the first public answer of their case at their stage."""
        first = (
            select(func.min(outbox.c.id).label("id"))
            .where(
                outbox.c.state == MessageState.SENT,
                outbox.c.purpose == "reply",
                outbox.c.about.is_(None),
                outbox.c.case_id.is_not(None),
            )
            .group_by(outbox.c.case_id, outbox.c.stage)
            .subquery()
        )
        within = (outbox.c.sent_at >= start, outbox.c.sent_at < end)
        query = select(outbox.c.id).join(first, first.c.id == outbox.c.id).where(*within)
        with self._database.read() as tx:
            return set(tx.execute(query).scalars())

    def results(self, start: datetime, end: datetime) -> tuple[int, int]:
        """How many cases had a result recorded in [start, end), and how many of these have one published."""
        recorded = select(results.c.case_id).where(
            results.c.recorded_at >= start, results.c.recorded_at < end
        )
        shown = select(outbox.c.case_id).where(
            outbox.c.state == MessageState.SENT, outbox.c.purpose == "reply", outbox.c.stage == "result"
        )
        with self._database.read() as tx:
            cases_with = set(tx.execute(recorded).scalars())
            return len(cases_with), len(cases_with & set(tx.execute(shown).scalars()))

    def doubts(self, start: datetime, end: datetime) -> dict[str, int]:
        """Public messages of [start, end) by account whose outcome nobody knows yet."""
        return self._by_account(start, end, MessageState.UNKNOWN)

    def refusals(self, start: datetime, end: datetime) -> dict[str, int]:
        """Public messages of [start, end) by account that a platform refused."""
        return self._by_account(start, end, MessageState.REFUSED)

    def corrections(self, start: datetime, end: datetime) -> dict[str, int]:
        """Numbers taken in [start, end), by kind."""
        within = (public_corrections.c.at >= start, public_corrections.c.at < end)
        query = select(public_corrections.c.kind, func.count().label("amount")).where(*within)
        with self._database.read() as tx:
            return {row.kind: row.amount for row in tx.execute(query.group_by(public_corrections.c.kind))}

    def followers(self, start: datetime, end: datetime) -> list[Followers]:
        """Followers of each account on the days of [start, end), oldest first."""
        last = local(end - timedelta(microseconds=1)).date()
        within = account_days.c.day >= local(start).date(), account_days.c.day <= last
        query = select(account_days).where(*within).order_by(account_days.c.account, account_days.c.day)
        with self._database.read() as tx:
            return [noun(Followers, row) for row in tx.execute(query).mappings()]

    def keep_followers(self, now: datetime) -> int:
        """Write down once a day how many follow each account, as far as its platform tells; returns how many are new."""
        day = local(now).date()
        known = select(account_states.c.account, account_states.c.followers).where(
            account_states.c.followers.is_not(None),
            account_states.c.account.not_in(select(account_days.c.account).where(account_days.c.day == day)),
        )
        with self._database.read() as tx:
            if tx.execute(known.limit(1)).first() is None:
                return 0
        with self._database.write() as tx:
            found = tx.execute(known).all()
            for account, followers in found:
                tx.execute(insert_new(tx, account_days).values(account=account, day=day, followers=followers))
            names = [account for account, _ in found]
            self._trail.record(tx, "account.day", "account", names, day.isoformat(), SYSTEM, now)
            return len(found)

    def _by_account(self, start: datetime, end: datetime, state: MessageState) -> dict[str, int]:
        query = (
            select(outbox.c.account, func.count().label("amount"))
            .where(outbox.c.state == state, outbox.c.purpose.in_(PUBLIC))
            .where(outbox.c.created_at >= start, outbox.c.created_at < end)
            .group_by(outbox.c.account)
        )
        with self._database.read() as tx:
            return {row.account: row.amount for row in tx.execute(query)}
