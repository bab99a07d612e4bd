"""What a person compares before they decide: posts that say the same, cases that may be the same, units that had such."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

import cases.intake
from cases.sameness import liken
from classify import similar
from classify.similar import likeness
from flow import permits
from flow import rights
from flow.desk import Desk
from flow.known import MEMORY
from flow.said import whole_text
from huanyu.bureau import UnitRow
from huanyu.types import Case
from huanyu.types import Post
from huanyu.types import User
from huanyu.types import Verdict

REACH: Final = 3000  #: posts looked at before and after
LIKE: Final = 0.3  #: two strangers complaining of one thing stay below
WORTH: Final = 0.3  #: of a case; intake itself suggests from 0.75 on
LATEST: Final = 300  #: cases looked at
PLACED: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LikePost:
    """A post that says nearly the same."""

    post: Post
    score: float
    case_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeCase:
    """A case that may be the same matter."""

    case: Case
    score: float
    reason: str


def posts(desk: Desk, user: User, post: Post, verdict: Verdict, most: int = 5) -> list[LikePost]:
    """Posts with nearly the same words, the most alike first; nothing for who may not read posts."""
    if not permits.may(user, "see_posts"):
        return []
    around = desk.store.alike.around(post.id, REACH, rights.seer(user))
    signature = similar.current(verdict.signature, whole_text(post))
    found = similar.likenesses(signature, similar.stacked([one for _, one in around]))
    best = np.argsort(-found, kind="stable")[:most]
    return [
        LikePost(
            post=desk.store.posts.get(around[at][0]),
            score=float(found[at]),
            case_id=desk.store.posts.case_of(around[at][0]),
        )
        for at in best.tolist()
        if found[at] >= LIKE
    ]


def cases_of(
    desk: Desk, user: User, post: Post, verdict: Verdict, now: datetime, most: int = 3
) -> list[LikeCase]:
    """Cases that intake would find likest, the best first."""
    told = cases.intake.complaint_of(post, verdict, now)
    near = desk.store.alike.matters(told.area, now - MEMORY, LATEST, rights.seer(user))
    likenings = sorted((liken(told, one, likeness) for one in near), key=lambda one: -one.score)
    worth = [one for one in likenings[:most] if one.score >= WORTH]
    known = desk.store.cases.of_ids(one.matter.case_id for one in worth)
    return [
        LikeCase(case=known[one.matter.case_id], score=one.score, reason=one.reason)
        for one in worth
        if one.matter.case_id in known
    ]


def units(desk: Desk, case: Case, now: datetime, most: int = 5) -> list[UnitRow]:
    """Units that lately had cases of this kind and area, then those of the area; never one that sent it back."""
    valid = {row.key: row for row in desk.units(now.date()) if row.key != case.unit}
    weights: Counter[str] = Counter()
    for unit, kinds, area in desk.store.alike.placed(PLACED):
        same_kind = bool(kinds and case.kinds) and kinds[0] == case.kinds[0]
        same_area = bool(area) and area == case.area
        weights[unit] += 4 * (same_kind and same_area) + 2 * same_kind + same_area
    ranked = [unit for unit, weight in weights.most_common() if weight and unit in valid]
    there = [key for key, row in valid.items() if case.area and row.area == case.area]
    return [valid[key] for key in dict.fromkeys((*ranked, *there))][:most]
