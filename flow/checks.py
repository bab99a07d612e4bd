"""The checks an outgoing text must pass, with the record's own names and the bureau's lists handed in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

from flow import recording
from flow.desk import Desk
from huanyu.bureau import Bureau
from huanyu.clock import local
from huanyu.types import Finding
from huanyu.types import Message
from publisher import facts
from publisher import likeness
from publisher import locks
from publisher import picture_checks
from publisher import scope
from publisher.checks import Checked
from publisher.checks import check_message

_NAME = re.compile(r"[\u4e00-\u9fff·]{2,6}")
COMPARED = 300  # replies of other cases that a reply is held against, newest first
REPEATING = frozenset({"accepted", "forwarded", "correction", "withdrawal"})  # stages whose texts are alike


def checked(desk: Desk, message: Message) -> Checked:
    """What stands against sending this message as it is, in its title, in its text and in its pictures."""
    return _checked(desk, message, names_of(desk, message))


def checked_for_release(desk: Desk, message: Message, now: datetime) -> Checked:
    """The same at the last gate, where the sealed names of reporters are held against the text too; the look is logged."""
    return _checked(desk, message, (*names_of(desk, message), *sealed_names(desk, message, now)))


def _checked(desk: Desk, message: Message, names: tuple[str, ...]) -> Checked:
    bureau, phones = desk.bureau, phones_of(desk.bureau)
    found = check_message(
        message.title,
        message.text,
        bureau.words,
        allow_phones=phones,
        names=names,
        thread_author=_greeted(desk, message),
        day=local(max(message.created_at, message.due_at)).date(),
    )
    pictures = message.pictures or desk.store.composing.pictures(message.id)
    return replace(
        found,
        text=tuple(
            sorted((*found.text, *_beyond_words(desk, message)), key=lambda one: (one.start, one.end))
        ),
        pictures=picture_checks.problems(pictures, bureau.words, phones, names),
    )


def _beyond_words(desk: Desk, message: Message) -> tuple[Finding, ...]:
    """What only the record, the other replies or the account's own duties can say of a text."""
    press = message.purpose == "press" and message.content_class != "incident"
    record = recording.locked(desk, message)
    return (
        *(locks.not_in_record(message.text, record) if record else ()),
        *_copied(desk, message),
        *scope.problems(
            message.text,
            desk.bureau.words,
            press=press,
            generated=message.generated,
            signed=desk.bureau.bureau.name,
        ),
    )


def _copied(desk: Desk, message: Message) -> tuple[Finding, ...]:
    """The other case whose reply this is, where it is one."""
    if message.purpose != "reply" or message.case_id is None or message.stage in REPEATING:
        return ()
    recent = desk.store.outbox.listing(purpose="reply", limit=COMPARED, newest=True)
    others = [
        (str(one.case_id), one.text)
        for one in recent
        if one.case_id != message.case_id and one.stage not in REPEATING and one.channel == message.channel
    ]
    names = (desk.bureau.bureau.name, *(unit.name for unit in desk.bureau.units))
    like = likeness.nearest(message.text, others, facts.sentences(), names)
    if like is None:
        return ()
    return (likeness.copied(message.text, like, desk.store.cases.get(int(like.key)).number),)


def _greeted(desk: Desk, message: Message) -> str:
    """Who may be greeted with an "@": whoever wrote the post this is a reply to."""
    if message.case_id is None or not message.reply_to:
        return ""
    posts = desk.store.cases.posts(message.case_id)
    return next((post.author for post in posts if post.native_id == message.reply_to), "")


def phones_of(bureau: Bureau) -> tuple[str, ...]:
    """Telephones that may be printed: the bureau's and its units'."""
    row = bureau.bureau
    return tuple(filter(None, (row.phone, row.hotline, *(unit.phone for unit in bureau.units))))


def names_of(desk: Desk, message: Message) -> tuple[str, ...]:
    """Names that must not appear: authors of the posts this case grew from."""
    return () if message.case_id is None else authors_of(desk, message.case_id)


def authors_of(desk: Desk, case_id: int) -> tuple[str, ...]:
    """Names under which the posts of a case were written."""
    return tuple({post.author for post in desk.store.cases.posts(case_id) if post.author})


def sealed_names(desk: Desk, message: Message, now: datetime) -> tuple[str, ...]:
    """Names in the sealed identities of a case's reporters."""
    return () if message.case_id is None else sealed_of(desk, message.case_id, "发布前核查", now)


def sealed_of(desk: Desk, case_id: int, reason: str, now: datetime) -> tuple[str, ...]:
    """Names in the sealed identities of a case's reporters; the look is logged with its reason."""
    if not desk.store.people.has_reporter(case_id):
        return ()
    told = desk.store.people.read_reporter(case_id, actor="系统", reason=reason, now=now)
    values = [str(value) for identity in told for value in json.loads(identity).values()]
    return tuple({value for value in values if _NAME.fullmatch(value)})
