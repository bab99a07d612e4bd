"""`huanyu evaluate`: any labelled texts against a reader, every figure with its interval.

Also the gate of the shipped model: `python -m classify.evaluate FILE [--update-floors [--allow-regression]]`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from classify import corpus
from classify import floors
from classify.corpus import Example
from classify.measure import Judged
from classify.measure import Score
from classify.measure import measure
from classify.predict import Classifier
from huanyu.errors import BadInput
from huanyu.errors import HuanyuError
from huanyu.types import PostType

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


#: figures that say nothing, not even 0, of a file without such texts
_NEEDS = {
    "complaint_recall": "complaint",
    "complaint_precision_at_95": "complaint",
    "complaint_precision_at_98": "complaint",
    "seen_recall": "complaint",
    "weibo_recall": "weibo",
    "urgent_recall": "urgent",
}


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one corpus."""

    corpus: str  #: hash of the labelled rows
    scores: tuple[Score, ...]

    def table(self) -> str:
        """Chinese, one line per figure, for a terminal."""
        lines = [score.line() for score in self.scores]
        return "\n".join([f"语料 {self.corpus}", "   数值   95% 置信区间       条数   指标", *lines])


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled text and where it stands."""

    line: int
    id: str  #: "" where the row has none
    example: Example


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be used."""

    line: int
    told: str  #: Chinese


def rows_of(path: Path) -> tuple[list[Row], list[Bad]]:
    """The rows of a labelled JSONL file (.gz too), and those that cannot be used; raises BadInput for the file."""
    good: list[Row] = []
    bad: list[Bad] = []
    for number, line in enumerate(_content(path).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            good.append(_row(number, line))
        except BadInput as problem:
            bad.append(Bad(number, str(problem.args[0])))
    return good, bad


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
        raise BadInput(f"{path}: 压缩文件已损坏") from problem


def _row(number: int, line: bytes) -> Row:
    try:
        told = json.loads(line.decode("utf-8-sig"))
        if not isinstance(told, dict):
            raise BadInput("每行应为一个 JSON 对象")
        return Row(number, str(told.get("id") or ""), Example.model_validate(told))
    except UnicodeDecodeError as problem:
        raise BadInput("不是 UTF-8 编码") from problem
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInput(f"缺少 {field}" if first["type"] == "missing" else f"{field} 的值不对") from problem
    except (ValueError, RecursionError) as problem:  # also a number of more digits than Python reads
        raise BadInput("不是有效的 JSON") from problem


def run(rows: Sequence[Example], reader: Reads) -> Report:
    """Read all texts and measure; sources stay unknown to the reader, as in `huanyu classify`."""
    return report_of(rows, read(rows, reader))


def read(rows: Sequence[Example], reader: Reads) -> Sequence[Judged]:
    """What the reader makes of the texts; raises BadInput where there is none."""
    if not rows:
        raise BadInput("没有可评测的文本")
    return reader.read([row.text for row in rows])


def report_of(rows: Sequence[Example], readings: Sequence[Judged]) -> Report:
    """The figures of readings that were made; no recall of what no text is."""
    is_any = {
        "complaint": any(row.type is PostType.COMPLAINT for row in rows),
        "weibo": any(row.type is PostType.COMPLAINT and row.source == "weibo" for row in rows),
        "urgent": any(row.urgent for row in rows),
    }
    scores = [score for score in measure(rows, readings) if is_any.get(_NEEDS.get(score.key, ""), True)]
    return Report(corpus=corpus.digest(rows), scores=tuple(scores))


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
