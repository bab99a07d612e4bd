"""The shipped model against its floors, on texts that anybody has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from classify import corpus
from classify import evaluate
from classify import floors
from classify import tokenise
from classify.corpus import Example
from classify.evaluate import Predicting
from classify.evaluate import Report
from classify.predict import MODEL
from classify.predict import Classifier
from classify.retold import RETOLD
from classify.train import WRITTEN

TEXTS = Path(__file__).parent / "texts.jsonl"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return corpus.read(TEXTS)


@pytest.fixture(scope="module")
def report(examples: list[Example]) -> Report:
    return evaluate.run(examples, Predicting(Classifier.load()))


def test_the_corpus_is_the_one_the_floors_were_set_on(report: Report) -> None:
    assert report.corpus == floors.read().topics[evaluate.TOPIC].corpus, (
        "tests/quality/texts.jsonl changed: python -m classify.evaluate tests/quality/texts.jsonl --update-floors"
    )


def test_the_shipped_model_is_above_every_floor(report: Report) -> None:
    known = floors.read().topics[evaluate.TOPIC]
    assert not floors.misses(report.scores, known)
    assert {score.key for score in report.scores} == set(known.floors)


def test_the_card_is_of_the_shipped_model() -> None:
    card = (MODEL.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert Classifier.load().version in card


def test_no_text_made_up_for_training_resembles_a_gate_text(examples: list[Example]) -> None:
    """Shared pairs of letters over all pairs of both, counted, not estimated."""
    made_up = [*corpus.read(WRITTEN), *corpus.read(RETOLD)]
    column: dict[str, int] = {}
    ours, gate = (pairs([row.text for row in rows], column) for rows in (made_up, examples))
    width = len(column)
    ours.resize(ours.shape[0], width)
    gate.resize(gate.shape[0], width)
    shared = (ours @ gate.T).toarray()
    either = ours.sum(axis=1).A1[:, None] + gate.sum(axis=1).A1[None, :] - shared
    assert (shared / either).max() < 0.3


def pairs(texts: list[str], column: dict[str, int]) -> sparse.csr_matrix:
    """Which pairs of neighbouring letters each text has; new ones get the next column."""
    letters = [tokenise.letters(text) for text in texts]
    found = [{said[at : at + 2] for at in range(max(1, len(said) - 1))} for said in letters]
    where = [(row, column.setdefault(pair, len(column))) for row, has in enumerate(found) for pair in has]
    rows, columns = zip(*where, strict=True)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)))


def test_the_model_stays_small() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 12_000_000


def test_serving_needs_no_scikit_learn() -> None:
    code = "import sys, classify.reader, classify.evaluate; print('sklearn' in sys.modules, 'scrapy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([str(TEXTS)]) == 0
    assert "投诉 召回率" in capsys.readouterr().out


def test_the_command_names_a_bad_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.jsonl"
    shutil.copy(TEXTS, bad)
    bad.write_text(bad.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    assert evaluate.main([str(bad)]) == 1
    assert "不是有效的 JSON" in capsys.readouterr().err
