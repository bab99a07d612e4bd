"""What colleagues are told in their own chats: number and link, each matter once, by the outbox like every message.

A message names the colleague; the chat is looked up as it leaves, so that whoever was shut out is told nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from flow import factors
from flow import inbox
from flow import permits
from flow.alarms import INTERNAL
from flow.batch import each
from flow.circulation import address
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import Refused
from huanyu.review_rows import STAFF
from huanyu.store.audit import SYSTEM
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Chat
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import User

WANTS: Final[Mapping[str, str]] = MappingProxyType(
    {"mine": "我单位的新办件", "review": "待我审核的稿件", "alarm": "警报", "daily": "简报链接"}
)
MOST: Final = 200  # of one sort looked through in a turn
LATELY: Final = timedelta(days=1)  # what is older is no news
MORNING: Final = 8  # o'clock: nobody's telephone rings at midnight for what can wait
Found = Iterator[tuple[str, Draft]]


def tell(desk: Desk, now: datetime) -> int:
    """Put what is new for each bound colleague on its way; returns how many messages."""
    account = desk.bureau.talk.telegram
    told = 0

    def one(chat: Chat) -> None:
        nonlocal told
        told += _tell_one(desk, chat, now)

    if account:
        each("chat_notices", desk.store.chats.live(account), one)
    return told


def owner(desk: Desk, chat: Chat, now: datetime) -> User | None:
    """Whose chat it is, as they stand now; None for somebody who may not come in."""
    found = next((one for one in desk.store.people.users() if one.id == chat.user_id), None)
    if found is None or not found.active or found.must_change:
        return None
    return factors.present(desk, found, now)


def addressed(desk: Desk, message: Message) -> Message:
    """The message with the chat of the colleague it names; raises Refused where there is none any more."""
    if message.purpose != STAFF:
        return message
    person = desk.store.people.user(message.recipient)
    chat = desk.store.chats.of_user(person[0].id) if person else None
    if chat is None or chat.account != message.account:
        raise Refused("这位同事已停用，或已解除 Telegram 绑定")
    return replace(message, recipient=chat.chat_id)


def _tell_one(desk: Desk, chat: Chat, now: datetime) -> int:
    user = owner(desk, chat, now)
    if user is None:
        return 0
    found = {
        key: draft
        for want in chat.wants
        if want in _FIND
        for key, draft in _FIND[want](desk, chat, user, now)
    }
    known = desk.store.chats.told(found)
    new = [(key, draft) for key, draft in found.items() if key not in known]
    approved = MessageState.APPROVED
    added = (desk.store.outbox.add(draft, key, approved, SYSTEM, now) for key, draft in new)
    return sum(one is not None for one in added)


def _mine(desk: Desk, chat: Chat, user: User, _now: datetime) -> Found:
    """Hand-overs to the person's own unit since they are bound."""
    if not user.unit or not permits.may(user, "sign"):
        return
    for one in desk.store.hand_overs.unsigned_of(user.unit, chat.bound_at, MOST):
        case = desk.store.cases.get(one.case_id)
        if permits.may_see(user, case):
            yield given_notice(chat, user, one, case, _console(desk))


def given_notice(chat: Chat, user: User, given: Assignment, case: Case, console: str) -> tuple[str, Draft]:
    """A hand-over as its unit's colleague is told of it, and the key by which that is told once."""
    link = f"{console}/cases/{case.id}"
    key = "given" if given.part == "lead" else "assist"
    return f"staff:{key}:{given.id}:{user.id}", _draft(chat, user, f"{case.number} 已转你单位：{link}", link)


def _review(desk: Desk, chat: Chat, user: User, now: datetime) -> Found:
    """Texts whose next step is this person's; those that waited when the chat was bound in one line a day."""
    if not permits.may(user, "review"):
        return
    waiting = [message for message, _ in inbox.my_drafts(desk, user)]
    older = sum(message.created_at < chat.bound_at for message in waiting)
    if older and local(now).hour >= MORNING:
        link = f"{_console(desk)}/inbox?only=draft"
        key = f"staff:waiting:{local(now).date()}:{user.id}"
        yield key, _draft(chat, user, f"另有 {older} 份较早的稿件待你审核：{link}", link)
    for message in waiting:
        if message.created_at < chat.bound_at:
            continue
        link = f"{_console(desk)}/outbox/{message.id}"
        key = f"staff:review:{message.id}:{message.version}:{user.id}"
        yield key, _draft(chat, user, f"第{message.id}号稿件待你审核：{link}", link)


def _alarm(desk: Desk, chat: Chat, user: User, now: datetime) -> Found:
    """What the office is mailed of by itself: sources, incidents, hand-overs that did not arrive."""
    if not permits.may(user, "see_outbox"):
        return
    since = max(chat.bound_at, now - LATELY)
    listed = desk.store.outbox.listing(purpose=INTERNAL, limit=MOST, newest=True)
    for one in listed:
        if one.channel != "mail" or one.created_at < since:
            continue
        if one.case_id is not None and not permits.may_see(user, desk.store.cases.get(one.case_id)):
            continue
        link = f"{_console(desk)}/outbox/{one.id}"
        yield f"staff:alarm:{one.id}:{user.id}", _draft(chat, user, f"第{one.id}号警报：{link}", link)


def _daily(desk: Desk, chat: Chat, user: User, now: datetime) -> Found:
    """Bulletins that were signed since."""
    if not permits.may(user, "see_bulletins"):
        return
    since = max(chat.bound_at, now - LATELY)
    for one in desk.store.bulletins.listing(limit=10):
        signed = desk.store.archive.standing(one.id).signed
        if signed is None or signed.at < since:
            continue
        link = address(desk, one.id)
        name = f"《{desk.store.archive.name_of(one.series)}》{one.year}年第{one.number}期"
        yield f"staff:daily:{one.id}:{user.id}", _draft(chat, user, f"{name}：{link}", link)


_FIND: Final[Mapping[str, Callable[[Desk, Chat, User, datetime], Found]]] = MappingProxyType(
    {"mine": _mine, "review": _review, "alarm": _alarm, "daily": _daily}
)


def _draft(chat: Chat, user: User, text: str, link: str) -> Draft:
    """No case stands on it: the page of the case shows what goes out about it, and this says nothing about it."""
    return Draft(
        channel="telegram", account=chat.account, purpose=STAFF, text=text, recipient=user.name, link=link
    )


def _console(desk: Desk) -> str:
    return desk.config.settings.console_url.rstrip("/")
