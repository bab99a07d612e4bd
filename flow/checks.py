"""The checks an outgoing text must pass, with the record's own names and the bureau's lists handed in."""

from __future__ import annotations

from publisher.checks import check

from flow.desk import Desk
from huanyu.bureau import Bureau
from huanyu.types import Finding
from huanyu.types import Message


def findings_of(desk: Desk, message: Message) -> tuple[Finding, ...]:
    """What stands against sending this message as it is."""
    return check(
        message.text, desk.bureau.words, allow_phones=phones_of(desk.bureau), names=names_of(desk, message)
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
