"""Works through a batch so that one bad item holds up nobody else; knows no step."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from typing import Protocol
from typing import TypeVar

import structlog

log = structlog.get_logger()

BATCH = 200  # items of a turn, posts per transaction: a kill loses at most this much work, never a row


class Numbered(Protocol):
    """Anything the store keeps under a number."""

    @property
    def id(self) -> int: ...


Item = TypeVar("Item", bound=Numbered)


def each(step: str, items: Iterable[Item], work: Callable[[Item], object]) -> int:
    """Do the work on every item; one that fails is logged and waits for the next turn. Returns how many were done."""
    done = 0
    for item in items:
        try:
            work(item)
        except Exception:
            log.exception("item_failed", step=step, item=item.id)
        else:
            done += 1
    return done
