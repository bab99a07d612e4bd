"""Folds disguised characters (full-width, zero-width, Chinese numerals) and remembers where each came from.

For recognisers that must report positions in the original text; knows nothing of what they look for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

NUMERALS = str.maketrans("〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789")
LOOKALIKES = str.maketrans(
    "oO\u041e\u043elI|", "0000111"
)  # Latin and Cyrillic letters typed instead of digits
CHARACTERS = 20_000  # remembered: more than a year of complaints is written with
_KEPT = ("<super>", "<sub>", "<fraction>", "<circle>")  # "m³" must not lend its 3 to the next number


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `at[i]` is the index in the original of its i-th character."""

    text: str
    at: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original that `text[start:end]` came from."""
        return self.at[start], self.at[end - 1] + 1


def plain(text: str) -> Folded:
    """NFKC per character, without zero-width and combining characters; superscripts stay what they are."""
    return _fold(text, _plain)


def numeral(text: str) -> Folded:
    """Like `plain`, and every Chinese, circled or keycap numeral is an ASCII digit."""
    return _fold(text, _numeral)


def lookalike(text: str) -> Folded:
    """Like `numeral`, and letters that pass for 0 and 1 are digits; only safe next to a cue such as 电话."""
    return _fold(text, lambda char: _numeral(char).translate(LOOKALIKES))


def _fold(text: str, one: Callable[[str], str]) -> Folded:
    parts = list(map(one, text))
    folded = "".join(parts)
    if len(folded) == len(text) and "" not in parts:  # nearly always: one character for each
        return Folded(folded, tuple(range(len(text))))
    return Folded(folded, tuple(index for index, part in enumerate(parts) for _ in part))


@lru_cache(maxsize=CHARACTERS)
def _plain(char: str) -> str:
    if char < "\x7f":
        return char
    if unicodedata.category(char) in {"Cf", "Mn", "Me"}:
        return ""
    if unicodedata.decomposition(char).startswith(_KEPT):
        return char
    return _ascii_digits(unicodedata.normalize("NFKC", char))


@lru_cache(maxsize=CHARACTERS)
def _numeral(char: str) -> str:
    digit = unicodedata.digit(char, None) if unicodedata.category(char) == "No" else None
    if digit is not None and not unicodedata.decomposition(char).startswith(("<super>", "<sub>")):
        return str(digit)
    return _plain(char).translate(NUMERALS)


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
