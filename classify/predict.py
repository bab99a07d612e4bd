"""Texts to readings with the shipped model; no scikit-learn, no file but the model's two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from classify import compiled
from classify import glyphs
from classify.compiled import Compiled
from classify.decide import Reading
from classify.decide import decide
from classify.glyphs import Batch
from classify.labels import ADDRESSED
from classify.labels import TYPES
from classify.labels import columns
from classify.pairs import Passage
from classify.reasons import reasons
from huanyu.types import SourceKind

MODEL = Path(__file__).parent / "model"
LIMIT = 400  #: characters read of a text; the labels were given on the first 230
_VOTE = columns("vote").start

Voice = bool | None  #: written to an authority, said in public, or not known


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
        self,
        texts: Sequence[str],
        kinds: Sequence[SourceKind | None] | None = None,
        *,
        explain: bool = True,
    ) -> list[Reading]:
        """One reading per text; where the kind of source is known its own operating point decides."""
        said = voices(kinds, len(texts))
        readings: list[Reading] = []
        for part in glyphs.parts(texts):
            readings += self.read(glyphs.read(texts[part], LIMIT), said[part], explain=explain)
        return readings

    def read(self, batch: Batch, said: Sequence[Voice], *, explain: bool) -> list[Reading]:
        """One reading per text of a batch, with the words that decided where they are asked for."""
        scores = self.model.scorer.scores(batch)
        complaint = self.model.complaints(Passage(batch.codes, batch.ends), scores)
        readings = decide(scores, complaint, self.model.rules, said)
        if not explain:
            return readings
        heads = [_VOTE + TYPES.index(reading.type) for reading in readings]
        told = reasons(self.model.scorer, batch, heads)
        return [reading._replace(why=why) for reading, why in zip(readings, told, strict=True)]


def voices(kinds: Sequence[SourceKind | None] | None, count: int) -> list[Voice]:
    """Whether each of the texts is written to an authority."""
    return [None if kind is None else kind in ADDRESSED for kind in kinds or repeat(None, count)]
