"""bulletin: the numbered paper on the press office's desk."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from console.commands import reissuing
from console.commands import searching
from console.commands import signing
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import morning
from flow import verifying
from flow.desk import Desk
from flow.verifying import Verification
from huanyu.clock import now
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.types import StoredBulletin

app = family()


@app.callback()
def bulletin() -> None:
    """编发、签发、更正、撤回、重编、核对舆情简报。"""


@app.command(cls=Command)
def daily(
    day: Annotated[
        datetime | None,
        typer.Option(metavar="日期", formats=["%Y-%m-%d"], help="哪一天; 缺省为补齐最近所有未编的"),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="文件夹", help="另存 HTML、DOCX、PDF 到这里")] = None,
) -> None:
    """编发每日舆情; 已编发的不会改动, 可以再次另存。

    例: huanyu bulletin daily --day 2026-03-01 --out 简报
    """
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    with desk() as opened:
        days = [finished(opened, day.date())] if day else morning.days_due(opened, now())
        for one in days:
            made = morning.compile_day(opened, one, now())
            stored = made or issued(opened, one)
            print(f"{one}: 第 {stored.bulletin.number} 期, 序号 {stored.id}{'' if made else ' (此前已编发)'}")
            for path in save(stored, out) if out else ():
                print(f"  {path}")
        if not days:
            print("没有待编的日期")


def finished(opened: Desk, day: date) -> date:
    """The day itself; raises BadInput where no bulletin may be issued: its number could never be taken back."""
    first = opened.store.posts.first_day()
    if day >= now().date():
        raise BadInput(f"{day} 还没有结束, 第二天才能编发")
    if first is None or day < first:
        raise BadInput(f"{day} 还没有收到任何帖文{f', 最早的是 {first}' if first else ''}")
    return day


def issued(opened: Desk, day: date) -> StoredBulletin:
    """The bulletin that was issued before; raises NotFound."""
    stored = opened.store.bulletins.by_day("daily", day)
    if stored is None:
        raise NotFound(f"找不到 {day} 的简报")
    return stored


def save(stored: StoredBulletin, folder: Path) -> list[Path]:
    """Write the three forms of a bulletin next to each other."""
    made = stored.bulletin
    stem = f"{made.series_name}{made.year}年第{made.number}期"
    forms = {".html": stored.html, ".docx": stored.docx, ".pdf": stored.pdf}
    paths = []
    for ending, body in forms.items():
        path = folder / f"{stem}{ending}"
        path.write_bytes(body)
        paths.append(path)
    return paths


@app.command(cls=Command)
def verify(
    bulletin_id: Annotated[
        int, typer.Argument(metavar="序号", help="编发时打印的序号, 也是控制台地址中的数字")
    ],
) -> None:
    """重新计算一期简报中的每个数字, 核对每句话的出处。

    有变化的逐条说明因何而起; 有说不清的不一致或无出处的话, 退出码 1。
    """
    with desk() as opened:
        found = verifying.verify(opened, bulletin_id)
        who = {person.name: person.full_name for person in opened.store.people.users()}
    for line in verifying.told(found, who):
        print(line)
    print(summed_up(found))
    if found.standing.withdrawn:
        print(f"本期已撤回, 请勿引用: {found.standing.withdrawn.note}")
    raise typer.Exit(0 if found.holds else 1)


def summed_up(found: Verification) -> str:
    """The last line: how many figures hold, and what was issued is known by."""
    explained, differing = found.counted("explained"), found.counted("differs")
    parts = [f"{found.counted('same')} 个数字一致"]
    parts += [f"{explained} 个有变化, 已查明原因"] if explained else []
    parts += [f"{differing} 个数字不一致"] if differing else []
    parts += [f"{len(found.unsupported)} 处无出处"] if found.unsupported else []
    if found.holds and not explained:
        return "全部数字一致"
    mark = f"内容指纹 {found.standing.digest[:16]}… {'相符' if found.standing.whole else '不符'}"
    return f"{', '.join(parts)}; {mark}"


for one in (
    signing.waiting,
    signing.draft,
    signing.remark,
    signing.sign,
    signing.deliveries,
    signing.correct,
    signing.withdraw,
    reissuing.anew,
    reissuing.copies,
):
    app.command(one.__name__, cls=Command)(one)
app.add_typer(searching.app, name="search")
