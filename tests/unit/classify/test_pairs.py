"""Which words stand together in one clause."""

from __future__ import annotations

import numpy as np
import pytest

from classify import glyphs
from classify import pairs
from classify.pairs import Pairing
from classify.pairs import Pairs
from classify.pairs import passage
from classify.predict import LIMIT

WORDS = ("工地", "噪音", "夜里", "扰民", "河水", "发黑", "水发")
TAUGHT = pairs.fit([",".join(WORDS)] * 2, 2, 1).words


def heard(text: str) -> set[int]:
    """What is heard in a text, by a pairing that keeps all of it."""
    return found([text])[0]


def found(texts: list[str]) -> list[set[int]]:
    every = Pairing(words=TAUGHT, kept=np.arange(2**22))
    row, column = every.found(passage(texts))
    return [set(column[row == at].tolist()) for at in range(len(texts))]


def test_words_go_together_within_a_clause_in_whatever_order() -> None:
    both, turned = heard("工地夜里噪音"), heard("噪音夜里工地")
    words = heard("工地,夜里,噪音")
    assert len(words) == 3
    assert words < both
    assert len(both & turned) == 3 + 3  # words and pairs; only neighbours know which came first
    assert len(both - turned) == len(turned - both) == 2


def test_no_pair_crosses_a_mark_or_the_end_of_a_text() -> None:
    for mark in "。,，!；、:(\n ":
        assert len(heard(f"工地{mark}噪音")) == 2
    assert [len(one) for one in found(["工地", "噪音", "", "工地噪音"])] == [1, 1, 0, 4]


def test_from_the_left_the_longest_word_is_taken_and_what_is_none_is_a_character() -> None:
    assert heard("河水发黑") - heard("河水,发黑") == heard("河水发黑") - heard("河水") - heard("发黑")
    assert not heard("水发") & heard("河水发黑")
    assert len(heard("又吵")) == 2 + 2


def test_what_is_said_twice_counts_once() -> None:
    assert heard("工地噪音,工地噪音") == heard("工地噪音")


def test_words_far_apart_make_no_pair() -> None:
    words = "".join(["工地", *["噪音"] * pairs.FAR, "河水"])
    near = heard("工地河水") - heard("工地,河水")
    assert not near & heard(words)


def test_some_of_the_texts_are_read_as_they_are_alone() -> None:
    texts = ["工地噪音", "", "河水发黑。夜里", "噪音扰民"]
    told = passage(texts).take(np.array([0, 2]))
    assert told.codes.tolist() == passage([texts[0], texts[2]]).codes.tolist()
    assert told.ends.tolist() == passage([texts[0], texts[2]]).ends.tolist()
    batch = glyphs.read(texts, LIMIT)
    assert batch.codes.tolist() == passage(texts).codes.tolist()
    assert batch.ends.tolist() == passage(texts).ends.tolist()


def test_a_row_has_length_one_and_what_is_rare_is_left_out() -> None:
    texts = ["工地噪音", "工地噪音扰民", "河水发黑", ""]
    pairing = pairs.fit(texts, 1, 2)
    assert len(pairing.kept) == 4
    rows = pairing.rows(passage(texts))
    length = np.sqrt(rows.multiply(rows).sum(axis=1)).A1
    assert np.allclose(length, [1, 1, 0, 0])


def test_scores_are_the_weights_of_what_is_heard() -> None:
    pairing = pairs.fit(["工地噪音"] * 2, 1, 1)
    weights = np.ones((len(pairing.kept), 2), dtype=np.float16) * np.array([1, -2], dtype=np.float16)
    model = Pairs(pairing, weights, np.array([0.5, 0], dtype=np.float32))
    assert np.allclose(model.scores(passage(["工地噪音", "河水"])), [[2.5, -4, 0.5], [0.5, 0, 1]])


def test_texts_are_read_in_stretches_as_they_are_together(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["", "工地噪音扰民。夜里" * 3, "", "河水发黑发臭", "噪音", "工地夜里噪音" * 9, ""]
    pairing = pairs.fit(texts, 1, 1)
    random = np.random.default_rng(1).normal(size=(len(pairing.kept), 2))
    model = Pairs(pairing, random.astype(np.float16), np.array([0.5, -1], dtype=np.float32))
    together = model.scores(passage(texts))
    for codes in (1, 7, 30):
        monkeypatch.setattr(pairs, "STRETCH", codes)
        told = list(passage(texts).stretches())
        assert len(told) > 1
        assert sum(len(one.ends) for one in told) == len(texts)
        assert np.array_equal(model.scores(passage(texts)), together)
    assert model.scores(passage([])).shape == (0, 3)
