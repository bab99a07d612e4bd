"""更正 and 撤回 of what is out: proposed by a person, reviewed like every text, carried out in place where a platform can.

What the texts say is decided in publisher.correction; that each is carried out at most once, by the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

import publisher.afterwards
import publisher.correction
import publisher.outbox
from flow import permits
from flow.desk import Desk
from huanyu.errors import BadInput
from huanyu.errors import IllegalMove
from huanyu.errors import NotAllowed
from huanyu.errors import Refused
from huanyu.text import normalise
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import PublicCorrection
from huanyu.types import Receipt
from huanyu.types import User
from publisher.channels import After
from publisher.channels import Channel
from publisher.correction import CORRECTION
from publisher.correction import WITHDRAWAL
from publisher.correction import Proposal

PUBLIC = frozenset({"reply", "press"})
LONGEST = 1000  # characters of what was wrong, of what is right, of a reason


def correct(
    desk: Desk, user: User, message_id: int, wrong: str, right: str, reason: str, now: datetime
) -> PublicCorrection:
    """更正: the same sentence put right on every account where it stands; raises BadInput, IllegalMove, Conflict."""
    slip = Proposal(
        kind=CORRECTION, wrong=_tidy("原文", wrong), right=_tidy("更正", right), reason=_tidy("理由", reason)
    )
    return _open(desk, user, message_id, slip, now)


def withdraw(desk: Desk, user: User, message_id: int, reason: str, now: datetime) -> PublicCorrection:
    """撤回: taken down on every account where it stands, with a reason the public may read."""
    return _open(desk, user, message_id, Proposal(kind=WITHDRAWAL, reason=_tidy("理由", reason)), now)


def drop(desk: Desk, user: User, message_id: int, version: int, reason: str, now: datetime) -> Message:
    """作废 one message of a 更正 that is not out yet; its number stays in the register."""
    permits.demand(user, "correct_published")
    message = replace(desk.store.outbox.get(message_id), version=version)
    if message.about is None:
        raise IllegalMove("这里只能作废更正、撤回的文稿", message=message.key)
    publisher.outbox.check(message.state, MessageState.CANCELLED)
    told = _tidy("理由", reason)
    if not told:
        raise BadInput("请填写作废的理由")
    return desk.store.outbox.move(
        message, MessageState.CANCELLED, note=f"作废：{told}", actor=user.name, now=now
    )


def carry_out(desk: Desk, channel: Channel, message: Message) -> Receipt:
    """The call that a message stands for: publish it, change what it corrects, or take down what it withdraws."""
    if message.about is None:
        return channel.send(message)
    about = first(desk, desk.store.outbox.get(message.about))
    if message.stage == WITHDRAWAL and channel.abilities.withdraw:
        named = _named(channel, about)
        return cast(After, channel).withdraw(replace(named, title=message.title, text=message.text))
    if publisher.correction.changes_in_place(message):
        if not channel.abilities.amend:
            raise Refused("这个账号不能改已发布的内容，请到平台上更正后写明")
        return cast(After, channel).amend(about, message.text)
    return channel.send(message)


def look_for(desk: Desk, channel: Channel, message: Message) -> Receipt | None:
    """Whether a message of unknown outcome is out, as far as its channel can see; None where it cannot be seen."""
    if message.about is None:
        return channel.read_back(message) if channel.abilities.read_back else None
    about = first(desk, desk.store.outbox.get(message.about))
    taken_down = message.stage == WITHDRAWAL and channel.abilities.withdraw
    if not taken_down and not publisher.correction.changes_in_place(message):
        return channel.read_back(message) if channel.abilities.read_back else None
    if not channel.abilities.look:
        return None
    seen = cast(After, channel).look(about)
    if taken_down:
        done = seen is None
    else:
        done = seen is not None and publisher.afterwards.bare(seen.text) == publisher.afterwards.bare(
            message.text
        )
    return Receipt(platform_id=about.platform_id, url=about.platform_url, note="回看确认") if done else None


def first(desk: Desk, message: Message) -> Message:
    """The message that was published first where this one stands now: the platform knows it by that one."""
    while message.about is not None and publisher.correction.changes_in_place(message):
        message = desk.store.outbox.get(message.about)
    return message


def _named(channel: Channel, about: Message) -> Message:
    """The message with the platform's name for it: what nobody can name, nobody can take down."""
    found = None if about.platform_id or not channel.abilities.read_back else channel.read_back(about)
    if not about.platform_id and found is None:
        raise Refused("平台没有给出这一条的编号，请到平台上撤下后写明")
    return about if found is None else replace(about, platform_id=found.platform_id)


def _open(desk: Desk, user: User, message_id: int, slip: Proposal, now: datetime) -> PublicCorrection:
    permits.demand(user, "correct_published")
    message = desk.store.outbox.get(message_id)
    if message.purpose not in PUBLIC:
        raise NotAllowed("只有对外发布的内容可以更正、撤回", message=message.key)
    publisher.correction.demand(slip, desk.store.corrections.standing(message_id, slip.kind))
    bureau = desk.bureau.bureau

    def compose(originals: Sequence[Message], serial: str) -> list[Draft]:
        return publisher.correction.drafts(slip, originals, serial, bureau, now)

    entry = PublicCorrection(
        id=0,
        serial="",
        year=0,
        number=0,
        kind=slip.kind,
        about=message_id,
        case_id=message.case_id,
        wrong=slip.wrong,
        right=slip.right,
        reason=slip.reason,
        actor=user.name,
        at=now,
    )
    made, _ = desk.store.corrections.open(entry, desk.bureau.afterwards.serial, compose, now)
    return made


def _tidy(what: str, text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(f"{what}过长, 最多 {LONGEST} 字")
    return normalise(text)
