"""What to do with one complaint: a new case, a further witness of a known one, or a question to a person.

Pure: whether two texts are the same is a function handed in, so that this organ needs no classifier.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

from cases.sameness import Complaint
from cases.sameness import Likeness
from cases.sameness import Likening
from cases.sameness import liken
from huanyu.kinds import label
from huanyu.text import fold
from huanyu.text import without_position
from huanyu.types import CaseAction
from huanyu.types import CasePlan
from huanyu.types import OpenMatter
from huanyu.types import Place
from huanyu.types import Post
from huanyu.types import Verdict

JOIN: Final = 0.95  # joins by itself; a person may take it apart again
SUGGEST: Final = 0.75  # a person decides
NO_AREA: Final = frozenset({"city"})  # places that do not tell the county
NO_SPOT: Final = frozenset({"city", "county", "zone"})  # places too wide to name in a title
FINEST: Final = ("landmark", "village", "river", "township")


def plan(
    post: Post,
    verdict: Verdict,
    matters: Sequence[OpenMatter],
    same: Likeness,
    now: datetime,
    official: Collection[str] = (),
) -> CasePlan:
    """Decide on one complaint against the matters known at `now`, closed ones included.

    `official`: names of the accounts that speak for authorities; what they write is an answer, never a complaint.
    """
    if refusal := _refusal(post, verdict, official):
        return CasePlan(post_id=post.id, action=CaseAction.NONE, reason=refusal)
    one = complaint_of(post, verdict, now)
    best = max((liken(one, matter, same) for matter in matters), key=_rank, default=None)
    if best is None or best.score < SUGGEST:
        return _planned(post, verdict, one, CaseAction.NEW, "没有同一事项的办件，新立")
    if best.score < JOIN:
        reason = f"可能是同一事项：{best.reason}，请人工判断"
        return _planned(post, verdict, one, CaseAction.SUGGEST, reason, best)
    return _joined(post, verdict, one, best)


def title_of(kinds: Sequence[str], places: Sequence[Place]) -> str:
    """Where and what, from the gazetteer and the table of kinds only: a title never quotes the citizen."""
    return titled(
        spot_of(places) or next((place.name for place in places if place.level not in NO_AREA), ""), kinds
    )


def titled(spot: str, kinds: Sequence[str]) -> str:
    """The same of a place that a person of the desk named; no coordinates of whoever reported."""
    return f"{without_position(spot)} {label(kinds[0]) if kinds else '环境问题'}".strip()


def is_official(author: str, official: Collection[str]) -> bool:
    """Whether an author is one of the official accounts, written in whatever width, case or with an @."""
    name = _account(author)
    return bool(name) and any(name == _account(known) for known in official)


@lru_cache(maxsize=4096)
def _account(name: str) -> str:
    return fold(name).removeprefix("@")


def _refusal(post: Post, verdict: Verdict, official: Collection[str]) -> str:
    if is_official(post.author, official):
        return "官方账号发布，不立案"
    if not verdict.is_complaint:
        return "不是投诉举报"
    return "所述地点不在本市" if verdict.out_of_town else ""


def complaint_of(post: Post, verdict: Verdict, now: datetime) -> Complaint:
    """What of a post is compared with the known matters."""
    area = area_of(verdict.places)
    text = post.text if post.text.startswith(post.title) else f"{post.title}\n{post.text}"
    return Complaint(
        text=text,
        kinds=verdict.kinds,
        area=area,
        places=verdict.places,
        signature=verdict.signature,
        said_at=min(post.said_at, now),  # a platform's clock may run ahead of ours
        enterprises=verdict.named.enterprises,
    )


def area_of(places: Sequence[Place]) -> str:
    """The county or zone of the first place that tells it; "" where none does."""
    return next((place.unit for place in places if place.unit and place.level not in NO_AREA), "")


def _rank(likening: Likening) -> tuple[float, bool, datetime]:
    """The surest; of equals an open matter before a closed one, a fresh one before an old one."""
    return likening.score, not likening.matter.closed, likening.matter.last_post_at


def _joined(post: Post, verdict: Verdict, one: Complaint, best: Likening) -> CasePlan:
    """A witness of an open matter; of a closed one a recurrence, unless it only repeats what was said before."""
    again = best.matter.closed and one.said_at > best.matter.last_post_at
    reason = f"{best.reason}，{'办结后再次反映，按复发重启' if again else '并入'}"
    return _planned(post, verdict, one, CaseAction.APPEND, reason, best, reopen=again)


def _planned(
    post: Post,
    verdict: Verdict,
    one: Complaint,
    action: CaseAction,
    reason: str,
    best: Likening | None = None,
    reopen: bool = False,
) -> CasePlan:
    return CasePlan(
        post_id=post.id,
        action=action,
        reason=reason,
        case_id=best.matter.case_id if best else None,
        score=best.score if best else 0.0,
        reopen=reopen,
        title=title_of(verdict.kinds, verdict.places),
        kinds=verdict.kinds,
        area=one.area,
        place=spot_of(verdict.places),
        urgent=verdict.urgent,
    )


def spot_of(places: Sequence[Place]) -> str:
    """The smallest place named; the gazetteer's order decides between equals."""
    near = [place for place in places if place.level not in NO_SPOT]
    near.sort(key=lambda place: FINEST.index(place.level) if place.level in FINEST else len(FINEST))
    return near[0].name if near else ""
