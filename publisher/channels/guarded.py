"""A channel behind its promise: whatever a platform answers, three kinds of error come out and nothing else.

Every channel reads answers with care; this is for the answer that nobody has thought of. Knows no platform.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from traceback import extract_tb
from typing import Protocol
from typing import cast

import structlog

from huanyu.errors import ChannelError
from huanyu.errors import Unavailable
from huanyu.errors import Unknown
from huanyu.types import Health
from huanyu.types import Message
from huanyu.types import Receipt
from huanyu.types import Response
from huanyu.types import Seen
from huanyu.types import Slip
from publisher.channels.contract import Abilities
from publisher.channels.contract import After
from publisher.channels.contract import ByHand
from publisher.channels.contract import Channel
from publisher.channels.contract import Limits

log = structlog.get_logger()


class _Whole(Channel, After, ByHand, Protocol):
    """Every verb there is."""


class GuardedChannel:
    """One account's channel; a verb it has not is never called."""

    def __init__(self, way: Channel, account: str) -> None:
        self._way = cast(_Whole, way)
        self._account = account

    @property
    def abilities(self) -> Abilities:
        """What the channel can do."""
        return self._way.abilities

    @property
    def limits(self) -> Limits:
        """What the platform takes."""
        return self._way.limits

    def send(self, message: Message) -> Receipt:
        """Publish once; an answer that makes no sense may mean that it is out."""
        with self._promised("send", Unknown):
            return self._way.send(message)

    def read_back(self, message: Message) -> Receipt | None:
        """The message as it stands on the platform."""
        with self._promised("read_back"):
            return self._way.read_back(message)

    def look(self, message: Message) -> Seen | None:
        """The published message as it stands now."""
        with self._promised("look"):
            return self._way.look(message)

    def amend(self, message: Message, text: str) -> Receipt:
        """Change the published text in place."""
        with self._promised("amend"):
            return self._way.amend(message, text)

    def withdraw(self, message: Message) -> Receipt:
        """Take the published message down."""
        with self._promised("withdraw"):
            return self._way.withdraw(message)

    def recent(self, since: datetime) -> Sequence[Seen]:
        """What the account published since then."""
        with self._promised("recent"):
            return list(self._way.recent(since))

    def responses(self, message: Message) -> Sequence[Response]:
        """What people wrote under the published message."""
        with self._promised("responses"):
            return list(self._way.responses(message))

    def reach(self, message: Message) -> int | None:
        """How often the published message was read."""
        with self._promised("reach"):
            return self._way.reach(message)

    def health(self, now: datetime) -> Health:
        """How the account is."""
        with self._promised("health"):
            return self._way.health(now)

    def slip(self, message: Message) -> Slip:
        """The text to copy and the page to open."""
        with self._promised("slip"):
            return self._way.slip(message)

    def posted(self, message: Message, url: str) -> Receipt:
        """The receipt of what a person posted."""
        with self._promised("posted"):
            return self._way.posted(message, url)

    @contextmanager
    def _promised(self, verb: str, kind: Callable[[str], ChannelError] = Unavailable) -> Iterator[None]:
        try:
            yield
        except ChannelError:
            raise
        except Exception as problem:  # the promise of this module: nothing else gets past it
            # Where, not with what: the values of a traceback are people's words and our tokens.
            frame = extract_tb(problem.__traceback__)[-1]
            where = f"{Path(frame.filename).name}:{frame.lineno}"
            log.error(
                "channel_broke", account=self._account, verb=verb, problem=type(problem).__name__, where=where
            )
            raise kind(f"平台的应答读不懂（{type(problem).__name__}）") from problem
