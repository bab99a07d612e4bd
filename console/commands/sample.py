"""sample: the daily draws and the live miss rate, and whether a draw is the one its seed gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from datetime import datetime
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import sampling
from flow.desk import Desk
from huanyu.clock import local
from huanyu.clock import now
from huanyu.errors import BadInput

app = family()

SHOWN = 12  # digits of a hash


@app.command(cls=Command)
def sample(
    day: Annotated[
        datetime | None,
        typer.Option(
            metavar="日期", formats=["%Y-%m-%d"], help="只看这一天, 列出抽中的编号, 并按种子重抽核对"
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(metavar="天数", min=1, max=366, help="漏判率按最近多少天算")
    ] = sampling.PERIOD,
) -> None:
    """抽查: 每天从没有判为投诉的帖文里随机抽几条给人判, 估计漏判率; 重抽不符时退出码 1。"""
    with desk() as opened:
        if day is None:
            print("\n".join(overview(opened, now(), days)))
            return
        if day.date() >= local(now()).date():
            raise BadInput(f"{day.date()} 还没有过完")
        print("\n".join(draw_of(opened, day.date())))
        problems, renewed = sampling.redraw(opened, day.date()), sampling.renewed(opened, day.date())
    if renewed:
        print(f"{renewed} 条后来由别的模型重判过, 当时的概率已不在, 这几条无法核对")
    print("\n".join(problems) or "按种子重抽, 与记录相符")
    raise typer.Exit(1 if problems else 0)


def overview(opened: Desk, at: datetime, days: int) -> Iterator[str]:
    """Every band of every day, then the miss rate."""
    missed = sampling.missed(opened, at, days)
    for cell in missed.cells:
        found = f", 漏判 {'、'.join(map(str, cell.missed))}" if cell.missed else ""
        yield f"{cell.day} 概率 {cell.stratum}: {cell.population} 条中抽 {cell.drawn} 条, 已判 {cell.judged} 条{found}"
    yield f"近 {days} 天: {missed.told}"
    if missed.waiting:
        late = f", 其中 {missed.overdue} 条逾期" if missed.overdue else ""
        yield f"待判 {missed.waiting} 条{late}: 在控制台“抽查”页判"


def draw_of(opened: Desk, day: date) -> Iterator[str]:
    """One day's draw, post by post."""
    key = sampling.seed(opened, day)
    yield f"{day} 种子 {key}; 每档取 SHA-256(种子:编号) 最小的几条"
    for one in opened.store.samples.between(day, day):
        said = f"判为 {one.type}, {one.actor}" if one.judged_at else "待判"
        yield f"  {one.post_id} {sampling.rank(key, one.post_id)[:SHOWN]} 概率 {one.stratum}: {said}"
