"""publishing: a year of publishing in figures, as a table or as CSV."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import publishing_figures
from huanyu.clock import local
from huanyu.clock import now

app = family()


@app.command("publishing", cls=Command)
def publishing(
    year: Annotated[
        int | None, typer.Option(metavar="年份", min=2000, max=2100, help="哪一年; 不写为今年")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="写成 CSV, 用表格软件打开")] = False,
) -> None:
    """一年的发布统计: 各账号各月的期数、条数、阅读量, 答复用时, 更正和撤回, 办理结果公开率。

    只统计账号和件, 不给任何人打分、排名。
    例: huanyu publishing --year 2026 --csv > 发布统计.csv
    """
    at = now()
    with desk() as opened:
        found = publishing_figures.year(opened, year or local(at).year, at)
    if csv:
        sys.stdout.buffer.write(publishing_figures.as_csv(found))
        return
    for one in found.months:
        views = "阅读量未提供" if one.views is None else f"阅读 {one.views}"
        name = found.names.get(one.account, one.account)
        print(f"{one.month:%Y-%m}  {name}: {one.pushes} 期 {one.articles} 条, {views}")
    for name, value, meaning in publishing_figures.totals(found):
        print(f"{name}: {value} ({meaning})")
