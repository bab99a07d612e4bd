"""Texts to verdicts: the model's reading, the places, the signature and the search tokens of each.

What `flow` calls; it stores nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classify import similar
from classify import tokenise
from classify.decide import Reading
from classify.places import Gazetteer
from classify.predict import Classifier
from huanyu.types import SourceKind
from huanyu.types import Verdict


@dataclass(frozen=True, slots=True)
class Reader:
    """A model and a gazetteer, both loaded once."""

    classifier: Classifier
    gazetteer: Gazetteer

    def read(self, texts: Sequence[str], kinds: Sequence[SourceKind] | None = None) -> list[Verdict]:
        """One verdict per text, in order; with `kinds` each source's own operating point decides."""
        readings = self.classifier.predict(texts, kinds)
        signatures = similar.signatures(texts)
        return [
            self._verdict(text, reading, signature)
            for text, reading, signature in zip(texts, readings, signatures, strict=True)
        ]

    def _verdict(self, text: str, reading: Reading, signature: bytes) -> Verdict:
        where = self.gazetteer.survey(text)
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
        )
