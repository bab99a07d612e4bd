"""What a case says of its reward: its reports as they came, its result, what the bureau knew already. Nothing is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime

import cases.rewards
from cases.rewards import Facts
from cases.rewards import Judgement
from flow.desk import Desk
from huanyu.clock import local
from huanyu.store.rewards import SETTLED
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import ReportKnown
from huanyu.types import Result


def judgements(desk: Desk, case: Case, now: datetime) -> tuple[Judgement, ...]:
    """Every scheme of today with its answer and reasons, in the order of the table."""
    table, today = desk.bureau.rewards, local(now).date()
    found = facts(desk, case)
    return tuple(cases.rewards.judge(table, row, found, today) for row in table.schemes_on(today))


def facts(desk: Desk, case: Case) -> Facts:
    """The case as the rules look at it; a reward of this very round is none that stands in the way."""
    family = tuple(_family(desk, case))
    duty = desk.bureau.rewards.duty_types
    known = [one.learned_at for one in family if one.id != case.id and one.type in duty]
    result = _settled(case)
    since = cases.rewards.settled_before(desk.store.cases.history(case.id)) if case.round > 1 else None
    return Facts(
        type=case.type,
        kinds=case.kinds,
        finding=result.finding if result else "",
        measures=result.measures if result else (),
        fine_cents=result.fine_cents if result else None,
        restricted=case.restricted,
        reports=tuple(one for one in _reports(desk, family) if since is None or one.at > since),
        known_since=min(known, default=None),
        rewarded=_rewarded(desk, case, family),
    )


def _settled(case: Case) -> Result | None:
    """The result, once somebody of the office has let it stand."""
    return case.result if case.state in SETTLED else None


def _family(desk: Desk, case: Case) -> Iterator[Case]:
    """The case, and every one that was joined into it at whatever remove."""
    yield case
    for one in desk.store.cases.joined(case.id):
        yield from _family(desk, one)


def _rewarded(desk: Desk, case: Case, family: Sequence[Case]) -> str:
    """The number of a reward that a case joined into this one has already, unless it was refused or taken back."""
    others = desk.store.rewards.of_cases([one.id for one in family if one.id != case.id])
    return next((one.number for one in others if one.state not in {"refused", "revoked"}), "")


def _reports(desk: Desk, family: Sequence[Case]) -> tuple[ReportKnown, ...]:
    posts = desk.store.cases.posts(family[0].id)
    ids = {one.id for one in posts}
    reachable, platforms = desk.store.rewards.reachable(ids), desk.store.rewards.platforms(ids)
    channels = {(one.source, one.first_native_id): one.channel for one in family if one.channel}
    found = []
    for post in posts:
        by = {
            post.source,
            post.kind.value,
            post.native_id.partition("/")[0],
            channels.get((post.source, post.native_id), ""),
            platforms.get(post.id, ""),
        }
        reached = post.id in reachable or post.id in platforms or bool(post.author)
        found.append(_known(post, frozenset(by - {""}), reached))
    return tuple(found)


def _known(post: Post, names: frozenset[str], reachable: bool) -> ReportKnown:
    """When the bureau had it: the moment it was told or fetched, not the one a platform prints beside a text."""
    words = "".join(normalise(post.text).split())
    return ReportKnown(
        post_id=post.id,
        names=names,
        at=min(post.learned_at or post.fetched_at, post.fetched_at),
        who=f"{post.source}/{post.author}" if post.author else "",
        words=hashlib.sha256(words.encode()).digest(),
        reachable=reachable,
    )
