"""What a look at a published message says: still there, another text, gone; whose a text on our account is.

Pure: values in, values out. Nothing here asks a platform, stores or looks at a clock.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Final

from huanyu.types import Copy
from huanyu.types import CopyState
from huanyu.types import Message
from huanyu.types import MessageState
from huanyu.types import Response
from huanyu.types import Seen
from huanyu.types import Sighting
from publisher.channels.wechat_article import captioned

C = CopyState

LABEL: Final[Mapping[str, str]] = MappingProxyType(
    {
        C.WAITING: "等待回看",
        C.LIVE: "在线",
        C.CHANGED: "内容被改",
        C.GONE: "已看不到",
        C.UNSEEN: "该平台不能回看",
        C.CORRECTED: "已更正",
        C.WITHDRAWN: "已撤回",
    }
)
#: States in which nobody looks any more: we changed or took it down ourselves.
SETTLED: Final = frozenset({C.CORRECTED, C.WITHDRAWN})
TROUBLE: Final = frozenset({C.CHANGED, C.GONE})
CLOCK_SKEW: Final = timedelta(minutes=10)  # between the platform's clock and ours
COMPARABLE: Final = 4_000_000  # characters of one text times those of the other
GIVE_UP: Final = timedelta(days=1)  # after the last look that was planned
_LINK: Final = re.compile(
    r"https?://[^\s\u4e00-\u9fff，。；！？（）]+|网页链接"
)  # Weibo shows a link as 网页链接
_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


def bare(text: str) -> str:
    """A text without what platforms rewrite by themselves: links, blanks, entities, widths of characters."""
    return _BLANK.sub("", _LINK.sub("", unicodedata.normalize("NFKC", html.unescape(text))))


def shows(shown: str, message: Message) -> bool:
    """Whether a platform shows what was sent, with or without its title and the captions of its pictures."""
    found, wanted = bare(shown), bare(message.text)
    for picture in message.pictures:
        told = bare(captioned(picture))
        if told not in wanted:
            found = found.replace(told, "", 1)
    return found in {wanted, bare(message.title) + wanted}


def next_look(sent_at: datetime, now: datetime, looks: Sequence[timedelta]) -> datetime | None:
    """When to look after `now`: what was missed while the desk stood still is one look, not many."""
    return next((sent_at + age for age in looks if sent_at + age > now), None)


def look_again(
    sent_at: datetime, now: datetime, looks: Sequence[timedelta], again: timedelta
) -> datetime | None:
    """When to look after a platform gave no answer; None once it is too late to matter."""
    return None if now > sent_at + looks[-1] + GIVE_UP else now + again


def not_seen(copy: Copy, next_at: datetime | None) -> Sighting:
    """The channel has no way to look: said so, once and for all."""
    return Sighting(state=C.UNSEEN, copy=copy.copy, found=copy.found, next_at=next_at)


def judge(copy: Copy, message: Message, seen: Seen | None, next_at: datetime | None) -> Sighting:
    """What one look says.

    The first look compares with what was sent, later ones also with what the platform first showed. What was
    never seen is waited for once: platforms show a new post with a delay.
    """
    if seen is None:
        return _missing(copy, next_at)
    same = shows(seen.text, message) or bool(copy.copy and bare(seen.text) == bare(copy.copy))
    state = C.LIVE if same else C.CHANGED
    news = state is C.CHANGED and (not copy.found or bare(seen.text) != bare(copy.found))
    return Sighting(
        state=state,
        copy=copy.copy or seen.text,
        found="" if same else seen.text,
        next_at=next_at,
        note=_note(copy, state) if news or (same and copy.state in TROUBLE) else "",
        comments=seen.comments,
        reposts=seen.reposts,
        views=seen.views,
    )


def owner(seen: Seen, messages: Iterable[Message]) -> Message | None:
    """The message of ours that this is: by the platform's name for it, else by text and time."""
    known = list(messages)
    by_name = [one for one in known if one.platform_id and one.platform_id == seen.platform_id]
    by_text = [one for one in known if _is_open(one) and _is_text_of(one, seen)]
    return next(iter([*by_name, *by_text]), None)


def unheard(responses: Iterable[Response], ours: Iterable[str]) -> list[Response]:
    """Responses that are somebody's, oldest first: without the desk's own in the same thread, without empty ones."""
    own = {bare(text) for text in ours}
    found = [one for one in responses if bare(one.text) and bare(one.text) not in own]
    return sorted(found, key=_written)


def differences(sent: str, found: str) -> list[tuple[str, bool]]:
    """What a platform shows, cut into pieces: each with whether it is not what was sent."""
    if len(sent) * len(found) > COMPARABLE:
        return [(found, False)]
    compared = SequenceMatcher(None, sent, found, autojunk=False)
    return [(found[b:e], tag != "equal") for tag, _, _, b, e in compared.get_opcodes() if e > b]


def _written(one: Response) -> tuple[float, int, str]:
    """Platforms tell whole seconds; their numbers grow."""
    return (one.at.timestamp() if one.at else 0.0, len(one.platform_id), one.platform_id)


def _is_open(message: Message) -> bool:
    """Whether the platform's name for a message may still be another: a publish_id becomes an article's."""
    return not message.platform_id or message.state in {MessageState.SENDING, MessageState.UNKNOWN}


def _is_text_of(message: Message, seen: Seen) -> bool:
    left = message.claimed_at or message.created_at  # what stood there before the call is not ours
    early = seen.at is not None and seen.at < left - CLOCK_SKEW
    return not early and shows(seen.text, message)


def _missing(copy: Copy, next_at: datetime | None) -> Sighting:
    first = copy.state is C.WAITING and not copy.checks
    state = C.WAITING if first else C.GONE
    told = "" if first or copy.state is C.GONE else _note(copy, C.GONE)
    return Sighting(state=state, copy=copy.copy, found="", next_at=next_at, note=told)


def _note(copy: Copy, state: CopyState) -> str:
    if state is C.LIVE:
        return "回看时又恢复为本局发布的内容"
    if state is C.CHANGED:
        return "回看发现平台上的内容与本局发布的不同"
    if not copy.copy:
        return "发布后两次回看都没有见到，请到平台核实"
    return "回看发现平台上已看不到，不是本系统撤下的"
