"""What every channel promises: send once, say one of three kinds of failure, read back where the platform can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from huanyu.types import Message
from huanyu.types import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform takes."""

    length: int  #: in the platform's own unit; 0 = no limit
    per_minute: int  #: messages; 0 = no limit known
    source: str  #: where the figures are from


class Channel(Protocol):
    """A way out for one account."""

    @property
    def can_read_back(self) -> bool:
        """Whether `read_back` can find what was published."""
        ...

    @property
    def limits(self) -> Limits:
        """What the platform takes."""
        ...

    def send(self, message: Message) -> Receipt:
        """Publish once and return the platform's word for it.

        Raises only Refused (never again by itself), Unavailable (nothing was accepted) or Unknown.
        """
        ...

    def read_back(self, message: Message) -> Receipt | None:
        """The message as it stands on the platform, None where it cannot be seen.

        Raises a ChannelError where the platform cannot be read; that says nothing about the message.
        """
        ...
