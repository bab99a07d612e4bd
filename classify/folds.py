"""What is learnt from and what is measured: no text is measured by a model that learnt from it or its kin.

Knows labels and likeness; fits nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from classify import corpus
from classify.corpus import Example
from classify.learn import SEED
from classify.learn import Ints

FOLDS = 5
NOBODYS = -1  #: kin of no text


def kin(
    measured: Sequence[Example], written: int, read: Sequence[Example], after: Sequence[int] = ()
) -> Ints:
    """A number per row; near-identical texts share one, and a retold text has that of the one it goes back to.

    So does a text that was read with that of the measured one it is a part of, or has a part of, such as the same
    letter without its title. Rows are: measured, written (nobody's kin), read, retold.
    """
    numbers = corpus.groups([example.text for example in (*measured, *read)])
    own, found = numbers[: len(measured)], set(numbers[: len(measured)])
    parts = corpus.parts([example.text for example in measured], [example.text for example in read])
    others = [
        number if part is None or number in found else own[part]
        for number, part in zip(numbers[len(measured) :], parts, strict=True)
    ]
    return np.array([*own, *[NOBODYS] * written, *others, *(own[at] for at in after)], dtype=np.int64)


def split(types: Ints, together: Sequence[int], kin: Ints) -> list[tuple[Ints, Ints]]:
    """Rows learnt from and rows measured, five times; the measured ones come first.

    All else is learnt from, except where a text of its kin is measured. The folds of the measured texts do not
    depend on it.
    """
    measured = len(together)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    besides = np.arange(measured, len(types))
    parts = splitter.split(np.zeros(measured), types[:measured], together)
    return [
        (np.concatenate([learnt, besides[~np.isin(kin[besides], kin[unseen])]]), unseen)
        for learnt, unseen in parts
    ]
