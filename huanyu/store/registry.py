"""Items that a person types in: post, verdict, case, reporter and files in one transaction; and numbers without gaps.

What is registered, and whether it belongs to a known case, is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Any
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import Conflict
from huanyu.store import openings
from huanyu.store.audit import Trail
from huanyu.store.case_files import NewFile
from huanyu.store.case_files import put_files
from huanyu.store.caseload import load_one
from huanyu.store.casework import note_event
from huanyu.store.changing import touch
from huanyu.store.posts import Posts
from huanyu.store.posts import save_verdict
from huanyu.store.session import Database
from huanyu.store.tables import cases
from huanyu.store.tables import counters
from huanyu.store.tables import posts
from huanyu.types import Case
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import RawPost
from huanyu.types import Verdict

COUNTER = "case:"  #: and the year
TOLD = 20  #: missing numbers named one by one
AMENDED = "来文的文字有更改，以后到的为准，原文留存"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """All of one item, ready to be kept; `plan` is for the post that does not exist yet."""

    raw: RawPost
    reporter: str  #: JSON, "" where nobody is named
    verdict: Verdict
    plan: CasePlan
    facts: Mapping[str, Any]  #: columns of a new case: type, channel, external_number, fields …
    files: Sequence[NewFile] = ()


@dataclass(frozen=True, slots=True)
class Entered:
    """The case an item belongs to, and whether it made anything of what was known."""

    case: Case
    result: Literal["new", "known", "changed"]  #: changed: known, its words are others now


class Registry:
    """登记: what came by telephone, letter, group or alarm."""

    def __init__(self, database: Database, trail: Trail, posts_: Posts, prefix: str) -> None:
        self._database = database
        self._trail = trail
        self._posts = posts_
        self._prefix = prefix

    def enter(self, item: Item, actor: str, now: datetime) -> Entered:
        """Keep the item, once: sent twice, it is found again. Raises Conflict where its number is another item's."""
        with self._database.write() as tx:
            return self.put(tx, item, actor, now)

    def put(self, tx: Connection, item: Item, actor: str, now: datetime) -> Entered:
        """`enter` inside the transaction of something larger."""
        reporters = {item.raw.native_id: item.reporter} if item.reporter else {}
        added = self._posts.put(tx, [item.raw], reporters, actor, now)
        if not added.new:
            return self._again(tx, item, bool(added.changed), actor, now)
        self._demand_number(tx, item)
        save_verdict(tx, added.new[0], item.verdict, now)
        plan = replace(item.plan, post_id=added.new[0])
        openings.claim_post(tx, plan, now)
        case_id = openings.carry_out(tx, plan, self._prefix, actor, now)
        if case_id is None:
            raise ValueError("a registered item belongs to a case")
        if plan.action is CaseAction.NEW:
            tx.execute(update(cases).where(cases.c.id == case_id).values(**item.facts))
        put_files(tx, case_id, None, item.files, actor, now)
        facts = [plan.action, item.facts, [one.name for one in item.files]]
        self._trail.record(tx, "case.register", "case", [case_id], facts, actor, now)
        return Entered(load_one(tx, cases.c.id == case_id), "new")

    def numbered(self, channels: Collection[str], external_number: str) -> str | None:
        """The number of the case that this order of one of these channels is already; None where it is new."""
        with self._database.read() as tx:
            return _numbered(tx, channels, external_number)

    def gaps(self) -> list[str]:
        """What is wrong with the numbers of a year: one that was never given, or more given than counted."""
        query = select(counters.c.name, counters.c.last).where(counters.c.name.startswith(COUNTER))
        with self._database.read() as tx:
            return [
                told
                for name, last in tx.execute(query.order_by(counters.c.name)).all()
                for told in _gaps(tx, self._prefix, name.removeprefix(COUNTER), last)
            ]

    def _again(self, tx: Connection, item: Item, changed: bool, actor: str, now: datetime) -> Entered:
        mine = (posts.c.source == item.raw.source, posts.c.native_id == item.raw.native_id)
        post_id = tx.execute(select(posts.c.id).where(*mine)).scalar_one()
        case_id = openings.case_of_post(tx, post_id)
        if case_id is None:
            raise Conflict("这件已经登记过，现不属于任何办件", post=post_id)
        case = load_one(tx, cases.c.id == case_id)
        if changed:
            note_event(tx, case_id, case.state, "amended", AMENDED, actor, now)
            touch(tx, cases.c.id == case_id, AMENDED, now)
        return Entered(case, "changed" if changed else "known")

    def _demand_number(self, tx: Connection, item: Item) -> None:
        number = item.facts.get("external_number", "")
        channels = (item.facts["channel"], item.raw.kind.value)  # a file of orders tells only the kind
        known = _numbered(tx, channels, number) if number else None
        if known is not None and item.plan.action is CaseAction.NEW:
            raise Conflict(f"编号 {number} 已登记为 {known}，同一工单不重复立件", number=number)


def _numbered(tx: Connection, channels: Collection[str], external_number: str) -> str | None:
    mine = (cases.c.channel.in_(sorted(channels)), cases.c.external_number == external_number)
    whole = (cases.c.external_number != "", cases.c.parent_id.is_(None))  # as the index has it
    found = tx.scalar(select(cases.c.number).where(*mine, *whole).order_by(cases.c.id))
    return None if found is None else str(found)


def _gaps(tx: Connection, prefix: str, year: str, last: int) -> list[str]:
    query = select(cases.c.number).where(cases.c.parent_id.is_(None), cases.c.number.like(f"%{year}-______"))
    given = {int(number.rpartition("-")[2]) for number in tx.execute(query).scalars()}
    missing = sorted(set(range(1, last + 1)) - given)
    beyond = sorted(number for number in given if number > last)
    told = []
    if missing:
        some = "、".join(f"{number:06d}" for number in missing[:TOLD])
        told.append(f"{year} 年的案件编号缺 {len(missing)} 个: {prefix}{year}-{some}")
    if beyond:
        told.append(f"{year} 年的案件编号 {beyond[0]:06d} 大于计数器的 {last}")
    return told
