"""What every channel promises: send once, say one of three kinds of failure, read back where the platform can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from huanyu.types import Health
from huanyu.types import Message
from huanyu.types import Receipt
from huanyu.types import Response
from huanyu.types import Seen
from huanyu.types import Slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform takes."""

    length: int  #: in the platform's own unit; 0 = no limit
    per_minute: int  #: messages; 0 = no limit known
    source: str  #: where the figures are from


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a channel can do beyond sending; a verb it has not is never called."""

    read_back: bool = False  #: `read_back` finds what was published
    idempotent: bool = False  #: sending the same key twice publishes once
    look: bool = False  #: `look` shows a published message as it stands
    amend: bool = False  #: a published text can be changed in place
    withdraw: bool = False  #: what is published can be taken down
    recent: bool = False  #: `recent` lists what the account published
    responses: bool = False  #: `responses` lists what people wrote under a message
    reach: bool = False  #: `reach` tells how often a message was read
    health: bool = False  #: `health` asks the platform how the account is
    pictures: int = 0  #: how many go along with one message
    by_hand: bool = False  #: no program may post there: `slip` instead of `send`, `posted` when a person has


class Channel(Protocol):
    """A way out for one account.

    Every verb but `send` is called only where `abilities` has it. Each raises only Refused, Unavailable or Unknown.
    One that is `by_hand` has ByHand's verbs too, and its `send` always refuses.
    """

    @property
    def abilities(self) -> Abilities:
        """What the channel can do."""
        ...

    @property
    def limits(self) -> Limits:
        """What the platform takes."""
        ...

    def send(self, message: Message) -> Receipt:
        """Publish once and return the platform's word for it.

        Refused: never again by itself. Unavailable: nothing was accepted. Unknown: may be out; its `platform_id`
        carries what the platform called it where that is known (a publish_id), for `read_back`.
        """
        ...

    def read_back(self, message: Message) -> Receipt | None:
        """The message as it stands on the platform, None where it cannot be seen.

        Refused: the platform says that it will never be out. Other errors say nothing about the message.
        """
        ...


class After(Protocol):
    """What some channels can do once a message is out."""

    def look(self, message: Message) -> Seen | None:
        """The published message as it stands now; None when it is not there any more."""
        ...

    def amend(self, message: Message, text: str) -> Receipt:
        """Change the published text in place."""
        ...

    def withdraw(self, message: Message) -> Receipt:
        """Take the published message down; once it is not there any more, again does nothing."""
        ...

    def recent(self, since: datetime) -> Sequence[Seen]:
        """What the account published since then, whoever wrote it."""
        ...

    def responses(self, message: Message) -> Sequence[Response]:
        """What people wrote under the published message."""
        ...

    def reach(self, message: Message) -> int | None:
        """How often the published message was read, as far as is known; None where nothing is."""
        ...

    def health(self, now: datetime) -> Health:
        """How the account is."""
        ...


class ByHand(Protocol):
    """A platform that only a person may post to: no log-in of ours, no automated posting (ADR 0014)."""

    def slip(self, message: Message) -> Slip:
        """The text to copy and the page to open; raises Refused where it cannot be posted as it is."""
        ...

    def posted(self, message: Message, url: str) -> Receipt:
        """The receipt of what a person posted; raises Refused for an address that cannot be that post's."""
        ...
