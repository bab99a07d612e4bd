"""Words that are nearly a common one: a wrong character of the same sound or look, one too few, one too many, two swapped.

A piece of text counts only where no other word explains its characters: 费水 in 水费水表 is no slip of 废水. Pure;
the words are data (publisher/data/*.txt). Must not know any other kind of finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from publisher.reading import gain
from publisher.slips import TABLE
from publisher.slips import Slip
from publisher.slips import mistaken
from publisher.sounds import blurred
from publisher.sounds import lines
from publisher.sounds import syllables

LONGEST: Final = 4  # characters of a word whose sounds are compared, or that explains its neighbours
DROPPED: Final = 4  # a word this long may be recognised with one character missing
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{2,}")
_EACH: Final = "一"  #: 一辆辆, 一股股
REPEATED: Final = 7.0  #: how much better it must read with one of them; 来看看 reads well enough
SHORT: Final = 2  # characters of a slip that may be a little word and the beginning of another
_LEADS: Final = frozenset("有无不为是将被把向从对与及均再每各该其本大小")
#: Characters that end one word and begin the next in good Chinese: 龙津河河道, 我市市场.
_MEETING: Final = frozenset(
    "作在的以取税河湖路所地员此规中名站厂校园村市县区镇年月日时个人家户次条项位期度量费款水有是可能会为到上下内外间等和与及了着过得某"
    "受险罩件股建左右袋桥楼组长委局队车主都板版权品街物店线部存病办国从骨住屋矿师门汉"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary: words to be held against, all words known, and what is made of them by slips."""

    known: frozenset[str]  #: the right ones and others
    fine: frozenset[str]  #: nearly a right word, yet good Chinese
    doubled: frozenset[str]  #: words with the same character twice in a row
    sounds: dict[str, tuple[str, ...]]  #: character -> how it may be read
    by_sound: dict[str, tuple[str, ...]]  #: reading -> right words
    edited: dict[str, str]  #: a right word with one slip that does not keep its sound


@lru_cache(maxsize=1)
def vocabulary() -> Words:
    """The shipped vocabulary, read when first asked for."""
    right, usual, sounds = listed("right.txt"), listed("usual.txt"), _sounds()
    by_sound: dict[str, list[str]] = {}
    for word in (*right, *usual):
        for reading in _readings(word, sounds):
            by_sound.setdefault(reading, []).append(word)
    known, fine = frozenset((*right, *listed("known.txt"))), frozenset(listed("fine.txt"))
    slipped = {**dict(_looking(usual)), **dict(_edits(right))}
    edited = {wrong: word for wrong, word in slipped.items() if wrong not in known and wrong not in fine}
    shared = {reading: tuple(sorted(words)) for reading, words in by_sound.items()}
    return Words(known, fine, frozenset(listed("doubled.txt")), sounds, shared, edited)


def misspelt(text: str, words: Words | None = None) -> Iterator[Slip]:
    """Every piece of a folded text that must be a right word gone wrong, the longest first."""
    words = words or vocabulary()
    for run in _HAN.finditer(text):
        at = 0
        while at < len(run[0]) - 1:
            length, meant = _at(run[0], at, words)
            if length:
                yield run.start() + at, run.start() + at + length, meant
            at += length or 1


def twice(text: str, words: Words | None = None) -> Iterator[Slip]:
    """Characters typed twice at the end or the beginning of a word: 要求求企业."""
    words = words or vocabulary()
    for run in _HAN.finditer(text):
        piece = run[0]
        for at in range(len(piece) - 1):
            char = piece[at]
            if char != piece[at + 1] or char in _MEETING or _doubled(piece, at, words):
                continue
            ends, begins = _ends(piece, at + 1, words), _begins(piece, at + 1, words)
            counted = piece[max(0, at - 1) : at] == _EACH
            if ends != begins and not counted and gain(piece, at, at + 2, char) >= REPEATED:
                yield run.start() + at, run.start() + at + 2, char


def _at(piece: str, at: int, words: Words) -> tuple[int, str]:
    """The length and the right form of the slip that begins here; 0 where none does."""
    for length in range(LONGEST + 1, 1, -1):
        wrong = piece[at : at + length]
        if len(wrong) < length or wrong in words.known or wrong in words.fine:
            continue
        if _two_words(wrong, words.known):
            continue
        meant = _like(wrong, words) or words.edited.get(wrong, "")
        if not meant or meant in piece[max(0, at - 1) : at + length + 1] or _cut(piece, at, wrong, meant):
            continue
        if not _explained(piece, at, at + length, words.known) and not _led(piece, at, length, words.known):
            return length, meant
    return 0, ""


def _two_words(wrong: str, known: frozenset[str]) -> bool:
    """Whether it is good Chinese by itself: 委托监测 is 委托 and 监测, and no slip of 委托检测."""
    return any(wrong[:cut] in known and wrong[cut:] in known for cut in range(2, len(wrong) - 1))


def _cut(piece: str, at: int, wrong: str, meant: str) -> bool:
    """Whether a word without its end or beginning goes on otherwise: 进行了清 in 进行了清洗 is no slip of 进行了清理."""
    goes_on = meant.startswith(wrong) and at + len(wrong) < len(piece)
    return goes_on or (meant.endswith(wrong) and at > 0)


def _like(wrong: str, words: Words) -> str:
    """A right word that sounds the same and differs in one character."""
    if len(wrong) > LONGEST:
        return ""
    for reading in _readings(wrong, words.sounds):
        for word in words.by_sound.get(reading, ()):
            if len(word) == len(wrong) and sum(map(str.__ne__, word, wrong)) == 1:
                return word
    return ""


def _explained(piece: str, start: int, end: int, known: frozenset[str]) -> bool:
    """Whether a known word reaches in from outside, with nothing else to account for what it would leave behind."""
    before = any(
        piece[first:last] in known
        for last in range(start + 1, end + 1)
        for first in range(max(0, last - LONGEST), start)
    )
    if (
        before
        and start
        and not any(piece[start - size : start] in known for size in (2, 3, 4) if size <= start)
    ):
        return True
    after = any(
        piece[first:last] in known
        for first in range(start, end)
        for last in range(end + 1, min(len(piece), first + LONGEST) + 1)
    )
    return after and not any(piece[end : end + size] in known for size in (2, 3, 4))


def _led(piece: str, start: int, length: int, known: frozenset[str]) -> bool:
    """Whether a little word leads a known one that goes beyond: 有|污水 is no slip of 油污, 不|片面 none of 不便."""
    if length != SHORT or piece[start] not in _LEADS:
        return False
    return any(
        piece[start + 1 : start + 1 + size] in known for size in (2, 3, 4) if start + 1 + size <= len(piece)
    )


def _doubled(piece: str, at: int, words: Words) -> bool:
    """Whether the two belong to a word that has them; a mere 理理 does not excuse 处理理."""
    return any(
        piece[first:last] in words.doubled and (last - first > 2 or not _ends(piece, at + 1, words))
        for first in range(max(0, at - 2), at + 1)
        for last in range(at + 2, min(len(piece), first + LONGEST) + 1)
    )


def _ends(piece: str, at: int, words: Words) -> bool:
    return any(piece[at - size : at] in words.known for size in (2, 3, 4) if size <= at)


def _begins(piece: str, at: int, words: Words) -> bool:
    return any(piece[at : at + size] in words.known for size in (2, 3, 4))


def _edits(right: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each right word with a character that looks alike, with one left out, with two swapped."""
    words = tuple(right)
    yield from _looking(words)
    for word in words:
        for at, char in enumerate(word):
            if len(word) >= DROPPED:
                yield word[:at] + word[at + 1 :], word
            if word[at + 1 : at + 2] not in {"", char}:
                yield word[:at] + word[at + 1] + char + word[at + 2 :], word


def _looking(right: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each right word with a character that looks alike."""
    others = mistaken((*TABLE["groups"], *TABLE["looks"]))
    for word in right:
        for at, char in enumerate(word):
            for other in sorted(others.get(char, ())):
                yield word[:at] + other + word[at + 1 :], word


def _readings(word: str, sounds: dict[str, tuple[str, ...]]) -> Iterable[str]:
    heard = [sounds.get(char, (char,)) for char in word]
    if all(len(one) == 1 for one in heard):  # nearly always
        return (" ".join(one[0] for one in heard),)
    return map(" ".join, product(*heard))


def _sounds() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for sound, chars in syllables().items():
        for char in chars:
            found.setdefault(char, set()).add(blurred(sound))
    return {char: tuple(sorted(heard)) for char, heard in found.items()}


def listed(name: str) -> tuple[str, ...]:
    """The words of a list in publisher/data."""
    return tuple(word for line in lines(name) for word in line.split())
