"""From a recorded result to a published reply: draft, deliver, find out what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta

import structlog
from filelock import FileLock
from filelock import Timeout

import publisher.draft
import publisher.outbox
from flow import enclosures
from flow.batch import each
from flow.desk import Desk
from flow.steps import BATCH
from huanyu.errors import ChannelError
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Case
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from publisher.channels import Channel
from publisher.channels import Smtp
from publisher.channels import open_channel
from publisher.outbox import Settlement

log = structlog.get_logger()

KILL_SWITCH = "kill_switch"
HOUSE = frozenset(
    {"notice", "internal", "bulletin"}
)  #: purposes of what goes to colleagues, not to the public
IN_FLIGHT = timedelta(minutes=10)  # longer than the longest time-out of any channel


def draft_replies(desk: Desk, now: datetime) -> int:
    """Draft the reply of every handled case for each account, and let it wait for review."""

    def draft_one(case: Case) -> None:
        drafts = publisher.draft.reply(case, desk.bureau)
        author = case.result.recorded_by if case.result else ""
        desk.store.outbox.add_drafts(case, drafts, to="replying", author=author, now=now)

    return each("draft", desk.store.cases.handled(BATCH), draft_one)


def deliver(desk: Desk, now: datetime) -> int:
    """Send what is approved and due, each at most once; nothing while the kill switch is on."""
    with delivering(desk) as mine:
        return _deliver(desk, now) if mine else 0


@contextmanager
def delivering(desk: Desk) -> Iterator[bool]:
    """Whether this process alone delivers for the desk now: nobody else's call may be taken for one cut off."""
    lock = FileLock(desk.config.data_dir / "deliver.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _deliver(desk: Desk, now: datetime) -> int:
    def deliver_one(message: Message) -> None:
        if desk.store.settings.get(KILL_SWITCH) == "on":  # asked each time: a batch may take minutes
            return
        taken = desk.store.outbox.claim(message, now=now)
        if taken is not None:
            settle(desk, taken, send(desk, taken), now)

    live = desk.config.settings.publish_live
    due = desk.store.outbox.due(now, BATCH, live=live)
    if due and desk.store.settings.get(KILL_SWITCH) == "on":
        return 0
    return each("deliver", due, deliver_one)


def send(desk: Desk, message: Message) -> Receipt | ChannelError | None:
    """Hand one claimed message to its platform; None means dry run. Never raises."""
    if not is_live(desk, message):
        return None
    try:
        channel, message = channel_of(desk, message), enclosures.enclosed(desk, message)
    except ChannelError as problem:
        return problem
    except Exception as problem:  # nothing has left yet
        log.exception("channel_does_not_open", message=message.key, channel=message.channel)
        return Unavailable(f"账号 {message.account} 打不开: {type(problem).__name__}")
    try:
        return channel.send(message)
    except ChannelError as problem:
        return problem
    except Exception as problem:
        log.exception("channel_broke", message=message.key, channel=message.channel)
        return Unknown(f"{type(problem).__name__}: {problem}")


def is_live(desk: Desk, message: Message) -> bool:
    """Whether this message really leaves: accounts and the house's own mail each have their own switch."""
    settings = desk.config.settings
    return settings.notify_live if message.purpose in HOUSE else settings.publish_live


def channel_of(desk: Desk, message: Message) -> Channel:
    """The open channel of a message's account; raises a ChannelError where the account is not set up."""
    account = desk.bureau.account(message.account)
    if account is None or not account.enabled:
        raise Unavailable(f"账号 {message.account} 不存在或已停用")
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
    )


def settle(desk: Desk, message: Message, outcome: Receipt | ChannelError | None, now: datetime) -> None:
    """Write down what became of a claimed message."""
    _write(desk, message, publisher.outbox.after(outcome, message, now), now)


def _write(desk: Desk, message: Message, settled: Settlement, now: datetime) -> None:
    done = desk.store.outbox.settle(
        message,
        settled.state,
        receipt=settled.receipt,
        note=settled.note,
        due_at=settled.due_at,
        case_to=case_to(message, settled.state),
        now=now,
    )
    log.info("delivered", message=done.key, channel=done.channel, state=done.state.value)


def case_to(message: Message, state: MessageState) -> str | None:
    """The case is answered once its public reply is out."""
    return "answered" if message.purpose == "reply" and state is MessageState.SENT else None


def sweep(desk: Desk, now: datetime, before: datetime | None = None) -> int:
    """List every message cut off in flight as unknown: it may be out, so it is never sent again blindly."""

    def sweep_one(message: Message) -> None:
        settle(desk, message, Unknown("发送途中程序中断，可能已经发出"), now)

    with delivering(desk) as mine:
        cut = desk.store.outbox.in_flight(before or now - IN_FLIGHT) if mine else []
        return each("sweep", cut, sweep_one)


def read_back(desk: Desk, now: datetime) -> int:
    """Ask the platforms whether unknown messages are out after all; what is found is settled as sent."""
    found = 0

    def look_for(message: Message) -> None:
        nonlocal found
        receipt = _look(desk, message)
        if receipt is not None:
            _write(desk, message, publisher.outbox.after_read_back(receipt, now), now)
            found += 1

    each("read_back", desk.store.outbox.listing(states=(MessageState.UNKNOWN,), limit=BATCH), look_for)
    return found


def _look(desk: Desk, message: Message) -> Receipt | None:
    if not is_live(desk, message):
        return None
    try:
        channel = channel_of(desk, message)
        return channel.read_back(message) if channel.abilities.read_back else None
    except ChannelError as problem:
        log.warning("read_back_failed", message=message.key, problem=str(problem))
        return None
