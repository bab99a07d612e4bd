"""How a text is agreed to in tests: as many people as its chain has steps, each at a step of their own."""

from __future__ import annotations

from datetime import datetime

from flow import outgoing
from flow import reviewing
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.review_rows import chain_of
from huanyu.review_rows import class_of
from huanyu.store import Store
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User
from publisher.review import Shown

CHAINS = load_bureau(SHIPPED).review
#: Who agrees in tests of the store; two of each role, so that every chain finds its people.
PEOPLE = (
    ("shenlan", "press"),
    ("wenqing", "press"),
    ("zhaoqing", "reviewer"),
    ("lujing", "reviewer"),
    ("fangwei", "leader"),
    ("handong", "leader"),
)
HIRED = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)


def hire(store: Store) -> None:
    """The people above, where they do not work here yet."""
    for name, role in PEOPLE:
        if store.people.user(name) is None:
            store.people.add_user(
                name=name, full_name=f"{name}同志", role=role, unit="", password_hash="", now=HIRED
            )


def approve(store: Store, message_id: int, now: datetime) -> Message:
    """Every step of one message, straight on the store."""
    hire(store)
    message = store.outbox.get(message_id)
    chain = chain_of(CHAINS, class_of(message.purpose, message.content_class, message.channel))
    assert chain is not None
    free = [person for person in PEOPLE if person[0] not in store.approvals.writers([message])[message.id]]
    for step in chain.steps:
        person = next(one for one in free if one[1] in step.roles)
        free.remove(person)
        message = store.approvals.vote(
            message, step.key, person[0], now, account=message.account, parent=message.reply_to
        )
    return message


def shown(message: Message) -> Shown:
    """What stands on the screen at the last step."""
    return Shown(message.account, message.reply_to)


def sign_off(
    desk: Desk, people: tuple[User, ...], message: Message, now: datetime, override: str = ""
) -> Message:
    """Every step that is left of one message, by those of `people` who may take it."""
    while message.state is MessageState.DRAFT:
        case = desk.store.cases.get(message.case_id) if message.case_id is not None else None
        seen = [(one, reviewing.of(desk, one, message, case)) for one in people]
        able = [one for one, review in seen if review is not None and review.is_mine]
        assert able, [review and review.why_not for _, review in seen]
        message = outgoing.approve(
            desk, able[0], message.id, message.version, now, override=override, shown=shown(message)
        )
    return message


def go_live(desk: Desk, now: datetime) -> None:
    """Two leaders sign for live mode."""
    hire(desk.store)
    for name in ("fangwei", "handong"):
        desk.store.switches.sign_live(name, ("leader", "admin"), now)
