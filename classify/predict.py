"""Texts to readings with the shipped model; no scikit-learn, no file but the model's two."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import numpy as np

from classify import compiled
from classify import tokenise
from classify.compiled import Compiled
from classify.decide import Reading
from classify.decide import decide
from classify.features import word_buckets
from classify.labels import ADDRESSED
from classify.labels import TYPES
from classify.labels import columns
from huanyu.types import SourceKind

MODEL = Path(__file__).parent / "model"
LIMIT = 400  #: characters read of a text; the labels were given on the first 230
BATCH = 1000  #: texts scored together: more brings no speed and takes memory
_VOTE = columns("vote").start
_WHY = 5  #: words named per verdict


@dataclass(frozen=True, slots=True)
class Classifier:
    """The trained model at its shipped operating point."""

    model: Compiled

    @classmethod
    def load(cls, folder: Path | None = None) -> Classifier:
        """The shipped model, or the one in `folder`; raises ModelError when it cannot be used."""
        return cls(compiled.load(folder or MODEL))

    @property
    def version(self) -> str:
        return self.model.version

    def predict(
        self, texts: Sequence[str], kinds: Sequence[SourceKind | None] | None = None
    ) -> list[Reading]:
        """One reading per text; where the kind of source is known its own operating point decides."""
        voices = [None if kind is None else kind in ADDRESSED for kind in kinds or repeat(None, len(texts))]
        readings: list[Reading] = []
        for at in range(0, len(texts), BATCH):
            readings += self._batch(texts[at : at + BATCH], voices[at : at + BATCH])
        return readings

    def _batch(self, texts: Sequence[str], voices: Sequence[bool | None]) -> list[Reading]:
        prepared = [tokenise.prepare(text)[:LIMIT] for text in texts]
        words = tokenise.cut(prepared)
        readings = decide(self.model.scores(prepared, words), self.model.rules, voices)
        return [
            replace(reading, why=why)
            for reading, why in zip(readings, self._reasons(words, readings), strict=True)
        ]

    def _reasons(self, words: Sequence[str], readings: Sequence[Reading]) -> Iterator[tuple[str, ...]]:
        """The words that spoke most for the type given, each by its own weight."""
        owner = np.cumsum([word == tokenise.BREAK for word in words])
        column = self.model.featuriser.columns(word_buckets(words))
        told = np.array([len(word) > 1 and word.isalpha() for word in words], dtype=bool) & (column >= 0)
        at = np.flatnonzero(told)
        heads = np.array([_VOTE + TYPES.index(reading.type) for reading in readings])[owner[at]]
        first = self.model.featuriser.dense
        force = self.model.single[first + column[at], heads] * self.model.featuriser.idf[column[at]]
        found: list[dict[str, float]] = [{} for _ in readings]
        for where, strength in zip(at[force > 0].tolist(), force[force > 0].tolist(), strict=True):
            found[owner[where]][words[where]] = strength
        for weights in found:
            yield tuple(sorted(weights, key=lambda word: (-weights[word], word))[:_WHY])
