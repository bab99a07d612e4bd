"""What the feed spider remembers between two visits: entries whose article is still to be read, as a cursor's text.

Knows no page and no request.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

from pydantic import TypeAdapter

from crawler.feed_xml import Entry

TRIES = 5  # visits on which an article did not come; then its summary has to do
SUMMARY = 1000  # characters of a summary that wait with their entry


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry whose article was not read yet."""

    entry: Entry
    tries: int = 0

    def again(self) -> Waiting:
        return replace(self, tries=self.tries + 1)


_LIST = TypeAdapter(list[Waiting])


def load(text: str) -> dict[str, Waiting]:
    """By id, in the order they came."""
    return {one.entry.native_id: one for one in _LIST.validate_json(text or "[]")}


def dump(waiting: dict[str, Waiting]) -> str:
    """ "" for nothing: a cursor forgets a key without a value."""
    kept = [
        replace(one, entry=replace(one.entry, summary=one.entry.summary[:SUMMARY]))
        for one in waiting.values()
    ]
    return _LIST.dump_json(kept).decode() if kept else ""
