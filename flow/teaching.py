"""From the desk to the classifier: what people corrected or judged, as labelled texts. They stay in memory.

What is learnt from and what is only compared by is decided in classify.frozen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from classify import frozen
from classify.corpus import Example
from classify.frozen import DeskLabels
from classify.frozen import DeskText
from flow import permits
from flow import reading
from flow.desk import Desk
from flow.said import whole_text
from huanyu.store import Sample
from huanyu.types import Post
from huanyu.types import PostType
from huanyu.types import Sentiment
from huanyu.types import User
from huanyu.types import Verdict

UNNAMED = ("other",)  #: without a kind no rule would place the complaint
LEAST = 4  # characters: what is shorter teaches nothing


def labels(desk: Desk) -> DeskLabels:
    """All that people at the desk have said of its posts."""
    corrections = list(desk.store.posts.corrections())
    samples = {one.post_id: one for one in desk.store.samples.judged()}
    said_at = {one.post_id: one.judged_at for one in samples.values()} | {
        one.post_id: one.at for one in corrections
    }
    origins = dict.fromkeys(samples, "sample") | {one.post_id: one.origin for one in corrections}
    in_turn = sorted(said_at, key=lambda post_id: (said_at[post_id], post_id))
    texts = [_text(desk, post_id, origins[post_id], samples.get(post_id)) for post_id in in_turn]
    told = [one for one in texts if one is not None]
    return frozen.divide([replace(one, turn=turn) for turn, one in enumerate(told)])


def correct_label(
    desk: Desk,
    user: User,
    post_id: int,
    type_: PostType,
    kinds: tuple[str, ...],
    now: datetime,
    sentiment: Sentiment | None = None,
    urgent: bool | None = None,
) -> None:
    """A person knows better than the classifier; kept as training data. None: not asked, stays as it is."""
    permits.demand(user, "correct_label")
    reading.demand_case_of(desk, user, post_id)
    desk.store.posts.correct(
        post_id, type_, kinds, actor=user.name, now=now, sentiment=sentiment, urgent=urgent
    )


def judged(verdict: Verdict, complaint: bool) -> tuple[PostType, tuple[str, ...]]:
    """The label behind a yes or no: what the classifier held stays where it does not contradict the person."""
    if complaint:
        return PostType.COMPLAINT, verdict.kinds or UNNAMED
    return (PostType.OTHER if verdict.type is PostType.COMPLAINT else verdict.type), ()


def may_take_back(desk: Desk, user: User, post_id: int) -> bool:
    """Whether what this person said last of a post in doubt can still be undone."""
    if not permits.may(user, "correct_label"):
        return False
    return desk.store.second_thoughts.last(post_id, user.name) is not None


def take_back(desk: Desk, user: User, post_id: int, now: datetime) -> None:
    """撤回判定: the post waits for a person again; raises Conflict once a case has come of it."""
    permits.demand(user, "correct_label")
    reading.demand_case_of(desk, user, post_id)
    desk.store.second_thoughts.take_back(post_id, user.name, now)


def _text(desk: Desk, post_id: int, origin: str, sample: Sample | None) -> DeskText | None:
    post, verdict = desk.store.posts.get(post_id), desk.store.posts.verdict(post_id)
    text = whole_text(post)
    if verdict is None or len(text.strip()) < LEAST:
        return None
    if sample is not None and sample.type != verdict.type:  # its text has changed since
        return None
    return DeskText(post=post_id, example=_example(text, post, verdict), kind=post.kind, origin=origin)


def _example(text: str, post: Post, verdict: Verdict) -> Example:
    """The labels as they are held now: a person's, and the classifier's own where no person was asked."""
    return Example(
        text=text,
        type=verdict.type,
        kinds=verdict.kinds,
        sentiment=verdict.sentiment,
        urgent=verdict.urgent,
        source=post.kind.value,
    )
