"""rankings show, import: a ranking as it stands now, as a table or as CSV; a table of figures taken in."""

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
from flow import ranking_import
from flow import rankings
from huanyu.cells import sheet
from huanyu.clock import local
from huanyu.clock import now
from huanyu.errors import BadInput
from huanyu.periods import finished

app = family()
Key = Annotated[str, typer.Argument(metavar="排名", help="rankings.toml 中的键, 如 handling、air、water")]
Year = Annotated[
    int | None, typer.Option(metavar="年份", min=2000, max=2100, help="哪一年; 月份、季度都不写为上个月")
]
Month = Annotated[int | None, typer.Option(metavar="月份", min=1, max=12, help="哪一月")]
Quarter = Annotated[int | None, typer.Option(metavar="季度", min=1, max=4, help="哪一季度")]


@app.callback()
def rankings_() -> None:
    """排名和通报: 打印一个时段的排名, 或导入空气、水质、网格考核的数据表。"""


@app.command("show", cls=Command)
def show(
    key: Key = "handling",
    year: Year = None,
    month: Month = None,
    quarter: Quarter = None,
    csv: Annotated[bool, typer.Option("--csv", help="写成 CSV, 用表格软件打开")] = False,
) -> None:
    """打印一个时段的排名: 每个数都带件数和基数, 并列、基数小的、没有办件的照规矩列。

    例: huanyu rankings show handling --year 2026 --month 10
    """
    at = now()
    when = _period(year, month, quarter)
    with desk() as opened:
        row = rankings.row_of(opened, key)
        found = rankings.board(opened, row, rankings.period_of(row, *when, at), at)
    if csv:
        sys.stdout.buffer.write(sheet([found.head, *found.rows()]))
        return
    print(f"{found.period}{found.name}排名")
    for line in found.rows():
        told = (f"{head} {cell}" for head, cell in zip(found.head[2:], line[2:], strict=True))
        print(f"{line[0]} {line[1]}: {', '.join(told)}")
    for text in (*found.words, *found.notes):
        print(text)


@app.command("import", cls=Command)
def take_in(
    key: Key,
    file: Annotated[Path, typer.Argument(metavar="文件", help="CSV 或 XLSX: 一行一个县 (市、区) 或乡镇")],
    by: By,
    year: Year = None,
    month: Month = None,
    quarter: Quarter = None,
) -> None:
    """导入一个时段的数据表; 有错的行留下并说明哪一行哪一列, 退出码 1。

    同一时段再导入一次, 以后一次为准。
    """
    when = _period(year, month, quarter)
    with desk() as opened:
        taken = ranking_import.take_in(opened, signer(opened, by), key, *when, file, now())
    print(f"取用 {len(taken.sheet.rows)} 行")
    if taken.missing:
        print(f"表中没有、不排名的 {len(taken.missing)} 个: {'、'.join(taken.missing[:20])}")
    for where, told in (*taken.bad, *taken.unread):
        print(f"{where}: {told}", file=sys.stderr)
    if taken.bad:
        print(f"留下 {len(taken.bad)} 行, 改好后把整张表再导入一遍", file=sys.stderr)
    raise typer.Exit(1 if taken.bad or taken.unread else 0)


def _period(year: int | None, month: int | None, quarter: int | None) -> tuple[int, str]:
    """Year and part, as `rankings.period_of` takes them: the month that ended last where nothing is said."""
    if month and quarter:
        raise BadInput("月份和季度只写一个")
    last = finished("month", local(now()).date()).first
    if year is None and month is None and quarter is None:
        return last.year, str(last.month)
    return year or last.year, f"q{quarter}" if quarter else str(month) if month else ""
