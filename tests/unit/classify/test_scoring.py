"""Scores of a batch from its code points against rows times weights, text by text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from classify import compiled
from classify import features
from classify import glyphs
from classify import scoring
from classify import tokenise
from classify.features import Featuriser
from classify.features import Floats
from classify.features import Lexicon
from classify.predict import Classifier
from classify.scoring import Scorer

TEXTS = (
    "楼下工地半夜施工吵死了！！",
    "河水发黑发臭。。。没人管……………",
    "今天楼下河水很清~",
    "",
    "半夜施工!",
    "甲",
    "【通知】《条例》“公示”：\n12月停水，请@某某看http://example.org/a",
    "噪聲擾民",
    ".......",
)
LEXICON = Lexicon(("night", "water"), (("半夜", "凌晨"), ("河水", "水很")))
HEADS = 7
ROOT = Path(__file__).parents[3]


def scorer(grams: tuple[int, ...], lexicon: Lexicon = LEXICON) -> Scorer:
    prepared = [tokenise.prepare(text) for text in TEXTS]
    fitted = features.fit(prepared, lexicon, at_least=1, at_most=400, grams=grams)
    weights = np.random.default_rng(1).normal(size=(fitted.width, HEADS)).astype(np.float16)
    return Scorer(fitted, weights, np.arange(HEADS, dtype=np.float32))


def by_rows(scorer: Scorer, texts: Sequence[str]) -> Floats:
    """The plain way: prepared text by text, rows of features times weights."""
    prepared = [tokenise.prepare(text)[:400] for text in texts]
    return scorer.featuriser.rows(prepared) @ scorer.weights.astype(np.float32) + scorer.bias


@pytest.fixture(scope="module", params=[(1, 2, 3, 4), (2, 5)])
def each(request: pytest.FixtureRequest) -> Scorer:
    return scorer(request.param)


def test_a_batch_is_scored_as_its_rows_are(each: Scorer) -> None:
    found = each.scores(glyphs.read(TEXTS, 400))
    assert found.shape == (len(TEXTS), HEADS)
    assert np.allclose(found, by_rows(each, TEXTS), atol=1e-4)


def test_a_score_does_not_depend_on_its_company(each: Scorer) -> None:
    together = each.scores(glyphs.read(TEXTS, 400))
    backwards = each.scores(glyphs.read(TEXTS[::-1], 400))[::-1]
    assert np.allclose(together, backwards, atol=1e-5)
    for at, text in enumerate(TEXTS):
        assert np.allclose(each.scores(glyphs.read([text], 400))[0], together[at], atol=1e-5)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from("半夜施工河水很清.…。！!~@0\n【噪聲😀 "), max_size=20), max_size=6))
def test_any_texts_are_scored_as_their_rows_are(texts: list[str]) -> None:
    one = scorer((1, 2, 3, 4))
    assert np.allclose(one.scores(glyphs.read(texts, 400)), by_rows(one, texts), atol=1e-4)


def test_the_form_is_that_of_each_text() -> None:
    prepared = [tokenise.prepare(text) for text in TEXTS]
    assert np.array_equal(scoring.form(glyphs.read(TEXTS, 400)), features.form(prepared))


def test_a_model_without_word_groups_scores_too() -> None:
    one = scorer((1, 2, 3, 4), Lexicon((), ()))
    assert np.allclose(one.scores(glyphs.read(TEXTS, 400)), by_rows(one, TEXTS), atol=1e-4)


def test_no_texts_have_no_scores(each: Scorer) -> None:
    assert each.scores(glyphs.read([], 400)).shape == (0, HEADS)


def test_no_n_gram_begins_in_one_text_and_ends_in_another() -> None:
    batch = glyphs.read(["甲乙", "", "丙"], 400)
    every = replace(scorer((1, 3)), featuriser=_all_kept())
    begins = (every.slots(batch)[:, 1] >= 0).tolist()
    assert begins == [True, False, False, False, False, False]  # 甲乙 and its end


def _all_kept() -> Featuriser:
    kept = np.arange(2**features.HASH_BITS)
    return Featuriser(LEXICON, kept, np.ones(len(kept), np.float32), grams=(1, 3))


def test_what_a_model_reads_is_stored_with_it(tmp_path: Path) -> None:
    shipped = Classifier.load().model
    narrow = replace(shipped, featuriser=replace(shipped.featuriser, grams=(1, 2)))
    narrow.save(tmp_path)
    loaded = compiled.load(tmp_path).featuriser
    assert loaded.grams == (1, 2)


def test_who_asks_for_no_words_does_not_load_their_dictionary() -> None:
    code = (
        "import sys; from classify import glyphs, similar; from classify.reader import Reader;"
        "similar.signature('工地'); print('rjieba' in sys.modules, 'sklearn' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.split() == ["False", "False"]
