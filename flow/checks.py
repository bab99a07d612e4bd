"""The checks an outgoing text must pass, with the record's own names and the bureau's lists handed in."""

from __future__ import annotations

import json
import re
from datetime import datetime

from flow.desk import Desk
from huanyu.bureau import Bureau
from huanyu.types import Message
from publisher.checks import Checked
from publisher.checks import check_message

_NAME = re.compile(r"[\u4e00-\u9fff·]{2,6}")


def checked(desk: Desk, message: Message) -> Checked:
    """What stands against sending this message as it is, in its title and in its text."""
    return _checked(desk, message, names_of(desk, message))


def checked_for_release(desk: Desk, message: Message, now: datetime) -> Checked:
    """The same at the last gate, where the sealed names of reporters are held against the text too; the look is logged."""
    return _checked(desk, message, (*names_of(desk, message), *sealed_names(desk, message, now)))


def _checked(desk: Desk, message: Message, names: tuple[str, ...]) -> Checked:
    bureau = desk.bureau
    return check_message(
        message.title, message.text, bureau.words, allow_phones=phones_of(bureau), names=names
    )


def phones_of(bureau: Bureau) -> tuple[str, ...]:
    """Telephones that may be printed: the bureau's and its units'."""
    row = bureau.bureau
    return tuple(filter(None, (row.phone, row.hotline, *(unit.phone for unit in bureau.units))))


def names_of(desk: Desk, message: Message) -> tuple[str, ...]:
    """Names that must not appear: authors of the posts this case grew from."""
    if message.case_id is None:
        return ()
    return tuple({post.author for post in desk.store.cases.posts(message.case_id) if post.author})


def sealed_names(desk: Desk, message: Message, now: datetime) -> tuple[str, ...]:
    """Names in the sealed identities of a case's reporters."""
    if message.case_id is None or not desk.store.people.has_reporter(message.case_id):
        return ()
    told = desk.store.people.read_reporter(message.case_id, actor="系统", reason="发布前核查", now=now)
    values = [str(value) for identity in told for value in json.loads(identity).values()]
    return tuple({value for value in values if _NAME.fullmatch(value)})
