"""Hashed features."""

from __future__ import annotations

import numpy as np
import pytest

from classify import features
from classify.features import Featuriser
from classify.features import Lexicon

TEXTS = ("楼下工地半夜施工吵死了", "河水发黑发臭没人管", "今天楼下河水很清", "", "半夜施工!")
LEXICON = Lexicon(("night", "water"), (("半夜", "凌晨"), ("河水",)))


@pytest.fixture(scope="module")
def featuriser() -> Featuriser:
    return features.fit(TEXTS, LEXICON, at_least=1, at_most=10_000)


def test_a_text_has_the_same_row_alone_and_in_a_batch(featuriser: Featuriser) -> None:
    batch = featuriser.rows(TEXTS).toarray()
    for at, text in enumerate(TEXTS):
        assert np.array_equal(featuriser.rows([text]).toarray()[0], batch[at])


def test_an_empty_batch_has_no_rows(featuriser: Featuriser) -> None:
    assert featuriser.rows([]).shape == (0, featuriser.width)


def test_a_known_text_has_length_one(featuriser: Featuriser) -> None:
    text = "今天河水很清"  # nothing twice: a repeated n-gram adds to itself
    row = featuriser.rows([text]).toarray()[0, featuriser.dense :]
    assert np.square(row).sum() == pytest.approx(1, rel=1e-5)


def test_an_n_gram_is_the_same_feature_wherever_it_stands() -> None:
    one, two, alone = (features.spans([text], (2,)) for text in ("工地半夜", "在半夜吵", "半夜"))
    assert alone.bucket[0] in one.bucket
    assert alone.bucket[0] in two.bucket


def test_no_feature_crosses_from_one_text_into_the_next() -> None:
    both = features.spans(["甲", "乙"])
    alone = features.spans(["乙"])
    assert np.array_equal(np.sort(both.bucket[both.row == 1]), np.sort(alone.bucket))


def test_word_groups_are_counted_per_text() -> None:
    hits = LEXICON.counts(["半夜和凌晨", "河水", "别的"])
    assert hits[0, 0] > hits[1, 0] == 0
    assert hits[1, 1] > 0
    assert not hits[2].any()


def bucket_of(pair: str) -> int:
    return int(features.spans([pair], (2,)).bucket[0])


def test_rare_buckets_are_left_out() -> None:
    kept = features.fit(["施工"] * 3 + ["打桩"], LEXICON, at_least=3, at_most=100).kept
    assert bucket_of("施工") in kept
    assert bucket_of("打桩") not in kept


def test_of_too_many_buckets_the_commonest_stay() -> None:
    kept = features.fit(["施工", "施工", "打桩"], LEXICON, at_least=1, at_most=9).kept
    assert len(kept) == 9
    assert bucket_of("施工") in kept
    assert bucket_of("打桩") not in kept
