"""How a message will look where it goes: the parts of a Weibo card, a WeChat article, a Telegram post, a page.

Values for a template; the text is cut where the checks found something, never changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from huanyu.bureau import AccountRow
from huanyu.types import Case
from huanyu.types import Finding
from huanyu.types import Message
from huanyu.types import Post
from publisher.channels import weibo

FORMS = {"weibo": "weibo", "wechat": "wechat", "telegram": "telegram", "site": "page", "discuz": "floor"}
_TOPIC = re.compile(r"#[^#\s]{1,40}#|@[\w\u4e00-\u9fff-]{2,30}|https?://[^\s，。；、）]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text: what the checks say of it, and whether the platform shows it as a link."""

    text: str
    reason: str = ""
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """One message as its platform shows it."""

    form: str  #: weibo | wechat | telegram | page | floor | plain
    name: str  #: of the account
    paragraphs: tuple[tuple[Piece, ...], ...]
    length: int  #: in the platform's own unit
    limit: int  #: 0 = none

    @property
    def is_too_long(self) -> bool:
        return bool(self.limit) and self.length > self.limit


@dataclass(frozen=True, slots=True)
class Parent:
    """The post that is answered."""

    native_id: str
    author: str
    text: str
    url: str
    is_known: bool  #: whether we have read it ourselves


def preview(message: Message, account: AccountRow | None, findings: Sequence[Finding]) -> Preview:
    """The message as it will stand on its platform."""
    on_weibo = message.channel == "weibo"
    return Preview(
        form=FORMS.get(message.channel, "plain"),
        name=account.name if account else message.recipient or message.account,
        paragraphs=tuple(_paragraphs(pieces(message.text, findings))),
        length=weibo.length(message.text) if on_weibo else len(message.text),
        limit=weibo.LIMITS.length if on_weibo else 0,
    )


def parent(message: Message, case: Case | None, posts: Sequence[Post]) -> Parent | None:
    """The post under which the message will stand; None where it stands by itself."""
    if not message.reply_to:
        return None
    found = next((post for post in posts if post.native_id == message.reply_to), None)
    if found is not None:
        return Parent(message.reply_to, found.author, found.text, found.url, True)
    if case is not None and case.first_native_id == message.reply_to:
        return Parent(message.reply_to, case.first_author, case.first_text, case.first_url, True)
    return Parent(message.reply_to, "", "", "", False)


def pieces(text: str, findings: Sequence[Finding]) -> list[Piece]:
    """The text cut where the checks found something and where a platform makes links."""
    cut, last = [], 0
    for finding in sorted(findings, key=lambda one: one.start):
        if finding.start >= last:
            cut += [
                *_linked(text[last : finding.start]),
                Piece(text[finding.start : finding.end], finding.reason),
            ]
            last = finding.end
    return [piece for piece in (*cut, *_linked(text[last:])) if piece.text]


def _linked(text: str) -> list[Piece]:
    cut, last = [], 0
    for match in _TOPIC.finditer(text):
        cut += [Piece(text[last : match.start()]), Piece(match.group(), is_link=True)]
        last = match.end()
    return [*cut, Piece(text[last:])]


def _paragraphs(cut: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """The pieces by line; a piece that runs over a line's end is cut there."""
    lines: list[list[Piece]] = [[]]
    for piece in cut:
        first, *rest = piece.text.split("\n")
        lines[-1].append(Piece(first, piece.reason, piece.is_link))
        lines += [[Piece(line, piece.reason, piece.is_link)] for line in rest]
    return [
        tuple(piece for piece in line if piece.text) for line in lines if any(piece.text for piece in line)
    ]
