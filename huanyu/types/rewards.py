"""Rewards (有奖举报, 通讯补贴): what stands in the desk of each, without a word of who gets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """One reward for the facts of one round of a case."""

    id: int
    number: str  #: JL2026-000001
    case_id: int
    round: int  #: of the case: a new violation after it was closed is a new reward
    state: str  #: of cases.rewards
    scheme: str  #: key in rewards.toml
    tier: str  #: key in rewards.toml, "" before it is proposed
    amount_cents: int
    post_id: int | None  #: the report that came first, None before it is proposed
    channel: str  #: by which it came, as the table of entitled channels names it
    report_number: str  #: 受理编号 that claims it, "" before the notice
    denial: str  #: key in rewards.toml, "" while it is not refused
    made_by: str
    made_at: datetime
    proposed_by: str
    approved_by: str
    approved_at: datetime | None
    notified_at: datetime | None
    claim_until: date | None  #: the last day, included
    claimed_at: datetime | None
    ended_at: datetime | None  #: paid, refused, forfeited or revoked
    version: int  #: compare-and-set


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardStep:
    """One line of a reward's append-only history."""

    id: int
    reward_id: int
    at: datetime
    actor: str
    action: str
    state: str  #: after it
    note: str  #: Chinese; nothing of the claimant


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What was paid; there is one at most for a reward."""

    reward_id: int
    amount_cents: int
    paid_on: date
    voucher: str  #: 凭证号
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """Who is paid, as they said it themselves; it never leaves the sealed table but for whoever pays."""

    name: str
    id_number: str
    phone: str
    bank: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKnown:
    """What the store knows of one report of a case, for the question who was first."""

    post_id: int
    names: frozenset[str]  #: channel, source and kind it came by
    at: datetime  #: the earliest moment the bureau can have had it
    who: str  #: the same for two reports of one person, "" where that is not known
    words: bytes  #: signature of the text
    reachable: bool  #: by code, telephone, name or handle
