"""`huanyu train`: labelled texts in; model, model card and floors out, all of one run.

The only module that reads training data. Same data, same files out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from classify import card
from classify import corpus
from classify import crossed
from classify import curve
from classify import floors
from classify import folds
from classify import frozen
from classify import looks
from classify import measure
from classify import own_labels
from classify import retold
from classify import tune
from classify.compiled import WEIGHTS
from classify.compiled import Compiled
from classify.corpus import Example
from classify.crossed import Said
from classify.decide import Reading
from classify.decide import Rules
from classify.decide import Table
from classify.features import Featuriser
from classify.frozen import Comparison
from classify.frozen import DeskLabels
from classify.frozen import DeskText
from classify.labels import EMOTIONS
from classify.labels import HEADS
from classify.labels import SENTIMENT_OF
from classify.labels import SENTIMENTS
from classify.labels import TYPES
from classify.learn import HEARD
from classify.learn import LOUD
from classify.learn import TYPE_WEIGHTS
from classify.learn import Linear
from classify.learn import learn
from classify.lessons import Desk
from classify.lessons import prepare
from classify.looks import Gain
from classify.measure import Score
from classify.own_labels import OwnLabels
from classify.pairs import Pairing
from classify.pairs import Pairs
from classify.predict import Classifier
from classify.retold import Told
from huanyu.errors import BadInput
from huanyu.errors import ModelError
from huanyu.types import PostType

LABELLED = "texts/labelled.jsonl.gz"
MOODS = (
    "texts/sentiment/smp2020_usual_train.jsonl.gz",
    "texts/sentiment/smp2020_virus_train.jsonl.gz",
    "texts/sentiment/nlpcc2013_train_sentence.jsonl.gz",
)
ASIDE = ("texts/sentiment/smp2020_usual_eval.jsonl.gz", "texts/sentiment/smp2020_virus_eval.jsonl.gz")
TOPIC = "cv"

WRITTEN = (
    Path(__file__).parent / "written.jsonl"
)  #: texts we made up in the style of netizens; trained on, never measured


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What a training run did."""

    version: str
    corpus: str
    texts: int
    written: int  #: invented texts besides
    retold: int  #: invented texts that go back to one of the corpus
    read: int  #: texts found again by the hash of what was read
    missing: int  #: labels whose text the data folder does not hold
    moods: int
    scores: tuple[Score, ...]
    different: int  #: texts on which the compiled form decides otherwise than scikit-learn
    rounding: int  #: texts on which half precision decides otherwise than full
    size: float  #: MB
    taught: int = 0  #: texts judged at the desk that were learnt from
    compared: Comparison | None = None  #: with the model that was there, on texts no model learns from


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What there is to learn from."""

    examples: Sequence[Example]  #: the labelled corpus
    together: Sequence[int]  #: which of them are near-identical
    written: Sequence[Example]
    read: OwnLabels
    said: DeskLabels  #: by people at a desk
    told: Told
    moods: Sequence[corpus.Mood]


def run(
    data: Path,
    out: Path,
    card_file: Path,
    allow_regression: bool = False,
    labels: Path = own_labels.READ,
    taught: DeskLabels | None = None,
) -> TrainReport:
    """Train on `data`, write the model to `out`, the card to `card_file` and floors.json beside the card.

    Raises ModelError, and writes nothing, when a figure falls below its floor on the same corpus, or when the
    model in `out` found more of the texts that `taught` keeps frozen.
    """
    given = gather(data, labels, taught or DeskLabels())
    featuriser, pairing, desk, mood = _prepared(given)
    unseen = crossed.unseen(desk, mood)
    readings, first = crossed.readings(desk, unseen)
    scores = measure.measure(given.examples, readings)
    digest, floor_file = corpus.digest(given.examples), card_file.parent / floors.FILE.name
    _check_floors(scores, digest, floor_file, allow_regression)
    rules = tune.tune(*unseen, desk.known.take(np.arange(desk.measured)), desk.addressed)
    model, compared = _final(featuriser, pairing, desk, mood, rules)
    beside_old = _check_frozen(model, out, given.said.frozen, allow_regression)
    model.save(out)
    topic = floors.update(floor_file, TOPIC, scores, digest, allow_regression)
    report = TrainReport(
        version=model.version,
        corpus=digest,
        texts=desk.measured,
        written=desk.written,
        retold=desk.retold,
        read=len(given.read.examples),
        missing=given.read.missing,
        moods=len(given.moods),
        scores=scores,
        different=compared[0],
        rounding=compared[1],
        size=(out / WEIGHTS).stat().st_size / 1e6,
        taught=len(given.said.learn),
        compared=beside_old,
    )
    again = float(rules.doubt.asks(first).mean()), _gains(given.examples, readings, first)
    told = _card(
        report, model, desk, given.read, topic.floors, _set_aside(model, data), *again, unseen, readings
    )
    card_file.write_text(told, encoding="utf-8")
    return report


def _prepared(given: _Given) -> tuple[Featuriser, Pairing, Desk, Linear]:
    return prepare(
        given.examples,
        given.together,
        given.written,
        [*given.read.examples, *given.said.examples],
        given.told,
        given.moods,
    )


def gather(data: Path, labels: Path, taught: DeskLabels) -> _Given:
    """Read all of it; raises BadInput when there is too little."""
    examples, written = corpus.read(data / LABELLED), corpus.read(WRITTEN)
    moods = [mood for name in MOODS for mood in corpus.read_moods(data / name)]
    together = corpus.groups([example.text for example in examples])
    _check_enough(examples, together, moods)
    read = own_labels.load(data, labels)
    return _Given(
        examples=examples,
        together=together,
        written=written,
        read=read,
        said=frozen.apart(taught, [*examples, *written, *read.examples]),
        told=retold.load(examples),
        moods=moods,
    )


def _check_enough(examples: Sequence[Example], together: Sequence[int], moods: Sequence[corpus.Mood]) -> None:
    """Each type, and urgency, must occur in every fold: near-identical texts count once."""
    kinds = Counter(
        kind for kind, _ in {(row.type, group) for row, group in zip(examples, together, strict=True)}
    )
    urgent = {group for row, group in zip(examples, together, strict=True) if row.urgent}
    scarce = [kind.value for kind in TYPES if kinds[kind] < folds.FOLDS] + ["urgent"] * (
        len(urgent) < folds.FOLDS
    )
    if scarce or len({mood.emotion for mood in moods}) < len(EMOTIONS):
        raise BadInput(
            f"训练数据不足: 每种类型和紧急各至少 {folds.FOLDS} 条互不重复的文本, 情感数据须六种情绪齐全",
            scarce=scarce,
        )


def _check_floors(scores: Sequence[Score], digest: str, path: Path, allow_regression: bool) -> None:
    known = floors.read(path).topics.get(TOPIC)
    below = floors.misses(scores, known) if known and known.corpus == digest else []
    if below and not allow_regression:
        raise ModelError("新模型低于底线, 未写入: " + "; ".join(below))


def _check_frozen(
    model: Compiled, out: Path, texts: Sequence[DeskText], allow_regression: bool
) -> Comparison | None:
    """The model beside the one in `out`; None where there is none that can be read."""
    try:
        old = Classifier.load(out)
    except ModelError:
        return None
    found = frozen.compare_models(old, Classifier(model), texts)
    if found.lost and not allow_regression:
        raise ModelError(f"新模型在冻结的文本上漏得更多, 未写入: {found.told}")
    return found


def _gains(examples: Sequence[Example], readings: Sequence[Reading], first: Table) -> tuple[Gain, ...]:
    """What the second look gives, by the same folds."""
    said = measure.outcome(examples, readings)
    return looks.gains(first, said.probability, said.complaint, measure.from_weibo(examples))


def _set_aside(model: Compiled, data: Path) -> str:
    """The sentiment, as shipped, of emotion sentences that nothing was learnt from; surprise is left out."""
    told = []
    for path in (data / name for name in ASIDE if (data / name).exists()):
        rows = [row for row in corpus.read_moods(path) if row.emotion in SENTIMENT_OF]
        truth = np.array([SENTIMENTS.index(SENTIMENT_OF[row.emotion]) for row in rows])
        readings = Classifier(model).predict([row.text for row in rows], explain=False)
        said = np.array([SENTIMENTS.index(reading.sentiment) for reading in readings])
        told.append(f"`{path.name.split('.')[0]}` {measure.macro_f1(truth, said, 3):.3f} ({len(rows):,})")
    return f"\nSentiment, 3-way macro-F1, of sentences set aside: {', '.join(told)}.\n" if told else ""


def _final(
    featuriser: Featuriser, pairing: Pairing, desk: Desk, mood: Linear, rules: Rules
) -> tuple[Compiled, tuple[int, int]]:
    """The model on all texts, and how many decisions compiling and rounding change."""
    learned = learn(desk.rows, desk.words, desk.known, mood, desk.origin)
    every = np.arange(len(desk.examples))
    full = crossed.decided(crossed.said(learned, desk, every), rules)
    rounded = learned.rounded()
    weights, bias = rounded.arrays(featuriser.width)
    model = Compiled(
        featuriser=featuriser,
        weights=weights,
        bias=bias,
        pairs=Pairs(pairing, *rounded.pair_arrays(len(pairing.kept))),
        rules=rules,
    )
    by_sklearn = crossed.decided(crossed.said(rounded, desk, every), rules)
    by_arrays = Classifier(model).predict([example.text for example in desk.examples], explain=False)
    return model, (_differing(by_sklearn, by_arrays), _differing(full, by_sklearn))


def _differing(one: Sequence[Reading], other: Sequence[Reading]) -> int:
    """Texts decided otherwise; probabilities may differ in the last digits."""
    same = [
        a._replace(types=(), complaint=0.0) == b._replace(types=(), complaint=0.0)
        for a, b in zip(one, other, strict=True)
    ]
    return same.count(False)


def _card(
    report: TrainReport,
    model: Compiled,
    desk: Desk,
    read: OwnLabels,
    known: dict[str, float],
    aside: str,
    again: float,
    gains: tuple[Gain, ...],
    unseen: Said,
    readings: Sequence[Reading],
) -> str:
    sources = Counter(example.source for example in desk.examples[: desk.measured])
    facts = card.Facts(
        version=report.version,
        corpus=report.corpus,
        texts=report.texts,
        written=report.written,
        read=report.read,
        read_files=", ".join(f"`{Path(name).name.split('.')[0]}` {count:,}" for name, count in read.files),
        read_complaints=sum(example.type is PostType.COMPLAINT for example in read.examples),
        read_missing=_besides(report, read),
        judged=own_labels.JUDGED,
        retold=report.retold,
        weights=TYPE_WEIGHTS,
        loud=LOUD,
        heard=HEARD,
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
        again=again,
        gains=gains,
        pairs=len(model.pairs.pairing.kept),
        aside=aside,
        steps=list(curve.steps(desk, model.featuriser.dense, unseen, readings)),
    )
    return card.render(facts, report.scores, known)


def _besides(report: TrainReport, read: OwnLabels) -> str:
    """What the card says of labels whose text was not there, and of those of a desk."""
    lacked = f" The data folder of this run lacked {read.missing:,} more." if read.missing else ""
    taught = (
        f" A desk's own {report.taught:,} judged texts were learnt from likewise." if report.taught else ""
    )
    return lacked + taught
