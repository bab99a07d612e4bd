"""The model in use decides what the plain pipeline decides, on every text of the shared data."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from classify import glyphs
from classify import tokenise
from classify.decide import decide
from classify.pairs import Passage
from classify.pairs import passage
from classify.predict import LIMIT
from classify.predict import Classifier

DATA = Path(__file__).parents[4] / "shared" / "data" / "texts"
OURS = Path(__file__).parents[2] / "quality" / "texts.jsonl"
PART = 2000


def rows_of(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    for line in (gzip.decompress(data) if path.suffix == ".gz" else data).decode().splitlines():
        if line.strip():
            row = json.loads(line)
            yield from {
                text for key in ("full", "text", "content", "title") if isinstance(text := row.get(key), str)
            }


def compare(classifier: Classifier, texts: list[str]) -> None:
    model = classifier.model
    for at in range(0, len(texts), PART):
        some = texts[at : at + PART]
        prepared = [tokenise.prepare(text)[:LIMIT] for text in some]
        plain = model.scores(prepared)
        batches = [glyphs.read(some[part], LIMIT) for part in glyphs.parts(some)]
        swift = [model.scorer.scores(batch) for batch in batches]
        fast = np.vstack(swift)
        assert np.allclose(plain, fast, atol=1e-3)
        slowly = model.complaints(passage(prepared), plain)
        swiftly = np.concatenate(
            [
                model.complaints(Passage(batch.codes, batch.ends), scores)
                for batch, scores in zip(batches, swift, strict=True)
            ]
        )
        assert np.allclose(slowly, swiftly, atol=1e-3)
        for voice in (None, True, False):
            said = [voice] * len(some)
            expected = decide(plain, slowly, model.rules, said)
            found = decide(fast, swiftly, model.rules, said)
            different = [
                number
                for number, (one, other) in enumerate(zip(expected, found, strict=True))
                if one._replace(types=(), complaint=0) != other._replace(types=(), complaint=0)
            ]
            assert not different


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


def test_on_our_own_texts(classifier: Classifier) -> None:
    compare(classifier, list(rows_of(OURS)))


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared is not here")
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "path",
    sorted(DATA.rglob("*.jsonl.gz")),
    ids=lambda path: path.name.removesuffix(".jsonl.gz"),
)
def test_on_the_shared_texts(classifier: Classifier, path: Path) -> None:
    compare(classifier, list(rows_of(path)))
