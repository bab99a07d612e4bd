"""From a recorded result to a published reply: draft it, hand it to its platform, write down what became of it.

What leaves when is decided in flow.delivery, what may be out is looked for in flow.doubts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

import structlog

import publisher.outbox
from flow import chat_notices
from flow import corrections
from flow import enclosures
from flow import letter_receipts
from flow import link_making
from flow import switches
from flow.desk import Desk
from huanyu.errors import ChannelError
from huanyu.errors import Conflict
from huanyu.errors import Refused
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.review_rows import STAFF
from huanyu.review_rows import class_of
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import Slip
from publisher.channels import ByHand
from publisher.channels import Channel
from publisher.channels import Smtp
from publisher.channels import open_channel
from publisher.outbox import Settlement

log = structlog.get_logger()

HOUSE = frozenset(
    {"notice", "internal", "bulletin", STAFF}
)  #: purposes of what goes to colleagues, not to the public


def send(desk: Desk, message: Message) -> Receipt | Slip | ChannelError | None:
    """Hand one claimed message to its platform, or to a person; None means dry run. Never raises."""
    if not is_live(desk, message):
        return None
    if _would_be_public(desk, message):
        return Refused("给同事的文字不能发到对公众开放的频道，请改收件人")
    try:
        channel, message = channel_of(desk, message), enclosures.enclosed(desk, message)
        message = chat_notices.addressed(desk, link_making.put_in(desk, message))
        message = letter_receipts.addressed(desk, message)
    except ChannelError as problem:
        return problem
    except Exception as problem:  # nothing has left yet
        log.exception("channel_does_not_open", message=message.key, channel=message.channel)
        return Unavailable(f"账号 {message.account} 打不开: {type(problem).__name__}")
    try:
        if channel.abilities.by_hand:
            return cast(ByHand, channel).slip(message)
        return corrections.carry_out(desk, channel, message)
    except ChannelError as problem:
        return problem
    except Exception as problem:
        log.exception("channel_broke", message=message.key, channel=message.channel)
        return Unknown(f"{type(problem).__name__}: {problem}")


def _would_be_public(desk: Desk, message: Message) -> bool:
    """Whether what goes to colleagues, without reviews, is addressed to an account's own public channel."""
    if class_of(message.purpose, message.content_class, message.channel):
        return False
    account = desk.bureau.account(message.account)
    return account is not None and bool(account.chat_id) and message.recipient in {"", account.chat_id}


def is_live(desk: Desk, message: Message) -> bool:
    """Whether this message really leaves: accounts and the house's own mail each have their own switch."""
    return desk.config.settings.notify_live if message.purpose in HOUSE else switches.is_live(desk)


def channel_of(desk: Desk, message: Message) -> Channel:
    """The open channel of a message's account; raises a ChannelError where the account is not set up."""
    return open_account(desk, message.account)


def open_account(desk: Desk, key: str) -> Channel:
    """The open channel of an account; raises a ChannelError where it is not set up."""
    account = desk.bureau.account(key)
    if account is None or not account.enabled:
        raise Unavailable(f"账号 {key} 不存在或已停用")
    settings = desk.config.settings
    smtp = Smtp(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
    )
    return open_channel(
        account,
        desk.config.secret(account.secret),
        site_dir=desk.config.site_dir,
        bureau=desk.bureau.bureau,
        smtp=smtp,
        push_token=desk.config.secret(account.push_token),
        reports=desk.config.public_url if settings.public_port else "",
    )


def can_look(desk: Desk, message: Message) -> bool:
    """Whether the program can find out by itself what became of a message."""
    try:
        abilities = channel_of(desk, message).abilities
    except ChannelError:
        return False
    return abilities.read_back or abilities.idempotent


def settle(
    desk: Desk, message: Message, outcome: Receipt | Slip | ChannelError | None, now: datetime
) -> None:
    """Write down what became of a claimed message; an account whose calls nobody takes rests a while.

    A receipt that comes after the message was listed as cut off still tells its fate.
    """
    may_be_out = isinstance(outcome, Unknown) and can_look(desk, message)
    failed = desk.store.accounts.state(message.account).failures if isinstance(outcome, Unavailable) else 0
    is_down = failed >= publisher.outbox.TOLERATED
    settled = publisher.outbox.after(outcome, message, now, can_look=may_be_out, is_down=is_down)
    try:
        write(desk, message, settled, now)
    except Conflict:
        if not isinstance(outcome, Receipt):
            raise
        write(desk, _swept(desk, message), settled, now)
    if isinstance(outcome, Refused) and outcome.whole_account:
        kept = desk.store.accounts.state(message.account)
        desk.store.accounts.save(replace(kept, state="revoked", note=str(outcome.args[0])), now)
    if isinstance(outcome, Unavailable) and settled.hold is None:
        failures = desk.store.accounts.state(message.account).failures
        if (until := publisher.outbox.rest(failures, now)) is not None:
            desk.store.accounts.hold(message.account, until, str(outcome), now)


def _swept(desk: Desk, message: Message) -> Message:
    """The message as it stands where its claim was taken for cut off meanwhile; raises Conflict for any other."""
    here = desk.store.outbox.get(message.id)
    if here.state is not MessageState.UNKNOWN or here.attempts != message.attempts:
        raise Conflict("这条消息刚被他人处理过", message=message.key)
    return here


def write(desk: Desk, message: Message, settled: Settlement, now: datetime) -> None:
    """Keep what became of a message, and let its case follow."""
    done = desk.store.outbox.settle(
        message,
        settled.state,
        receipt=settled.receipt,
        note=settled.note,
        due_at=settled.due_at,
        case_to=case_to(message, settled.state),
        now=now,
        look_at=settled.look_at,
        hold=settled.hold,
    )
    log.info("delivered", message=done.key, channel=done.channel, state=done.state.value)


def case_to(message: Message, state: MessageState) -> str | None:
    """The case is answered once its public reply is out."""
    return "answered" if message.purpose == "reply" and state is MessageState.SENT else None
