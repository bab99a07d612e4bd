"""The lexicon's words found through n-grams against a search text by text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from classify import features
from classify import glyphs
from classify import tokenise
from classify.features import Lexicon
from classify.layout import layout
from classify.scoring import Scorer

TEXTS = ("半夜施工半夜施工", "臭臭气熏天", "喘不过", "臭", "", "半夜", "半夜施工队半夜三更半夜")
#: One character, more than the longest n-gram, one word within and one at the beginning of another, one unseen.
LEXICON = Lexicon(
    ("stench", "night", "unseen"),
    (("臭", "臭气熏天"), ("半夜", "半夜施工", "半夜施工队半", "夜半"), ("喘不过气来", "不过")),
)
HEADS = 3


def scorer(grams: tuple[int, ...], kept: int = 400) -> Scorer:
    fitted = features.fit(TEXTS, LEXICON, at_least=1, at_most=kept, grams=grams)
    weights = np.random.default_rng(3).normal(size=(fitted.width, HEADS)).astype(np.float16)
    return Scorer(fitted, weights, np.zeros(HEADS, dtype=np.float32))


def compare(one: Scorer, texts: Sequence[str]) -> None:
    prepared = [tokenise.prepare(text) for text in texts]
    plain = one.featuriser.rows(prepared) @ one.weights.astype(np.float32)
    assert np.allclose(one.scores(glyphs.read(texts, 400)), plain, atol=1e-4)


@pytest.mark.parametrize("grams", [(1, 2, 3, 4), (1, 2), (2, 5), (3,)])
@pytest.mark.parametrize("kept", [400, 3])
def test_words_of_any_length_are_counted_whatever_n_grams_are_kept(grams: tuple[int, ...], kept: int) -> None:
    compare(scorer(grams, kept), TEXTS)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from("半夜施工队臭气熏天喘不过来"), max_size=25), max_size=6))
def test_words_of_any_texts_are_counted(texts: list[str]) -> None:
    compare(scorer((1, 2, 3, 4), kept=30), texts)


def test_words_are_counted_one_by_one() -> None:
    one = scorer((1, 2, 3, 4))
    batch = glyphs.read(["半夜施工队半夜", "臭气熏天臭", "夜半"], 400)
    slots = one.slots(batch).ravel()
    at = np.flatnonzero(slots >= 0)
    words = layout(one.featuriser).words
    assert words is not None
    assert words.counts(batch, at, slots[at], columns=4).tolist() == [[0, 4, 0], [3, 0, 0], [0, 1, 0]]


def test_each_kept_bucket_has_a_slot_of_its_own_and_common_ones_stand_first() -> None:
    featuriser = scorer((1, 2, 3, 4)).featuriser
    found = layout(featuriser)
    taken = found.slots[featuriser.kept]
    assert len(np.unique(taken)) == len(featuriser.kept)
    assert np.array_equal(found.kept[taken], np.arange(len(featuriser.kept)))
    assert np.count_nonzero(found.slots >= 0) == len(found.kept)
    assert found.words is not None
    plain = found.kept[: found.words.slot[0]]
    assert np.all(np.diff(featuriser.idf[plain]) >= 0)
