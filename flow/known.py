"""The matters that complaints are compared with, kept by a process from one batch to the next.

What has changed since, whoever changed it, is read anew before each use; two who ask at once do not share.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from threading import Lock
from typing import Final
from typing import TypeVar

from cases.candidates import Candidates
from cases.sameness import Complaint
from classify import similar
from huanyu.store import Store
from huanyu.types import OpenMatter
from huanyu.types import Verdict

MEMORY: Final = timedelta(days=90)  # how far back a new complaint may belong to an old case

Signed = TypeVar("Signed", Verdict, OpenMatter)


class Known:
    """What is known of matters while a batch is worked off."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watched = store.watch_matters()
        self._index = Candidates()

    def renew(self, now: datetime) -> None:
        """Take in what has changed; raises StoreAway."""
        found = self._watched.renew(now - MEMORY)
        self._index.drop(found.gone)
        for matter in found.changed:
            self._index.put(comparable(matter, matter.text))

    def near(self, one: Complaint) -> Sequence[OpenMatter]:
        """Every matter that may be the complaint's, by number."""
        return self._index.near(one)

    def learn(self, case_id: int) -> None:
        """Take in the matter that a complaint became or joined."""
        self._watched.forget(case_id)  # whoever wrote it may still take it back
        matter = self._store.cases.matter(case_id)
        self._index.put(comparable(matter, matter.text))


class Memory:
    """The one `Known` of a process, lent to one batch at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept = Known(store)
        self._lock = Lock()

    @contextmanager
    def of(self, now: datetime) -> Iterator[Known]:
        """What is known at `now`; while another thread has it, one that is read for this batch alone."""
        if not self._lock.acquire(blocking=False):  # waiting might be for whoever waits for our transaction
            found = Known(self._store)
            found.renew(now)
            yield found
            return
        try:
            self._kept.renew(now)
            yield self._kept
        except BaseException:
            self._kept = Known(self._store)  # it may have been left half renewed
            raise
        finally:
            self._lock.release()


def comparable(one: Signed, text: str) -> Signed:
    """With the signature of today: verdicts given before an upgrade keep theirs until they are given anew."""
    made = similar.current(one.signature, text)
    return one if made is one.signature else replace(one, signature=made)
