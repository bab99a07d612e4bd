"""bench: our speed beside a bare peer, measured in the same run; and a year of mornings that must all hold."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from console import bench_classify
from console.usage import Command
from console.usage import family
from demo import bench as benches
from demo.bench import PROOFS
from huanyu.errors import NotFound

app = family()

BENCHES = {"classify": bench_classify.run, **benches.BENCHES}
NOTES = {"classify": bench_classify.notes}  #: said below the table


@app.command(cls=Command)
def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="名称", help=f"{'、'.join(BENCHES)}; 缺省为全部。{'、'.join(PROOFS)} 用时较长, 要写明"
        ),
    ] = None,
) -> None:
    """性能对比: 与同一次运行中的裸实现并列给出比值。"""
    for name in names or list(BENCHES):
        if name in PROOFS:
            _prove(name)
            continue
        if name not in BENCHES:
            raise NotFound(f"没有 {name} 这项, 可选: {'、'.join((*BENCHES, *PROOFS))}")
        table = Table("做法", "每秒条数", "速度为第一行的", "耗时为第一行的", title=name)
        for line in BENCHES[name]():
            table.add_row(line.name, f"{line.per_second:,.0f}", f"{line.ratio:.3f}", f"{1 / line.ratio:.2f}")
        Console().print(table)
        for note in NOTES[name]() if name in NOTES else ():
            Console().print(note)


def _prove(name: str) -> None:
    """Print what a long run showed; leave with 1 when anything is wrong."""
    holds, lines = PROOFS[name]()
    table = Table("项目", "结果", title=name)
    for row in lines:
        table.add_row(*row)
    Console().print(table)
    if not holds:
        raise typer.Exit(1)
