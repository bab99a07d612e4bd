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


def kin(measured: Sequence[Example], read: Sequence[Example]) -> Ints:
    """A number per measured text and, after them, per text we read; near-identical texts share one."""
    return np.array(corpus.groups([example.text for example in (*measured, *read)]), dtype=np.int64)


def split(types: Ints, together: Sequence[int], written: int, kin: Ints) -> list[tuple[Ints, Ints]]:
    """Rows learnt from and rows measured, five times; rows are: measured, written, read.

    What we wrote is always learnt from; what we read, except where a text of its kin is measured. The folds of
    the measured texts do not depend on either.
    """
    measured = len(together)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    ours = np.arange(measured, measured + written)
    read, read_kin = np.arange(measured + written, len(types)), kin[measured:]
    parts = splitter.split(np.zeros(measured), types[:measured], together)
    return [
        (np.concatenate([learnt, ours, read[~np.isin(read_kin, kin[unseen])]]), unseen)
        for learnt, unseen in parts
    ]
