"""Cases: CasePlan -> Case -> Result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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

    name: str  #: first_response | press | handling | sign
    due: datetime
    provisional: bool = False  #: the year's holiday notice is not out yet
    why: str = ""  #: Chinese: limit and source


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
    result: Result | None = None
    closed_at: datetime | None = None
    joined_into: int | None = None  #: 并案: the earlier case that goes on with its posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's append-only history."""

    at: datetime
    actor: str  #: user name, or "系统"
    action: str  #: opened appended routed forwarded signed returned result drafted approved sent_back sent …
    note: str  #: Chinese
    state: str  #: the state after it


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
