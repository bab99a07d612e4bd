"""What is learnt from and what is measured."""

from __future__ import annotations

from random import Random

import numpy as np

from classify import folds
from classify.corpus import Example
from classify.folds import FOLDS
from huanyu.types import PostType

WRITTEN = 4
RANDOM = Random(3)
MEASURED = [
    Example(text="".join(chr(0x4E00 + RANDOM.randrange(3000)) for _ in range(40)), type=kind)
    for kind in [PostType.COMPLAINT, PostType.OTHER] * 15
]
STRANGER = Example(text="今年的槐花开得晚", type=PostType.OTHER)
READ = [Example(text=row.text + "!", type=row.type) for row in MEASURED[:10]] + [STRANGER]
TYPES = np.array([row.type is PostType.OTHER for row in MEASURED] + [0] * (WRITTEN + len(READ))).astype(int)


def parts(read: list[Example]) -> list[tuple[set[int], set[int]]]:
    own = [int(number) for number in folds.kin(MEASURED, 0, [])]
    types = TYPES[: len(MEASURED) + WRITTEN + len(read)]
    found = folds.split(types, own, folds.kin(MEASURED, WRITTEN, read))
    return [(set(learnt.tolist()), set(unseen.tolist())) for learnt, unseen in found]


def test_each_text_of_the_corpus_is_measured_once_and_nothing_else() -> None:
    measured = sorted(at for _, unseen in parts(READ) for at in unseen)
    assert measured == list(range(len(MEASURED)))


def test_a_copy_of_a_measured_text_is_not_learnt_from() -> None:
    numbers = folds.kin(MEASURED, WRITTEN, READ)
    first = len(MEASURED) + WRITTEN
    for learnt, unseen in parts(READ):
        seen = {numbers[at] for at in unseen}
        for at, number in enumerate(numbers[first:]):
            assert (first + at in learnt) == (number not in seen)
    assert set(numbers[first:-1].tolist()) <= set(numbers[: len(MEASURED)].tolist())


def test_what_was_written_and_what_is_like_no_measured_text_is_always_learnt_from() -> None:
    always = {*range(len(MEASURED), len(MEASURED) + WRITTEN), len(MEASURED) + WRITTEN + len(READ) - 1}
    assert all(always <= learnt for learnt, _ in parts(READ))


def test_the_folds_stay_the_same_whatever_was_read() -> None:
    assert [unseen for _, unseen in parts(READ)] == [unseen for _, unseen in parts([])]
    assert len(parts([])) == FOLDS


def test_what_was_retold_after_a_text_is_not_learnt_from_where_that_text_is_measured() -> None:
    after = [3, 7, 3]
    numbers = folds.kin(MEASURED, WRITTEN, READ, after)
    types = np.concatenate([TYPES, np.zeros(len(after), dtype=TYPES.dtype)])
    own = [int(number) for number in folds.kin(MEASURED, 0, [])]
    for learnt, unseen in folds.split(types, own, numbers):
        for at, seed in enumerate(after):
            assert (len(TYPES) + at in learnt) == (seed not in unseen)


def test_a_part_of_a_measured_text_is_not_learnt_from_where_that_is_measured() -> None:
    long = Example(text="".join(row.text for row in MEASURED[:6]), type=PostType.OTHER)
    rows, read = [*MEASURED[6:], long], [Example(text=MEASURED[2].text[5:], type=PostType.OTHER), STRANGER]
    numbers = folds.kin(rows, 0, read)
    assert numbers[len(rows)] == numbers[len(rows) - 1]
    assert numbers[-1] not in numbers[: len(rows)]
