"""三审三校: takes the next step of a message for a person, and tells who may take which.

The decision is publisher.review's, the vote the store's; the checks are held against the text at every step.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import publisher.outbox
import publisher.review
from flow import permits
from flow.checks import checked_for_release
from flow.desk import Desk
from huanyu.errors import NotAllowed
from huanyu.review_rows import ChainRow
from huanyu.review_rows import chain_of
from huanyu.review_rows import class_of
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User
from huanyu.types import Vote
from publisher.review import Shown
from publisher.review import Stage


@dataclass(frozen=True)
class Review:
    """How far the reviews of one message are, as one person sees it."""

    chain: ChainRow
    stages: tuple[Stage, ...]
    why_not: str  #: why this person may not take the next step; "" where they may

    @property
    def is_mine(self) -> bool:
        return not self.why_not

    @property
    def next(self) -> Stage | None:
        return next((stage for stage in self.stages if stage.is_next), None)

    @property
    def at_last(self) -> bool:
        """Whether the next step is the last: the one at which account and parent are confirmed."""
        return self.stages[-1].is_next


def take(
    desk: Desk, user: User, message: Message, now: datetime, override: str = "", shown: Shown | None = None
) -> Message:
    """The next step of `message`, whose `version` is the one the person saw; the last one lets it go."""
    publisher.outbox.check(message.state, MessageState.APPROVED)
    votes = desk.store.approvals.on_current([message])[message.id]
    chain = chain_for(desk, message)
    involved = makers(desk, message)
    told = publisher.review.why_not(message, user, chain, votes, involved)
    if told:  # before the sealed names are looked at
        raise NotAllowed(told, user=user.name, message=message.id)
    found = checked_for_release(desk, message, now).all
    step = publisher.review.check(
        message, user, chain, votes, found, override, involved=involved, shown=shown
    )
    seen = shown if shown is not None else Shown("", "")
    return desk.store.approvals.vote(
        message,
        step.key,
        user.name,
        now,
        override=override.strip() if found else "",
        account=seen.account,
        parent=seen.parent,
    )


def release(desk: Desk, user: User, message: Message, now: datetime, override: str = "") -> Message:
    """What was rehearsed or refused, once more, with the text and the votes it has."""
    found = checked_for_release(desk, message, now).all
    publisher.review.check_release(user, found, override, makers(desk, message))
    return desk.store.approvals.release(
        message, "重新放行", override.strip() if found else "", actor=user.name, now=now
    )


def chain_for(desk: Desk, message: Message) -> ChainRow | None:
    """The steps that a message needs; None for what goes to colleagues and for what may never leave."""
    return chain_of(desk.bureau.review, class_of(message.purpose, message.content_class, message.channel))


def is_public(message: Message) -> bool:
    """Whether a message speaks to the public, so that it needs reviews."""
    return bool(class_of(message.purpose, message.content_class, message.channel))


def of(desk: Desk, user: User, message: Message, case: Case | None) -> Review | None:
    """The reviews of one message; None for one that needs none."""
    writers = desk.store.approvals.writers([message])
    votes = desk.store.approvals.on_current([message])
    return _review(desk, user, message, case, votes[message.id], writers)


def desk_of(desk: Desk, user: User, found: Sequence[tuple[Message, Case | None]]) -> dict[int, Review | None]:
    """The same for a list of messages with their cases."""
    messages = [message for message, _ in found]
    votes, writers = desk.store.approvals.on_current(messages), desk.store.approvals.writers(messages)
    return {
        message.id: _review(desk, user, message, case, votes[message.id], writers) for message, case in found
    }


def makers(desk: Desk, message: Message) -> tuple[str, ...]:
    """Everybody who had a hand in the text: its writers, and whoever recorded the result it tells."""
    case = desk.store.cases.get(message.case_id) if message.case_id is not None else None
    return _makers(message, case, desk.store.approvals.writers([message]))


def _makers(message: Message, case: Case | None, writers: Mapping[int, frozenset[str]]) -> tuple[str, ...]:
    recorded = {case.result.recorded_by} if case is not None and case.result is not None else set()
    return tuple(sorted({message.author, *writers[message.id], *recorded}))


def _review(
    desk: Desk,
    user: User,
    message: Message,
    case: Case | None,
    votes: Sequence[Vote],
    writers: Mapping[int, frozenset[str]],
) -> Review | None:
    chain = chain_for(desk, message)
    if chain is None:
        return None
    told = publisher.review.why_not(message, user, chain, votes, _makers(message, case, writers))
    if not told and not permits.may(user, "review"):
        told = "没有审核权限"
    return Review(chain, publisher.review.stages(chain, votes), told)
