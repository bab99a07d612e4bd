"""Works through a batch so that one bad item holds up nobody else; knows no step."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextlib import nullcontext
from itertools import islice
from typing import Protocol
from typing import TypeVar

import structlog

from huanyu.errors import StoreAway

log = structlog.get_logger()

BATCH = 200  # items of a turn, posts per transaction: a kill loses at most this much work, never a row
SHARE = 50  # items that share a transaction: other writers wait for so many, and no longer


class Numbered(Protocol):
    """Anything the store keeps under a number."""

    @property
    def id(self) -> int: ...


Item = TypeVar("Item", bound=Numbered)
Decided = TypeVar("Decided")
Together = Callable[[], AbstractContextManager[None]]


def each(
    step: str, items: Iterable[Item], work: Callable[[Item], object], together: Together | None = None
) -> int:
    """Do the work on every item; one that fails is logged and waits for the next turn. Returns how many were done.

    Raises StoreAway: then the rest waits, too.

    With `store.together` some items share a transaction, each under a savepoint of its own.
    """
    if together is None:
        return sum(_done(step, item, work, nullcontext) for item in items)
    done, left = 0, iter(items)
    while batch := list(islice(left, SHARE)):
        with together():
            done += sum(_done(step, item, work, together) for item in batch)
    return done


def at_once(
    step: str,
    items: Iterable[Item],
    decide: Callable[[Item], Decided | None],
    save: Callable[[Sequence[Decided]], int],
) -> int:
    """Decide on every item, then save all of it in one go; where that fails, one by one. Returns how many were saved.

    Whatever fails is logged and waits for the next turn.
    """
    decided: list[tuple[Item, Decided]] = []

    def think(item: Item) -> None:
        if (found := decide(item)) is not None:
            decided.append((item, found))

    each(step, items, think)
    if not decided:
        return 0
    try:
        return save([found for _, found in decided])
    except StoreAway:
        raise
    except Exception:
        log.exception("batch_failed", step=step, items=len(decided))
    saved = 0

    def save_one(item: Item) -> None:
        nonlocal saved
        saved += save([found for one, found in decided if one is item])

    each(step, [item for item, _ in decided], save_one)
    return saved


def _done(step: str, item: Item, work: Callable[[Item], object], alone: Together) -> bool:
    try:
        with alone():
            work(item)
    except StoreAway:
        raise
    except Exception:
        log.exception("item_failed", step=step, item=item.id)
        return False
    return True
