"""bulletin search: what 专报 are about, saved under a name."""

from __future__ import annotations

from typing import Annotated

import typer

from console.commands.signing import By
from console.commands.signing import signer
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import papers
from huanyu.clock import now
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import KIND_LABEL
from huanyu.types import Search

app = family()
KEYS = {name: key for key, name in (*KIND_LABEL.items(), *FAMILY_LABEL.items())}


@app.callback()
def search() -> None:
    """专报的检索条件: 保存、列出。"""


@app.command("save", cls=Command)
def save(
    name: Annotated[str, typer.Argument(metavar="名称", help="印在专报的标题里")],
    by: By,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="类别", help="如 噪声、施工噪声; 可写多次")
    ] = None,
    area: Annotated[list[str] | None, typer.Option(metavar="区域", help="辖区名称或代码; 可写多次")] = None,
    word: Annotated[
        list[str] | None, typer.Option(metavar="词语", help="标题、地点或原文里有其中任何一个; 可写多次")
    ] = None,
) -> None:
    """保存一个检索条件; 类别、区域、词语至少写一项, 几项都写的要同时符合。

    例: huanyu bulletin search save 夜间噪声 --kind 噪声 --word 夜里 --word 凌晨 --by xuanjiao
    """
    with desk() as opened:
        areas = {name: key for key, name in opened.bureau.areas().items()}
        given = Search(
            id=0,
            name=name,
            kinds=tuple(KEYS.get(one, one) for one in kind or ()),
            areas=tuple(areas.get(one, one) for one in area or ()),
            words=tuple(word or ()),
        )
        saved = papers.save_search(opened, signer(opened, by), given, now())
    print(f"已保存检索条件 {saved.id}: {saved.name}")


@app.command("list", cls=Command)
def list_() -> None:
    """列出存好的检索条件和各出过几期专报。"""
    with desk() as opened:
        found = [(one, opened.store.writing.uses(one.id)) for one in opened.store.writing.searches()]
        lines = [f"{one.name}: {papers.told(opened, one)} (已出 {uses} 期)" for one, uses in found]
    print(
        "\n".join(lines)
        if lines
        else "还没有, 保存: huanyu bulletin search save 名称 --kind 类别 --by 用户名"
    )
