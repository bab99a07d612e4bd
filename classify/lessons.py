"""All texts a model learns from, as rows and labels, and which of them may be learnt from where.

Reads no training data; fits nothing but the plain mood.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from classify import corpus
from classify import features
from classify import folds
from classify import pairs
from classify import tokenise
from classify import tune
from classify.corpus import Example
from classify.features import Featuriser
from classify.features import Lexicon
from classify.labels import EMOTIONS
from classify.learn import CORPUS
from classify.learn import READ
from classify.learn import RETOLD
from classify.learn import WRITTEN
from classify.learn import Ints
from classify.learn import Linear
from classify.learn import Targets
from classify.learn import learn_mood
from classify.learn import targets
from classify.pairs import Pairing
from classify.predict import LIMIT
from classify.retold import Told

SEEN_IN = 3  #: texts a bucket must occur in to be kept
HEARD_IN = 5  #: texts two words must stand together in to be kept
GRAMS = (1, 2, 3, 4)  #: characters: words by jieba would add 0.005 and halve the speed, 5-grams nothing
KEPT = 90_000  #: buckets: 60,000 cost nothing measurable, more cost megabytes
EVERY = 4  #: one mood text in four counts when buckets are chosen, or mood would crowd out the environment
_LEXICON = Path(__file__).parent / "lexicon.toml"
_ADDRESSED = frozenset({"letter", "hotline"})  # sources of the corpus


@dataclass(frozen=True, slots=True)
class Desk:
    """All texts to learn from: the labelled corpus, which is measured; then what we wrote, read and retold."""

    examples: Sequence[Example]
    measured: int  #: texts of the corpus
    written: int  #: texts after them that we wrote
    retold: int  #: the last texts
    rows: sparse.csr_matrix
    words: sparse.csr_matrix  #: pairs of them
    known: Targets
    addressed: tune.Flags
    folds: Sequence[tuple[Ints, Ints]]

    @property
    def origin(self) -> Ints:
        """CORPUS, WRITTEN, READ or RETOLD, per text."""
        read = len(self.examples) - self.measured - self.written - self.retold
        return np.repeat([CORPUS, WRITTEN, READ, RETOLD], [self.measured, self.written, read, self.retold])


def lexicon(path: Path = _LEXICON) -> Lexicon:
    """The word groups counted as features."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))
    return Lexicon(tuple(groups), tuple(tuple(words) for words in groups.values()))


def prepare(
    corpus_rows: Sequence[Example],
    together: Sequence[int],
    written: Sequence[Example],
    read: Sequence[Example],
    told: Told,
    moods: Sequence[corpus.Mood],
) -> tuple[Featuriser, Pairing, Desk, Linear]:
    """The features that are kept, counted without labels; all texts as rows of them; and the plain mood, fitted."""
    examples = [*corpus_rows, *written, *read, *told.examples]
    prepared = [tokenise.prepare(example.text)[:LIMIT] for example in examples]
    mood_texts = [tokenise.prepare(mood.text)[:LIMIT] for mood in moods]
    featuriser = features.fit([*prepared, *mood_texts[::EVERY]], lexicon(), SEEN_IN, KEPT, grams=GRAMS)
    pairing = pairs.fit(prepared, SEEN_IN, HEARD_IN)
    known = targets(examples)
    desk = Desk(
        examples=examples,
        measured=len(corpus_rows),
        written=len(written),
        retold=len(told.examples),
        rows=featuriser.rows(prepared),
        words=pairing.rows(pairs.passage(prepared)),
        known=known,
        addressed=np.array([example.source in _ADDRESSED for example in corpus_rows], dtype=bool),
        folds=folds.split(known.type, together, folds.kin(corpus_rows, len(written), read, told.after)),
    )
    felt = np.array([EMOTIONS.index(mood.emotion) for mood in moods])
    return featuriser, pairing, desk, learn_mood(featuriser.rows(mood_texts), felt)
