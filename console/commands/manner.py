"""manner: what rude, secret and empty sentences are told by, learnt and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from classify.retold import RETOLD
from console.usage import Command
from console.usage import family
from publisher import manner_lessons

app = family()
HERE = Path(manner_lessons.__file__).parent / "data"


@app.command(cls=Command)
def manner(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="数据文件夹", help="其中有 texts/letters_with_replies.jsonl.gz", show_default=False
        ),
    ],
) -> None:
    """学习语气不当、泄密和空话的句子 (publisher/data/manner.jsonl), 用来核查拟发布的文字; 写出权重和说明。"""
    lesson = manner_lessons.run(data, HERE / "manner.jsonl", RETOLD, HERE / "manner.npz", HERE / "manner.md")
    places = manner_lessons.people(data, HERE / "people.jsonl", RETOLD, HERE / "people.npz")
    print(f"{sum(lesson.written.values()):,} 句为此而写, {lesson.replies:,} 条答复, 交叉验证")
    for kind, recall in lesson.recall.items():
        print(f"  {kind:8} 查出 {recall:.2f}, 答复中误报不超过 {manner_lessons.ALARMS[kind]} 条")
    print(f"  姓名       从 {places:,} 处学成")
