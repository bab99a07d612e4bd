"""bench: our speed beside a bare peer, measured in the same run; and long runs that must hold.

A year of mornings, a year of cases with their limits, ten thousand publications with workers killed in the
middle of them, and twenty people at a desk of 200,000 posts.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from console import bench_classify
from console import bench_console
from console import leaving
from console.usage import Command
from console.usage import family
from demo import bench as benches
from demo import bench_growth
from demo import bench_report
from demo import bench_work
from demo.bench_cases import A_DAY
from demo.bench_cases import DAYS
from demo.bench_found import Figure
from demo.bench_found import Proof
from demo.bench_publish import MESSAGES
from demo.bench_publish import WORKERS
from huanyu.errors import NotFound

app = family()

PROOFS = {**benches.PROOFS, "console": bench_console.bench}
BENCHES = {"classify": bench_classify.run, **benches.BENCHES}
MEASURED = {
    "growth": bench_growth.measured,
    "work": bench_work.measured,
}  #: proofs that tell their ratios, too
ON_DEMAND = frozenset(
    {"cases", "work"}
)  #: hours, or a PostgreSQL server: a report has them where they are named
NOTES = {"classify": bench_classify.notes}  #: said below the table

Messages = Annotated[int, typer.Option(min=1, metavar="条数", help="publish: 发布多少条")]
Workers = Annotated[int, typer.Option(min=1, metavar="个数", help="publish: 几个发布进程")]
Empty = Annotated[
    str,
    typer.Option(
        metavar="地址",
        help="publish、cases、console: 一个空的数据库; 缺省为临时的 SQLite 文件; work、jobs: 必写",
    ),
]
Seed = Annotated[
    int | None, typer.Option(metavar="种子", help="publish、cases、console、growth、work: 重现某一次")
]
Kept = Annotated[
    Path | None,
    typer.Option(metavar="目录", help="cases: 库和进度留在这里, 中断后用同样的选项接着办", file_okay=False),
]
ADay = Annotated[int, typer.Option(min=1, metavar="件数", help="cases: 每天多少件")]
Days = Annotated[int, typer.Option(min=1, metavar="天数", help="cases: 从 2025 年元旦起多少天")]
Kills = Annotated[int, typer.Option(min=0, metavar="次数", help="cases: 中途 kill -9 多少次")]
Fill = Annotated[
    int, typer.Option(min=0, metavar="件数", help="cases: 之后用已办结件的副本补到多少件, 再列各页用时")
]
Posts = Annotated[int | None, typer.Option(min=200, metavar="条数", help="console、growth、work: 多少条信息")]
Ways = Annotated[
    list[str] | None,
    typer.Option(metavar="做法", help=f"work: 只要其中几种, 可写几次: {'、'.join(bench_work.WAYS)}"),
]
Report = Annotated[
    Path | None,
    typer.Option(
        metavar="目录",
        help="写成一份报告（report.md、图、每项一个 JSON）; 不写名称时运行全部",
        file_okay=False,
    ),
]
Earlier = Annotated[
    list[Path] | None,
    typer.Option(
        "--from", metavar="目录", help="报告里并入这些目录里已有的结果, 可写几次; 不写名称时什么也不运行"
    ),
]
Seconds = Annotated[float, typer.Option(min=0.1, metavar="秒数", help="console: 每个页面打开多少秒")]


@app.command(cls=Command)
def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="名称", help=f"{'、'.join(BENCHES)}; 缺省为全部。{'、'.join(PROOFS)} 用时较长, 要写明"
        ),
    ] = None,
    messages: Messages = MESSAGES,
    workers: Workers = WORKERS,
    database: Empty = "",
    seed: Seed = None,
    a_day: ADay = A_DAY,
    days: Days = DAYS,
    kills: Kills = 0,
    fill: Fill = 0,
    kept: Kept = None,
    posts: Posts = None,
    seconds: Seconds = bench_console.SECONDS,
    ways: Ways = None,
    report: Report = None,
    earlier: Earlier = None,
) -> None:
    """性能对比: 与同一次运行中的裸实现并列给出比值。

    publish: 本机的微博、微信、Telegram 随机出错, 发布进程随机被 kill -9, 看有没有重复和丢失; 种子打印在结果中。
    cases: 模拟时间中每天若干办件, 逐件与另写的日历推算核对: 每一次提醒是否只发一次、按时发; 并列出各页的查询用时。
    其中有各个等级、暂停、延期; --kills 在动作中途杀掉程序再接着办; --fill 300000 看件数增长后各页慢不慢。
    整年要几个小时: --kept 目录 随时可以停下, 再用同样的选项接着办, 到年底一并核对; 每天一行进度在其中的 days.txt。

    growth: 一个进程、SQLite, 从第一条到 --posts 条, 每条入库、研判、立案、派单的用时长不长, 与只研判并列。

    work: 同样的信息交给一个、两个 huanyu work, 与不经引擎的两个裸进程一轮一轮轮流; --database 写一个 PostgreSQL 上的任一个库。
    console: 20 人同时不停地打开各页, 列出 p50、p95, 与同一服务的静态文件并列; 信息和办件是编造的, 多为副本。

    --report: 写成一份报告; 几天里分别运行的用 --from 并成一份。work、jobs、cases 要写明才运行。

    例: huanyu bench publish --messages 10000 --database postgresql+psycopg://huanyu@localhost/bench
    """
    chosen = {"database": database, "seed": seed}
    options: dict[str, dict[str, Any]] = {
        "publish": {"messages": messages, "workers": workers, **chosen},
        "console": {"posts": bench_console.POSTS if posts is None else posts, "seconds": seconds, **chosen},
        "growth": {"posts": bench_growth.POSTS if posts is None else posts, "seed": seed},
        "work": {"posts": bench_work.POSTS if posts is None else posts, "ways": ways or (), **chosen},
        "jobs": {"database": database},
        "cases": {"a_day": a_day, "days": days, "kills": kills, "fill": fill, "kept": kept, **chosen},
    }
    with leaving.on_signal():
        _run(names or [], options, report, earlier or [])


def _run(
    names: Sequence[str],
    options: Mapping[str, Mapping[str, Any]],
    report: Path | None,
    earlier: Sequence[Path],
) -> None:
    _demand_known(names)
    if report is not None:
        _report(report, names, options, earlier)
        return
    for name in names or list(BENCHES):
        _print(name, options.get(name, {}))


def _demand_known(names: Sequence[str]) -> None:
    """Raise NotFound before anything is run."""
    known = (*BENCHES, *PROOFS)
    if unknown := [name for name in names if name not in known]:
        raise NotFound(f"没有 {unknown[0]} 这项, 可选: {'、'.join(known)}")


def _print(name: str, options: Mapping[str, Any]) -> None:
    if name in PROOFS:
        _prove(name, options)
    else:
        _compare(name)


def _report(
    folder: Path, names: Sequence[str], options: Mapping[str, Mapping[str, Any]], earlier: Sequence[Path]
) -> None:
    """Run what was asked for and write the report; leave with 1 when anything in it is wrong."""
    every = [] if earlier else [name for name in (*BENCHES, *PROOFS) if name not in ON_DEMAND]
    tasks = [_task(name, options.get(name, {})) for name in names or every]
    holds = bench_report.make(folder, tasks, earlier, (*BENCHES, *PROOFS))
    typer.echo(f"报告写在 {folder / bench_report.REPORT}")
    if not holds:
        raise typer.Exit(1)


def _task(name: str, asked: Mapping[str, Any]) -> bench_report.Task:
    return bench_report.Task(name, lambda: _proof(name, asked), asked)


def _proof(name: str, asked: Mapping[str, Any]) -> Proof:
    if name in MEASURED:
        return MEASURED[name](**asked)
    if name in PROOFS:
        holds, rows = PROOFS[name](**asked)
        return Proof(holds, tuple(rows))
    peer, *lines = BENCHES[name]()
    rows = [(line.name, f"每秒 {line.per_second:,.0f} 条") for line in (peer, *lines)]
    return Proof(
        holds=True,
        rows=(*rows, *(("", note) for note in (NOTES[name]() if name in NOTES else ()))),
        figures=tuple(Figure(f"{line.name}的速度比{peer.name}", line.ratio) for line in lines),
    )


def _compare(name: str) -> None:
    """Print how fast each way was."""
    table = Table("做法", "每秒条数", "速度为第一行的", "耗时为第一行的", title=name)
    for line in BENCHES[name]():
        table.add_row(line.name, f"{line.per_second:,.0f}", f"{line.ratio:.3f}", f"{1 / line.ratio:.2f}")
    Console().print(table)
    for note in NOTES[name]() if name in NOTES else ():
        Console().print(note)


def _prove(name: str, options: Mapping[str, Any]) -> None:
    """Print what a long run showed; leave with 1 when anything is wrong."""
    holds, lines = PROOFS[name](**options)
    table = Table("项目", "结果", title=name)
    for row in lines:
        table.add_row(*row)
    Console().print(table)
    if not holds:
        raise typer.Exit(1)
