"""After publishing: look whether it is there, keep what it says, hear what people answer, find what is not ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from typing import cast

import structlog

import publisher.afterwards
import publisher.outbox
from flow import after_mail
from flow import corrections
from flow import enclosures
from flow import replies
from flow import switches
from flow.batch import BATCH
from flow.batch import each
from flow.desk import Desk
from huanyu.errors import ChannelError
from huanyu.redact import mask
from huanyu.types import Copy
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Receipt
from huanyu.types import Response
from huanyu.types import Seen
from huanyu.types import Sighting
from huanyu.types import SourceKind
from publisher.channels import After
from publisher.channels import Channel

log = structlog.get_logger()

DAY = timedelta(days=1)


def look(desk: Desk, now: datetime) -> int:
    """Look at every published message whose time has come; returns how many were seen."""
    desk.store.published.begin(desk.bureau.afterwards.looks[0], now)

    def look_one(copy: Copy) -> None:
        message = desk.store.outbox.get(copy.message_id)
        if not replies.is_live(desk, message):
            return
        try:
            channel = replies.channel_of(desk, message)
            message = identified(desk, channel, message, now)
            keep(desk, copy, message, sight(desk, channel, copy, message, now), now)
            hear(desk, channel, message, now)
        except ChannelError as problem:
            log.warning("look_failed", message=message.key, problem=str(problem))
            row, sent_at = desk.bureau.afterwards, message.sent_at or now
            again = publisher.afterwards.look_again(sent_at, now, row.looks, row.again)
            desk.store.published.postpone(copy, again, now)

    return each("look", desk.store.published.due(now, BATCH), look_one)


def identified(desk: Desk, channel: Channel, message: Message, now: datetime) -> Message:
    """The message with the platform's name for it, asked for where the platform accepted it without telling."""
    if message.platform_id or not channel.abilities.read_back:
        return message
    receipt = channel.read_back(message)
    if receipt is None or not receipt.platform_id:
        return message
    desk.store.published.identify(message.id, receipt, now)
    return replace(message, platform_id=receipt.platform_id, platform_url=receipt.url)


def sight(desk: Desk, channel: Channel, copy: Copy, message: Message, now: datetime) -> Sighting:
    """What a look says; raises a ChannelError where the platform does not answer."""
    abilities, looks = channel.abilities, desk.bureau.afterwards.looks
    next_at = publisher.afterwards.next_look(message.sent_at or now, now, looks)
    if not abilities.look:
        again = next_at if abilities.responses or abilities.reach else None
        views = cast(After, channel).reach(message) if abilities.reach else None
        return replace(publisher.afterwards.not_seen(copy, again), views=views)
    seen = cast(After, channel).look(corrections.first(desk, message))
    message = enclosures.enclosed(desk, message)  # its captions stand on the page too
    return publisher.afterwards.judge(copy, message, seen, next_at)


def keep(desk: Desk, copy: Copy, message: Message, sighting: Sighting, now: datetime) -> None:
    """Keep what was seen; what a person must know goes out as a mail in the same transaction."""
    alarm = after_mail.of_copy(desk, message, copy, sighting) if sighting.note else None
    if desk.store.published.saw(copy, sighting, alarm, now) and alarm is not None:
        log.warning("published_message", message=message.key, state=sighting.state.value)


def hear(desk: Desk, channel: Channel, message: Message, now: datetime) -> int:
    """Keep what people wrote under a message: masked, with its mood, each once; returns how many are new."""
    if not channel.abilities.responses:
        return 0
    found = cast(After, channel).responses(corrections.first(desk, message))
    ours = [one.text for one in desk.store.outbox.listing(case_id=message.case_id)] if message.case_id else []
    others = publisher.afterwards.unheard(found, ours)
    news = desk.store.heard.news(message.id, others)
    limit, added = desk.bureau.afterwards.unhappy, 0
    if news:
        alarm = after_mail.of_takeover(desk, message, limit)
        added = desk.store.heard.add(message.id, judged(desk, news), limit, alarm, now)
    _break_circuit(desk, message, now)
    return added


def _break_circuit(desk: Desk, message: Message, now: datetime) -> None:
    """Where one text draws far more anger than others, nothing cheerful follows until a person has looked."""
    count = desk.store.heard.unhappy(message.id, now - DAY)
    if count < desk.bureau.afterwards.breaker:
        return
    what = after_mail.called(desk, message, 20)
    reason = f"{what}之下一天内有 {count} 条不满的评论，宣传类自动暂停"
    alarm = after_mail.of_breaker(desk, message, reason)
    if desk.store.switches.trip(corrections.first(desk, message).id, reason, alarm, now):
        log.warning("circuit_broken", message=message.key, unhappy=count)


def judged(desk: Desk, responses: list[Response]) -> list[tuple[Response, str]]:
    """Each response without personal data and with its mood."""
    verdicts = desk.reader.read([one.text for one in responses], [SourceKind.WEIBO] * len(responses))
    return [
        (replace(one, text=mask(one.text)), verdict.sentiment.value)
        for one, verdict in zip(responses, verdicts, strict=True)
    ]


def timelines(desk: Desk, now: datetime) -> int:
    """Read every account's own timeline now and then, and note how many follow it; returns how many were read."""
    desk.store.publishing.keep_followers(now)
    live = switches.is_live(desk)
    due = [one for one in desk.bureau.accounts if live and one.enabled and _is_due(desk, one.key, now)]
    return sum(_read_timeline(desk, account.key, now) for account in due)


def _is_due(desk: Desk, account: str, now: datetime) -> bool:
    until = desk.store.strays.read_until(account)
    return until is None or now >= until + desk.bureau.afterwards.between


def _read_timeline(desk: Desk, account: str, now: datetime) -> bool:
    until = desk.store.strays.read_until(account)
    try:
        channel = replies.open_account(desk, account)
        if not channel.abilities.recent:
            return False
        # What stood there before the first reading was there before this desk.
        since = until - desk.bureau.afterwards.overlap if until is not None else None
        found = cast(After, channel).recent(since) if since is not None else ()
    except ChannelError as problem:
        log.warning("timeline_not_read", account=account, problem=str(problem))
        return False
    for seen in found:
        _place(desk, account, seen, now)
    desk.store.strays.have_read(account, now, now)
    return True


def _place(desk: Desk, account: str, seen: Seen, now: datetime) -> None:
    """Say whose a text on the account is; one in doubt that is found this way is settled as sent."""
    ours = desk.store.strays.candidates(account, [seen.platform_id])
    message = publisher.afterwards.owner(seen, [enclosures.enclosed(desk, one) for one in ours])
    if message is None:
        alarm = after_mail.of_stray(desk, account, seen)
        if desk.store.strays.add(account, seen, alarm, now):
            log.warning("stray", account=account, platform_id=seen.platform_id)
        return
    note = "在账号时间线上见到，确认已发布"
    receipt = Receipt(platform_id=seen.platform_id, url=seen.url, at=seen.at, note=note)
    if message.state is MessageState.UNKNOWN:
        replies.write(desk, message, publisher.outbox.after_read_back(receipt, now), now)
    elif message.state is MessageState.SENT and not message.platform_id:
        desk.store.published.identify(message.id, receipt, now)
