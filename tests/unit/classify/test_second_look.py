"""What a second look hears in a text, and the table of what it would give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classify import looks
from classify import measure
from classify import second_look
from classify.labels import WIDTH
from classify.labels import columns
from classify.looks import Figure
from classify.looks import Look
from classify.looks import Looks
from classify.second_look import Seen
from huanyu.errors import ModelError

SURE = Figure(value=0.8, low=-0.01, high=0.03)
LOOKS = Looks(corpus="c", looks=(Look(name="一种看法", at_95=SURE, at_98=SURE, weibo_at_90=SURE),))


def test_a_short_sentence_is_read_with_its_neighbour() -> None:
    assert second_look.sentences("臭!又排黑水了,没人管吗?谢谢") == ["臭,又排黑水了,没人管吗,谢谢"]
    assert second_look.sentences("河边的垃圾堆了半个月。\n昨天终于有人来清走了。") == [
        "河边的垃圾堆了半个月",
        "昨天终于有人来清走了",
    ]
    assert second_look.sentences("!!!") == [""]


def test_words_go_together_within_a_clause_only() -> None:
    told = set(second_look.together("工地噪音,夜里施工"))
    assert {"工地", "噪音", "工地\n噪音"} < told
    assert any(set(one.split("\t")) == {"工地", "噪音"} for one in told)
    assert not any("噪音" in one and "施工" in one for one in told)


def seen(texts: int) -> Seen:
    """Texts whose sentences tell complaints apart and whose shipped sum hardly does."""
    random = np.random.default_rng(1)
    complaint = random.random(texts) < 0.4
    scores = random.normal(size=(texts, WIDTH))
    scores[:, columns("ratio")] += complaint[:, None] * 0.2
    told = np.repeat(complaint[:, None] * 4.0, 5 * 3 + 1, axis=1) + random.normal(size=(texts, 16))
    return Seen(
        scores=scores,
        sentences=told,
        words=random.normal(size=(texts, 3)),
        form=random.normal(size=(texts, 4)),
        complaint=complaint,
        weibo=np.arange(texts) % 2 == 0,
        folds=[np.arange(at, texts, 3) for at in range(3)],
    )


def test_what_tells_complaints_apart_is_found_and_its_gain_lies_above_zero() -> None:
    found = {one.name: one for one in second_look.compare(seen(300))}
    base, with_sentences = found["the shipped sum"], found["sentences apart, added"]
    assert (base.at_95.low, base.at_95.high) == (0, 0)
    assert with_sentences.at_95.value > base.at_95.value
    assert with_sentences.at_95.low > 0
    assert found["pairs of words, added"].at_95.low <= 0 <= found["pairs of words, added"].at_95.high


def test_what_combines_scores_learns_nothing_from_the_texts_it_is_measured_by() -> None:
    """Labels that nothing tells of: whoever had seen them would do better than chance."""
    blind = seen(300)
    guess = np.random.default_rng(2).random(300) < 0.4
    told = Seen(blind.scores, blind.sentences * 0, blind.words, blind.form, guess, blind.weibo, blind.folds)
    trees = dict(second_look.margins(told))["trees with both"]
    assert measure.best_precision(trees, guess, 0.95) < 0.5


def test_the_table_stands_in_the_card_of_its_corpus_alone(tmp_path: Path) -> None:
    file = tmp_path / "second_look.json"
    assert looks.read("c", file) is None
    file.write_text(LOOKS.model_dump_json(), encoding="utf-8")
    assert looks.read("another", file) is None
    assert "| 一种看法 | 0.800 (−0.010 – +0.030) |" in looks.table(looks.read("c", file))
    assert looks.table(None) == ""


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "second_look.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match=r"second_look\.json"):
        looks.read("c", file)


def test_missing_data_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert second_look.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip()
