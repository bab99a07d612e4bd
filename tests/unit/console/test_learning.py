"""`huanyu train` in a folder of its own: what it refuses leaves no trace, and how it tells of a comparison."""

from __future__ import annotations

from pathlib import Path

import pytest

from classify.frozen import Comparison
from classify.frozen import Lost
from console.commands import learning
from huanyu.errors import BadInput


def test_a_folder_without_the_labelled_texts_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises((BadInput, FileNotFoundError)):
        learning.learn(tmp_path, None, False, out=tmp_path / "model", card=tmp_path / "CARD.md")
    assert list(tmp_path.iterdir()) == []


def test_what_the_new_model_loses_is_told_with_the_posts() -> None:
    lost = Lost("投诉召回率", 1.0, 0.5, 2, (7,))
    assert learning.told(Comparison(texts=2, complaints=2, lost=(lost,))) == (
        "投诉召回率从 1.000 降到 0.500 (2 条), 丢了帖文 7"
    )
    assert learning.told(Comparison(texts=0, complaints=0, lost=())) == "还没有冻结的文字可比"
    assert learning.told(None) == "原来没有可用的模型, 没有比较"
