"""press: what the press office did in a year, and its log taken in from a list."""

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
from flow import press_log
from huanyu.clock import local
from huanyu.clock import now

app = family()


@app.callback()
def press() -> None:
    """新闻宣传: 一年的报道和活动。"""


@app.command("figures", cls=Command)
def figures(
    year: Annotated[
        int | None, typer.Option(metavar="年份", min=2000, max=2100, help="哪一年; 不写为今年")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="写成 CSV, 用表格软件打开")] = False,
) -> None:
    """一年的报道和活动: 各类各数, 带单位和同比; 各月、各媒体合计与总数对不上的写明, 退出码 1。

    例: huanyu press figures --year 2026 --csv > 报道和活动.csv
    """
    at = now()
    with desk() as opened:
        found = press_log.year(opened, year or local(at).year, at)
    if csv:
        sys.stdout.buffer.write(press_log.as_csv(found))
    else:
        print(f"{found.year}年1月1日至{found.until.month}月{found.until.day}日报道和活动")
        for line in found.lines:
            told = press_log.growth(line)
            print(f"{line.group} {line.name}: {line.total.told(line.unit)}{'，' if told else ''}{told}")
        if not found.lines:
            print("这一年还没有登记。")
    for told in found.faults:
        print(told, file=sys.stderr)
    raise typer.Exit(1 if found.faults else 0)


@app.command("import", cls=Command)
def take_in(
    file: Annotated[Path, typer.Argument(metavar="文件", help="CSV 或 XLSX: 一行一条, 要有类别、日期、名称")],
    by: By,
) -> None:
    """导入报道和活动台账; 有错的行写明第几行、哪一列, 其余照常登记, 退出码 1。已有的不重复登记。"""
    with desk() as opened:
        done = press_log.take_in(opened, signer(opened, by), file, now())
    print(f"登记 {done.new} 条, 已有 {done.known} 条")
    for where, told in done.bad:
        print(f"{where}: {told}", file=sys.stderr)
    raise typer.Exit(1 if done.bad else 0)
