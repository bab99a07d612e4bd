"""Slips of the pen in the commonest official words: one character taken for another that sounds or looks like it.

Pure; words and confusable characters are data (publisher/data/slips.toml). Must not know any other kind of finding.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from importlib import resources
from typing import Final

Slip = tuple[int, int, str]  #: start, end, the word meant


def mistaken(groups: Iterable[str]) -> dict[str, set[str]]:
    """For each character those it is taken for."""
    found: dict[str, set[str]] = {}
    for group in groups:
        for char in group:
            found.setdefault(char, set()).update(group.replace(char, ""))
    return found


def made(words: Iterable[str], groups: Iterable[str], fine: Iterable[str]) -> dict[str, str]:
    """Every wrong word that one mistaken character makes of a right one; what reads as Chinese is left out."""
    right = tuple(words)
    known = {*right, *fine}
    others = mistaken(groups)
    found: dict[str, str] = {}
    for word in right:
        for place, char in enumerate(word):
            for other in others.get(char, ()):
                wrong = word[:place] + other + word[place + 1 :]
                found.setdefault(wrong, word)
    return {wrong: word for wrong, word in found.items() if wrong not in known}


TABLE: Final = tomllib.loads(
    (resources.files("publisher") / "data" / "slips.toml").read_text(encoding="utf-8")
)
SLIPS: Final[Mapping[str, str]] = made(TABLE["words"], TABLE["groups"], TABLE["fine"])
_LENGTHS: Final = tuple(sorted({len(wrong) for wrong in SLIPS}, reverse=True))


def slips(text: str, table: Mapping[str, str] = SLIPS) -> Iterator[Slip]:
    """Every slip in a folded text, the longest word first; none overlaps another."""
    at = 0
    while at < len(text):
        length = next((one for one in _LENGTHS if text[at : at + one] in table), 0)
        if length:
            yield at, at + length, table[text[at : at + length]]
        at += length or 1
