"""Messages of which nobody knows whether they are out: found, looked for again and again, told to a person.

None is sent again, but by a channel that publishes the same key once: there, sending again is looking.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta

import structlog

import publisher.outbox
from cases.forms import ACCOUNT
from flow import alarms
from flow import corrections
from flow import replies
from flow import switches
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from huanyu.clock import local
from huanyu.errors import ChannelError
from huanyu.errors import Refused
from huanyu.errors import Unknown
from huanyu.review_rows import STAFF
from huanyu.store.audit import SYSTEM
from huanyu.store.sending import DOUBT
from huanyu.store.sending import FAILED
from huanyu.types import Draft
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from publisher.outbox import LOOK_AGAIN

log = structlog.get_logger()

IN_FLIGHT = timedelta(minutes=10)  # longer than the longest time-out of any channel
SAME_KEY = timedelta(hours=20)  # WeChat remembers a key for a day
UNTOLD = (alarms.INTERNAL, "bulletin", STAFF)  # purposes; a bulletin's deliveries stand on its own page
LATELY = timedelta(days=7)  # an older refusal was seen long ago
CUT_OFF = "发送途中程序中断，可能已经发出"


def sweep(desk: Desk, now: datetime) -> int:
    """List every message cut off in flight as unknown: it may be out, so it is never sent again blindly.

    Cut off is what was claimed ten minutes ago, or by a worker of this machine that does not live any more.
    """

    def sweep_one(message: Message) -> None:
        replies.settle(desk, message, Unknown(CUT_OFF), now)

    flying = desk.store.outbox.in_flight()
    dead = {name for name in {one.claimed_by for one in flying} if desk.worker.has_died(name)}
    # The other way too: a claim from the future was written by a clock that has been put right since.
    cut = [one for one in flying if one.claimed_by in dead or abs(now - (one.claimed_at or now)) >= IN_FLIGHT]
    done = each("sweep", cut, sweep_one)
    for name in dead:
        desk.worker.bury(name)
    return done


def read_back(desk: Desk, now: datetime) -> int:
    """Look for unknown messages whose next look is due; returns of how many the fate is known now."""
    found = 0

    def look_for(message: Message) -> None:
        nonlocal found
        if not replies.is_live(desk, message):
            return
        next_at = publisher.outbox.next_look(message.looks + 1, now)
        mine = desk.store.outbox.begin_look(message, next_at, now=now)
        if mine is not None:
            found += _settled(desk, mine, now)

    each("read_back", desk.store.outbox.to_look_for(now, BATCH), look_for)
    return found


def tell(desk: Desk, now: datetime) -> int:
    """Mail the press office of what waits for a person: unknown and not to be found, or refused; once for each."""
    office = alarms.press_office(desk)
    if office is None:
        return 0

    def tell_one(message: Message) -> None:
        refused = message.state is MessageState.REFUSED
        head, told, why = (
            ("发布被拒绝", _told_refused(desk, message), FAILED)
            if refused
            else ("发布待核实", _told(desk, message), DOUBT)
        )
        draft = Draft(
            channel="mail",
            account=ACCOUNT,
            purpose=alarms.INTERNAL,
            title=f"【{head}】{_name(desk, message)}：{_shown(desk, message)}",
            text=f"{office.name}：\n\n{told}",
            recipient=office.mail,
            case_id=message.case_id,
            link=f"{desk.config.settings.console_url.rstrip('/')}/outbox/{message.id}",
        )
        key = f"{why}{message.id}:{message.attempts}"
        desk.store.outbox.add(draft, key, MessageState.APPROVED, SYSTEM, now)
        log.warning("needs_person", message=message.key, channel=message.channel, state=message.state.value)

    untold = desk.store.outbox.untold(now - publisher.outbox.DOUBT, (alarms.INTERNAL, STAFF), BATCH)
    refused = desk.store.outbox.failed(now - LATELY, UNTOLD, BATCH)
    failed = [one for one in refused if not one.note.endswith(publisher.outbox.SEEN_NOT_OUT)]
    return each("doubt", [*untold, *failed], tell_one)


def _settled(desk: Desk, message: Message, now: datetime) -> bool:
    try:
        found = _look(desk, message, now)
    except Refused as problem:
        if problem.whole_account:
            return _put_off(desk, message, problem, now)
        return _write(desk, message, problem, now)
    except ChannelError as problem:
        return _put_off(desk, message, problem, now)
    return found is not None and _write(desk, message, found, now)


def _look(desk: Desk, message: Message, now: datetime) -> Receipt | None:
    """What the platform says; raises a ChannelError, Refused where it will never be out."""
    channel = replies.channel_of(desk, message)
    found = corrections.look_for(desk, channel, message)
    once = channel.abilities.idempotent  # its name for a message is ours: a further round has the same page
    if found is not None and not once and desk.store.outbox.is_anothers(message, found.platform_id):
        log.warning("found_is_anothers", message=message.key, platform_id=found.platform_id)
        return None
    young = _left_by_us(message) and message.claimed_at is not None and now - message.claimed_at < SAME_KEY
    if found is None and young and once and not switches.is_stopped(desk):
        return _send_again(desk, message, now)
    return found


def _left_by_us(message: Message) -> bool:
    """Whether its last call was this desk's own: of one held after a restore nobody knows when it may have left."""
    return message.doubted_at is None or (
        message.claimed_at is not None and message.claimed_at > message.doubted_at
    )


def _send_again(desk: Desk, message: Message, now: datetime) -> Receipt | None:
    """The same key once more, which publishes once; raises a ChannelError.

    A refusal now says nothing of the first call. What the platform calls the message is kept, for the next look.
    """
    outcome = replies.send(desk, message)
    if isinstance(outcome, Receipt):
        return outcome
    if isinstance(outcome, Unknown) and outcome.platform_id:
        settled = publisher.outbox.after(outcome, message, now)
        replies.write(desk, message, replace(settled, look_at=message.look_at), now)
        return None
    if isinstance(outcome, ChannelError) and not isinstance(outcome, Refused):
        raise outcome
    log.warning("not_taken_again", message=message.key, problem=str(outcome))
    return None


def _write(desk: Desk, message: Message, found: Receipt | Refused, now: datetime) -> bool:
    replies.write(desk, message, publisher.outbox.after_read_back(found, now), now)
    return True


def _put_off(desk: Desk, message: Message, problem: ChannelError, now: datetime) -> bool:
    log.warning("read_back_failed", message=message.key, problem=str(problem))
    desk.store.outbox.put_off_look(message, now + LOOK_AGAIN, now=now)
    return False


def _told(desk: Desk, message: Message) -> str:
    left = local(message.claimed_at or message.due_at)
    looks = f"程序已回读 {message.looks} 次，没有见到；" if message.looks else "这个平台不能回读；"
    return "\n".join(
        [
            f"{left.month}月{left.day}日{left:%H:%M}发往“{_name(desk, message)}”的一条没有得到确切回音：{message.note}。",
            f"{looks}为避免重复发布，程序不会自动重发。",
            "怎么办：打开该账号看一眼，再到下面的页面点“已发出”或“没有发出”。",
        ]
    )


def _told_refused(desk: Desk, message: Message) -> str:
    return "\n".join(
        [
            f"发往“{_name(desk, message)}”的一条没有发出，程序不会再发：{message.note}。",
            "怎么办：核对收件地址；修好以后由审核人打开下面的页面点“重新放行”，急件请先电话告知。"
            if message.purpose == "notice"
            else "怎么办：打开下面的页面，按所写的原因改稿后重新审核；账号已修好、文字不必改的，由审核人点“重新放行”。",
        ]
    )


def _shown(desk: Desk, message: Message) -> str:
    """What the message is about; of a case that is for few, its number."""
    if message.case_id is not None and (case := desk.store.cases.get(message.case_id)).restricted:
        return case.number
    return message.title or message.text[:20]


def _name(desk: Desk, message: Message) -> str:
    account = desk.bureau.account(message.account)
    return account.name if account else message.account
