"""`huanyu manner`, the part of names: weights of publisher.people.

Taught by texts written for it (publisher/data/people.jsonl: where private people's names stand, and texts that name
none or only officials), each with other names put in, and by replies of offices and publicity, which name none.
Same data, same file out.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from huanyu import fold
from huanyu.names import GIVEN
from huanyu.names import SURNAMES
from publisher.bystanders import is_ours
from publisher.fitting import fitted
from publisher.people import BEGINNINGS
from publisher.people import BUCKETS
from publisher.people import FEW
from publisher.people import buckets
from publisher.people import possible

_SEED: Final = 5
_OTHERS: Final = 3  #: other names put into each text that has one
_COMMON: Final = 120  #: surnames that stand first in the list, four times as frequent in what is put in
_LENGTHS: Final = (3, 3, 3, 2)
_KEPT: Final = 0.15  #: of the places in replies on other desks' subjects
_LONGEST: Final = 1_500  #: characters read of a reply


@dataclass(frozen=True, slots=True)
class Place:
    """Two or three characters of a text, and whether they are a private person's name."""

    text: str
    start: int
    end: int
    name: bool


def run(written: Path, replies: Sequence[str], publicity: Sequence[str], out: Path) -> int:
    """Learn and write the weights; returns how many places taught them."""
    dice = random.Random(_SEED)  # noqa: S311 which names are put in, nothing secret
    places = [*_written(written, dice), *_nobody(replies, publicity, dice)]
    wanted = np.array([one.name for one in places])
    learnt = fitted(_features(places), wanted, np.ones(len(places)))
    with out.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            weights=learnt[:-1].astype(np.float16),
            constant=np.float32(learnt[-1]),
        )
    return len(places)


def _features(places: Sequence[Place]) -> csr_matrix:
    """Places × (buckets and a constant), each place of length one beside its constant."""
    held = [[*buckets(one.text, one.start, one.end), BUCKETS] for one in places]
    lengths = np.array([len(row) for row in held])
    columns = np.concatenate(held)
    values = np.where(columns == BUCKETS, 1.0, np.repeat(1 / np.sqrt(lengths - 1), lengths))
    return csr_matrix(
        (values, columns, np.concatenate(([0], np.cumsum(lengths)))), shape=(len(places), BUCKETS + 1)
    )


def _written(file: Path, dice: random.Random) -> Iterator[Place]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = fold.plain(row["text"]).text
        names = {(start, end) for start, end in row["names"]}
        yield from (Place(text, *place, place in names) for place in possible(text))
        for _ in range(_OTHERS if names else 0):
            yield from _renamed(text, min(names), dice)


def _renamed(text: str, place: tuple[int, int], dice: random.Random) -> Iterator[Place]:
    start, end = place
    if text[start] not in BEGINNINGS:
        return
    name = _name(dice)
    other, last = text[:start] + name + text[end:], start + len(name)
    for one in possible(other):
        if one[0] < last and start < one[1]:
            yield Place(other, *one, one == (start, last))


def _name(dice: random.Random) -> str:
    surname = dice.choice(SURNAMES[:_COMMON] * 3 + SURNAMES + FEW)
    return surname + "".join(dice.choice(GIVEN) for _ in range(dice.choice(_LENGTHS) - 1))


def _nobody(replies: Sequence[str], publicity: Sequence[str], dice: random.Random) -> Iterator[Place]:
    for reply in replies:
        text = fold.plain(reply[:_LONGEST]).text
        own = is_ours(text)
        yield from (Place(text, *one, False) for one in possible(text) if own or dice.random() < _KEPT)
    for post in publicity:
        text = fold.plain(post).text
        yield from (Place(text, *one, False) for one in possible(text))
