"""Messages that are out, for the tests of what comes afterwards: the reviews before that have tests of their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from huanyu.store import Store
from huanyu.store.tables import outbox
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState

TEXT = "3月9日现场检查发现废气收集罩破损，罚款3万元。"


def draft(channel: str, case_id: int | None, **more: object) -> Draft:
    values: dict[str, object] = {
        "channel": channel,
        "account": channel,
        "purpose": "reply",
        "text": TEXT,
        "title": "关于许营镇异味问题的办理结果",
        "case_id": case_id,
        "content_class": "petition",
        "stage": "result",
    }
    return Draft(**(values | more))  # type: ignore[arg-type]


def sent(store: Store, message_id: int, at: datetime, platform_id: str | None = None) -> Message:
    """The message as if it had been published."""
    return as_if(store, message_id, MessageState.SENT, at, platform_id)


def as_if(
    store: Store, message_id: int, state: MessageState, at: datetime, platform_id: str | None = None
) -> Message:
    """The message in a state that only a delivery brings it to."""
    named = f"p{message_id}" if platform_id is None else platform_id
    sent_at = at if state is MessageState.SENT else None
    with store._database.write() as tx:
        values = {"state": state, "sent_at": sent_at, "platform_id": named}
        tx.execute(update(outbox).where(outbox.c.id == message_id).values(**values))
    return store.outbox.get(message_id)


def put(store: Store, made: Draft, key: str, at: datetime, platform_id: str | None = None) -> Message:
    """A new message that is out."""
    found = store.outbox.add(made, key, MessageState.DRAFT, "chengban", at)
    assert found is not None
    return sent(store, found, at, platform_id)
