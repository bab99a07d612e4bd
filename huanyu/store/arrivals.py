"""What happens when a batch of raw posts arrives: new ones are stored, known ones brought up to date.

Inside the caller's transaction. A post is known by its identity, whichever source found it, or else by its source
and the platform's id there.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import tuple_
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from huanyu import pictures
from huanyu.store import evidence
from huanyu.store import grams
from huanyu.store import sameness
from huanyu.store.columns import clean
from huanyu.store.many import put_new
from huanyu.store.nouns import Added
from huanyu.store.rows import chunks
from huanyu.store.tables import payloads
from huanyu.store.tables import post_versions
from huanyu.store.tables import posts
from huanyu.store.tables import sightings
from huanyu.store.tables import verdicts
from huanyu.text import normalise
from huanyu.types import RawPost

Key = tuple[str, str]
Row = RowMapping | dict[str, Any]

RAW_MOST = 2_000_000  # bytes of one payload that are kept; its hash is of all of it
COUNTERS = ("likes", "reposts", "comments", "views")
LATER = ("link", "event_at", "event_words", "posted_at")  #: told by one source, perhaps, and not by the first
CUT, MORE = "….。 ", "全文"  #: how a list cuts a text off
_PLAIN = tuple(
    field.name for field in fields(RawPost) if field.name in posts.c and field.name not in {"title", "text"}
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a batch, and the rows written to."""

    added: Added
    posts: list[int]
    pictures: list[int]  #: asked for, of posts whose other pictures were asked for before


def add(tx: Connection, raws: Sequence[RawPost], now: datetime) -> Arrived:
    """Store the batch."""
    first = _first_of_each(raws)
    new = _insert(tx, first, now)
    _insert_payloads(tx, [(new[name], raw) for name, raw in first.items() if name in new])
    again = [raw for raw in raws if not (_identity(raw) in new and first[_identity(raw)] is raw)]
    refreshed = _Refreshed(tx, now)
    for batch in chunks(sorted(again, key=lambda raw: (_identity(raw), raw.fetched_at))):
        refreshed.take(batch)
    met = [(new[name], raw) for name, raw in first.items() if name in new] + refreshed.met
    first_seen = _insert_sightings(tx, met)
    same = sameness.by_link(tx, sorted({*new.values(), *refreshed.linked}))
    seen = len({post_id for post_id, _ in refreshed.met} - set(new.values()))
    ids = tuple(sorted(new.values()))
    added = Added(new=ids, seen=seen, changed=len(refreshed.changed), first_seen=len(first_seen))
    return Arrived(added, sorted({*ids, *refreshed.touched, *first_seen, *same}), refreshed.pictures)


def _identity(raw: RawPost) -> str:
    return clean(raw.identity or f"{raw.source}/{raw.native_id}")


def _key(raw: RawPost) -> Key:
    return clean(raw.source), clean(raw.native_id)


def _first_of_each(raws: Iterable[RawPost]) -> dict[str, RawPost]:
    """The first raw of each post, in order of names: two writers then lock the same rows in the same order."""
    found: dict[str, RawPost] = {}
    for raw in raws:
        found.setdefault(_identity(raw), raw)
    return dict(sorted(found.items()))


def _values(raw: RawPost, now: datetime) -> dict[str, Any]:
    return {name: getattr(raw, name) for name in _PLAIN} | {
        "title": normalise(raw.title),
        "text": normalise(raw.text),
        "identity": _identity(raw),
        "said_at": raw.posted_at or raw.fetched_at,
        "seen_at": raw.fetched_at,
        "stored_at": now,
    }


def _insert(tx: Connection, raws: dict[str, RawPost], now: datetime) -> dict[str, int]:
    """Insert what is not there yet; returns the ids given."""
    values = [_values(raw, now) for raw in raws.values()]
    new = {row["identity"]: row["id"] for row in put_new(tx, posts, values, posts.c.id, posts.c.identity)}
    grams.put(tx, [(new[one["identity"]], one) for one in values if one["identity"] in new])
    return new


def _insert_payloads(tx: Connection, pairs: Iterable[tuple[int, RawPost]]) -> None:
    values = [
        {
            "post_id": post_id,
            "at": raw.fetched_at,
            "media": raw.raw_type,
            "body": zlib.compress(raw.raw[:RAW_MOST]),
            "sha256": hashlib.sha256(raw.raw).hexdigest(),
        }
        for post_id, raw in pairs
        if raw.raw
    ]
    if values:
        tx.execute(insert(payloads), values)


def _insert_sightings(tx: Connection, met: Iterable[tuple[int, RawPost]]) -> set[int]:
    """Note which source showed which post; returns the posts that their source had not shown before."""
    first: dict[tuple[int, str], RawPost] = {}
    for post_id, raw in met:
        first.setdefault((post_id, clean(raw.source)), raw)
    fresh: set[int] = set()
    for batch in chunks(sorted(first)):
        known = select(sightings.c.post_id, sightings.c.source).where(
            sightings.c.post_id.in_({one for one, _ in batch}),  # by pairs alone SQLite reads all
            tuple_(sightings.c.post_id, sightings.c.source).in_(batch),
        )
        missing = sorted(set(batch) - {(row.post_id, row.source) for row in tx.execute(known)})
        rows = [
            {"post_id": post_id, "source": source, "at": first[post_id, source].fetched_at}
            for post_id, source in missing
        ]
        fresh |= {row["post_id"] for row in put_new(tx, sightings, rows, sightings.c.post_id)}
    return fresh


class _Refreshed:
    """Posts that were known, brought up to date."""

    def __init__(self, tx: Connection, now: datetime) -> None:
        self._tx = tx
        self._now = now
        self.met: list[tuple[int, RawPost]] = []
        self.touched: set[int] = set()
        self.changed: set[int] = set()
        self.linked: set[int] = set()  #: whose page was told only now
        self.pictures: list[int] = []

    def take(self, raws: Sequence[RawPost]) -> None:
        rows = _Rows(self._tx, raws)
        for raw in raws:
            row = rows.of(raw)
            self.met.append((row["id"], raw))
            news = _news(row, raw)
            if "text" in news and _told_before(self._tx, row, news["text"]):
                del news["text"]
            if news:
                rows.replace(row, self._apply(row, raw, news))

    def _apply(self, row: Row, raw: RawPost, news: dict[str, Any]) -> dict[str, Any]:
        """Write the news; returns what was written."""
        news = _write(self._tx, row["id"], news)
        grams.change(self._tx, row["id"], row, news)
        self.touched.add(row["id"])
        if "link" in news:
            self.linked.add(row["id"])
        if "images" in news:
            self.pictures += evidence.want_more(self._tx, row["id"], news["images"], self._now)
        if "text" in news:
            self.changed.add(row["id"])
            self._tx.execute(
                insert(post_versions).values(post_id=row["id"], at=raw.fetched_at, text=row["text"])
            )
            _insert_payloads(self._tx, [(row["id"], raw)])
            _judge_again(self._tx, row["id"])
        return news


class _Rows:
    """The rows of known posts, locked in the order of their names."""

    def __init__(self, tx: Connection, raws: Sequence[RawPost]) -> None:
        self._by_id: dict[int, Row] = {}
        self._names: dict[str, int] = {}
        self._keys: dict[Key, int] = {}
        self._load(tx, posts.c.identity.in_({_identity(raw) for raw in raws}))
        if rest := {_key(raw) for raw in raws if _identity(raw) not in self._names}:
            self._load(tx, tuple_(posts.c.source, posts.c.native_id).in_(rest))

    def _load(self, tx: Connection, condition: ColumnElement[bool]) -> None:
        # Against whoever writes to them, not against whoever makes cases of them: fifty of these share a transaction.
        query = select(posts).where(condition).order_by(posts.c.identity).with_for_update(key_share=True)
        for row in tx.execute(query).mappings():
            self._by_id[row["id"]] = row
            self._names[row["identity"]] = row["id"]
            self._keys[row["source"], row["native_id"]] = row["id"]

    def of(self, raw: RawPost) -> Row:
        found = self._names.get(_identity(raw))
        return self._by_id[self._keys[_key(raw)] if found is None else found]

    def replace(self, row: Row, news: dict[str, Any]) -> None:
        self._by_id[row["id"]] = {**row, **news}
        self._names[news.get("identity", row["identity"])] = row["id"]


def _write(tx: Connection, post_id: int, news: dict[str, Any]) -> dict[str, Any]:
    """Update the row; without the name it was to get where another row has meanwhile taken that."""
    mine = update(posts).where(posts.c.id == post_id)
    if "identity" in news:
        with suppress(IntegrityError), tx.begin_nested():
            tx.execute(mine.values(**news))
            return news
    kept = {name: value for name, value in news.items() if name != "identity"}
    tx.execute(mine.values(**kept))
    return kept


def _news(row: Row, raw: RawPost) -> dict[str, Any]:
    """What this sighting tells that the row does not say yet; an older sighting tells nothing."""
    if raw.fetched_at < row["seen_at"]:
        return {}
    told: dict[str, Any] = {"seen_at": raw.fetched_at, "deleted": raw.deleted, **_later(row, raw)}
    told |= {name: value for name in COUNTERS if (value := getattr(raw, name)) is not None}
    if not raw.deleted:  # a deletion notice ("该微博已被删除") must not overwrite what was said
        told |= dict(_texts(row, raw))
        told["images"] = pictures.joined(row["images"], map(clean, raw.images))
    return {name: value for name, value in told.items() if row[name] != value}


def _later(row: Row, raw: RawPost) -> dict[str, Any]:
    """What no sighting has told so far, and the name on its platform of a post from before names were kept."""
    told = {name: value for name in LATER if not row[name] and (value := getattr(raw, name))}
    if "posted_at" in told:
        told |= {"said_at": raw.posted_at, "year_inferred": raw.year_inferred}
    if raw.identity and row["identity"] == f"{row['source']}/{row['native_id']}":
        told["identity"] = _identity(raw)
    return told


def _texts(row: Row, raw: RawPost) -> Iterator[tuple[str, str]]:
    """Title and text; the title of the source that found it stays, and so does a text that is only cut off here."""
    title, text = normalise(raw.title), normalise(raw.text)
    if title and (not row["title"] or clean(raw.source) == row["source"]):
        yield "title", title
    whole = text.removesuffix(MORE).rstrip(CUT)
    is_cut = clean(raw.source) != row["source"] or whole != text.rstrip(".。 ")
    if text and not (is_cut and row["text"].startswith(whole)):
        yield "text", text


def _told_before(tx: Connection, row: Row, text: str) -> bool:
    """Whether two sources that spell a post differently would go on correcting each other for ever."""
    sources = select(func.count()).select_from(sightings).where(sightings.c.post_id == row["id"])
    known = select(post_versions.c.id).where(
        post_versions.c.post_id == row["id"], post_versions.c.text == text, sources.scalar_subquery() > 1
    )
    return tx.execute(known.limit(1)).first() is not None


def _judge_again(tx: Connection, post_id: int) -> None:
    """Another text deserves another verdict, unless a person has judged it or a case has been planned on it."""
    forgotten = tx.execute(
        delete(verdicts).where(
            verdicts.c.post_id == post_id, verdicts.c.planned_at.is_(None), verdicts.c.corrected_at.is_(None)
        )
    )
    if forgotten.rowcount:
        tx.execute(update(posts).where(posts.c.id == post_id).values(judged_at=None))
