"""`huanyu spelling`: counts, weights and the threshold of publisher.spelling, with the figures they were chosen by.

Replies and publicity are judged by counts made without them (five folds): what is found in them as they are is an
alarm, what is found of mistakes put into them is recall. Same data, same files out.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from publisher.misspelt import listed
from publisher.misspelt import misspelt
from publisher.reading import Lexicon
from publisher.slips import slips
from publisher.sounds import lines
from publisher.spelling import FEATURES
from publisher.spelling import Floats
from publisher.spelling import Options
from publisher.spelling import Speller
from publisher.spelling import doubtful
from publisher.spelling import excused
from publisher.spelling import in_a_word
from publisher.spelling import options
from publisher.spelling_texts import Counts

FOLDS: Final = 5
#: Alarms in all held-out replies and posts that set the threshold; some of them are true slips of the offices.
REPLIES, POSTS = 16, 7
SHARE: Final = {"usual": 0.5, "same": 0.25, "look": 0.1, "near": 0.15}  #: of the mistakes put in, by kind
OWN: Final = "spelling.txt"
LISTS: Final = ("right.txt", "usual.txt", "known.txt", "doubled.txt")
_APART: Final = 12  #: characters between two mistakes put in
_EVERY: Final = 40  #: characters for each mistake put in
#: Weights to begin with, by which the best option of a place is taken.
_FIRST: Final = np.array([0, 0, -1, 1, -1, 1, -1, 1, *[0] * 8, 0.5, 0], np.float32)
_STEPS, _RIDGE = 30, 1.0
_CURVE: Final = (1, 2, 5, 10, 20, 50, 100)  #: alarms in the posts at which the card gives recall


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Texts that are judged by counts made of the others."""

    letters: tuple[str, ...]
    replies: tuple[str, ...]
    posts: tuple[str, ...]

    def counts(self) -> Counts:
        """What the others are judged by."""
        replied = spelling_texts.official(spelling_texts.counted(self.replies))
        return spelling_texts.together((spelling_texts.counted((*self.letters, *self.posts)), replied))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One fold: what might be meant in its replies, in its posts, and where mistakes were put into both."""

    replies: Options
    posts: Options
    mended: Options  #: the right characters only
    put: NDArray[np.int64]  #: mistakes put in, by kind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lesson:
    """What came of a run."""

    replies: int
    posts: int
    groups: int
    words: int
    size: float  #: MB
    alarms: tuple[int, int]  #: in replies, in posts
    recall: dict[str, float]  #: kind -> of the mistakes put in
    curves: dict[str, list[float]]  #: kind -> recall at _CURVE


def run(data: Path, invented: Path, out: Path, reading: Path, card: Path) -> Lesson:
    """Count, learn and choose; write the tables and the card of figures."""
    folds = _folds(data)
    base = _base(data, invented)
    words = _words(data, reading)
    parts = [one.counts() for one in folds]
    judged = [
        _judged(_speller(_without(base, parts, held), words), one, held) for held, one in enumerate(folds)
    ]
    grams = spelling_texts.together((base, *parts)).grams()
    weights = _learnt(judged)
    crossed = [_learnt([one for one in judged if one is not held]) for held in judged]
    replies, posts, found = _crossed(judged, crossed)
    limit = max(_threshold(replies, REPLIES), _threshold(posts, POSTS))
    with out.open("wb") as file:
        save(file, grams, {"weights": weights, "thresholds": np.full(len(KINDS), limit, np.float32)})
    put = np.sum([one.put for one in judged], axis=0)
    lesson = Lesson(
        replies=sum(len(one.replies) for one in folds),
        posts=sum(len(one.posts) for one in folds),
        groups=len(grams.keys),
        words=len(words.words.keys),
        size=(out.stat().st_size + reading.stat().st_size) / 1e6,
        alarms=(int((replies >= limit).sum()), int((posts >= limit).sum())),
        recall=_recall(found, put, limit),
        curves=_curves(found, put, posts),
    )
    card.write_text(told(lesson), encoding="utf-8")
    return lesson


def _base(data: Path, invented: Path) -> Counts:
    own = [line for line in lines(OWN) if line]
    written = spelling_texts.counted([*spelling_texts.letters(data, invented), *own])
    return spelling_texts.together((written, spelling_texts.words(data)))


def _words(data: Path, reading: Path) -> Lexicon:
    words = Lexicon(*spelling_texts.read_as_words(data, [word for name in LISTS for word in listed(name)]))
    with reading.open("wb") as file:
        save(file, words.words, {"total": np.array([words.total], np.float32)})
    return words


def _speller(grams: Grams, words: Lexicon) -> Speller:
    """One that has not learnt to weigh yet."""
    nothing = np.zeros((len(KINDS), FEATURES), np.float32)
    return Speller(grams, words, confusions(grams), nothing, nothing[:, 0])


def _folds(data: Path) -> list[Fold]:
    rows = list(spelling_texts.rows(data, spelling_texts.REPLIES))
    posts = list(spelling_texts.posts(data))
    return [
        Fold(
            tuple(f"{row.get('title') or ''}。{row.get('text') or ''}" for row in rows[held::FOLDS]),
            tuple(fold.plain(row.get("reply") or "").text for row in rows[held::FOLDS]),
            tuple(fold.plain(text).text for who, text in posts if who % FOLDS == held),
        )
        for held in range(FOLDS)
    ]


def _without(base: Counts, parts: Sequence[Counts], held: int) -> Grams:
    others = [part for number, part in enumerate(parts) if number != held]
    return spelling_texts.together((base, *others)).grams()


def _judged(judge: Speller, one: Fold, seed: int) -> Judged:
    mended, put = _spoilt("。".join((*one.replies, *one.posts)), judge, seed)
    return Judged(_clean(one.replies, judge), _clean(one.posts, judge), mended, put)


def _clean(texts: Sequence[str], judge: Speller) -> Options:
    text = "。".join(texts)
    told = np.zeros(len(text), bool)  # what the lists find already is no new alarm
    for start, end, _ in (*slips(text), *misspelt(text)):
        told[start:end] = True
    found = options(text, judge)
    if found is None:
        raise ValueError("no texts to learn from")
    return found.only(~told[found.places] & _free(texts, found))


def _free(texts: Sequence[str], found: Options) -> NDArray[np.bool_]:
    """Which options nothing in their own text excuses."""
    starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    owners = np.searchsorted(starts, found.places, side="right") - 1
    rows = list(
        zip(owners.tolist(), (found.places - starts[owners]).tolist(), found.kinds.tolist(), strict=True)
    )
    known = {row: excused(texts[row[0]], row[1], row[2]) for row in set(rows)}
    return np.array([not known[row] for row in rows], bool)


def _in_words(text: str, found: Options) -> NDArray[np.bool_]:
    known = {int(at): in_a_word(text, int(at)) for at in np.unique(found.places)}
    return np.array([known[int(at)] for at in found.places], bool)


def _spoilt(text: str, judge: Speller, seed: int) -> tuple[Options, NDArray[np.int64]]:
    wrong, places, truth = _mistaken(text, judge.confusions, Random(seed))  # noqa: S311 -- a repeatable draw
    doubted = np.intersect1d(doubtful(codes(wrong), judge.grams), places)
    found = options(wrong, judge, doubted)
    if found is None:
        raise ValueError("no mistake put in")
    right = np.array([truth[int(at)] for at in found.places], np.uint64) == found.chars
    kinds = [_kind(judge.confusions, ord(wrong[at]), truth[int(at)]) for at in places]
    return found.only(right & ~_in_words(wrong, found)), np.bincount(kinds, minlength=len(KINDS))


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


def _learnt(judged: Sequence[Judged]) -> Floats:
    """By kind, weights that tell mistakes put in from clean places."""
    return np.stack(
        [
            _fitted(
                np.concatenate([one.mended.features[one.mended.kinds == kind] for one in judged]),
                np.concatenate([_best(part, kind) for one in judged for part in (one.replies, one.posts)]),
            )
            for kind in range(len(KINDS))
        ]
    )


def _best(found: Options, kind: int) -> Floats:
    """The most promising of a kind at each place."""
    kept = np.flatnonzero(found.kinds == kind)
    order = kept[np.lexsort((-(found.features[kept] @ _FIRST), found.places[kept]))]
    first = np.diff(found.places[order], prepend=-1) > 0
    return found.features[order[first]]


def _fitted(wrong: Floats, clean: Floats) -> Floats:
    """Logistic regression (Newton's steps)."""
    rows = np.concatenate([wrong, clean]).astype(np.float64)
    is_wrong = np.arange(len(rows)) < len(wrong)
    weights = np.zeros(FEATURES)
    for _ in range(_STEPS):
        sure = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        bend = (rows * (sure * (1 - sure))[:, None]).T @ rows + _RIDGE * np.eye(FEATURES)
        weights += np.linalg.solve(bend, rows.T @ (is_wrong - sure) - _RIDGE * weights)
    return weights.astype(np.float32)


def _crossed(
    judged: Sequence[Judged], crossed: Sequence[Floats]
) -> tuple[Floats, Floats, tuple[NDArray[np.int8], Floats]]:
    """The score of each place of the replies, of the posts, and the kinds and scores of mistakes; all held out."""
    both = list(zip(judged, crossed, strict=True))
    return (
        np.concatenate([_at_most(one.replies, weights) for one, weights in both]),
        np.concatenate([_at_most(one.posts, weights) for one, weights in both]),
        (
            np.concatenate([one.mended.kinds for one in judged]),
            np.concatenate([one.mended.scores(weights) for one, weights in both]),
        ),
    )


def _at_most(found: Options, weights: Floats) -> Floats:
    """The highest score at each place."""
    order = np.argsort(found.places, kind="stable")
    starts = np.flatnonzero(np.diff(found.places[order], prepend=-1))
    return np.asarray(np.maximum.reduceat(found.scores(weights)[order], starts), dtype=np.float32)


def _threshold(clean: Floats, alarms: int) -> float:
    """Just above the score at which there would be one alarm more."""
    return float(np.nextafter(np.sort(clean)[-alarms - 1], np.float32(np.inf)))


def _recall(found: tuple[NDArray[np.int8], Floats], put: NDArray[np.int64], limit: float) -> dict[str, float]:
    kinds, scores = found
    told = np.bincount(kinds[scores >= limit], minlength=len(KINDS))
    return {"all": float(told.sum() / put.sum()), **dict(zip(KINDS, (told / put).tolist(), strict=True))}


def _curves(
    found: tuple[NDArray[np.int8], Floats], put: NDArray[np.int64], posts: Floats
) -> dict[str, list[float]]:
    steps = [_recall(found, put, _threshold(posts, alarms)) for alarms in _CURVE]
    return {kind: [step[kind] for step in steps] for kind in ("all", *KINDS)}


def told(lesson: Lesson) -> str:
    """The card of figures."""
    return "\n".join(
        (
            "# Spelling by context: figures of `huanyu spelling`",
            "",
            f"{lesson.groups:,} groups of one to four characters, {lesson.words:,} words, {lesson.size:.1f} MB. "
            f"Held out in {FOLDS} folds: {lesson.replies:,} replies with {lesson.alarms[0]} alarms, {lesson.posts:,} "
            f"posts of publicity with {lesson.alarms[1]}, true slips of the offices among them.",
            "",
            "Recall of mistakes put into both, at the shipped threshold and at so many alarms in the posts:",
            "",
            f"| kind | shipped | {' | '.join(map(str, _CURVE))} |",
            "|" + "---|" * (2 + len(_CURVE)),
            *_rows(lesson),
            "",
        )
    )


def _rows(lesson: Lesson) -> Iterator[str]:
    for kind, curve in lesson.curves.items():
        yield f"| {kind} | {lesson.recall[kind]:.2f} | {_joined(curve)} |"


def _joined(figures: Iterable[float]) -> str:
    return " | ".join(f"{figure:.2f}" for figure in figures)
