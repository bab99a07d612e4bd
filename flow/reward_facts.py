"""What a case says of its reward: its reports as they came, its result, what the bureau knew already. Nothing is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime

import cases.rewards
from cases.rewards import NONE
from cases.rewards import Facts
from cases.rewards import Judgement
from cases.rewards import Turn
from flow.desk import Desk
from huanyu.clock import local
from huanyu.store.rewards import SETTLED
from huanyu.text import normalise
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import ReportKnown
from huanyu.types import Result
from huanyu.types import Reward


def judgements(desk: Desk, case: Case, now: datetime, round_: int = 0) -> tuple[Judgement, ...]:
    """Every scheme of the day the first report came, with its answer and reasons, in the order of the table.

    `round_`: of the case, 0 for the present one.
    """
    table, found = desk.bureau.rewards, facts(desk, case, round_)
    earliest = cases.rewards.first(found.reports)
    day = local(earliest.at if earliest else now).date()
    return tuple(cases.rewards.judge(table, row, found, day) for row in table.schemes_on(day))


def facts(desk: Desk, case: Case, round_: int = 0) -> Facts:
    """A round of the case as the rules look at it; a reward of this very round is none that stands in the way."""
    family = tuple(_family(desk, case))
    duty = desk.bureau.rewards.duty_types
    known = [one.learned_at for one in family if one.id != case.id and one.type in duty]
    round_ = round_ or case.round
    turned = cases.rewards.turns(desk.store.cases.history(case.id)) if case.round > 1 else ()
    result = _settled(case) if round_ == case.round else _earlier(desk, case, turned, round_)
    return Facts(
        type=case.type,
        kinds=case.kinds,
        finding=result.finding if result else "",
        measures=result.measures if result else (),
        fine_cents=result.fine_cents if result else None,
        restricted=case.restricted,
        reports=cases.rewards.of_round(
            _reports(desk, family), turned, round_, _rewarded_rounds(desk, case, round_)
        ),
        known_since=min(known, default=None),
        rewarded=_rewarded(desk, case, family),
    )


def other(desk: Desk, case: Case, reward: Reward) -> str:
    """The number of another reward for the facts of cases that were joined; the one they were joined into has it first."""
    root = case
    while root.joined_into is not None:
        root = desk.store.cases.get(root.joined_into)
    family = [one.id for one in _family(desk, root) if one.id != case.id]
    found = desk.store.rewards.of_cases(family) if family else []
    stands = (
        one.number for one in found if one.state == "paid" or (root.id != case.id and one.state not in NONE)
    )
    return next((number for number in stands if number != reward.number), "")


def _settled(case: Case) -> Result | None:
    """The result, once somebody of the office has let it stand."""
    return case.result if case.state in SETTLED else None


def _earlier(desk: Desk, case: Case, turned: Sequence[Turn], round_: int) -> Result | None:
    """The result an earlier round of the case ended with."""
    if len(turned) < round_:
        return None
    since = turned[round_ - 2].again if round_ > 1 else None
    found = [
        one
        for one in desk.store.findings.of_case(case.id)
        if one.recorded_at is not None
        and one.recorded_at <= turned[round_ - 1].over
        and (since is None or one.recorded_at > since)
    ]
    return found[-1] if found else None


def _rewarded_rounds(desk: Desk, case: Case, round_: int) -> frozenset[int]:
    """Earlier rounds of the case that have a reward."""
    found = desk.store.rewards.of_cases([case.id]) if round_ > 1 else []
    return frozenset(one.round for one in found if one.round < round_ and one.state not in NONE)


def _family(desk: Desk, case: Case) -> Iterator[Case]:
    """The case, and every one that was joined into it at whatever remove."""
    yield case
    for one in desk.store.cases.joined(case.id):
        yield from _family(desk, one)


def _rewarded(desk: Desk, case: Case, family: Sequence[Case]) -> str:
    """The number of a reward that a case joined into this one has already, unless it was refused or taken back."""
    others = desk.store.rewards.of_cases([one.id for one in family if one.id != case.id])
    return next((one.number for one in others if one.state not in NONE), "")


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
