"""Hashed features."""

from __future__ import annotations

import numpy as np
import pytest

from classify import features
from classify import tokenise
from classify.features import Featuriser
from classify.features import Lexicon

TEXTS = ("楼下工地半夜施工吵死了", "河水发黑发臭没人管", "今天楼下河水很清", "", "半夜施工!")
LEXICON = Lexicon(("night", "water"), (("半夜", "凌晨"), ("河水",)))


@pytest.fixture(scope="module")
def featuriser() -> Featuriser:
    return features.fit(TEXTS, LEXICON, at_least=1, at_most=10_000)


def test_a_text_has_the_same_row_alone_and_in_a_batch(featuriser: Featuriser) -> None:
    batch = featuriser.rows(TEXTS, tokenise.cut(TEXTS)).toarray()
    for at, text in enumerate(TEXTS):
        assert np.array_equal(featuriser.rows([text], tokenise.cut([text])).toarray()[0], batch[at])


def test_an_empty_batch_has_no_rows(featuriser: Featuriser) -> None:
    assert featuriser.rows([], []).shape == (0, featuriser.width)


def test_each_block_of_a_known_text_has_length_one(featuriser: Featuriser) -> None:
    text = "今天河水很清"  # nothing twice: a repeated n-gram adds to itself
    row = featuriser.rows([text], tokenise.cut([text])).toarray()[0, featuriser.dense :]
    assert np.square(row).sum() == pytest.approx(2, rel=1e-5)  # characters and words


def test_a_word_is_the_same_feature_wherever_it_stands() -> None:
    one = features.spans(["工地半夜"], ["工地", "半夜", tokenise.BREAK])
    two = features.spans(["在半夜"], ["在", "半夜", tokenise.BREAK])
    bucket = features.word_buckets(["半夜"])[0]
    assert bucket in one.bucket[one.block == 1]
    assert bucket in two.bucket[two.block == 1]


def test_no_feature_crosses_from_one_text_into_the_next() -> None:
    both = features.spans(["甲", "乙"], ["甲", tokenise.BREAK, "乙", tokenise.BREAK])
    alone = features.spans(["乙"], ["乙", tokenise.BREAK])
    assert np.array_equal(np.sort(both.bucket[both.row == 1]), np.sort(alone.bucket))


def test_word_groups_are_counted_per_text() -> None:
    hits = LEXICON.counts(["半夜和凌晨", "河水", "别的"])
    assert hits[0, 0] > hits[1, 0] == 0
    assert hits[1, 1] > 0
    assert not hits[2].any()


def test_rare_buckets_are_left_out() -> None:
    kept = features.fit(["施工"] * 3 + ["打桩"], LEXICON, at_least=3, at_most=100).kept
    assert features.word_buckets(["施工"])[0] in kept
    assert features.word_buckets(["打桩"])[0] not in kept


def test_of_too_many_buckets_the_commonest_stay() -> None:
    kept = features.fit(["施工", "施工", "打桩"], LEXICON, at_least=1, at_most=9).kept
    assert len(kept) == 9
    assert features.word_buckets(["施工"])[0] in kept
    assert features.word_buckets(["打桩"])[0] not in kept
