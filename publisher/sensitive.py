"""Matters that no template may answer: a child harmed, illness, suicide, threats. A person takes over at once.

Pure; the lists are words.toml (kind sensitive; those named *.minor count only near one of *.harm).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Final

from huanyu import fold
from huanyu.bureau import WordRow

NEAR: Final = 14  # characters between a child and what happened to it


def signs(text: str, words: Sequence[WordRow]) -> tuple[str, ...]:
    """Why a person has to answer this text, in Chinese; () where a template may."""
    return reader(words)(text)


def reader(words: Sequence[WordRow]) -> Callable[[str], tuple[str, ...]]:
    """`signs` for many texts: the lists are put together once."""
    patterns = list(_patterns([row for row in words if row.kind == "sensitive"]))

    def read(text: str) -> tuple[str, ...]:
        folded = fold.plain(text).text
        found = ((row, pattern.search(folded)) for row, pattern in patterns)
        return tuple(f"{row.reason}：“{match[0]}”" for row, match in found if match)

    return read


def _patterns(rows: Sequence[WordRow]) -> Iterator[tuple[WordRow, re.Pattern[str]]]:
    harm = _any(word for row in rows if row.id.endswith(".harm") for word in row.words)
    for row in rows:
        listed = _any(row.words)
        if not listed or row.id.endswith(".harm"):
            continue
        if row.id.endswith(".minor"):
            listed = rf"(?:{listed})[^。！？]{{0,{NEAR}}}(?:{harm})" if harm else r"(?!)"
        yield row, re.compile(listed)


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))
