"""Rows of other platforms' exports, hotline lists and message boards as posts.

A broken row becomes a reject with its place and reason, the rest goes on. A reporter's identity never enters a post,
its raw payload or a reject's meta: it stands apart in `Taken` for the one encrypted table.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from typing import Protocol

from crawler import import_values
from crawler import links
from crawler.import_columns import ASIDE
from crawler.import_columns import COLUMNS
from crawler.import_columns import IDENTITY
from crawler.import_columns import Chosen
from crawler.import_columns import Meaning
from crawler.import_columns import names_a_person
from crawler.import_columns import present
from crawler.import_files import tables
from crawler.import_table import Row
from crawler.import_table import Table
from crawler.import_table import packed
from crawler.import_table import unpacked
from crawler.markup import tidy
from huanyu.bureau import SourceRow
from huanyu.errors import BadInput
from huanyu.types import RawPost
from huanyu.types import Reject

CALLBACK = "import"  #: what a reject of ours is read again by
LONGEST = 50_000  # characters of one text; an Excel cell holds 32,767
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """One record: the post it makes, or why it makes none, and apart from both who reported it."""

    item: RawPost | Reject
    reporter: str = ""  #: JSON object, heading to value, for `posts.add(reporters=…)`


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is understood, with a few of its values."""

    heading: str
    field: str  #: key of FIELDS, "" = kept aside
    samples: tuple[str, ...]  #: none where the column names reporters


class Kept(Protocol):
    """What `again` needs of a reject, stored or not."""

    @property
    def where(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def payload(self) -> bytes: ...
    @property
    def meta(self) -> dict[str, Any]: ...


def read(
    path: Path, source: SourceRow, now: datetime, chosen: Chosen | None = None
) -> Iterator[RawPost | Reject]:
    """Every record of an export as a post or a reject; see `records`."""
    return (taken.item for taken in records(path, source, now, chosen))


def records(path: Path, source: SourceRow, now: datetime, chosen: Chosen | None = None) -> Iterator[Taken]:
    """Every record of an export with its reporter apart.

    Raises `BadInput` when the file as a whole cannot be read: no column for the text, an unknown ending, too large.
    """
    chosen = chosen or {}
    refused: list[Table] = []
    pages: dict[str, str] = {}
    some = False
    for table in tables(path, Meaning(chosen)):
        meaning = Meaning(present(chosen, table.head))
        if not tells(table.head, meaning):
            refused.append(table)
            continue
        some = True
        for row in table.rows:
            yield own_page(take(path.name, row, source, meaning, now), pages)
    if not some:
        raise BadInput(no_text(path, refused))


def own_page(taken: Taken, pages: dict[str, str]) -> Taken:
    """Without the link where other rows of the file have it too: comments listed under their thread's address."""
    item = taken.item
    if (
        isinstance(item, Reject)
        or not item.link
        or pages.setdefault(item.link, item.native_id) == item.native_id
    ):
        return taken
    return replace(taken, item=replace(item, link=""))


def columns(path: Path, chosen: Chosen | None = None) -> list[Column]:
    """How the columns of a file are understood, those of all its sheets in one list."""
    chosen = chosen or {}
    found: dict[str, Column] = {}
    for table in tables(path, Meaning(chosen)):
        meaning = Meaning(present(chosen, table.head))
        rows = list(islice(table.rows, 50))
        for heading in table.head:
            field = meaning.of(heading)[0]
            values = dict.fromkeys(row.cells[heading] for row in rows if row.cells.get(heading, "").strip())
            open_values = [value for value in values if not hidden(heading, value, meaning)]
            samples = () if field == IDENTITY else tuple(islice(open_values, SAMPLES))
            found.setdefault(heading, Column(heading, field, samples))
    return list(found.values())


def again(reject: Kept, source: SourceRow, columns: Chosen, now: datetime) -> RawPost | Reject:
    """Read a kept row once more, by other columns or with the values in its meta put right."""
    name, _, place = reject.where.partition(" ")
    cells = unpacked(reject.payload) | {str(key): str(value) for key, value in reject.meta.items()}
    row = Row(place, "", cells)
    if not cells:
        row = Row(place, reject.payload.decode("utf-8", "replace"), {}, reject.reason)
    return take(name, row, source, Meaning(present(columns, tuple(cells))), now).item


def reporter(reject: Kept, columns: Chosen) -> str:
    """Who reported a kept row, as `posts.add(reporters=…)` takes it; "" where nobody is named."""
    cells = unpacked(reject.payload)
    return named(cells, Meaning(present(columns, tuple(cells))))


def tells(head: Sequence[str], meaning: Meaning) -> bool:
    """Whether there is a column for what was said."""
    return any(meaning.of(heading)[0] in {"text", "title"} for heading in head)


def no_text(path: Path, refused: Sequence[Table]) -> str:
    if not refused:
        return f"{path.name} 第 1 行: 表头里没有内容列, 文件是空的"
    if not refused[0].head:
        return f"{path.name}: 一条完整的记录也没有读到, 文件不完整, 或者不是 {path.suffix[1:].upper()} 文件"
    there = "、".join(refused[0].head)
    return (
        f"{path.name} {refused[0].place}: 表头里没有内容列 (可用: {'、'.join(COLUMNS['text'][:8])})。"
        f"表头是: {there}。请指明哪一列是内容"
    )


def take(name: str, row: Row, source: SourceRow, meaning: Meaning, now: datetime) -> Taken:
    """One row of the file called `name`."""
    if row.problem:
        return Taken(rejected(name, row, source, meaning, row.problem, now))
    try:
        return Taken(post(row, source, meaning, now), named(row.cells, meaning))
    except BadInput as problem:
        return Taken(rejected(name, row, source, meaning, str(problem), now))


def post(row: Row, source: SourceRow, meaning: Meaning, now: datetime) -> RawPost:
    """The post in a row; raises BadInput that says which cell is wrong."""
    told = fields(row, meaning)
    title = tidy(told.get("title", ""))
    text = tidy(told.get("text", "")) or title
    if not text:
        raise BadInput("内容为空")
    if len(text) > LONGEST:
        raise BadInput(f"内容有 {len(text)} 字, 最多 {LONGEST} 字")
    when = import_values.moment(told.get("posted_at", ""), now)
    received = import_values.moment(told.get("learned_at", ""), now)
    event = import_values.happened(told.get("event_at", ""), text, when, now)
    return RawPost(
        source=source.key,
        kind=import_values.kind(told.get("kind", ""), source.kind),
        native_id=import_values.native_id(told),
        url=told.get("url", ""),
        link=links.canonical(told.get("url", "")),
        title=title if title != text else "",
        text=text,
        author=told.get("author", ""),
        posted_at=when[0] if when else None,
        year_inferred=when[1] if when else False,
        event_at=event[0],
        event_words=event[1],
        region=told.get("region", ""),
        ordered_to=tidy(told.get("ordered_to", "")),
        likes=import_values.whole(told, "likes"),
        reposts=import_values.whole(told, "reposts"),
        comments=import_values.whole(told, "comments"),
        views=import_values.whole(told, "views"),
        fetched_at=now,
        learned_at=min(received[0], now) if received else None,
        raw=packed(visible(row.cells, meaning)).encode(),
        raw_type="application/json",
    )


def fields(row: Row, meaning: Meaning) -> dict[str, str]:
    """Cells by the field they mean; of several for one field the best that is not empty, or all where a person said so."""
    found: dict[str, list[tuple[int, str]]] = {}
    for heading, value in row.cells.items():
        field, rank = meaning.of(heading)
        if value.strip() and field not in {ASIDE, IDENTITY}:
            found.setdefault(field, []).append((rank, value.strip()))
    best = {
        field: [value for _, value in sorted(values, key=lambda one: one[0])]
        for field, values in found.items()
    }
    told = {field: values[0] for field, values in best.items()}
    if "text" in meaning.settled and "text" in best:
        told["text"] = "\n".join(best["text"])
    if "posted_at" in best:
        told["posted_at"] = import_values.day_and_clock(best["posted_at"])
    return told


def visible(cells: Mapping[str, str], meaning: Meaning) -> dict[str, str]:
    """The cells without those that tell who reported."""
    return {name: value for name, value in cells.items() if not hidden(name, value, meaning)}


def hidden(name: str, value: str, meaning: Meaning) -> bool:
    """Whether a cell tells who reported; in a row that has slipped sideways it stands under another heading."""
    field = meaning.of(name)[0]
    return field == IDENTITY or (field != "native_id" and names_a_person(value))


def named(cells: Mapping[str, str], meaning: Meaning) -> str:
    """Who reported, as JSON; "" where nobody is named."""
    told = {name: value for name, value in cells.items() if value.strip() and hidden(name, value, meaning)}
    return packed(told) if told else ""


def rejected(name: str, row: Row, source: SourceRow, meaning: Meaning, reason: str, now: datetime) -> Reject:
    """A row that makes no post: all of it in the payload, which is sealed, and what may be shown in the meta."""
    return Reject(
        source=source.key,
        where=f"{name} {row.place}",
        reason=reason,
        payload=(packed(row.cells) if row.cells else row.text).encode("utf-8", "replace"),
        at=now,
        callback=CALLBACK,
        meta=dict(visible(row.cells, meaning)),
    )
