"""evaluate: labelled texts against the present model, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from typing import Any

import typer

from classify import evaluate as evaluating
from classify.breakdown import BREAKDOWNS
from classify.breakdown import Mistake
from classify.breakdown import Part
from classify.breakdown import Ratio
from classify.breakdown import mistakes
from classify.evaluate import Bad
from classify.evaluate import Predicting
from classify.evaluate import Report
from classify.evaluate import Row
from classify.predict import Classifier
from console.usage import Command
from console.usage import family
from huanyu.errors import BadInput

app = family()
FEW = 50  #: texts: of fewer a bootstrap says too little


@dataclass(frozen=True)
class Evaluation:
    """All that was found out about one file."""

    file: Path
    model: str
    rows: Sequence[Row]
    bad: Sequence[Bad]
    report: Report
    parts: Sequence[Part]
    worst: Sequence[Mistake]
    wrong: int  #: texts read wrong in any way


@app.command(cls=Command)
def evaluate(
    file: Annotated[
        Path, typer.Argument(metavar="文件", help="带标签的 JSONL 文件, 也可以是 .gz", show_default=False)
    ],
    by: Annotated[
        str, typer.Option("--by", metavar="分项", help="再按 type 类型、kind 投诉类别、source 来源 分别列出")
    ] = "",
    errors: Annotated[
        int, typer.Option("--errors", metavar="条数", min=0, help="列出代价最大的几条判错的: 行号和编号")
    ] = 0,
    show_text: Annotated[bool, typer.Option("--show-text", help="判错的也印出原文")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON")] = False,
) -> None:
    """用现有模型评估一份带标签的文字, 打印每项数值和 95% 置信区间。

    每行: {"text", "type", "kinds", "sentiment", "urgent"}; 可写 "id" 和 "source"
    有误的行在标准错误中写明行号和原因, 其余照常; 退出码 1。
    """
    if by and by not in BREAKDOWNS:
        raise BadInput(f"--by 可选: {'、'.join(BREAKDOWNS)}, 实为 {by}")
    found = evaluation(file, by, errors)
    for one in found.bad:
        print(f"{file} 第 {one.line} 行: {one.told}", file=sys.stderr)
    if as_json:
        print(json.dumps(as_record(found, by, show_text), ensure_ascii=False))
    else:
        print("\n".join(lines(found, by, show_text)))
    raise typer.Exit(1 if found.bad else 0)


def evaluation(file: Path, by: str, errors: int) -> Evaluation:
    """Read the file, read its texts, measure; raises BadInput when no row can be used."""
    rows, bad = evaluating.rows_of(file)
    if not rows and bad:
        raise BadInput(f"{file}: {len(bad)} 行都读不懂, 第 {bad[0].line} 行: {bad[0].told}")
    classifier, examples = Classifier.load(), [row.example for row in rows]
    readings = evaluating.read(examples, Predicting(classifier))
    pairs = list(zip(examples, readings, strict=True))
    wrong = mistakes(pairs)
    return Evaluation(
        file=file,
        model=classifier.version,
        rows=rows,
        bad=bad,
        report=evaluating.report_of(examples, readings),
        parts=BREAKDOWNS[by](pairs) if by else (),
        worst=wrong[:errors],
        wrong=len(wrong),
    )


def lines(found: Evaluation, by: str, show_text: bool) -> Iterator[str]:
    """For a terminal."""
    skipped = f", 另有 {len(found.bad)} 行读不懂" if found.bad else ""
    yield f"{found.file.name}: {len(found.rows)} 条{skipped}; 模型 {found.model}"
    yield found.report.table()
    if len(found.rows) < FEW:
        yield f"不足 {FEW} 条: 区间由重抽样得出, 这样少时偏窄, 不能当真"
    if found.parts:
        yield ""
        yield from breakdown(found.parts, by)
    if found.worst:
        yield ""
        yield f"判错 {found.wrong} 条, 代价最大的 {len(found.worst)} 条:"
        for one in found.worst:
            row = found.rows[one.at]
            yield f"  第 {row.line} 行{f' 编号 {row.id}' if row.id else ''}: {one.told}"
            if show_text:
                yield f"    {row.example.text}"


def breakdown(parts: Sequence[Part], by: str) -> Iterator[str]:
    """One line per type, kind or source; the counts tell how much an interval is worth."""
    what = "投诉" if by == "source" else "该项"
    yield f"   召回率  95% 置信区间     条数   精确率  95% 置信区间     条数   {what}"
    for part in parts:
        yield f"  {shown(part.recall)}  {shown(part.precision)}   {part.label}"


def shown(ratio: Ratio) -> str:
    if not ratio.of:
        return f"{'—':>6}  {'':15} {0:6d}"
    low, high = ratio.ends
    return f"{ratio.value:7.3f}  [{low:.3f}, {high:.3f}] {ratio.of:6d}"


def as_record(found: Evaluation, by: str, show_text: bool) -> dict[str, Any]:
    """For a program."""
    worst = [
        {"line": row.line, "id": row.id, "cost": one.cost, "told": one.told}
        | ({"text": row.example.text} if show_text else {})
        for one in found.worst
        for row in (found.rows[one.at],)
    ]
    return {
        "file": str(found.file),
        "model": found.model,
        "corpus": found.report.corpus,
        "texts": len(found.rows),
        "bad": [asdict(one) for one in found.bad],
        "scores": [asdict(score) for score in found.report.scores],
        "by": by,
        "parts": [_part(part) for part in found.parts],
        "wrong": found.wrong,
        "errors": worst,
    }


def _part(part: Part) -> dict[str, Any]:
    ratios = {"recall": part.recall, "precision": part.precision}
    return {"key": part.key, "label": part.label, "texts": part.texts} | {
        name: {"value": one.value, "low": one.ends[0], "high": one.ends[1], "hit": one.hit, "of": one.of}
        for name, one in ratios.items()
    }
