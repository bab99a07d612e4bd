"""What one would write first: characters and words by TF-IDF, logistic regressions over them, SnowNLP for the mood.

Measured beside our own by `huanyu bench classify`; no verdict comes from here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from classify import corpus

jieba.setLogLevel(logging.WARNING)

WRITTEN = Path(__file__).parent / "written.jsonl"
SNOWNLP = "snownlp"

Reading = Callable[[Sequence[str]], object]


def pipeline() -> Reading:
    """TF-IDF of n-grams and of jieba's words with a regression each for type, mood and urgency; fit on invented texts."""
    known = corpus.read(WRITTEN)
    texts = [row.text for row in known]
    features = FeatureUnion(
        [
            ("characters", TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True)),
            ("words", TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2))),
        ]
    )
    rows = features.fit_transform(texts)
    asked = [
        [row.type.value for row in known],
        [row.sentiment.value for row in known],
        [row.urgent for row in known],
    ]
    fitted = [LogisticRegression(max_iter=200).fit(rows, labels) for labels in asked]

    def read(some: Sequence[str]) -> object:
        found = features.transform(some)
        return [model.predict(found) for model in fitted]

    return read


def snownlp_mood() -> Reading | None:
    """SnowNLP's sentiment, text by text; None where SnowNLP is not installed."""
    if find_spec(SNOWNLP) is None:
        return None
    read = import_module(SNOWNLP).SnowNLP
    return lambda some: [read(text).sentiments for text in some]
