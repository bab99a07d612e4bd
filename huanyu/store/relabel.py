"""A person's label takes the place of the classifier's, inside the caller's transaction; both are kept.

Knows what else waits for that answer: a doubtful verdict, a drawn sample, a plan that was held back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from huanyu.errors import NotFound
from huanyu.store.tables import corrections
from huanyu.store.tables import samples
from huanyu.store.tables import verdicts
from huanyu.types import PostType
from huanyu.types import Sentiment

HELD = "held"  #: plan_action of a complaint that a newer model found too late to open a case by itself
BY_PERSON = "person"  #: model of what a person wrote down and named at once: no other model takes its place
DOUBT, SAMPLE = "doubt", "sample"


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says of a text; None: not asked, as held before."""

    type: PostType
    kinds: tuple[str, ...]
    sentiment: Sentiment | None = None
    urgent: bool | None = None

    def over(self, before: RowMapping) -> dict[str, Any]:
        """The columns as they stand afterwards."""
        return {
            "type": self.type,
            "kinds": self.kinds,
            "sentiment": before["sentiment"] if self.sentiment is None else self.sentiment,
            "urgent": before["urgent"] if self.urgent is None else self.urgent,
        }


def correct(tx: Connection, post_id: int, label: Label, actor: str, now: datetime) -> bool:
    """Write the label; False when it says nothing new and nobody waited for it. Raises NotFound."""
    query = select(verdicts).where(verdicts.c.post_id == post_id).with_for_update()
    before = tx.execute(query).mappings().first()
    if before is None:
        raise NotFound("这条信息还没有判定结果", post=post_id)
    after = label.over(before)
    drawn = _settle_sample(tx, post_id, label.type, actor, now)
    waits = before["unsure"] or before["plan_action"] == HELD
    if not waits and all(before[name] == value for name, value in after.items()):
        return drawn
    origin = SAMPLE if drawn else DOUBT if before["unsure"] else ""
    tx.execute(
        insert(corrections).values(**_row(before, after), post_id=post_id, at=now, actor=actor, origin=origin)
    )
    is_complaint = label.type is PostType.COMPLAINT
    values = {**after, "is_complaint": is_complaint, "unsure": False, "corrected_at": now}
    if is_complaint and before["plan_action"] == HELD:
        values |= {"planned_at": None, "plan_action": "", "plan_reason": ""}
    tx.execute(update(verdicts).where(verdicts.c.post_id == post_id).values(**values))
    return True


def _row(before: RowMapping, after: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}_before": before[name] for name in after} | {
        **after,
        "sentiment_before": before["sentiment"].value,
        "sentiment": after["sentiment"].value,
    }


def _settle_sample(tx: Connection, post_id: int, type_: PostType, actor: str, now: datetime) -> bool:
    """Whatever page it was said on, it is the answer to the drawn sample; whether one was waiting for it."""
    mine = samples.c.post_id == post_id
    answer = {"actor": actor, "type": type_.value}
    waiting = update(samples).where(mine, samples.c.judged_at.is_(None))
    first = tx.execute(waiting.values(judged_at=now, **answer)).rowcount
    if not first:  # said otherwise before
        tx.execute(update(samples).where(mine, samples.c.type != type_.value).values(**answer))
    return bool(first)
