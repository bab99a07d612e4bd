"""Old verdicts made anew with the present model, a range at a time; run again, it goes on where it stopped.

A person's label stays. What the model takes back although people are at work on it, a person decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from flow.desk import Desk
from flow.known import MEMORY
from flow.steps import UNREADABLE
from flow.steps import verdicts_of
from huanyu.store import OldVerdict
from huanyu.store import Renewal
from huanyu.types import Verdict

RANGE = 2000  # posts in one transaction
ACTOR = "重判"
CASED = frozenset({"new", "append", "suggest"})  # plans people may already be at work on


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which verdicts are meant, and how old a post may be to open a case by itself."""

    since: datetime | None = None
    until: datetime | None = None
    youngest: timedelta = MEMORY
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What came of one range."""

    read: int
    written: int  #: in a dry run: that would be
    changed: tuple[tuple[str, str, int], ...]  #: type before, type after, posts
    by_person: int  #: whose labels stayed
    doubted: tuple[tuple[int, int | None], ...]  #: post and case: complaints the model no longer sees
    opening: tuple[int, ...]  #: complaints now, on their way to a case
    late: tuple[int, ...]  #: complaints now, too old to open a case by themselves
    last: int  #: number of the last post


def rejudge(desk: Desk, asked: Asked, now: datetime, size: int = RANGE) -> Iterator[Range]:
    """Renew every verdict that is meant and is not of the present model, range by range."""
    last = 0
    version = desk.reader.classifier.version
    while page := desk.store.rejudging.page(version, last, size, asked.since, asked.until):
        renewals = _renewals(desk, page, asked, now)
        written = (
            len(renewals) if asked.dry_run else desk.store.rejudging.save(renewals, now=now, actor=ACTOR)
        )
        last = page[-1].post.id
        yield _told(renewals, written, last)


def waiting(desk: Desk, asked: Asked) -> int:
    """How many verdicts are meant."""
    return desk.store.rejudging.count(desk.reader.classifier.version, asked.since, asked.until)


def outdated(desk: Desk, now: datetime) -> int:
    """Verdicts of an older model among what a new post is still compared with; what nobody can read is none."""
    version = desk.reader.classifier.version
    return desk.store.rejudging.count(version, since=now - MEMORY, besides=UNREADABLE.model)


def renewal(old: OldVerdict, fresh: Verdict, asked: Asked, now: datetime) -> Renewal:
    """What becomes of one verdict."""
    held = old.verdict
    if old.by_person:
        return Renewal(old=old, verdict=_labelled(fresh, held, unsure=False))
    if held.is_complaint and not fresh.is_complaint and old.plan_action in CASED:
        return Renewal(old=old, verdict=_labelled(fresh, held, unsure=True))
    if _is_new(held, fresh, old) and now - old.post.said_at > asked.youngest:
        age = (now - old.post.said_at).days
        return Renewal(old=old, verdict=fresh, hold=f"重判为投诉时发布已逾 {age} 天，未自动立案")
    return Renewal(old=old, verdict=fresh)


def _labelled(fresh: Verdict, held: Verdict, unsure: bool) -> Verdict:
    """The new verdict under the old labels."""
    return replace(
        fresh,
        type=held.type,
        kinds=held.kinds,
        sentiment=held.sentiment,
        urgent=held.urgent,
        is_complaint=held.is_complaint,
        unsure=unsure,
    )


def _is_new(held: Verdict, fresh: Verdict, old: OldVerdict) -> bool:
    """Whether a case would now be opened that was not waiting to be opened before."""
    was_sure = held.is_complaint and not held.unsure
    return fresh.is_complaint and not fresh.unsure and not was_sure and old.planned_at is None


def _renewals(desk: Desk, page: Sequence[OldVerdict], asked: Asked, now: datetime) -> list[Renewal]:
    fresh = dict(verdicts_of(desk, [old.post for old in page]))
    return [renewal(old, fresh[old.post.id], asked, now) for old in page]


def _told(renewals: Sequence[Renewal], written: int, last: int) -> Range:
    types = Counter(
        (one.old.verdict.type.value, one.verdict.type.value)
        for one in renewals
        if one.old.verdict.type is not one.verdict.type
    )
    return Range(
        read=len(renewals),
        written=written,
        changed=tuple((before, after, count) for (before, after), count in sorted(types.items())),
        by_person=sum(one.old.by_person for one in renewals),
        doubted=tuple((one.old.post.id, one.old.case_id) for one in renewals if _is_doubted(one)),
        opening=tuple(one.old.post.id for one in renewals if not one.hold and _opens(one)),
        late=tuple(one.old.post.id for one in renewals if one.hold),
        last=last,
    )


def _is_doubted(one: Renewal) -> bool:
    return one.verdict.unsure and one.verdict.is_complaint and one.old.plan_action in CASED


def _opens(one: Renewal) -> bool:
    return _is_new(one.old.verdict, one.verdict, one.old)
