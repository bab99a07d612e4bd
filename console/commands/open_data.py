"""opendata: a month's anonymous counts for the public."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import lookback
from huanyu.clock import now

app = family()


@app.command(cls=Command)
def opendata(
    month: Annotated[str, typer.Argument(metavar="月份", help="例如 2026-03; 须已结束")],
    out: Annotated[Path, typer.Option(metavar="文件夹", help="存到这里; 缺省为当前文件夹")] = Path(),
) -> None:
    """把一个月的匿名统计存成 CSV 和 JSON, 附单位和口径; 少于 3 的数不公开。

    例: huanyu opendata 2026-03 --out 公开数据
    """
    first = lookback.month_of(month, now())
    out.mkdir(parents=True, exist_ok=True)
    with desk() as opened:
        found = lookback.files(opened, first)
    for name, body in found.items():
        (out / name).write_bytes(body)
        print(out / name)
