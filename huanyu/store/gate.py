"""The last look before a message leaves, inside the transaction that lets it: switches, votes, or its standing rule.

What a set of votes amounts to is said by huanyu.review_rows; here it is held against the rows of this moment.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from huanyu import clock
from huanyu.review_rows import FROZEN
from huanyu.review_rows import PUBLIC
from huanyu.review_rows import ChainRow
from huanyu.review_rows import chain_of
from huanyu.review_rows import class_of
from huanyu.store import holding
from huanyu.store import switches
from huanyu.store.audit import SYSTEM
from huanyu.store.audit import Trail
from huanyu.store.casework import note_event
from huanyu.store.outgoing import CORRECTING
from huanyu.store.outgoing import FIRST
from huanyu.store.outgoing import keep_text
from huanyu.store.outgoing import label
from huanyu.store.rows import noun
from huanyu.store.tables import approvals
from huanyu.store.tables import cases
from huanyu.store.tables import outbox
from huanyu.store.tables import standing_rules
from huanyu.store.tables import users
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import StandingRule
from huanyu.types import User
from huanyu.types import Vote

#: States in which a message of a standing rule counts against the rule's limit of the day.
GONE = (
    MessageState.SENDING,
    MessageState.HANDED,
    MessageState.UNKNOWN,
    MessageState.SENT,
    MessageState.REHEARSED,
)


class Gate:
    """Says of an approved message whether it may leave now; one that may not is put back where it belongs."""

    def __init__(self, trail: Trail, chains: Sequence[ChainRow]) -> None:
        self._trail = trail
        self._chains = chains

    def take_in(self, chains: Sequence[ChainRow]) -> None:
        """Go by these reviews from now on."""
        self._chains = chains

    def passes(self, tx: Connection, message: Message, now: datetime) -> bool:
        """Whether `message` may be claimed in this transaction.

        Nothing may while all accounts are stopped, nor what an incident freezes. What lost an approval goes back to
        review as a new version; what is over the limit of its day waits for the next one.
        """
        if switches.is_on(tx, switches.KILL_SWITCH):
            return False
        query = select(outbox).where(outbox.c.id == message.id).with_for_update()
        row = tx.execute(query).mappings().first()
        if row is None or row["state"] is not MessageState.APPROVED or row["version"] != message.version:
            return True  # somebody else was first: the claim itself says so
        if not (content_class := class_of(row["purpose"], row["content_class"], row["channel"])):
            return True
        if freezes(content_class, row["stage"]) and switches.is_on(tx, switches.FREEZE):
            return False
        if holding.waits_for_line(tx, row):
            return False
        if _under_rule(row):
            return self._rule_lets_out(tx, row, now)
        fault = self.fault(tx, row)
        if fault:
            self._give_back(tx, row, fault, now)
        return not fault

    @property
    def reviewing(self) -> frozenset[str]:
        """Every role that takes a step of any chain."""
        return frozenset(role for chain in self._chains for step in chain.steps for role in step.roles)

    def fault(self, tx: Connection, row: RowMapping) -> str:
        """Why the votes on this row's version don't let it out; "" where they do."""
        chain = chain_of(self._chains, class_of(row["purpose"], row["content_class"], row["channel"]))
        if chain is None:
            return "这类稿件没有设置审校流程"
        votes = votes_on(tx, row["id"], row["version"])
        return chain.fault(votes, people(tx, votes), row["account"], row["reply_to"])

    def _rule_lets_out(self, tx: Connection, row: RowMapping, now: datetime) -> bool:
        # Locked: two workers at two accounts would both find the last place of the day free.
        rule = rule_of(tx, row["rule_id"], lock=True)
        if rule is None or not rule.in_force(now):
            self._give_back(tx, row, "常设规则已撤销或到期，须逐条审核", now)
            return False
        if not both_sign(tx, rule, self.reviewing):
            self._give_back(tx, row, "常设规则的签署人已停用或调离审核岗位，须逐条审核", now)
            return False
        if row["stage"] != rule.stage or row["account"] not in rule.accounts:
            self._give_back(tx, row, "不在常设规则的范围内，须逐条审核", now)
            return False
        if used_today(tx, rule.id, now) >= rule.per_day:
            tomorrow = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            note = f"今天已发满{rule.per_day}条（常设规则“{rule.name}”），顺延到下一天"
            values = {"due_at": tomorrow, "note": note, "claimed_at": claimed_by_now(now)}
            tx.execute(update(outbox).where(outbox.c.id == row["id"]).values(values))
            self._trail.record(tx, "outbox.postponed", "message", [row["id"]], note, SYSTEM, now)
            return False
        return True

    def _give_back(self, tx: Connection, row: RowMapping, why: str, now: datetime) -> None:
        """Back to review, as a new version of the same text: whoever agreed to it is asked again."""
        version = row["version"] + 1
        note = f"未发出，退回重新审核：{why}"
        values = {
            "state": MessageState.DRAFT,
            "version": version,
            "approved_version": None,
            "note": note,
        }
        tx.execute(update(outbox).where(outbox.c.id == row["id"]).values(**values))
        keep_text(tx, row["id"], version, row["text"], row["author"], now)
        if row["case_id"] is not None:
            state = tx.scalar(select(cases.c.state).where(cases.c.id == row["case_id"]))
            told = f"{label(row['channel'])}：{note}"
            note_event(tx, row["case_id"], str(state), "approval_void", told, SYSTEM, now)
        self._trail.record(tx, "outbox.void", "message", [row["id"]], note, SYSTEM, now)


def claimed_by_now(now: datetime) -> ColumnElement[datetime | None]:
    """When a message was tried; of one tried in the future, by a clock that was put back since, now."""
    return case((outbox.c.claimed_at > now, now), else_=outbox.c.claimed_at)


def freezes(content_class: str, stage: str) -> bool:
    """Whether an incident keeps such a text back; what puts right a text that is out never waits for its end."""
    return content_class in FROZEN and stage not in CORRECTING


def not_held(classes: Collection[str]) -> ColumnElement[bool]:
    """That a message is of none of these classes, or puts right what is out."""
    unnamed = [purpose for purpose, name in PUBLIC.items() if name in classes]
    return or_(
        outbox.c.stage.in_(CORRECTING),
        and_(
            outbox.c.content_class.not_in(sorted(classes)),
            or_(outbox.c.content_class != "", outbox.c.purpose.not_in(unnamed)),
        ),
    )


def votes_on(tx: Connection, message_id: int, version: int) -> list[Vote]:
    """The votes on one version, in the order they were given."""
    mine = (approvals.c.message_id == message_id, approvals.c.version == version)
    found = tx.execute(select(approvals).where(*mine).order_by(approvals.c.id)).mappings()
    return [noun(Vote, row) for row in found]


def people(tx: Connection, votes: Sequence[Vote]) -> dict[str, User]:
    """Those who voted, as they are now."""
    named = users.c.name.in_([vote.actor for vote in votes])
    return {row["name"]: noun(User, row) for row in tx.execute(select(users).where(named)).mappings()}


def rule_of(tx: Connection, rule_id: int, *, lock: bool = False) -> StandingRule | None:
    query = select(standing_rules).where(standing_rules.c.id == rule_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else noun(StandingRule, row)


def both_sign(tx: Connection, rule: StandingRule, roles: Collection[str]) -> bool:
    """Whether the two who signed a rule still work here, in one of these roles."""
    able = (users.c.name.in_([rule.first, rule.second]), users.c.active, users.c.role.in_(sorted(roles)))
    return len(set(tx.scalars(select(users.c.name).where(*able)))) > 1


def used_today(tx: Connection, rule_id: int, now: datetime) -> int:
    """How many texts of a rule left, or may have left, since midnight."""
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = (outbox.c.rule_id == rule_id, outbox.c.state.in_(GONE), outbox.c.claimed_at >= midnight)
    return int(tx.scalar(select(func.count()).select_from(outbox).where(*mine)) or 0)


def _under_rule(row: RowMapping) -> bool:
    """Whether a standing rule let the text out as it is; once somebody changed it, people review it."""
    return row["rule_id"] is not None and row["version"] == FIRST
