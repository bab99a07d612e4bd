"""Cases: CasePlan -> Case -> Result."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from enum import StrEnum
from typing import Any

from huanyu.types.posts import Place


class CaseAction(StrEnum):
    NEW = "new"
    APPEND = "append"
    SUGGEST = "suggest"  #: a person decides whether it joins `case_id`
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMatter:
    """What intake needs to know of an existing case to say "same matter"."""

    case_id: int
    number: str
    kinds: tuple[str, ...]
    unit_area: str  #: county code or zone name
    place: str
    signature: bytes
    text: str
    last_post_at: datetime
    closed: bool
    places: tuple[Place, ...] = ()  #: of its first post
    enterprises: tuple[str, ...] = ()  #: of its first post, as in the bureau's table, else as written


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    """What to do with one complaint; `flow` applies it, nobody else."""

    post_id: int
    action: CaseAction
    reason: str  #: Chinese
    case_id: int | None = None  #: the case joined or suggested
    score: float = 0.0
    reopen: bool = False  #: 复发: the joined case was closed
    title: str = ""
    kinds: tuple[str, ...] = ()
    area: str = ""  #: county code or zone name, "" when unknown
    place: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One running limit of a case."""

    name: str  #: first_response | press | handling | sign …
    due: datetime
    provisional: bool = False  #: the year's holiday notice is not out yet
    why: str = ""  #: Chinese: limit and source
    id: int = field(default=0, compare=False)  #: 0 until the store has it
    rule: str = ""  #: id in clocks.toml
    from_at: datetime | None = None  #: where the law lets it begin
    unit: str = ""  #: of `amount`: hours, working_days …
    amount: int = 0
    base_due: datetime | None = None  #: before any pause or extension
    met_at: datetime | None = None
    met_how: str = ""
    planned_at: datetime | None = None  #: when its cards were made
    calendar: str = ""  #: digest of the holiday notices it was reckoned with
    owed_by: str = ""  #: key of the assisting unit whose limit it is; "" = the case's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who handles a case and why."""

    unit: str  #: key in units.toml; "" when no rule matched
    department: str  #: plain name: 生态环境, 城管, 住建, 公安 …
    assist: tuple[str, ...]  #: plain department names
    rule: str  #: id in routes.toml; "" when no rule matched
    why: str  #: Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A complaint being handled."""

    id: int
    number: str  #: 〔year〕 and running number, e.g. HY2026-000123
    public_id: str  #: unguessable, used in public addresses
    state: str  #: a state of cases.lifecycle
    title: str
    kinds: tuple[str, ...]
    area: str
    place: str
    urgent: bool
    level: str  #: 一般 | 较大 | 重大 | 特别重大
    learned_at: datetime  #: when the bureau found or was told of it: clocks start here
    opened_at: datetime
    version: int  #: compare-and-set
    unit: str = ""
    department: str = ""
    assist: tuple[str, ...] = ()
    rule: str = ""
    why: str = ""
    clocks: tuple[Clock, ...] = ()
    posts: int = 1
    source: str = ""  #: source key of the first post
    source_kind: str = ""
    first_url: str = ""
    first_native_id: str = ""
    first_author: str = ""
    first_text: str = ""
    signed_at: datetime | None = None
    answered_at: datetime | None = None  #: in the present round
    result: Result | None = None
    closed_at: datetime | None = None
    joined_into: int | None = None  #: 并案: the earlier case that goes on with its posts
    round: int = 1  #: one more each time it is reopened
    type: str = "complaint"  #: key in item_types.toml
    channel: str = ""  #: key in channels.toml, or the kind of source
    external_number: str = ""  #: of the desk that handed it to us
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)  #: what its type of item asks for
    parent_id: int | None = None  #: 拆分: the case this one is a part of
    lane: str = ""  #: fast = 环境投诉“110”, "" = ordinary
    built_up: bool | None = None  #: inside 城市建成区; None = not known
    happened_at: datetime | None = None
    campaign: str = ""
    restricted: bool = False  #: about an official's conduct: only named people see it
    owner: str = ""  #: 包案: the leader who answers for it
    accepted_at: datetime | None = None
    arrived_at: datetime | None = None
    reported_at: datetime | None = None
    level_by: str = ""  #: who confirmed the level, "" while only the machine has said so
    level_at: datetime | None = None
    changed_at: datetime | None = None  #: something routing looks at has changed since it was routed
    incident_id: int | None = None
    satisfied: str = ""  #: what the reporter said when asked, "" while nobody has
    changed_why: str = ""  #: what that was
    edited: tuple[str, ...] = ()  #: facts that a person set: no machine changes them
    level_known: tuple[str, ...] = ()  #: rules of levels.toml that whoever confirmed the level had seen
    assisting: tuple[str, ...] = ()  #: keys of the units that have it as 协办 now
    recused: tuple[int, ...] = ()  #: users who stay away from it (回避)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A case as a line of a list: what the line shows and no more, of three dozen columns."""

    id: int
    number: str
    state: str
    title: str
    area: str
    urgent: bool
    level: str
    opened_at: datetime
    answered_at: datetime | None
    unit: str
    posts: int
    channel: str
    source_kind: str
    first_text: str
    clocks: tuple[Clock, ...] = ()  #: of the present round; of each its name, due, why and whose it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's append-only history."""

    at: datetime
    actor: str  #: user name, or "系统"
    action: str  #: opened appended routed forwarded signed returned result drafted approved sent_back sent …
    note: str  #: Chinese
    state: str  #: the state after it
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict, hash=False)  #: field: before, after
    version: int = 0  #: of the case once this had happened; 0 where nobody counted yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the handling unit found and did; the internal report and the public answer are separate (环办〔2009〕101号)."""

    finding: str  #: 属实 | 部分属实 | 不属实 | 未发现
    visited_at: datetime
    found: str  #: facts established, for the public answer
    measure: str  #: what was ordered or done
    basis: str = ""  #: law and article
    next_step: str = ""
    internal_report: str = ""  #: never leaves the desk
    polluter: str = ""  #: named in public only where `polluter_public`
    polluter_public: bool = False
    recorded_by: str = ""
    recorded_at: datetime | None = None
    id: int = field(default=0, compare=False)  #: 0 until the store has it
    reported_by_unit: str = ""
    people: tuple[str, ...] = ()  #: who was on the spot
    measures: tuple[str, ...] = ()  #: keys in measures.toml
    bases: tuple[str, ...] = ()  #: keys in bases.toml
    outcome: str = ""  #: 立行立改, 从轻 …
    fine_cents: int | None = None
    damages_cents: int | None = None
    rectify_by: date | None = None
    public_answer: str = ""  #: written for the reply, where the unit gave one
    stage: str = "final"  #: final | interim
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    verdict: str = ""  #: of the review: accepted | sent_back
