"""Files that somebody hands in: hotline and platform exports, stored as posts with their reporters sealed apart."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler import imports
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.types import RawPost
from huanyu.types import Reject

BATCH = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows."""

    new: int
    seen: int
    rejects: tuple[Reject, ...]


def import_file(desk: Desk, path: Path, source: SourceRow, now: datetime) -> Imported:
    """Store every row of a file, the unreadable ones as rejects; a second import of the file adds nothing."""
    reporters = {one.native_id: one.identity for one in imports.reporters(path)}
    new = seen = 0
    rejects: list[Reject] = []
    for batch in batches(imports.read(path, source, now)):
        posts = [item for item in batch if isinstance(item, RawPost)]
        bad = [item for item in batch if isinstance(item, Reject)]
        added = desk.store.posts.add(posts, now=now, reporters=reporters)
        desk.store.posts.add_rejects(bad, now=now)
        new, seen = new + len(added.new), seen + added.seen
        rejects += bad
    return Imported(new, seen, tuple(rejects))


def batches(items: Iterable[RawPost | Reject]) -> Iterator[list[RawPost | Reject]]:
    """Lists of at most BATCH items."""
    batch: list[RawPost | Reject] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
