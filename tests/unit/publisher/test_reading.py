"""How well characters read as words, with the shipped dictionary and with a small one."""

from __future__ import annotations

import numpy as np
import pytest

from publisher.grams import BITS
from publisher.grams import codes
from publisher.grams import hashes
from publisher.grams import made
from publisher.reading import Lexicon
from publisher.reading import gain
from publisher.reading import lexicon
from publisher.reading import likelihood
from publisher.reading import words_around


def small(**often: int) -> Lexicon:
    """A dictionary of a few words."""
    counted = {int(hashes(codes(word), len(word))[0]): count for word, count in often.items()}
    keys = np.array(sorted(counted), np.uint32)
    return Lexicon(made(keys, np.array([counted[int(key)] for key in keys])), 10.0)


@pytest.mark.parametrize(
    ("text", "wrong", "meant"),
    [
        ("已经按排执法人员", "按排", "安排"),
        ("布袋除成器破了", "除成", "除尘"),
        ("未办施工许克", "许克", "许可"),
    ],
)
def test_a_word_gone_wrong_reads_better_as_the_word(text: str, wrong: str, meant: str) -> None:
    at = text.index(wrong)
    assert gain(text, at, at + len(wrong), meant) > 7


@pytest.mark.parametrize(
    ("text", "stands", "other"),
    [
        ("夜间噪音为风机所致", "音为", "因为"),
        ("一株一株的柳树", "株一", "逐一"),
        ("主要因为雨大", "主要因", "主要原因"),
    ],
)
def test_what_two_words_explain_reads_no_better_as_one(text: str, stands: str, other: str) -> None:
    at = text.index(stands)
    assert gain(text, at, at + len(stands), other) < 0


def test_the_likeliest_cut_is_taken() -> None:
    known = small(河=1, 道=1, 河道=100)
    whole, apart = likelihood(codes("河道")[None, :], known), likelihood(codes("道河")[None, :], known)
    assert whole[0] == pytest.approx(1 + np.log(100) - 10, abs=0.1)
    assert apart[0] == pytest.approx(2 * (1 - 10), abs=0.1)


def test_a_character_that_is_no_word_is_one_all_the_same() -> None:
    assert likelihood(codes("䴙")[None, :], small(河=1))[0] == pytest.approx(-10)


def test_the_commonest_word_around_a_character_is_told() -> None:
    known = small(河道=100, 清河=2)
    levels = words_around(np.stack([codes("治理清河道沿岸"), codes("治理清污渠沿岸")]), known)
    assert levels[0] == pytest.approx(1 + np.log(100), abs=0.1)
    assert levels[1] == 0


def test_the_shipped_dictionary_is_hashes_and_figures_only() -> None:
    shipped = lexicon()
    assert shipped.words.keys.dtype == np.uint32
    assert int(shipped.words.keys[-1]) < 1 << BITS
    assert (np.diff(shipped.words.keys.astype(np.int64)) > 0).all()
