"""The digest of an issued bulletin, and all its printed words in the form they are searched in.

Knows the bulletin and nothing of tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from collections.abc import Sequence

from huanyu.text import fold
from huanyu.text import shorten
from huanyu.types import Bulletin

SNIPPET = 90  # characters of a sentence shown in a list of finds
BEFORE = 20  # of them before the word that was looked for


def digest(content: str, *files: bytes) -> str:
    """SHA-256 over the digests of what was issued, in order."""
    whole = hashlib.sha256()
    for part in (content.encode(), *files):
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def lines(bulletin: Bulletin) -> Iterator[str]:
    """Everything a reader sees, a sentence, an entry or a table row at a time."""
    yield bulletin.title
    for section in bulletin.sections:
        yield section.heading
        yield from (sentence.text for sentence in section.sentences)
        for line in section.items:
            yield f"{line.number} {line.title} {line.quote} {line.unit}"
        yield from (" ".join(cells) for cells in section.table)


def searchable(bulletin: Bulletin) -> str:
    """The words column: any two characters of a sentence can be found in it, whatever words they belong to."""
    return "\n".join(fold(line) for line in lines(bulletin))


def terms(text: str) -> list[str]:
    """What was typed into the search box, as the words column has it."""
    return [found for word in text.split() if (found := fold(word))]


def snippet(bulletin: Bulletin, wanted: Sequence[str]) -> str:
    """The first line that holds the first term, cut around it."""
    if not wanted:
        return ""
    found = next((line for line in lines(bulletin) if wanted[0] in fold(line)), "")
    at = found.casefold().find(wanted[0])
    start = max(0, at - BEFORE)
    return ("…" if start else "") + shorten(found[start:], SNIPPET)
