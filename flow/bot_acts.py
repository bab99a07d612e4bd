"""What a colleague may do in the chat: sign a case, send it back, choose what to be told of; by the flow's own functions.

An act is the console's, with the same rights, checks and collisions; what is said is number, state and link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import cases.lifecycle
from cases.lifecycle import ALLOWED
from flow import chat_binding
from flow import life
from flow import permits
from flow import reasons
from flow.chat_notices import WANTS
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import Conflict
from huanyu.errors import NotFound
from huanyu.types import Assignment
from huanyu.types import Case
from huanyu.types import Chat
from huanyu.types import User
from publisher.channels.telegram_bot import Update
from publisher.channels.telegram_keys import BACK
from publisher.channels.telegram_keys import RETURN
from publisher.channels.telegram_keys import SIGN
from publisher.channels.telegram_keys import WANT
from publisher.channels.telegram_keys import Key
from publisher.channels.telegram_keys import of_hand_over

CODE: Final = re.compile(rf"(?:/start\s+)?([{chat_binding.LETTERS}]{{{chat_binding.LENGTH}}})", re.IGNORECASE)
PRESS: Final = re.compile(r"([srb]):(\d{1,12})(?::([a-z][a-z0-9_]{0,30}))?")
STRANGER: Final = "这是本局的工作机器人。本局同事请在控制台“我的账号”取绑定码发来。"
HELP: Final = "/set 选择提醒；/unbind 解除绑定。转给你单位的办件，可用消息下面的按钮签收、退单。"
BOUND: Final = f"已绑定。{HELP}"
UNBOUND: Final = "已解除绑定，不再提醒。"
GONE: Final = "这次转办已不在你单位手里"
ASKS: Final = "请回复一句具体情况（不要写反映人的姓名、电话）："
CHOOSE: Final = "选择要提醒的（点一下切换）："
DROPPED: Final = "已取消退单。"


@dataclass(frozen=True, slots=True)
class Answer:
    """Something to be said: as a message, as the new shape of the message pressed, or as the word after a press."""

    text: str
    keys: tuple[tuple[Key, ...], ...] = ()
    changes: bool = False
    alert: bool = False
    asks: bool = False


def code_in(text: str) -> str:
    """The code in a message; "" where it is none."""
    found = CODE.fullmatch(text.strip())
    return found[1] if found else ""


def bind(desk: Desk, account: str, chat: str, code: str, now: datetime) -> list[Answer]:
    """A code was sent: the chat is bound, or not."""
    chat_binding.bind(desk, account, chat, code, now)
    return [Answer(BOUND)]


def of_colleague(desk: Desk, user: User, chat: Chat, one: Update, now: datetime) -> list[Answer]:
    """What a bound person did."""
    if one.kind == "press":
        return _pressed(desk, user, chat, one.data, now)
    words = one.text.strip()
    if one.kind != "text":
        return [Answer(HELP)]
    if words == "/unbind":
        chat_binding.unbind(desk, user, now)
        return [Answer(UNBOUND)]
    if words == "/set":
        return [_choices(chat.wants, changes=False)]
    if code := code_in(words):
        return bind(desk, chat.account, chat.chat_id, code, now)
    if chat.asked and not words.startswith("/"):
        return _told_why(desk, user, chat, words, now)
    if chat.asked:
        desk.store.chats.ask(chat, "", user.name, now)
        return [Answer(DROPPED)]
    return [Answer(HELP)]


def shown(desk: Desk, user: User, data: str) -> list[Answer]:
    """How the hand-over of a button stands now."""
    found = PRESS.fullmatch(data)
    return [card(desk, user, int(found[2]))] if found else []


def card(desk: Desk, user: User, given_id: int) -> Answer:
    """A hand-over as a message: number, state and link, and what may still be done."""
    try:
        given = desk.store.hand_overs.get(given_id)
        case = desk.store.cases.get(given.case_id)
    except NotFound:
        return Answer(GONE, changes=True)
    return drawn(user, given, case, desk.config.settings.console_url)


def drawn(user: User, given: Assignment, case: Case, console: str) -> Answer:
    """The message itself; nothing of the case but its number, how it stands and where it is."""
    if not permits.may_see(user, case):
        return Answer(GONE, changes=True)
    link = f"{console.rstrip('/')}/cases/{case.id}"
    keys = _keys(user, given, case)
    text = f"{case.number} {cases.lifecycle.LABEL[case.state]}：{link}"
    return Answer(text, (*keys, (Key("打开", url=link),)), changes=True)


def _keys(user: User, given: Assignment, case: Case) -> tuple[tuple[Key, ...], ...]:
    mine = given.ended_at is None and given.part == "lead" and case.unit == given.unit
    can_sign = mine and case.state == "assigned" and permits.may_on(user, "sign", case)
    can_return = mine and "returned" in ALLOWED[case.state] and permits.may_on(user, "return", case)
    rows = of_hand_over(given.id, can_sign=can_sign, can_return=can_return)
    return tuple(tuple(row) for row in rows)


def _pressed(desk: Desk, user: User, chat: Chat, data: str, now: datetime) -> list[Answer]:
    if data.startswith(f"{WANT}:"):
        return _toggled(desk, user, chat, data.removeprefix(f"{WANT}:"), now)
    found = PRESS.fullmatch(data)
    if found is None:
        raise BadInput("这个按钮已经不用了")
    act, given_id, kind = found[1], int(found[2]), found[3] or ""
    if act == BACK:
        desk.store.chats.ask(chat, "", user.name, now)
        return [card(desk, user, given_id)]
    given, case = _in_hand(desk, user, given_id)
    if act == SIGN:
        life.sign(desk, user, case.id, case.version, now)
        desk.store.chats.acted(chat, "sign", case.id, user.name, now)
        return [Answer("已签收", alert=True), card(desk, user, given_id)]
    return _sending_back(desk, user, chat, given, kind, now)


def _sending_back(
    desk: Desk, user: User, chat: Chat, given: Assignment, kind: str, now: datetime
) -> list[Answer]:
    """退单: the reasons as buttons; one that needs words asks for them."""
    rows = reasons.reasons(desk, "return", now)
    row = next((row for row in rows if row.key == kind), None)
    if row is None:
        offered = tuple((Key(one.name, f"{RETURN}:{given.id}:{one.key}"),) for one in rows)
        current = card(desk, user, given.id)
        head = f"{current.text}\n退单理由："
        return [Answer(head, (*offered, (Key("不退了", f"{BACK}:{given.id}"),)), changes=True)]
    if row.words:
        desk.store.chats.ask(chat, f"{RETURN}:{given.id}:{row.key}", user.name, now)
        return [Answer(row.name, alert=True), Answer(ASKS, asks=True)]
    return _send_back(desk, user, chat, given, row.key, "", now)


def _told_why(desk: Desk, user: User, chat: Chat, words: str, now: datetime) -> list[Answer]:
    """The sentence that the bot waited for."""
    found = PRESS.fullmatch(chat.asked)
    desk.store.chats.ask(chat, "", user.name, now)
    if found is None:
        return [Answer(HELP)]
    given, _ = _in_hand(desk, user, int(found[2]))
    return _send_back(desk, user, chat, given, found[3] or "", words, now)


def _send_back(
    desk: Desk, user: User, chat: Chat, given: Assignment, kind: str, words: str, now: datetime
) -> list[Answer]:
    _, case = _in_hand(desk, user, given.id)
    life.send_away(desk, user, case.id, case.version, words, now, kind=kind)
    desk.store.chats.acted(chat, "return", case.id, user.name, now)
    return [card(desk, user, given.id)]


def _in_hand(desk: Desk, user: User, given_id: int) -> tuple[Assignment, Case]:
    """The hand-over and its case; raises Conflict where it is over, NotAllowed where it is not for these eyes."""
    given = desk.store.hand_overs.get(given_id)
    case = desk.store.cases.get(given.case_id)
    permits.demand_case(user, case)
    if given.ended_at is not None or given.part != "lead" or case.unit != given.unit:
        raise Conflict(GONE, case=case.number)
    return given, case


def _toggled(desk: Desk, user: User, chat: Chat, want: str, now: datetime) -> list[Answer]:
    if want not in WANTS:
        raise BadInput("这个按钮已经不用了")
    wants = set(chat.wants) ^ {want}
    chat_binding.want(desk, user, wants, now)
    return [_choices(tuple(wants), changes=True)]


def _choices(wants: tuple[str, ...], *, changes: bool) -> Answer:
    rows = tuple(
        (Key(f"{'✓' if key in wants else '–'} {name}", f"{WANT}:{key}"),) for key, name in WANTS.items()
    )
    return Answer(CHOOSE, rows, changes=changes)
