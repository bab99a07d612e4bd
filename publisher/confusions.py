"""Which characters are taken for which: usual mistakes, the same sound, a like look, nearly the same sound.

Pure; data are publisher/data/sounds.txt and slips.toml. Must not know texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from publisher.grams import Grams
from publisher.grams import codes
from publisher.slips import TABLE
from publisher.sounds import blurred
from publisher.sounds import syllables

USUAL: Final = "usual"
KINDS: Final = (USUAL, "same", "look", "near")
COMMON: Final = 4.4  #: level of a character that thirty texts hold; nobody means a rarer one


@dataclass(frozen=True, slots=True, eq=False)
class Confusions:
    """For each character what may be meant by it, with the number of the kind of mistake."""

    of: dict[int, tuple[NDArray[np.uint64], NDArray[np.int8]]]

    def at(
        self, coded: NDArray[np.uint64], places: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int8]]:
        """For each option the index of its place, the character and the kind."""
        found = [(row, self.of[int(coded[at])]) for row, at in enumerate(places) if int(coded[at]) in self.of]
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.int8)
        rows = np.repeat([row for row, _ in found], [len(chars) for _, (chars, _) in found])
        return (
            rows,
            np.concatenate([chars for _, (chars, _) in found]),
            np.concatenate([kinds for _, (_, kinds) in found]),
        )


def confusions(grams: Grams) -> Confusions:
    """The shipped ones between characters that are in use; a pair counts as the first kind that has it."""
    of: dict[str, dict[str, int]] = {}
    for kind, group in _groups():
        used = grams.levels(codes(group), 1)
        common = [char for char, level in zip(group, used, strict=True) if level >= COMMON]
        for wrong in (char for char, level in zip(group, used, strict=True) if level):
            for meant in common:
                if meant != wrong:
                    of.setdefault(wrong, {}).setdefault(meant, KINDS.index(kind))
    return Confusions({ord(wrong): _packed(meant) for wrong, meant in of.items()})


def _packed(meant: dict[str, int]) -> tuple[NDArray[np.uint64], NDArray[np.int8]]:
    return np.array([ord(char) for char in meant], np.uint64), np.array(list(meant.values()), np.int8)


def _groups() -> Iterator[tuple[str, str]]:
    near: dict[str, str] = {}
    for sound, chars in syllables().items():
        near[blurred(sound)] = near.get(blurred(sound), "") + chars
    groups = ((USUAL, TABLE["usual"]), (USUAL, TABLE["groups"]), ("same", syllables().values()))
    for kind, found in (*groups, ("look", TABLE["looks"]), ("near", near.values())):
        yield from ((kind, group) for group in found)
