"""What a second look would give: sentences apart, pairs of words in one clause, trees over all scores.

`python -m classify.second_look DATA` measures it by the folds of the training run and writes `second_look.json`
for the model card; no model is changed. What combines scores is fitted on the other folds, like the scores.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from classify import corpus
from classify import looks
from classify import measure
from classify import own_labels
from classify import tokenise
from classify import train
from classify.decide import PUBLIC
from classify.decide import RATIO
from classify.decide import VOTE
from classify.decide import Table
from classify.decide import complaint_margin
from classify.decide import softmax
from classify.features import Featuriser
from classify.frozen import DeskLabels
from classify.labels import TYPES
from classify.labels import columns
from classify.learn import SEED
from classify.learn import Linear
from classify.learn import head_scores
from classify.learn import learn
from classify.learn import learn_complaints
from classify.lessons import SEEN_IN
from classify.lessons import Desk
from classify.lessons import prepare
from classify.looks import Figure
from classify.looks import Look
from classify.looks import Looks
from classify.predict import LIMIT
from huanyu.errors import HuanyuError
from huanyu.types import PostType

SHORT = 8  #: characters: a shorter sentence says too little alone and is read with the next one
BESIDE = 0.3  #: what the shipped sum counts beside the trees; chosen on these folds
TREES = {
    "learning_rate": 0.04,
    "max_iter": 150,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 25,
    "l2_regularization": 5.0,
    "max_features": 0.3,
}
DOUBTFUL = (0.05, 0.5)  #: probabilities by the shipped sum between which a text is doubtful
FIGURES = 5  #: of the sentences of a text: the highest, the mean, the lowest, the first and the last
DRAWS = 400
_SENTENCE = re.compile(r"[。!?！？;；\n…~]+")
_CLAUSE = re.compile(r"[。!?！？;；\n…~,，、:：()【】“”\"\s]+")

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Weighs(Protocol):
    """What we use of an estimator of complaints."""

    def fit(self, rows: Table, truth: Flags) -> Weighs: ...
    def decision_function(self, rows: Table) -> Table: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of each text of the corpus by models that had not seen it, texts × columns."""

    scores: Table
    sentences: Table  #: of each figure of its sentences the highest, mean, lowest, first and last; how many there are
    words: Table  #: margins of the two heads that hear words in one clause, and their sum
    form: Table
    complaint: Flags
    weibo: Flags
    folds: Sequence[Ints]  #: texts measured together

    @property
    def margin(self) -> Table:
        """The shipped sum."""
        return complaint_margin(self.scores)


def sentences(text: str) -> list[str]:
    """The sentences of a prepared text, one at least; what is shorter than `SHORT` goes with the next, or the last."""
    found = [""]
    for part in filter(None, map(str.strip, _SENTENCE.split(text))):
        if len(found[-1]) >= SHORT:
            found.append("")
        found[-1] += f",{part}" if found[-1] else part
    if len(found) > 1 and len(found[-1]) < SHORT:
        last = found.pop()
        found[-1] += f",{last}"
    return found


def together(text: str) -> Iterator[str]:
    """Words, neighbouring words, and each two words of one clause in whatever order."""
    for clause in filter(None, _CLAUSE.split(text)):
        words = tokenise.cut_joined(clause)
        yield from words
        for at, word in enumerate(words):
            yield from (f"{min(word, other)}\t{max(word, other)}" for other in words[at + 1 :])
            yield from (f"{word}\n{other}" for other in words[at + 1 : at + 2])


def look(featuriser: Featuriser, desk: Desk, mood: Linear) -> Seen:
    """Score the texts, their sentences and their words by the models of the folds they are not in."""
    texts = [tokenise.prepare(example.text)[:LIMIT] for example in desk.examples]
    parts = [sentences(text) for text in texts[: desk.measured]]
    owner = np.repeat(np.arange(desk.measured), list(map(len, parts)))
    rows = featuriser.rows([part for of_text in parts for part in of_text])
    form = desk.rows[:, : featuriser.dense]
    heard = TfidfVectorizer(analyzer=together, min_df=SEEN_IN, binary=True, dtype=np.float32)
    words = sparse.hstack([form, heard.fit_transform(texts)], format="csr")
    scores, by_sentence, by_word = [], [], []
    for known, unseen in desk.folds:
        lesson = desk.known.take(known), desk.origin[known]
        learned = learn(desk.rows[known], lesson[0], mood, lesson[1])
        at = np.flatnonzero(np.isin(owner, unseen))
        scores.append(learned.scores(desk.rows[unseen]))
        by_sentence.append(_summed_up(_told(learned.scores(rows[at])), owner[at], unseen))
        heads = learn_complaints(words[known], *lesson)
        ratio, public = (head_scores(heads[head][0], words[unseen])[:, 0] for head in ("ratio", "public"))
        aloud = _aloud(scores[-1]) * public
        by_word.append(np.column_stack([ratio, aloud, RATIO * ratio + PUBLIC * aloud]))
    order = np.argsort(np.concatenate([unseen for _, unseen in desk.folds]))
    whole = [np.vstack(folded)[order] for folded in (scores, by_sentence, by_word)]
    real = desk.examples[: desk.measured]
    return Seen(
        scores=whole[0],
        sentences=whole[1],
        words=whole[2],
        form=form[: desk.measured].toarray().astype(np.float64),
        complaint=desk.known.type[: desk.measured] == TYPES.index(PostType.COMPLAINT),
        weibo=np.array([example.source == "weibo" for example in real], dtype=bool),
        folds=[unseen for _, unseen in desk.folds],
    )


def margins(seen: Seen) -> Iterator[tuple[str, Table]]:
    """Each way of looking, and how much more a complaint than anything else it takes each text for."""
    first, words = seen.margin[:, None], seen.words[:, 2:]
    every = np.hstack([first, seen.scores, _types(seen.scores), _aloud(seen.scores)[:, None], seen.form])
    shipped = BESIDE * seen.margin
    by_margin = seen.sentences[:, : -1 : seen.sentences.shape[1] // FIGURES]
    yield "the shipped sum", seen.margin
    yield "trees over its scores and the form", _boosted(seen, every) + shipped
    yield "sentences apart, added", _added(seen, np.hstack([first, by_margin]))
    yield "pairs of words, added", _added(seen, np.hstack([first, words]))
    likely = 1 / (1 + np.exp(-_added(seen, first)))
    doubtful = (likely >= DOUBTFUL[0]) & (likely < DOUBTFUL[1])
    yield "pairs of words, added to doubtful texts only", _added(seen, np.hstack([first, words]), doubtful)
    yield "both, added", _added(seen, np.hstack([first, words, by_margin]))
    trees = _boosted(seen, np.hstack([every, seen.sentences])) + shipped
    yield "trees with sentences apart", trees
    yield "… and pairs of words added", trees + BESIDE * seen.words[:, 2]
    both = _boosted(seen, np.hstack([every, seen.sentences, seen.words])) + shipped
    yield "trees with both", both


def _told(scores: Table) -> Table:
    """What counts of each sentence: the margin first."""
    heads = [scores[:, columns(head)] for head in ("ratio", "netizen", "urgent", "mood")]
    public = _aloud(scores) * scores[:, columns("public")][:, 0]
    kinds = scores[:, columns("kinds")].max(axis=1)
    return np.column_stack([complaint_margin(scores), *heads, public, kinds, _types(scores)])


def _summed_up(told: Table, owner: Ints, texts: Ints) -> Table:
    """The figures of the sentences of each text, which stand together: texts × (FIGURES × columns + 1)."""
    begins = np.searchsorted(owner, texts)
    ends = np.append(begins[1:], len(owner))
    count = (ends - begins)[:, None]
    highest, lowest, total = (how.reduceat(told, begins) for how in (np.maximum, np.minimum, np.add))
    return np.hstack([highest, total / count, lowest, told[begins], told[ends - 1], count])


def _types(scores: Table) -> Table:
    both = softmax(scores[:, columns("type")] + VOTE * scores[:, columns("vote")])
    logs: Table = np.log(both + 1e-6)
    return logs


def _aloud(scores: Table) -> Table:
    """How far each text is told as netizens tell."""
    told: Table = 1 / (1 + np.exp(-np.clip(scores[:, columns("netizen")][:, 0], -30, 30)))
    return told


def _added(seen: Seen, rows: Table, doubtful: Flags | None = None) -> Table:
    """Log-odds by all columns; where only some texts are doubtful the others keep those by the first column."""
    sums: Weighs = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    if doubtful is None:
        return _crossed(seen, rows, [sums])
    low, high = np.log(DOUBTFUL) - np.log1p(-np.array(DOUBTFUL))
    again = np.clip(_crossed(seen, rows, [sums], doubtful), low, high)
    return np.where(doubtful, again, _crossed(seen, rows[:, :1], [sums]))


def _boosted(seen: Seen, rows: Table) -> Table:
    trees: list[Weighs] = [HistGradientBoostingClassifier(random_state=SEED + at, **TREES) for at in range(2)]
    return _crossed(seen, rows, trees)


def _crossed(seen: Seen, rows: Table, by: Sequence[Weighs], among: Flags | None = None) -> Table:
    """The mean of what the estimators say of each text, fitted on the other folds (`among` these)."""
    said = np.zeros(len(rows))
    for unseen in seen.folds:
        known = np.setdiff1d(np.arange(len(rows)) if among is None else np.flatnonzero(among), unseen)
        for one in by:
            fitted = one.fit(rows[known], seen.complaint[known])
            said[unseen] += fitted.decision_function(rows[unseen]) / len(by)
    return said


def compare(seen: Seen) -> Iterator[Look]:
    """The figures of each way of looking beside those of the first, on the same texts drawn again and again."""
    base: Table | None = None
    for name, margin in margins(seen):
        base = margin if base is None else base
        every, weibo = np.ones(len(margin), dtype=bool), seen.weibo
        yield Look(
            name=name,
            at_95=_figure(seen, margin, base, every, 0.95),
            at_98=_figure(seen, margin, base, every, 0.98),
            weibo_at_90=_figure(seen, margin, base, weibo, 0.90),
        )


def _figure(seen: Seen, margin: Table, base: Table, of: Flags, recall: float) -> Figure:
    said, before, truth = margin[of], base[of], seen.complaint[of]
    random = np.random.default_rng(measure.SEED)
    gains = []
    for _ in range(DRAWS):
        at = random.integers(0, len(truth), len(truth))
        new, old = (measure.best_precision(one[at], truth[at], recall) for one in (said, before))
        gains.append(new - old)
    low, high = np.percentile(gains, [2.5, 97.5])
    return Figure(
        value=round(measure.best_precision(said, truth, recall), 4),
        low=round(float(low), 4),
        high=round(float(high), 4),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table and keep the figures for the model card."""
    parser = argparse.ArgumentParser(prog="python -m classify.second_look", description="再看一遍能提高多少")
    parser.add_argument("data", type=Path, help="训练数据目录")
    parser.add_argument("--out", type=Path, default=looks.FILE, help="结果文件")
    asked = parser.parse_args(arguments)
    try:
        given = train.gather(asked.data, own_labels.READ, DeskLabels())
    except HuanyuError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    featuriser, desk, mood = prepare(
        given.examples, given.together, given.written, given.read.examples, given.told, given.moods
    )
    learnt = corpus.digest([*given.examples, *given.read.examples])
    found = Looks(corpus=learnt, looks=tuple(compare(look(featuriser, desk, mood))))
    asked.out.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{looks.table(found)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
