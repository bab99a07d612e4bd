"""How groups of characters are counted before anything is learnt from them."""

from __future__ import annotations

import numpy as np

from publisher.grams import codes
from publisher.grams import hashes
from publisher.spelling_texts import Counts
from publisher.spelling_texts import counted
from publisher.spelling_texts import official
from publisher.spelling_texts import together


def texts_with(counts: Counts, group: str) -> int:
    keys, texts = counts.orders[len(group) - 1]
    return int(texts[keys == hashes(codes(group), len(group))[0]].sum())


def test_a_group_counts_once_for_each_text_that_holds_it() -> None:
    counts = counted(["噪声噪声噪声", "噪声扰民", "油烟"])
    assert texts_with(counts, "噪声") == 2
    assert texts_with(counts, "声扰民") == 1
    assert texts_with(counts, "扬尘") == 0


def test_no_group_reaches_from_one_text_into_the_next() -> None:
    assert texts_with(counted(["噪", "声"]), "噪声") == 0


def test_counts_made_apart_add_up() -> None:
    apart = together((counted(["噪声扰民", "扬尘"]), counted(["夜间噪声"])))
    whole = counted(["噪声扰民", "扬尘", "夜间噪声"])
    for (keys, texts), (all_keys, all_texts) in zip(apart.orders, whole.orders, strict=True):
        assert np.array_equal(keys, all_keys)
        assert np.array_equal(texts, all_texts)


def test_what_one_text_alone_holds_is_not_kept() -> None:
    grams = counted(["徒骇河治理", "徒骇河清淤"]).grams()
    assert (grams.levels(codes("徒骇河"), 3) > 0).all()
    assert (grams.levels(codes("河治理"), 3) == 0).all()


def test_a_reply_weighs_more_but_is_never_kept_alone() -> None:
    grams = official(counted(["徒骇河治理", "徒骇河清淤"])).grams()
    assert (grams.levels(codes("河治理"), 3) == 0).all()
    assert (grams.levels(codes("徒骇"), 2) > 1 + np.log(7)).all()
