"""Rewards: one a round of a case, moved by compare-and-set; who claims one is sealed, and every look at it a line.

One write is one transaction with its step and its audit row. Whether something may be done is decided by others.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.clock import local
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.store import beside
from huanyu.store.audit import Trail
from huanyu.store.counters import next_number
from huanyu.store.keys import Keys
from huanyu.store.rows import chunks
from huanyu.store.rows import noun
from huanyu.store.session import Database
from huanyu.store.session import insert_new
from huanyu.store.tables import cases
from huanyu.store.tables import identities
from huanyu.store.tables import public_reports
from huanyu.store.tables import results
from huanyu.store.tables import reward_claims as claims
from huanyu.store.tables import reward_payments as payments
from huanyu.store.tables import reward_steps as steps
from huanyu.store.tables import rewards
from huanyu.store.tables import talks
from huanyu.store.unsealing import Lost
from huanyu.store.unsealing import Unsealer
from huanyu.types import Claimant
from huanyu.types import Payment
from huanyu.types import Reward
from huanyu.types import RewardStep

PREFIX: Final = "JL"
GONE: Final = "这一件奖励刚被他人改过，请刷新后再试"
#: States of a case whose result somebody has looked at.
SETTLED: Final = ("handled", "replying", "answered", "interim", "visited", "closed")


class Rewards:
    """Rewards, in the order they were opened."""

    def __init__(self, database: Database, trail: Trail, keys: Keys, unsealer: Unsealer) -> None:
        self._database = database
        self._trail = trail
        self._keys = keys
        self._unsealer = unsealer

    def open(self, case_id: int, round_: int, scheme: str, state: str, actor: str, now: datetime) -> Reward:
        """The reward of this round of the case, new or known: opened twice it is one."""
        with self._database.write() as tx:
            mine = (rewards.c.case_id == case_id, rewards.c.round == round_)
            if (known := _found(tx, *mine)) is not None:
                return known
            year = local(now).year
            row = {
                "number": f"{PREFIX}{year}-{next_number(tx, f'reward:{year}'):06d}",
                "case_id": case_id,
                "round": round_,
                "scheme": scheme,
                "state": state,
                "made_by": actor,
                "made_at": now,
            }
            tx.execute(insert_new(tx, rewards).values(**_DEFAULTS, **row))
            made = _demand(_found(tx, *mine))
            if made.number == row["number"]:
                self._note(tx, made.id, "opened", state, "", [made.number, case_id, round_], actor, now)
            return made

    def move(
        self,
        reward: Reward,
        action: str,
        values: Mapping[str, Any],
        note: str,
        actor: str,
        now: datetime,
        forget: bool = False,
    ) -> Reward:
        """The reward changed as the caller saw it, and its step; raises Conflict. `forget`: the claimant goes, too."""
        with self._database.write() as tx:
            found = self._change(tx, reward, values)
            if forget:
                tx.execute(delete(claims).where(claims.c.reward_id == reward.id))
            told = [note, {name: str(value) for name, value in values.items()}]
            self._note(tx, reward.id, action, found.state, note, told, actor, now)
            return found

    def claim(
        self,
        reward: Reward,
        values: Mapping[str, Any],
        claimant: Claimant,
        way: str,
        actor: str,
        now: datetime,
    ) -> Reward:
        """Seal who claims the reward; raises Conflict."""
        with self._database.write() as tx:
            found = self._change(tx, reward, values)
            sealed = self._keys.seal(json.dumps(asdict(claimant), ensure_ascii=False))
            tx.execute(delete(claims).where(claims.c.reward_id == reward.id))
            tx.execute(insert(claims).values(reward_id=reward.id, at=now, way=way, sealed=sealed))
            facts = [way, asdict(claimant)]
            self._note(tx, reward.id, "claimed", found.state, way, facts, actor, now)
            return found

    def claimants(
        self, found: Sequence[Reward], action: str, reason: str, actor: str, now: datetime
    ) -> dict[int, Claimant | Lost]:
        """Who claims these rewards, by their ids, and a line for each look."""
        ids = [one.id for one in found]
        with self._database.write() as tx:
            rows = tx.execute(select(claims).where(claims.c.reward_id.in_(ids))).all()
            opened = {row.reward_id: self._opened(row) for row in rows}
            for one in found:
                if one.id in opened:
                    self._note(tx, one.id, action, one.state, reason, [reason], actor, now)
            return opened

    def names(self, reward_ids: Collection[int]) -> tuple[str, ...]:
        """What whoever claims these rewards is called: for nothing but to hide it in what a colleague typed."""
        query = select(claims).where(claims.c.reward_id.in_(sorted(reward_ids)))
        with self._database.read() as tx:
            rows = tx.execute(query).all()
        found = [self._opened(row) for row in rows]
        return tuple(one.name for one in found if not isinstance(one, Lost))

    def _opened(self, row: Row[Any]) -> Claimant | Lost:
        return self._unsealer.read(claims.name, row.id, row.at, row.sealed, _claimant)

    def pay(
        self,
        reward: Reward,
        values: Mapping[str, Any],
        payment: Payment,
        note: str,
        actor: str,
        now: datetime,
    ) -> Reward:
        """Note what was paid, once; the same payment told again is found, another raises Conflict."""
        with self._database.write() as tx:
            if (known := _paid(tx, reward.id)) is not None:
                if (known.amount_cents, known.paid_on, known.voucher) == _told(payment):
                    return _one(tx, reward.id)
                raise Conflict(f"{reward.number} 已经支付过", reward=reward.id)
            found = self._change(tx, reward, values)
            tx.execute(insert(payments).values(**asdict(payment)))
            told = [payment.amount_cents, payment.paid_on.isoformat(), payment.voucher]
            self._note(tx, reward.id, "paid", found.state, note, told, actor, now)
            return found

    def get(self, reward_id: int) -> Reward:
        """One reward; raises NotFound."""
        with self._database.read() as tx:
            return _one(tx, reward_id)

    def of_cases(self, case_ids: Collection[int]) -> list[Reward]:
        """The rewards of these cases, the oldest first."""
        return self._where(rewards.c.case_id.in_(sorted(case_ids)))

    def of_post(self, post_id: int) -> list[Reward]:
        """The rewards for which this report came first, the oldest first."""
        return self._where(rewards.c.post_id == post_id)

    def listing(
        self, states: Collection[str] = (), below: int | None = None, limit: int | None = None
    ) -> list[Reward]:
        """Rewards in these states, or all, the newest first; `below`: older than this one."""
        where: list[ColumnElement[bool]] = [rewards.c.state.in_(sorted(states))] if states else []
        where += [] if below is None else [rewards.c.id < below]
        query = select(rewards).where(*where).order_by(rewards.c.id.desc()).limit(limit)
        with self._database.read() as tx:
            return [noun(Reward, row) for row in tx.execute(query).mappings()]

    def counts(self, user_id: int | None = None) -> dict[str, int]:
        """How many are in each state; `user_id`: without those of cases this person stays away from."""
        query = select(rewards.c.state, func.count()).group_by(rewards.c.state)
        if user_id is not None:
            query = query.join(cases, cases.c.id == rewards.c.case_id).where(~beside.away(user_id))
        with self._database.read() as tx:
            return {row[0]: int(row[1]) for row in tx.execute(query)}

    def opened(self, begin: datetime, end: datetime) -> list[Reward]:
        """Rewards opened in the span, `end` not included."""
        return self._where(rewards.c.made_at >= begin, rewards.c.made_at < end)

    def paid(self, begin: date, end: date) -> list[Reward]:
        """Rewards whose money went out on a day of the span, whenever that was noted; `end` not included."""
        mine = payments.c.reward_id == rewards.c.id
        days = (payments.c.paid_on >= begin, payments.c.paid_on < end)
        return self._where(exists().where(mine, *days))

    def late(self, today: date) -> list[Reward]:
        """Rewards nobody claimed in time, the oldest first."""
        return self._where(rewards.c.state == "notified", rewards.c.claim_until < today)

    def steps(self, reward_id: int) -> list[RewardStep]:
        """Everything that was done to a reward, oldest first."""
        query = select(steps).where(steps.c.reward_id == reward_id).order_by(steps.c.id)
        with self._database.read() as tx:
            return [noun(RewardStep, row) for row in tx.execute(query).mappings()]

    def payment(self, reward_id: int) -> Payment | None:
        """What was paid, None for nothing yet."""
        with self._database.read() as tx:
            return _paid(tx, reward_id)

    def claimed_by(self, reward_id: int) -> tuple[datetime, str] | None:
        """When the claim came and by which way; nothing of whoever made it."""
        query = select(claims.c.at, claims.c.way).where(claims.c.reward_id == reward_id)
        with self._database.read() as tx:
            row = tx.execute(query).one_or_none()
            return None if row is None else (row.at, row.way)

    def unjudged(self, findings: Collection[str], limit: int, below: int | None = None) -> list[int]:
        """Cases whose result is one of these and whose reporters nobody has thought of, the latest first.

        `below`: opened before this one.
        """
        known = exists().where(rewards.c.case_id == cases.c.id, rewards.c.round == cases.c.round)
        query = (
            select(cases.c.id)
            .join(results, results.c.id == cases.c.result_id)
            .where(
                cases.c.state.in_(SETTLED),
                cases.c.restricted.is_(False),
                cases.c.parent_id.is_(None),
                results.c.finding.in_(sorted(findings)),
                ~known,
            )
            .order_by(cases.c.id.desc())
            .limit(limit)
        )
        if below is not None:
            query = query.where(cases.c.id < below)
        with self._database.read() as tx:
            return list(tx.scalars(query))

    def reachable(self, post_ids: Collection[int]) -> frozenset[int]:
        """Of these reports those whose sender left a name or telephone, or has a number and a code; nothing is opened."""
        found: set[int] = set()
        with self._database.read() as tx:
            for some in chunks(sorted(post_ids)):
                named = select(identities.c.post_id).where(identities.c.post_id.in_(some))
                coded = select(public_reports.c.post_id).where(public_reports.c.post_id.in_(some))
                found.update(one for query in (named, coded) for one in tx.scalars(query) if one is not None)
        return frozenset(found)

    def platforms(self, post_ids: Collection[int]) -> dict[int, str]:
        """Of these reports those that were said on a chat platform: report -> platform."""
        found: dict[int, str] = {}
        with self._database.read() as tx:
            for some in chunks(sorted(post_ids)):
                query = select(talks.c.post_id, talks.c.platform).where(talks.c.post_id.in_(some))
                found.update((row.post_id, row.platform) for row in tx.execute(query))
        return found

    def _where(self, *where: ColumnElement[bool]) -> list[Reward]:
        with self._database.read() as tx:
            query = select(rewards).where(*where).order_by(rewards.c.id)
            return [noun(Reward, row) for row in tx.execute(query).mappings()]

    def _change(self, tx: Connection, reward: Reward, values: Mapping[str, Any]) -> Reward:
        mine = (rewards.c.id == reward.id, rewards.c.version == reward.version)
        anew = {**values, "version": reward.version + 1}
        if not tx.execute(update(rewards).where(*mine).values(**anew)).rowcount:
            raise Conflict(GONE, reward=reward.id)
        return _one(tx, reward.id)

    def _note(
        self,
        tx: Connection,
        reward_id: int,
        action: str,
        state: str,
        note: str,
        facts: object,
        actor: str,
        now: datetime,
    ) -> None:
        row = {"reward_id": reward_id, "at": now, "actor": actor, "action": action}
        tx.execute(insert(steps).values(**row, state=state, note=note))
        self._trail.record(tx, f"reward.{action}", "reward", [reward_id], facts, actor, now)


_DEFAULTS: Final = {
    **dict.fromkeys(("tier", "channel", "report_number", "denial", "proposed_by", "approved_by"), ""),
    "amount_cents": 0,
    "version": 1,
}


def _claimant(told: str) -> Claimant:
    return Claimant(**json.loads(told))


def _told(payment: Payment) -> tuple[int, date, str]:
    return payment.amount_cents, payment.paid_on, payment.voucher


def _paid(tx: Connection, reward_id: int) -> Payment | None:
    row = tx.execute(select(payments).where(payments.c.reward_id == reward_id)).mappings().first()
    return None if row is None else noun(Payment, row)


def _found(tx: Connection, *where: ColumnElement[bool]) -> Reward | None:
    row = tx.execute(select(rewards).where(*where)).mappings().first()
    return None if row is None else noun(Reward, row)


def _one(tx: Connection, reward_id: int) -> Reward:
    return _demand(_found(tx, rewards.c.id == reward_id))


def _demand(found: Reward | None) -> Reward:
    if found is None:
        raise NotFound("没有这一件奖励")
    return found
