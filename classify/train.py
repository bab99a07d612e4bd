"""`huanyu train`: labelled texts in; model, model card and floors out, all of one run.

The only module that reads training data. Same data, same files out.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import sparse

from classify import card
from classify import corpus
from classify import features
from classify import floors
from classify import folds
from classify import measure
from classify import own_labels
from classify import tokenise
from classify import tune
from classify.compiled import WEIGHTS
from classify.compiled import Compiled
from classify.corpus import Example
from classify.decide import VOTE
from classify.decide import Reading
from classify.decide import Rules
from classify.decide import Table
from classify.decide import complaint_margin
from classify.decide import decide
from classify.features import Featuriser
from classify.features import Lexicon
from classify.labels import HEADS
from classify.labels import TYPES
from classify.labels import WIDTH
from classify.learn import CORPUS
from classify.learn import READ
from classify.learn import TYPE_WEIGHTS
from classify.learn import WRITTEN as WRITTEN_BY_US
from classify.learn import Ints
from classify.learn import Learned
from classify.learn import Linear
from classify.learn import Targets
from classify.learn import learn
from classify.learn import learn_mood
from classify.learn import learn_types
from classify.learn import targets
from classify.measure import Score
from classify.own_labels import OwnLabels
from classify.predict import LIMIT
from huanyu.errors import BadInput
from huanyu.errors import ModelError
from huanyu.types import PostType

LABELLED = "texts/labelled.jsonl.gz"
MOODS = (
    "texts/sentiment/smp2020_usual_train.jsonl.gz",
    "texts/sentiment/smp2020_virus_train.jsonl.gz",
    "texts/sentiment/nlpcc2013_train_sentence.jsonl.gz",
)
TOPIC = "cv"
SEEN_IN = 3  #: texts a bucket must occur in to be kept
KEPT = 90_000  #: buckets: 60,000 cost nothing measurable, more cost megabytes
EVERY = 4  #: one mood text in four counts when buckets are chosen, or mood would crowd out the environment

WRITTEN = (
    Path(__file__).parent / "written.jsonl"
)  #: texts we made up in the style of netizens; trained on, never measured
_LEXICON = Path(__file__).parent / "lexicon.toml"
_ADDRESSED = frozenset({"letter", "hotline"})  # sources of the corpus


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What a training run did."""

    version: str
    corpus: str
    texts: int
    written: int  #: invented texts besides
    read: int  #: texts found again by the hash of what was read
    missing: int  #: labels whose text the data folder does not hold
    moods: int
    scores: tuple[Score, ...]
    different: int  #: texts on which the compiled form decides otherwise than scikit-learn
    rounding: int  #: texts on which half precision decides otherwise than full
    size: float  #: MB


@dataclass(frozen=True, slots=True)
class _Desk:
    """All texts to learn from: the labelled corpus, which is measured; then what we wrote, then what we read."""

    examples: Sequence[Example]
    measured: int  #: texts of the corpus
    written: int  #: texts after them that we wrote
    prepared: Sequence[str]
    words: Sequence[str]
    rows: sparse.csr_matrix
    known: Targets
    addressed: tune.Flags
    folds: Sequence[tuple[Ints, Ints]]

    @property
    def origin(self) -> Ints:
        """CORPUS, WRITTEN or READ, per text."""
        read = len(self.examples) - self.measured - self.written
        return np.repeat([CORPUS, WRITTEN_BY_US, READ], [self.measured, self.written, read])


def run(
    data: Path,
    out: Path,
    card_file: Path,
    allow_regression: bool = False,
    labels: Path = own_labels.READ,
) -> TrainReport:
    """Train on `data`, write the model to `out`, the card to `card_file` and floors.json beside the card.

    Raises ModelError, and writes nothing, when a figure falls below its floor on the same corpus.
    """
    examples = corpus.read(data / LABELLED)
    moods = [mood for name in MOODS for mood in corpus.read_moods(data / name)]
    together = corpus.groups([example.text for example in examples])
    _check_enough(examples, together, moods)
    read = own_labels.load(data, labels)
    featuriser, desk, mood = _prepare(examples, together, corpus.read(WRITTEN), read.examples, moods)
    unseen = _unseen_scores(desk, mood)
    scores = measure.measure(examples, _crossed_readings(desk, unseen))
    digest, floor_file = corpus.digest(examples), card_file.parent / floors.FILE.name
    _check_floors(scores, digest, floor_file, allow_regression)
    rules = tune.tune(unseen, desk.known.take(np.arange(desk.measured)), desk.addressed)
    model, compared = _final(featuriser, desk, mood, rules)
    model.save(out)
    topic = floors.update(floor_file, TOPIC, scores, digest, allow_regression)
    report = TrainReport(
        version=model.version,
        corpus=digest,
        texts=len(examples),
        written=desk.written,
        read=len(read.examples),
        missing=read.missing,
        moods=len(moods),
        scores=scores,
        different=compared[0],
        rounding=compared[1],
        size=(out / WEIGHTS).stat().st_size / 1e6,
    )
    card_file.write_text(_card(report, model, desk, read, topic.floors), encoding="utf-8")
    return report


def lexicon(path: Path = _LEXICON) -> Lexicon:
    """The word groups counted as features."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))
    return Lexicon(tuple(groups), tuple(tuple(words) for words in groups.values()))


def _check_enough(examples: Sequence[Example], together: Sequence[int], moods: Sequence[corpus.Mood]) -> None:
    """Each type, and urgency, must occur in every fold: near-identical texts count once."""
    kinds = Counter(
        kind for kind, _ in {(row.type, group) for row, group in zip(examples, together, strict=True)}
    )
    urgent = {group for row, group in zip(examples, together, strict=True) if row.urgent}
    scarce = [kind.value for kind in TYPES if kinds[kind] < folds.FOLDS] + ["urgent"] * (
        len(urgent) < folds.FOLDS
    )
    if scarce or len({mood.label3 for mood in moods}) < 3:
        raise BadInput(
            f"训练数据不足: 每种类型和紧急各至少 {folds.FOLDS} 条互不重复的文本, 情感数据须三类齐全",
            scarce=scarce,
        )


def _check_floors(scores: Sequence[Score], digest: str, path: Path, allow_regression: bool) -> None:
    known = floors.read(path).topics.get(TOPIC)
    below = floors.misses(scores, known) if known and known.corpus == digest else []
    if below and not allow_regression:
        raise ModelError("新模型低于底线, 未写入: " + "; ".join(below))


def _prepare(
    corpus_rows: Sequence[Example],
    together: Sequence[int],
    written: Sequence[Example],
    read: Sequence[Example],
    moods: Sequence[corpus.Mood],
) -> tuple[Featuriser, _Desk, Linear]:
    examples = [*corpus_rows, *written, *read]
    prepared = [tokenise.prepare(example.text)[:LIMIT] for example in examples]
    mood_texts = [tokenise.prepare(mood.text)[:LIMIT] for mood in moods]
    featuriser = features.fit([*prepared, *mood_texts[::EVERY]], lexicon(), SEEN_IN, KEPT)
    known, words = targets(examples), tokenise.cut(prepared)
    desk = _Desk(
        examples=examples,
        measured=len(corpus_rows),
        written=len(written),
        prepared=prepared,
        words=words,
        rows=featuriser.rows(prepared, words),
        known=known,
        addressed=np.array([example.source in _ADDRESSED for example in corpus_rows], dtype=bool),
        folds=folds.split(known.type, together, len(written), folds.kin(corpus_rows, read)),
    )
    felt = np.array([("neg", "neu", "pos").index(mood.label3) for mood in moods])
    return featuriser, desk, learn_mood(featuriser.rows(mood_texts, tokenise.cut(mood_texts)), felt)


def _unseen_scores(desk: _Desk, mood: Linear) -> Table:
    """Scores of each text by a model that has not seen it."""
    scores = np.zeros((desk.measured, WIDTH))
    for known, unseen in desk.folds:
        learned = learn(desk.rows[known], desk.known.take(known), mood, desk.origin[known])
        scores[unseen] = learned.scores(desk.rows[unseen])
    return scores


def _crossed_readings(desk: _Desk, scores: Table) -> list[Reading]:
    """Readings of each text by rules fitted on the other folds, as if its source were not known."""
    readings: dict[int, Reading] = {}
    for learnt, unseen in desk.folds:
        known = learnt[learnt < desk.measured]
        rules = tune.tune(scores[known], desk.known.take(known), desk.addressed[known])
        found = decide(scores[unseen], rules, [None] * len(unseen))
        readings.update(zip(unseen.tolist(), found, strict=True))
    return [readings[at] for at in range(len(scores))]


def _final(
    featuriser: Featuriser, desk: _Desk, mood: Linear, rules: Rules
) -> tuple[Compiled, tuple[int, int]]:
    """The model on all texts, and how many decisions compiling and rounding change."""
    learned = learn(desk.rows, desk.known, mood, desk.origin)
    full = _decisions(learned, desk, rules)
    rounded = learned.rounded()
    weights, bias = rounded.arrays(featuriser.width)
    model = Compiled(featuriser=featuriser, weights=weights, bias=bias, rules=rules)
    by_sklearn = _decisions(rounded, desk, rules)
    by_arrays = decide(model.scores(desk.prepared, desk.words), rules, [None] * len(desk.examples))
    return model, (_differing(by_sklearn, by_arrays), _differing(full, by_sklearn))


def _decisions(learned: Learned, desk: _Desk, rules: Rules) -> list[Reading]:
    return decide(learned.scores(desk.rows), rules, [None] * len(desk.examples))


def _differing(one: Sequence[Reading], other: Sequence[Reading]) -> int:
    """Texts decided otherwise; probabilities may differ in the last digits."""
    same = [
        replace(a, types=(), complaint=0.0) == replace(b, types=(), complaint=0.0)
        for a, b in zip(one, other, strict=True)
    ]
    return same.count(False)


def _card(report: TrainReport, model: Compiled, desk: _Desk, read: OwnLabels, known: dict[str, float]) -> str:
    sources = Counter(example.source for example in desk.examples[: desk.measured])
    facts = card.Facts(
        version=report.version,
        corpus=report.corpus,
        texts=report.texts,
        written=report.written,
        read=report.read,
        read_files=", ".join(f"`{Path(name).name.split('.')[0]}` {count:,}" for name, count in read.files),
        read_complaints=sum(example.type is PostType.COMPLAINT for example in read.examples),
        read_missing=f" The data folder of this run lacked {read.missing:,} more." if read.missing else "",
        judged=own_labels.JUDGED,
        weights=TYPE_WEIGHTS,
        sources=", ".join(f"{name} {count:,}" for name, count in sources.most_common()),
        moods=report.moods,
        folds=folds.FOLDS,
        draws=measure.DRAWS,
        rules=model.rules,
        recall=tune.RECALL,
        precision=tune.PRECISION,
        urgent=tune.URGENT_RECALL,
        features=model.featuriser.width,
        heads=sum(HEADS.values()),
        size=report.size,
        different=report.different,
        rounding=report.rounding,
        compared=len(desk.examples),
        steps=list(_steps(desk, model.featuriser.dense)),
    )
    return card.render(facts, report.scores, known)


def _steps(desk: _Desk, dense: int) -> Iterator[card.Step]:
    """What each group of features, and what we read, adds, by the same folds."""
    yield _step("form and word groups only", desk, desk.rows[:, :dense])
    yield _step("n-grams and words only", desk, desk.rows[:, dense:])
    before = replace(
        desk, folds=[(known[desk.origin[known] != READ], unseen) for known, unseen in desk.folds]
    )
    yield _step("all, without the texts we read", before, desk.rows)
    yield _step("all", desk, desk.rows)


def _step(name: str, desk: _Desk, rows: sparse.csr_matrix) -> card.Step:
    types, votes = np.zeros((desk.measured, len(TYPES))), np.zeros((desk.measured, len(TYPES)))
    for known, unseen in desk.folds:
        type_model, vote_model = learn_types(rows[known], desk.known.type[known], desk.origin[known])
        types[unseen] = type_model.decision_function(rows[unseen])
        votes[unseen] = vote_model.decision_function(rows[unseen])
    truth, margin = desk.known.type[: desk.measured], complaint_margin(types, votes)
    is_complaint = truth == TYPES.index(PostType.COMPLAINT)
    weibo = np.array([example.source == "weibo" for example in desk.examples[: desk.measured]], dtype=bool)
    return card.Step(
        name=name,
        type_f1=measure.macro_f1(truth, (types + VOTE * votes).argmax(axis=1), len(TYPES)),
        at_95=measure.best_precision(margin, is_complaint, 0.95),
        at_98=measure.best_precision(margin, is_complaint, 0.98),
        weibo_at_90=measure.best_precision(margin[weibo], is_complaint[weibo], 0.90),
    )
