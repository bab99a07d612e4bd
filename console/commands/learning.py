"""train: the classifier's model, made and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import classify.train
from classify.frozen import Comparison
from classify.frozen import DeskLabels
from classify.predict import MODEL
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import teaching

app = family()
CARD = MODEL.parent / "MODEL_CARD.md"


@app.command(cls=Command)
def train(
    data: Annotated[
        Path, typer.Argument(metavar="数据文件夹", help="其中有 texts/labelled.jsonl.gz", show_default=False)
    ],
    from_desk: Annotated[
        bool, typer.Option("--desk", help="连同本台的更正和抽查一起学; 判过的每五条留一条, 只用来比新旧模型")
    ] = False,
    allow_regression: Annotated[
        bool, typer.Option("--allow-regression", help="低于下限、冻结的文字上召回下降的新模型也采用")
    ] = False,
) -> None:
    """训练研判模型: 交叉验证, 写出模型、模型卡和下限; 低于下限的新模型不予采用。"""
    learn(data, desk_labels() if from_desk else None, allow_regression)


def learn(
    data: Path, taught: DeskLabels | None, allow_regression: bool, out: Path = MODEL, card: Path = CARD
) -> None:
    """Make the model in `out` and its card, and tell what came of it."""
    report = classify.train.run(data, out, card, allow_regression=allow_regression, taught=taught)
    print(f"模型 {report.version}: {report.texts} 条, 语料 {report.corpus[:12]}, {report.size:.1f} MB")
    print(f"  另有自编 {report.written} 条, 仿写 {report.retold} 条, 按标注规则读过的 {report.read} 条")
    if report.missing:
        print(f"  数据文件夹中找不到的已读文本 {report.missing} 条, 未用于训练")
    if taught is not None:
        print(f"  本台判过的 {report.taught} 条; {told(report.compared)}")
    print("   数值   95% 置信区间       条数   指标 (交叉验证)")
    for score in report.scores:
        print(score.line())


def desk_labels() -> DeskLabels:
    """What people at the configured desk have said of its posts."""
    with desk() as opened:
        found = teaching.labels(opened)
    print(f"本台判过的文字: 用来学的 {len(found.learn)} 条, 冻结的 {len(found.frozen)} 条")
    return found


def told(compared: Comparison | None) -> str:
    """How the new model stands beside the old one."""
    if compared is None:
        return "原来没有可用的模型, 没有比较"
    return compared.told if compared.texts else "还没有冻结的文字可比"
