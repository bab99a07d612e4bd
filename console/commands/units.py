"""units: what each unit did in a month or a year, as a table or as CSV."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import unit_figures
from huanyu.clock import local
from huanyu.clock import now
from huanyu.unit_words import HEAD
from huanyu.unit_words import MEANING

app = family()


@app.command("units", cls=Command)
def units(
    year: Annotated[
        int | None, typer.Option(metavar="年份", min=2000, max=2100, help="哪一年; 不写为今年")
    ] = None,
    month: Annotated[
        int | None, typer.Option(metavar="月份", min=1, max=12, help="哪一月; 不写为全年")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="写成 CSV, 用表格软件打开")] = False,
) -> None:
    """各承办单位的办理情况: 转办、退单、按时签收、按时办结、办理用时中位数、回访满意, 都带基数。

    例: huanyu units --year 2026 --month 10 --csv > 单位办理情况.csv
    """
    at = now()
    with desk() as opened:
        found = unit_figures.of(opened, year or local(at).year, month, at)
    if csv:
        sys.stdout.buffer.write(unit_figures.as_csv(found))
        return
    print(f"{found.period.name()}承办单位办理情况")
    for one in found.counts:
        name, *told = found.line(one)
        print(f"{name}: {', '.join(f'{head} {cell}' for head, cell in zip(HEAD[1:], told, strict=True))}")
    print(MEANING if found.counts else "没有转给承办单位的事项。")
