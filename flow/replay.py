"""Kept bad items are read again by today's parsers, one by one; what comes of each is stored in one go.

No site is asked for anything here: what needs a new visit says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields
from dataclasses import replace
from datetime import datetime

import structlog

from crawler import imports
from crawler.replay import AT_ONCE
from crawler.replay import Reread
from crawler.replay import read_again
from flow import alarming
from flow import intake
from flow import letters
from flow import permits
from flow import receiving
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import HuanyuError
from huanyu.errors import StoreAway
from huanyu.store import StoredReject
from huanyu.store.audit import SYSTEM
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import User

log = structlog.get_logger()

#: What is read again by the flow itself: rows of files, items and alarms of other systems, mails.
HANDED_IN = frozenset({imports.CALLBACK, receiving.CALLBACK, alarming.CALLBACK, letters.CALLBACK})


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of one item."""

    reject_id: int
    source: str
    where: str
    new: int = 0
    seen: int = 0
    more: int = 0  #: pages behind it, read on the next visit
    inside: int = 0  #: bad items found inside it, now on the list by themselves
    reason: str = ""  #: why it stays on the list, "" when it is dealt with


def replay(desk: Desk, user: User, reject_id: int, now: datetime) -> Replayed:
    """One item, for a person at the console; raises Conflict when it was dealt with before."""
    permits.demand(user, "replay")
    return next(replay_all(desk, [demand(desk, reject_id)], now, actor=user.name))


def demand(desk: Desk, reject_id: int) -> int:
    """The item's number, if it is still open; raises NotFound or Conflict."""
    if desk.store.rejects.head(reject_id).resolved_at is not None:
        raise Conflict("这一项已经处理过了", reject=reject_id)
    return reject_id


def replay_all(
    desk: Desk, reject_ids: Sequence[int], now: datetime, actor: str = SYSTEM
) -> Iterator[Replayed]:
    """Each of the items in turn; one that fails holds up nobody else."""
    for start in range(0, len(reject_ids), AT_ONCE):
        found = [_opened(desk, one) for one in reject_ids[start : start + AT_ONCE]]
        yield from (one for one in found if isinstance(one, Replayed))
        items = [one for one in found if isinstance(one, StoredReject)]
        crawled = [item for item in items if item.callback not in HANDED_IN]
        for item in items:
            if item.callback == imports.CALLBACK:
                yield _row(desk, item, now, actor)
            elif item.callback in HANDED_IN:
                yield _item(desk, item, now, actor)
        answers = read_again([as_reject(item) for item in crawled], desk.config.path)
        for item, answer in zip(crawled, answers, strict=True):
            yield _settle(desk, item, answer, {}, now, actor)


def _opened(desk: Desk, reject_id: int) -> StoredReject | Replayed:
    """The item with its payload, or that its seal cannot be opened: then it stays as it is."""
    try:
        return desk.store.rejects.get(reject_id)
    except BadInput as problem:
        head = desk.store.rejects.head(reject_id)
        return Replayed(reject_id, head.source, head.where, reason=str(problem.args[0]))


def as_reject(item: StoredReject) -> Reject:
    """The item as its spider handed it over."""
    return Reject(**{field.name: getattr(item, field.name) for field in fields(Reject)})


def resolve_reject(desk: Desk, user: User, reject_id: int, now: datetime) -> None:
    """Take a kept bad item off the list."""
    permits.demand(user, "replay")
    desk.store.posts.resolve_reject(reject_id, actor=user.name, now=now)


def _row(desk: Desk, item: StoredReject, now: datetime, actor: str) -> Replayed:
    """A row of an export, by the mapping its source has now, as of the moment it was handed in."""
    source = desk.bureau.source(item.source)
    if source is None:
        gone = Reread(problem=f"来源 {item.source} 已不在 sources.toml 中")
        return _settle(desk, item, gone, {}, now, actor)
    answer, reporters = read_row(desk, item, source)
    return _settle(desk, item, answer, reporters, now, actor)


def _item(desk: Desk, item: StoredReject, now: datetime, actor: str) -> Replayed:
    """What another system handed in, by today's tables."""
    taken: receiving.Outcome | letters.Taken
    try:
        if item.callback == alarming.CALLBACK:
            taken = alarming.again(desk, item.payload, actor, now)
        elif item.callback == letters.CALLBACK:
            taken = letters.again(desk, item.source, item.payload, actor, now, item.at)
        else:
            taken = receiving.again(desk, item.payload, actor, now, item.at)
    except StoreAway:
        raise
    except HuanyuError as problem:
        return _settle(desk, item, Reread(problem=str(problem.args[0])), {}, now, actor)
    if taken.result == "bad":
        return _settle(desk, item, Reread(problem=taken.told), {}, now, actor)
    desk.store.posts.resolve_reject(item.id, actor=actor, now=now)
    new = taken.result == "new"
    return Replayed(item.id, item.source, item.where, new=int(new), seen=int(not new))


def read_row(desk: Desk, item: StoredReject, source: SourceRow) -> tuple[Reread, Mapping[str, str]]:
    """What a row of an export is today, and who reported, by the number of its post."""
    columns = intake.choices(desk, source)
    try:
        found = imports.again(item, source, columns, item.at)
    except BadInput as problem:
        return Reread(problem=str(problem.args[0])), {}
    if isinstance(found, RawPost):
        told = imports.reporter(item, columns)
        return Reread(posts=(found,)), {found.native_id: told} if told else {}
    return Reread(rejects=(replace(found, payload=item.payload),)), {}


def _settle(
    desk: Desk, item: StoredReject, answer: Reread, reporters: Mapping[str, str], now: datetime, actor: str
) -> Replayed:
    told = as_reject(item)
    still, others = answer.still(told), answer.others(told)
    kept = (item.reason if answer.problem else still) if still else ""
    try:
        added = desk.store.rejects.settle(item.id, answer.posts, others, kept, actor, now, reporters)
    except HuanyuError as problem:
        return Replayed(item.id, item.source, item.where, reason=str(problem.args[0]))
    log.info("replayed", reject=item.id, source=item.source, new=len(added.new), read=not still)
    return Replayed(
        item.id, item.source, item.where, len(added.new), added.seen, answer.more, len(others), still
    )
