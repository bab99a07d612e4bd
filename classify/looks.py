"""What the second look gains, on the same texts drawn again and again. Values in, values out; knows no model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from classify import measure
from classify.decide import Table
from classify.measure import Flags

AT = (0.95, 0.98)  #: recall of complaints at which precision is told
WEIBO_AT = 0.90  #: and of those of Weibo


@dataclass(frozen=True, slots=True)
class Gain:
    """A precision before and after, and the 95 % interval of their difference."""

    name: str
    before: float
    after: float
    low: float
    high: float

    def line(self) -> str:
        """A row of the table in the model card."""
        return f"| {self.name} | {self.before:.3f} | {self.after:.3f} | {_signed(self.low)} – {_signed(self.high)} |"


def gains(before: Table, after: Table, truth: Flags, weibo: Flags) -> tuple[Gain, ...]:
    """Precision by the probabilities of a first and of a second look."""
    every = [_gain(f"recall {recall:.2f}", before, after, truth, recall) for recall in AT]
    name = f"Weibo, recall {WEIBO_AT:.2f}"
    return (*every, _gain(name, before[weibo], after[weibo], truth[weibo], WEIBO_AT))


def table(found: tuple[Gain, ...]) -> str:
    """The table of the model card."""
    head = "| complaints: precision at | at first sight | with the second look | difference, 95 % interval |\n|---|---|---|---|\n"
    return head + "\n".join(gain.line() for gain in found)


def _gain(name: str, before: Table, after: Table, truth: Flags, recall: float) -> Gain:
    random = np.random.default_rng(measure.SEED)
    found = []
    for _ in range(measure.DRAWS):
        at = random.integers(0, len(truth), len(truth))
        new, old = (measure.best_precision(side[at], truth[at], recall) for side in (after, before))
        found.append(new - old)
    low, high = np.percentile(found, [2.5, 97.5])
    return Gain(
        name=name,
        before=measure.best_precision(before, truth, recall),
        after=measure.best_precision(after, truth, recall),
        low=float(low),
        high=float(high),
    )


def _signed(difference: float) -> str:
    return f"{difference:+.3f}".replace("-", "−")
