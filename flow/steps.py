"""From a post to a case: each step asks the store, asks one organ, and saves; each may be run again at any time."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

import cases.intake
import cases.lifecycle
from classify.similar import likeness
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from flow.known import comparable
from flow.routing import grade_of
from flow.routing import raise_to
from flow.said import whole_text
from huanyu.store.public_reports import SOURCE
from huanyu.types import CaseAction
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import Verdict

log = structlog.get_logger()

#: What is written on a text that the reader cannot read: a person looks.
UNREADABLE = Verdict(
    type=PostType.OTHER,
    complaint=0.5,
    kinds=(),
    sentiment=Sentiment.NEUTRAL,
    urgent=False,
    unsure=True,
    is_complaint=False,
    places=(),
    out_of_town=False,
    signature=b"",
    why=(),
    tokens="",
    model="unreadable",
)


def understand(desk: Desk, now: datetime) -> int:
    """Give every new post its verdict."""
    posts = desk.store.posts.without_verdict(BATCH)
    if not posts:
        return 0
    return desk.store.posts.save_verdicts(verdicts_of(desk, posts), now=now)


def understand_range(desk: Desk, first: int, last: int, now: datetime) -> int:
    """Give the posts of these numbers their verdicts, those that have none yet."""
    posts = desk.store.posts.without_verdict(last - first + 1, within=(first, last))
    if not posts:
        return 0
    return desk.store.posts.save_verdicts(verdicts_of(desk, posts), now=now)


def verdicts_of(desk: Desk, posts: Sequence[Post]) -> list[tuple[int, Verdict]]:
    """A verdict for each; a text that breaks the reader goes to a person and holds up nobody else."""
    try:
        found = desk.reader.read([whole_text(post) for post in posts], [post.kind for post in posts])
    except Exception:
        if len(posts) > 1:
            return [pair for post in posts for pair in verdicts_of(desk, [post])]
        log.exception("unreadable_text", post=posts[0].id)
        found = [UNREADABLE]
    ours = official_names(desk)
    return [(post.id, _as_said(post, verdict, ours)) for post, verdict in zip(posts, found, strict=True)]


def _as_said(post: Post, verdict: Verdict, ours: Collection[str]) -> Verdict:
    """An authority's answer repeats the complaint it answers: it is none itself, and no question to anybody.

    Whoever reported by our own form gets an answer: what the reader would leave aside, a person looks at.
    """
    if cases.intake.is_official(post.author, ours):
        return replace(verdict, is_complaint=False, unsure=False)
    if post.source == SOURCE and (not verdict.is_complaint or verdict.out_of_town):
        return replace(verdict, unsure=True)
    return verdict


def open_cases(desk: Desk, now: datetime) -> int:
    """Make every complaint a case, or a witness of one."""
    waiting = desk.store.posts.complaints_without_case(BATCH)
    if not waiting:
        return 0
    verdicts = {post.id: comparable(verdict, whole_text(post)) for post, verdict in waiting}
    parted = desk.store.cases.separated(verdicts)
    ours = official_names(desk)
    with desk.memory.of(now) as known:

        def open_one(post: Post) -> None:
            near = known.near(cases.intake.complaint_of(post, verdicts[post.id], now))
            never = parted.get(post.id, frozenset())  # a person said so
            allowed = [matter for matter in near if matter.case_id not in never]
            plan = cases.intake.plan(post, verdicts[post.id], allowed, likeness, now, official=ours)
            case_id = desk.store.cases.apply(plan, now=now)
            if case_id is not None:
                known.learn(case_id)
                if plan.action is CaseAction.APPEND:
                    tighten(desk, case_id, post, now)

        return each("open", [post for post, _ in waiting], open_one, desk.store.in_line)


def official_names(desk: Desk) -> frozenset[str]:
    """Accounts that speak for authorities: their posts are answers, never complaints."""
    row = desk.bureau.bureau
    return frozenset({row.account_name, *row.official, *(account.name for account in desk.bureau.accounts)})


def tighten(desk: Desk, case_id: int, post: Post, now: datetime) -> None:
    """A further witness may tell of something graver: then the case is graded anew and its limits set by that."""
    case = desk.store.cases.get(case_id)
    if not case.unit or not cases.lifecycle.is_open(case.state):
        return
    found = grade_of(desk, case, now, [whole_text(post)])
    raise_to(desk, case, found.level, "；".join(found.reasons), now)
