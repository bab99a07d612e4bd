"""train and evaluate: the classifier's model, made and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import classify.corpus
import classify.evaluate
import classify.train
from classify.predict import MODEL
from console.commands.texts import open_reader
from console.usage import Command
from console.usage import family
from huanyu.config import Config
from huanyu.errors import BadInput

app = family()
CARD = MODEL.parent / "MODEL_CARD.md"


@app.command(cls=Command)
def train(
    data: Annotated[
        Path, typer.Argument(metavar="数据文件夹", help="其中有 texts/labelled.jsonl.gz", show_default=False)
    ],
    allow_regression: Annotated[
        bool, typer.Option("--allow-regression", help="低于下限的新模型也采用")
    ] = False,
) -> None:
    """训练研判模型: 交叉验证, 写出模型、模型卡和下限; 低于下限的新模型不予采用。"""
    report = classify.train.run(data, MODEL, CARD, allow_regression=allow_regression)
    print(f"模型 {report.version}: {report.texts} 条, 语料 {report.corpus[:12]}, {report.size:.1f} MB")
    print(f"  另有自编 {report.written} 条, 按标注规则读过的 {report.read} 条")
    if report.missing:
        print(f"  数据文件夹中找不到的已读文本 {report.missing} 条, 未用于训练")
    for score in report.scores:
        print(f"  {score}")


@app.command(cls=Command)
def evaluate(
    file: Annotated[Path, typer.Argument(metavar="文件", help="带标签的 JSONL 文件")],
) -> None:
    """用现有模型评估一份带标签的文字, 打印每项数值和 95% 置信区间。

    每行: {"text", "type", "kinds", "sentiment", "urgent"}
    """
    try:
        rows = classify.corpus.read(file)
    except UnicodeDecodeError as problem:
        raise BadInput(f"{file}: 不是 UTF-8 编码") from problem
    print(classify.evaluate.run(rows, open_reader(Config.load().bureau)).table())
