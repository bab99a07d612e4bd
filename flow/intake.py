"""Files that somebody hands in: hotline and platform exports, stored as posts with their reporters sealed apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from pathlib import Path

from crawler import import_columns
from crawler import import_values
from crawler import imports
from crawler.import_columns import Chosen
from crawler.imports import Column
from crawler.imports import Taken
from flow import permits
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.store.audit import SYSTEM
from huanyu.types import RawPost
from huanyu.types import Reject
from huanyu.types import User

BATCH = 500
SHOWN = 5  # posts of a preview
TOLD = 200  # rows whose mistakes are told one by one; all are kept
SETTING = "import_columns:"  #: + key of the source; JSON, field to headings


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's rows."""

    new: int
    seen: int
    rejects: tuple[Reject, ...]  #: the first of them
    bad: int = 0
    same: int = 0  #: of the new ones, how many show a page the desk knew from another source


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a file's rows, and how its columns are understood."""

    columns: tuple[Column, ...]
    posts: tuple[RawPost, ...]
    new: int
    seen: int
    same: int
    bad: int
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]


@dataclass
class Tally:
    """Counts of a preview while the rows go by."""

    posts: list[RawPost] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    new: int = 0
    seen: int = 0
    same: int = 0
    bad: int = 0


def choices(desk: Desk, source: SourceRow) -> dict[str, tuple[str, ...]]:
    """Which column means what for a source: what was saved, before what sources.toml says."""
    saved = desk.store.settings.get(SETTING + source.key)
    table = import_columns.chosen_of(source.columns)
    try:
        return table | {name: tuple(headings) for name, headings in json.loads(saved or "{}").items()}
    except (ValueError, TypeError, AttributeError):  # told by flow.settings_read
        return table


def save_choices(desk: Desk, source: SourceRow, chosen: Chosen, now: datetime, actor: str = SYSTEM) -> None:
    """Keep the mapping for the next file of this source."""
    told = {name: list(headings) for name, headings in sorted(chosen.items())}
    desk.store.settings.put(SETTING + source.key, json.dumps(told, ensure_ascii=False), now, actor=actor)


def hand_in(desk: Desk, user: User, path: Path, source: SourceRow, chosen: Chosen, now: datetime) -> Imported:
    """A person hands in a file."""
    permits.demand(user, "import")
    return import_file(desk, path, source, now, chosen, actor=user.name)


def import_file(
    desk: Desk,
    path: Path,
    source: SourceRow,
    now: datetime,
    chosen: Chosen | None = None,
    actor: str = SYSTEM,
    progress: Callable[[int], object] = int,
) -> Imported:
    """Store every row of a file, the unreadable ones as rejects; a second import of the file adds nothing."""
    chosen = choices(desk, source) if chosen is None else chosen
    new = seen = bad = same = 0
    told: list[Reject] = []
    for batch in batches(imports.records(path, source, now, chosen)):
        posts = [taken.item for taken in batch if isinstance(taken.item, RawPost)]
        rejects = [taken.item for taken in batch if isinstance(taken.item, Reject)]
        reporters = {
            taken.item.native_id: taken.reporter
            for taken in batch
            if isinstance(taken.item, RawPost) and taken.reporter
        }
        added = desk.store.posts.add(posts, now=now, actor=actor, reporters=reporters)
        desk.store.posts.add_rejects(rejects, now=now, actor=actor)
        new, bad = new + len(added.new), bad + len(rejects)
        seen += len(posts) - len(
            added.new
        )  # rows: one that stands in the file twice is there the second time
        same += desk.store.known.repeats(added.new)
        told += rejects[: TOLD - len(told)]
        progress(new + seen + bad)
    return Imported(new, seen, tuple(told), bad, same)


def preview(desk: Desk, path: Path, source: SourceRow, chosen: Chosen, now: datetime) -> Preview:
    """What an import would do; nothing is stored."""
    columns = imports.columns(path, chosen)
    tally, numbers = Tally(), set[str]()
    for batch in batches(imports.records(path, source, now, chosen)):
        posts = [taken.item for taken in batch if isinstance(taken.item, RawPost)]
        rejects = [taken.item for taken in batch if isinstance(taken.item, Reject)]
        count(desk, source, posts, tally, numbers)
        tally.posts += posts[: SHOWN - len(tally.posts)]
        tally.rejects += rejects[: TOLD - len(tally.rejects)]
        tally.bad += len(rejects)
    return Preview(
        tuple(columns),
        tuple(tally.posts),
        tally.new,
        tally.seen,
        tally.same,
        tally.bad,
        tuple(tally.rejects),
        tuple(notes(columns, chosen)),
    )


def count(desk: Desk, source: SourceRow, posts: list[RawPost], tally: Tally, numbers: set[str]) -> None:
    """Add a batch to the tally; `numbers` are those of the rows above."""
    known = desk.store.known.numbers(source.key, (post.native_id for post in posts))
    linked = desk.store.known.links(post.link for post in posts)
    for post in posts:
        again = post.native_id in known or post.native_id in numbers
        tally.seen += again
        tally.new += not again
        tally.same += not again and post.link in linked
        numbers.add(post.native_id)


def notes(columns: Iterable[Column], chosen: Chosen) -> Iterator[str]:
    """What a person should look at before importing."""
    columns = list(columns)
    there = {import_columns.squeezed(column.heading) for column in columns}
    gone = [name for names in chosen.values() for name in names if import_columns.squeezed(name) not in there]
    if gone:
        yield f"保存的对应关系里有这个文件没有的列: {'、'.join(gone)}，已按表头自动识别"
    if not any(column.field in {"posted_at", "learned_at"} for column in columns):
        yield "没有时间一列，导入时间将作为收到时间"
    for column in columns:
        if column.field == "native_id" and any(import_values.is_damaged(value) for value in column.samples):
            yield f"“{column.heading}”的长数字已被 Excel 改成科学计数或舍去末位，不能当编号用；导出时请把这一列存为文本"
        if column.field == "native_id" and all(
            value.isdecimal() and len(value) < 5 for value in column.samples
        ):
            yield f"“{column.heading}”像是每个文件都从 1 排起的序号；如果是，请改为“不用”，否则下一个文件会被当成已有的"


def headings_of(mapping: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """A choice per heading, as a form sends it, as headings per field."""
    found: dict[str, tuple[str, ...]] = {}
    for heading, name in mapping.items():
        found[name] = (*found.get(name, ()), heading)
    return found


def batches(items: Iterable[Taken]) -> Iterator[list[Taken]]:
    """Lists of at most BATCH items."""
    batch: list[Taken] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
