"""`huanyu spelling`: counts, weights and thresholds of publisher.spelling, with the figures they were chosen by.

Replies are judged by counts made without them (five folds): what is found in them as they are is an alarm, what is
found of mistakes put into them is recall. Same data, same files out.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huanyu import fold
from publisher import spelling_texts
from publisher.confusions import KINDS
from publisher.confusions import Confusions
from publisher.confusions import confusions
from publisher.grams import Grams
from publisher.grams import codes
from publisher.grams import save
from publisher.misspelt import misspelt
from publisher.slips import slips
from publisher.spelling import FEATURES
from publisher.spelling import Floats
from publisher.spelling import Options
from publisher.spelling import doubtful
from publisher.spelling import options
from publisher.spelling_texts import Counts

FOLDS: Final = 5
#: Alarms in all held-out replies that set the threshold of each kind; half of them are true slips of the offices.
ALARMS: Final = {"usual": 10, "same": 4, "look": 3, "near": 3}
SHARE: Final = {"usual": 0.5, "same": 0.25, "look": 0.1, "near": 0.15}  #: of the mistakes put in, by kind
_APART: Final = 12  #: characters between two mistakes put in
_EVERY: Final = 40  #: characters for each mistake put in
_FIRST: Final = np.array([0, 0, -1, 1, -1, 1, -1, 1, 0], np.float32)  #: weights to begin with
_STEPS, _RIDGE = 30, 1.0
_CURVE: Final = (1, 2, 5, 10, 20, 50, 100, 200)  #: alarms at which the card gives recall


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One fold: the best option of each kind at each place of the replies, and at each mistake put in."""

    clean: tuple[Floats, ...]  #: by kind
    mended: tuple[Floats, ...]  #: by kind, where the right character was among the options
    put: NDArray[np.int64]  #: mistakes put in, by kind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What came of a run."""

    replies: int
    characters: int
    groups: int
    size: float  #: MB
    thresholds: Floats
    curves: dict[str, list[tuple[int, float]]]  #: kind -> (alarms, recall of mistakes put in)
    recall: dict[str, float]


def run(data: Path, invented: Path, out: Path, card: Path) -> Lesson:
    """Count, learn and choose; write the table and the card of figures."""
    folds = _folds(data)
    base = spelling_texts.counted(spelling_texts.letters(data, invented))
    base = spelling_texts.together((base, spelling_texts.words(data)))
    parts = [_counted(fold_) for fold_ in folds]
    judged = [
        _judged(_without(base, parts, held), [reply for _, reply in fold_], held)
        for held, fold_ in enumerate(folds)
    ]
    grams = spelling_texts.together((base, *parts)).grams()
    scores = [_crossed(judged, kind) for kind in range(len(KINDS))]
    weights = np.stack([_learnt(judged, kind, None) for kind in range(len(KINDS))])
    thresholds = np.array(
        [_threshold(clean, ALARMS[kind]) for kind, (clean, _, _) in zip(KINDS, scores, strict=True)],
        np.float32,
    )
    with out.open("wb") as file:
        save(file, grams, {"weights": weights, "thresholds": thresholds})
    lesson = Lesson(
        replies=sum(map(len, folds)),
        characters=sum(len(reply) for fold_ in folds for _, reply in fold_),
        groups=len(grams.keys),
        size=out.stat().st_size / 1e6,
        thresholds=thresholds,
        curves={kind: list(_curve(*score)) for kind, score in zip(KINDS, scores, strict=True)},
        recall={
            kind: float((found >= limit).sum() / put)
            for kind, limit, (_, found, put) in zip(KINDS, thresholds, scores, strict=True)
        },
    )
    card.write_text(told(lesson), encoding="utf-8")
    return lesson


def _folds(data: Path) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = [[] for _ in range(FOLDS)]
    for number, row in enumerate(spelling_texts.rows(data, spelling_texts.REPLIES)):
        letter = f"{row.get('title') or ''}。{row.get('text') or ''}"
        found[number % FOLDS].append((letter, fold.plain(row.get("reply") or "").text))
    return found


def _counted(pairs: Sequence[tuple[str, str]]) -> Counts:
    letters, replies = zip(*pairs, strict=True)
    replied = spelling_texts.official(spelling_texts.counted(replies))
    return spelling_texts.together((spelling_texts.counted(letters), replied))


def _without(base: Counts, parts: Sequence[Counts], held: int) -> Grams:
    others = [part for number, part in enumerate(parts) if number != held]
    return spelling_texts.together((base, *others)).grams()


def _judged(grams: Grams, replies: Sequence[str], seed: int) -> Judged:
    confused = confusions(grams)
    text = "。".join(replies)
    listed = np.zeros(len(text), bool)  # what the lists find already is no new alarm
    for start, end, _ in (*slips(text), *misspelt(text)):
        listed[start:end] = True
    clean = options(text, grams, confused)
    if clean is None:
        raise ValueError("no replies to learn from")
    free = ~listed[clean.places]
    wrong, places, truth = _mistaken(text, confused, Random(seed))  # noqa: S311 -- a repeatable draw
    doubted = np.intersect1d(doubtful(codes(wrong), grams), places)
    spoilt = options(wrong, grams, confused, doubted)
    if spoilt is None:
        raise ValueError("no mistake put in")
    right = np.array([truth[int(at)] for at in spoilt.places], np.uint64) == spoilt.chars
    kinds = [_kind(confused, ord(wrong[at]), truth[int(at)]) for at in places]
    return Judged(
        tuple(_best(clean, free & (clean.kinds == kind)) for kind in range(len(KINDS))),
        tuple(spoilt.features[right & (spoilt.kinds == kind)] for kind in range(len(KINDS))),
        np.bincount(kinds, minlength=len(KINDS)),
    )


def _mistaken(text: str, confused: Confusions, draw: Random) -> tuple[str, NDArray[np.int64], dict[int, int]]:
    """A text with mistakes put in, where, and what stood there."""
    taken_for = _reversed(confused)
    spoilt, truth, last = list(text), {}, -_APART
    for at in sorted(draw.sample(range(len(text)), len(text) // _EVERY)):
        kind = draw.choices(range(len(KINDS)), [SHARE[kind] for kind in KINDS])[0]
        others = taken_for.get((ord(text[at]), kind))
        if others and at - last >= _APART:
            spoilt[at], truth[at], last = chr(draw.choice(others)), ord(text[at]), at
    return "".join(spoilt), np.array(sorted(truth), np.int64), truth


def _reversed(confused: Confusions) -> dict[tuple[int, int], list[int]]:
    """(what was meant, kind) -> what may stand there instead; only characters that are common themselves."""
    common = {int(char) for chars, _ in confused.of.values() for char in chars}
    found: dict[tuple[int, int], list[int]] = {}
    for wrong, (chars, kinds) in confused.of.items():
        for meant, kind in zip(chars, kinds, strict=True):
            if wrong in common:
                found.setdefault((int(meant), int(kind)), []).append(wrong)
    return found


def _kind(confused: Confusions, wrong: int, meant: int) -> int:
    chars, kinds = confused.of[wrong]
    return int(kinds[chars == meant][0])


def _best(found: Options, rows: NDArray[np.bool_]) -> Floats:
    """The most promising of `rows` at each place."""
    kept = np.flatnonzero(rows)
    order = kept[np.lexsort((-(found.features[kept] @ _FIRST), found.places[kept]))]
    first = np.diff(found.places[order], prepend=-1) > 0
    return found.features[order[first]]


def _crossed(judged: Sequence[Judged], kind: int) -> tuple[Floats, Floats, int]:
    """Scores of clean places and of mistakes, each by weights learnt from the other folds."""
    weights = [_learnt(judged, kind, held) for held in range(len(judged))]
    return (
        np.concatenate([one.clean[kind] @ w for one, w in zip(judged, weights, strict=True)]),
        np.concatenate([one.mended[kind] @ w for one, w in zip(judged, weights, strict=True)]),
        int(sum(one.put[kind] for one in judged)),
    )


def _learnt(judged: Sequence[Judged], kind: int, held: int | None) -> Floats:
    """Logistic regression of mistakes against clean places (Newton's steps)."""
    others = [one for number, one in enumerate(judged) if number != held]
    wrong = np.concatenate([one.mended[kind] for one in others])
    clean = np.concatenate([one.clean[kind] for one in others])
    rows = np.concatenate([wrong, clean]).astype(np.float64)
    is_wrong = np.arange(len(rows)) < len(wrong)
    weights = np.zeros(FEATURES)
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows + _RIDGE * np.eye(FEATURES)
        weights += np.linalg.solve(bend, rows.T @ (is_wrong - sure) - _RIDGE * weights)
    return weights.astype(np.float32)


def _threshold(clean: Floats, alarms: int) -> float:
    """Just above the score at which there would be one alarm more."""
    return float(np.nextafter(np.sort(clean)[-alarms - 1], np.float32(np.inf)))


def _curve(clean: Floats, found: Floats, put: int) -> Iterator[tuple[int, float]]:
    for alarms in _CURVE:
        yield alarms, float((found >= _threshold(clean, alarms)).sum() / put)


def told(lesson: Lesson) -> str:
    """The card of figures."""
    alarms = sum(ALARMS.values())
    rows = [
        f"| {kind} | {ALARMS[kind]} | {lesson.recall[kind]:.2f} | "
        + " | ".join(f"{recall:.2f}" for _, recall in lesson.curves[kind])
        + " |"
        for kind in KINDS
    ]
    heads = " | ".join(f"{1000 * count / lesson.characters:.3f}" for count in _CURVE)
    return "\n".join(
        (
            "# Spelling by context: figures of `huanyu spelling`",
            "",
            f"{lesson.groups:,} groups of one to four characters, {lesson.size:.1f} MB. Held out: "
            f"{lesson.replies:,} replies, {lesson.characters:,} characters, in {FOLDS} folds; "
            f"{alarms} alarms, one in {lesson.replies // alarms} replies, true slips of the offices among them.",
            "",
            "Recall of mistakes put in, at the shipped threshold and at so many alarms in 1,000 characters:",
            "",
            f"| kind | alarms | shipped | {heads} |",
            "|" + "---|" * (3 + len(_CURVE)),
            *rows,
            "",
        )
    )
