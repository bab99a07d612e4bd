"""`huanyu evaluate`: any labelled texts against a reader, every figure with its interval.

Also the gate of the shipped model: `python -m classify.evaluate FILE [--update-floors [--allow-regression]]`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from classify import corpus
from classify import floors
from classify.corpus import Example
from classify.measure import Judged
from classify.measure import Score
from classify.measure import measure
from classify.predict import Classifier
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError

TOPIC = "quality"


class Reads(Protocol):
    """What turns texts into something measurable: a Reader, or `Predicting` where places do not matter."""

    def read(self, texts: Sequence[str]) -> Sequence[Judged]: ...


@dataclass(frozen=True, slots=True)
class Predicting:
    """A classifier without a gazetteer."""

    classifier: Classifier

    def read(self, texts: Sequence[str]) -> Sequence[Judged]:
        return self.classifier.predict(texts)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one corpus."""

    corpus: str  #: hash of the labelled rows
    scores: tuple[Score, ...]

    def table(self) -> str:
        """Chinese, one line per figure, for a terminal."""
        lines = [
            f"{score.value:7.3f}   [{score.low:.3f}, {score.high:.3f}]   {score.texts:6d}   {score.label}"
            for score in self.scores
        ]
        return "\n".join([f"语料 {self.corpus}", "   数值   95% 置信区间       条数   指标", *lines])


def run(rows: Sequence[Example], reader: Reads) -> Report:
    """Read all texts and measure; sources stay unknown to the reader, as in `huanyu classify`."""
    if not rows:
        raise BadInput("没有可评测的文本")
    readings = reader.read([row.text for row in rows])
    return Report(corpus=corpus.digest(rows), scores=measure(rows, readings))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table of a file; compare with the floors, or raise them."""
    parser = argparse.ArgumentParser(prog="python -m classify.evaluate", description="评测分类模型")
    parser.add_argument("file", type=Path, help="带标签的 JSONL 文件")
    parser.add_argument("--update-floors", action="store_true", help="用这次的数值更新底线")
    parser.add_argument("--allow-regression", action="store_true", help="允许降低底线")
    asked = parser.parse_args(arguments)
    try:
        report = run(corpus.read(asked.file), Predicting(Classifier.load()))
        if asked.update_floors:
            floors.update(floors.FILE, TOPIC, report.scores, report.corpus, asked.allow_regression)
    except HuanyuError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{report.table()}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
