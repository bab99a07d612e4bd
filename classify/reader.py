"""Texts to verdicts: the model's reading, the places, the signature and the search tokens of each.

What `flow` calls; it stores nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classify import glyphs
from classify import named
from classify import place_names
from classify import similar
from classify import tokenise
from classify.decide import Reading
from classify.glyphs import Batch
from classify.places import Gazetteer
from classify.places import Survey
from classify.predict import LIMIT
from classify.predict import Classifier
from classify.predict import voices
from huanyu.types import Named
from huanyu.types import SourceKind
from huanyu.types import Verdict


class Glance(NamedTuple):
    """What is read of a text at first sight."""

    reading: Reading
    where: Survey
    signature: bytes


@dataclass(frozen=True, slots=True)
class Reader:
    """A model and a gazetteer, both loaded once."""

    classifier: Classifier
    gazetteer: Gazetteer

    def read(self, texts: Sequence[str], kinds: Sequence[SourceKind] | None = None) -> list[Verdict]:
        """One verdict per text, in order; with `kinds` each source's own operating point decides."""
        seen = self.glance(texts, kinds, explain=True)
        names = named.read_all(texts, [one.where.enterprises for one in seen])
        return [
            self._verdict(text, one.reading, one.signature, one.where, name)
            for text, one, name in zip(texts, seen, names, strict=True)
        ]

    def glance(
        self, texts: Sequence[str], kinds: Sequence[SourceKind] | None = None, *, explain: bool = False
    ) -> list[Glance]:
        """As `read`, without what is only of use on the desk; the words that decided only where asked for."""
        said = voices(kinds, len(texts))
        seen: list[Glance] = []
        for part in glyphs.parts(texts):
            batch = glyphs.read(texts[part], LIMIT)
            readings = self.classifier.read(batch, said[part], explain=explain)
            places = self.gazetteer.survey_plain(_simplified(texts[part], batch))
            seen += map(Glance, readings, places, similar.of_batch(batch))
        return seen

    def _verdict(self, text: str, reading: Reading, signature: bytes, where: Survey, names: Named) -> Verdict:
        return Verdict(
            type=reading.type,
            complaint=reading.complaint,
            kinds=reading.kinds,
            sentiment=reading.sentiment,
            urgent=reading.urgent,
            unsure=reading.unsure,
            is_complaint=reading.is_complaint,
            places=where.places,
            out_of_town=where.out_of_town,
            signature=signature,
            why=reading.why,
            tokens=tokenise.search_tokens(text),
            model=self.classifier.version,
            named=names,
        )


def _simplified(texts: Sequence[str], batch: Batch) -> list[str]:
    """The texts in simplified characters: only those that were read letter by letter may hold others."""
    plain = list(texts)
    for row, text in zip(batch.slow, place_names.simplified([texts[row] for row in batch.slow]), strict=True):
        plain[row] = text
    return plain
