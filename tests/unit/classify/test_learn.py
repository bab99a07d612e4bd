"""What the estimators of complaints learn from whom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from classify.labels import KINDS
from classify.labels import TYPES
from classify.learn import CORPUS
from classify.learn import Targets
from classify.learn import learn_complaints
from huanyu.types import PostType

EACH = 8  #: texts of each type in each voice
BY_LETTER, BY_NETIZEN, PLAIN = range(3)  #: features


@pytest.fixture
def known() -> Targets:
    """Texts of all types; the second half are netizens'."""
    types = np.tile(np.repeat(np.arange(len(TYPES)), EACH), 2)
    count = len(types)
    return Targets(
        type=types,
        kinds=np.zeros((count, len(KINDS)), dtype=bool),
        sentiment=np.arange(count) % 3,
        urgent=np.zeros(count, dtype=bool),
        netizen=np.arange(count) >= count // 2,
    )


def rows(known: Targets) -> sparse.csr_matrix:
    """A complaint shows one feature in a letter and another one in a netizen's text; all show a third."""
    complaint = known.type == TYPES.index(PostType.COMPLAINT)
    shown = np.zeros((len(complaint), 3), dtype=np.float32)
    shown[complaint & ~known.netizen, BY_LETTER] = 1
    shown[complaint & known.netizen, BY_NETIZEN] = 1
    shown[:, PLAIN] = 1
    return sparse.csr_matrix(shown)


def test_netizens_margin_is_learnt_from_netizens_alone(known: Targets) -> None:
    learned = learn_complaints(rows(known), known, np.full(len(known.type), CORPUS))
    (own,), (every,) = learned["public"], learned["ratio"]
    assert own is not None
    assert every is not None
    assert own.coef_[0, BY_LETTER] == 0
    assert own.coef_[0, BY_NETIZEN] > 0
    assert min(every.coef_[0, BY_LETTER], every.coef_[0, BY_NETIZEN]) > 0


@pytest.mark.parametrize("netizens", [False, True])
def test_where_there_is_one_voice_only_nothing_is_weighed_by_voice(known: Targets, netizens: bool) -> None:
    alone = replace(known, netizen=np.full(len(known.type), netizens))
    learned = learn_complaints(rows(known), alone, np.full(len(known.type), CORPUS))
    assert learned["netizen"] == (None,)
    assert learned["ratio"] != (None,)
