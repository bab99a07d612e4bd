"""Word triggers of the rule tables: one way to look for them in a text.

Knows no rule; texts are compared in the form `huanyu.text.fold` gives.
"""

from __future__ import annotations

from collections.abc import Iterable

from huanyu.text import fold


def first(words: Iterable[str], folded: str) -> str | None:
    """The first of `words` that stands in a folded text, or None."""
    for word in words:  # asked hundreds of times a case: a generator would cost twice as much
        if word.casefold() in folded:
            return word
    return None


def unmatchable(words: Iterable[str]) -> list[str]:
    """Words written so that they can never stand in a folded text: traditional, full-width or with blanks."""
    return [word for word in words if fold(word) != word.casefold()]
