"""`huanyu manner`: weights and thresholds of publisher.manner, with the figures they were chosen by.

What is rude, secret or empty was written for it (publisher/data/manner.jsonl); what is none of these are replies of
offices, publicity as papers and offices post it, and for single sentences the publicity among the posts written for
classify. All are judged by weights made without them (five folds); alarms are counted in the replies of one set and in
the publicity. Same data, same files out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from huanyu import fold
from publisher import people_lessons
from publisher import spelling_texts
from publisher.fitting import Floats
from publisher.fitting import fitted
from publisher.manner import BUCKETS
from publisher.manner import KINDS
from publisher.manner import LONGEST
from publisher.manner import WHOLE
from publisher.manner import buckets
from publisher.manner import own_words
from publisher.manner import sentences
from publisher.wording import has_facts

FOLDS: Final = 5
RIVERS: Final = "hotline_fuzhou_rivers"
#: Held-out replies, of all, that set the threshold of each kind.
ALARMS: Final = {"tone": 12, "secrecy": 7, "robotic": 10}
#: The same for a text of this desk's own subject; most of the replies are of others'.
EAGER: Final = {"tone": 20, "secrecy": 12, "robotic": 10}
#: Held-out publicity, of all, that a threshold lets be taken for the kind at most; it is livelier than a reply.
LIVELY: Final = {"tone": 21, "secrecy": 14, "robotic": 14}
NOTICES: Final = "labelled"
_WRITTEN: Final = 2.0  #: what a sentence written for this counts for, a sentence of a reply counting for one
_CURVE: Final = (1, 2, 5, 10, 20, 40)  #: alarms at which the card gives recall
_RUN: Final = 20  # letters that two texts share only where one was taken from the other
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence or text to learn from; texts of one number are judged together."""

    kind: str  #: "" = none of the kinds
    text: str
    number: int
    sort: str  #: written (for this), reply, notice, other


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of a run, by kind."""

    written: dict[str, int]
    replies: int
    notices: int  #: publicity
    recall: dict[str, float]  #: of written ones, held out, at the shipped threshold
    curves: dict[str, list[float]]  #: recall at each of _CURVE


def run(data: Path, written: Path, retold: Path, out: Path, card: Path) -> Lesson:
    """Learn each kind, choose its threshold, write the arrays and the card."""
    replies, rivers = (
        [row.get("reply") or "" for row in spelling_texts.rows(data, name)]
        for name in (spelling_texts.REPLIES, RIVERS)
    )
    texts, posted = _lines(written), list(notices(data))
    publicity = [row["text"] for row in _lines(retold) if row["type"] == "publicity"]
    found = [
        _learnt(
            kind,
            texts,
            {"reply": replies, "notice": posted, "other": () if kind == WHOLE else (*rivers, *publicity)},
        )
        for kind in KINDS
    ]
    with out.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            weights=np.stack([weights[:-1] for weights, _, _ in found]).astype(np.float16),
            constants=np.array([weights[-1] for weights, _, _ in found], np.float32),
            thresholds=np.array([threshold for _, (threshold, _), _ in found], np.float32),
            eager=np.array([eager for _, (_, eager), _ in found], np.float32),
        )
    lesson = Lesson(
        written={kind: sum(row["kind"] == kind for row in texts) for kind in ("", *KINDS)},
        replies=len(replies),
        notices=len(posted),
        recall={kind: curve[0] for kind, (_, _, curve) in zip(KINDS, found, strict=True)},
        curves={kind: curve[1:] for kind, (_, _, curve) in zip(KINDS, found, strict=True)},
    )
    card.write_text(told(lesson), encoding="utf-8")
    return lesson


def people(data: Path, written: Path, retold: Path, out: Path) -> int:
    """Learn the names of private people from the same replies and publicity; returns how many places taught them."""
    replies = [row.get("reply") or "" for row in spelling_texts.rows(data, spelling_texts.REPLIES)]
    publicity = [row["text"] for row in _lines(retold) if row["type"] == "publicity"]
    return people_lessons.run(written, replies, publicity, out, list(notices(data)))


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def told(lesson: Lesson) -> str:
    """The card, in Markdown."""
    head = (
        "# Manner of a sentence: figures of `huanyu manner`\n\n"
        f"{lesson.written['']} proper sentences, {lesson.replies:,} replies of offices and {lesson.notices:,} posts of "
        f"publicity beside what was written to be found, all judged by weights made without them, {FOLDS} folds.\n\n"
        "Recall of what was written, at the shipped threshold and at so many alarms in all replies (true ones among "
        "them); an empty text with a fact in it is none, so all of that kind is not to be had:\n\n"
        f"| kind | written | alarms, at most | shipped | {' | '.join(map(str, _CURVE))} |\n|{'---|' * (len(_CURVE) + 4)}\n"
    )
    rows = (
        f"| {kind} | {lesson.written[kind]} | {ALARMS[kind]} | {lesson.recall[kind]:.2f} | "
        f"{' | '.join(f'{recall:.2f}' for recall in lesson.curves[kind])} |\n"
        for kind in KINDS
    )
    return head + "".join(rows)


def notices(data: Path) -> Iterator[str]:
    """Publicity of papers and offices, each once: many are passed on with another beginning or end."""
    seen: set[str] = set()
    for row in spelling_texts.rows(data, NOTICES):
        text = row["text"] or ""
        told = "".join(_HAN.findall(text))
        if row["type"] == "publicity" and row["source"] != "letter" and seen.isdisjoint(cut := _cuts(told)):
            seen |= cut
            yield text


def _cuts(told: str) -> set[str]:
    """Runs of letters by which a text is known again, wherever they stand."""
    return {told[at : at + _RUN] for at in range(max(1, len(told) - _RUN + 1))}


def _learnt(
    kind: str, texts: Sequence[dict[str, str]], proper: Mapping[str, Sequence[str]]
) -> tuple[Floats, tuple[float, float], list[float]]:
    """Weights with the constant last, the threshold, and recall at it and along the curve."""
    rows = list(_rows(kind, texts, proper))
    features = _features([row.text for row in rows])
    wanted = np.array([row.kind == kind for row in rows])
    counts = np.array([_WRITTEN if row.sort == "written" else 1.0 for row in rows])
    fold_of = np.array([row.number % FOLDS for row in rows])
    scores = np.zeros(len(rows))
    for held in range(FOLDS):
        out = fold_of == held
        weights = fitted(features[~out], wanted[~out], counts[~out])
        scores[out] = features[out] @ weights
    alarms = _best(rows, scores, "reply", "")[::-1]
    found = _best(rows, scores, "written", kind)
    asked = sum(row["kind"] == kind for row in texts)
    lively = float(_best(rows, scores, "notice", "")[::-1][LIVELY[kind]])
    threshold, eager = (max(lively, float(alarms[most[kind]])) for most in (ALARMS, EAGER))
    curve = [float((found > limit).sum() / asked) for limit in (threshold, *(alarms[at] for at in _CURVE))]
    return fitted(features, wanted, counts), (threshold, eager), curve


def _rows(kind: str, texts: Sequence[dict[str, str]], proper: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    for number, row in enumerate(texts):
        # Written for one kind, as whole texts are that say nothing: no lesson for the others.
        if row.get("only", kind) != kind:
            continue
        yield from (Row(row["kind"], part, number, "written") for part in _parts(kind, row["text"]))
    for sort, said in proper.items():
        for number, text in enumerate(said):
            yield from (Row("", part, number, sort) for part in _parts(kind, text))


def _parts(kind: str, text: str) -> list[str]:
    plain = fold.plain(text).text
    if kind == WHOLE:
        return [plain] if len(plain) <= LONGEST and not has_facts(plain) else []
    return [found[0] for found in sentences(own_words(plain))]


def _features(texts: Sequence[str]) -> csr_matrix:
    """Texts × (buckets and a constant), each text of length one beside its constant."""
    held = [buckets(text) for text in texts]
    lengths = np.array([len(row) for row in held])
    values = np.repeat(1 / np.sqrt(np.maximum(1, lengths)), lengths)
    places = np.concatenate(held)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    plain = csr_matrix((values, places, starts), shape=(len(texts), BUCKETS + 1))
    constant = csr_matrix(
        (np.ones(len(texts)), np.full(len(texts), BUCKETS), np.arange(len(texts) + 1)), shape=plain.shape
    )
    return csr_matrix(plain + constant)


def _best(rows: Sequence[Row], scores: Floats, sort: str, kind: str) -> Floats:
    """The highest score of each text, lowest first."""
    best: dict[int, float] = {}
    for row, score in zip(rows, scores, strict=True):
        if row.sort == sort and row.kind == kind:
            best[row.number] = max(best.get(row.number, -np.inf), float(score))
    return np.sort(np.array(list(best.values())))
