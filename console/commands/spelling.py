"""spelling: what misspelt characters are told by, counted and measured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from classify.retold import RETOLD
from console.usage import Command
from console.usage import family
from publisher import spelling_lessons

app = family()
HERE = Path(spelling_lessons.__file__).parent / "data"


@app.command(cls=Command)
def spelling(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="数据文件夹", help="其中有 texts/letters_with_replies.jsonl.gz", show_default=False
        ),
    ],
) -> None:
    """统计来信、答复和宣传的用字, 用来核查错别字; 写出统计表、词表和说明 (publisher/data)。"""
    lesson = spelling_lessons.run(
        data, RETOLD, HERE / "spelling.npz", HERE / "reading.npz", HERE / "spelling.md"
    )
    print(f"{lesson.groups:,} 组字, {lesson.words:,} 个词, {lesson.size:.1f} MB")
    print(
        f"{lesson.replies:,} 条答复误报 {lesson.alarms[0]} 处, {lesson.posts:,} 条宣传误报 {lesson.alarms[1]} 处 (交叉验证)"
    )
    for kind, recall in lesson.recall.items():
        print(f"  {kind:6} 放入的错字查出 {recall:.2f}")
