"""grid: take the list of grids in, with the people on duty."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from console.commands.signing import By
from console.commands.signing import signer
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import grid as grids
from huanyu.clock import now

app = family()


@app.command("grid", cls=Command)
def grid(
    file: Annotated[Path, typer.Argument(metavar="文件", help="CSV 或 XLSX: 一行一个网格, 多人值守的写多行")],
    by: By,
) -> None:
    """导入网格: 编码、上级编码、级别、名称、责任单位、网格员、起止日期; 有错的行留下并说明, 退出码 1。

    表中有的网格照表更新, 连同值守人员; 表中没有的不动, 撤销的写失效日期。
    """
    with desk() as opened:
        taken = grids.take_in(opened, signer(opened, by), file, now())
    print(f"网格 {taken.grids} 个, 值守 {taken.people} 人次")
    for where, told in (*taken.bad, *taken.unread):
        print(f"{where}: {told}", file=sys.stderr)
    if taken.bad:
        print(f"留下 {len(taken.bad)} 行, 改好后再导入一遍, 或在控制台“来源”页逐行改正", file=sys.stderr)
    raise typer.Exit(1 if taken.bad or taken.unread else 0)
