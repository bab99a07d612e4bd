"""Cross-validation: what models that have not seen a text say of it, and how rules that have not seen it read that.

Knows lessons and rules; measures nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from classify import tune
from classify.decide import HEARD
from classify.decide import Reading
from classify.decide import Rules
from classify.decide import Table
from classify.decide import at_first
from classify.decide import decide
from classify.decide import heard
from classify.decide import read_again
from classify.labels import WIDTH
from classify.learn import Ints
from classify.learn import Learned
from classify.learn import Linear
from classify.learn import learn
from classify.lessons import Desk


class Said(NamedTuple):
    """What models say of texts, texts × columns."""

    scores: Table
    heard: Table | None  #: at a second look; None where there was none

    def take(self, at: Ints) -> Said:
        """Of some of the texts."""
        return Said(self.scores[at], None if self.heard is None else self.heard[at])


def unseen(desk: Desk, mood: Linear) -> Said:
    """What is said of each measured text by a model that has not seen it."""
    scores, again = np.zeros((desk.measured, WIDTH)), np.zeros((desk.measured, HEARD))
    for known, unseen in desk.folds:
        learned = learn(desk.rows[known], desk.words[known], desk.known.take(known), mood, desk.origin[known])
        scores[unseen], again[unseen] = said(learned, desk, unseen)
    return Said(scores, again)


def said(learned: Learned, desk: Desk, texts: Ints) -> Said:
    """By scikit-learn itself; all texts are looked at twice."""
    scores = learned.scores(desk.rows[texts])
    return Said(scores, heard(scores, learned.heard(desk.words[texts])))


def readings(desk: Desk, said: Said) -> tuple[list[Reading], Table]:
    """Readings of each text by rules fitted on the other folds, as if its source were not known.

    Beside them the probability of a complaint at first sight.
    """
    found: dict[int, Reading] = {}
    first = np.zeros(desk.measured)
    for learnt, unseen in desk.folds:
        known = learnt[learnt < desk.measured]
        rules = tune.tune(*said.take(known), desk.known.take(known), desk.addressed[known])
        first[unseen] = at_first(said.scores[unseen], rules)
        found.update(zip(unseen.tolist(), decided(said.take(unseen), rules), strict=True))
    return [found[at] for at in range(desk.measured)], first


def decided(said: Said, rules: Rules) -> list[Reading]:
    """As if no source were known."""
    complaint = at_first(said.scores, rules)
    if said.heard is not None:
        complaint = read_again(complaint, said.heard, rules.doubt)
    return decide(said.scores, complaint, rules, [None] * len(said.scores))
