"""probe: posts somebody knows of, by which the desk measures what it misses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import probes
from flow.probes import Watched
from huanyu.clock import SHANGHAI
from huanyu.clock import local
from huanyu.clock import now
from huanyu.text import shorten

app = family()

ACTOR = "命令行"  #: the owner of the machine asks
QUOTED = 30  # characters of a quotation that are enough to know it
TIMES = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]


@app.callback()
def probe() -> None:
    """查漏: 记下确知存在的帖子, 每天核对系统有没有采集到, 算出采集率。"""


@app.command("add", cls=Command)
def add(
    url: Annotated[str, typer.Argument(metavar="网址", help="这条帖子的网址")],
    source: Annotated[str, typer.Option(metavar="来源", help="应当由哪个来源采到: sources.toml 中的键")],
    words: Annotated[str, typer.Option(metavar="原文", help="照抄其中一句, 不少于 6 个字")],
    at: Annotated[
        datetime | None,
        typer.Option(metavar="时间", formats=TIMES, help="发布时间, 例如 2026-03-05 08:10; 不知道就不写"),
    ] = None,
) -> None:
    """添加一条查漏帖并立即核对; 没有采集到的, 退出码 1。

    例: huanyu probe add https://bbs.example.org/thread-7-1-1.html --source forum --words "夜里又有刺鼻气味"
    """
    said = at.replace(tzinfo=SHANGHAI) if at else None
    with desk() as opened:
        one = probes.add(opened, source, url, words, said, ACTOR, now())
    print("\n".join(told(one)))
    raise typer.Exit(1 if one.is_missing else 0)


@app.command("list", cls=Command)
def list_() -> None:
    """列出查漏帖和各来源近 30 天的采集率, 漏采的在前; 有漏采的, 退出码 1。"""
    with desk() as opened:
        found, rates = probes.watched(opened, now()), probes.recall(opened, now())
    for one in found:
        print("\n".join(told(one)))
    for key, captured, known in rates:
        print(f"来源 {key}: 近 30 天查漏帖 {known} 条, 采集到 {captured} 条 ({captured / known:.0%})")
    if not found:
        print("还没有查漏帖, 添加: huanyu probe add 网址 --source 来源 --words 原文")
    raise typer.Exit(1 if any(one.is_missing for one in found) else 0)


@app.command("retire", cls=Command)
def retire(number: Annotated[int, typer.Argument(metavar="编号", help="probe list 中的编号")]) -> None:
    """停用一条查漏帖, 例如原帖已被删除, 或者抄错了; 它不再算进采集率。"""
    with desk() as opened:
        opened.store.probes.retire(number, ACTOR, now())
    print(f"已停用查漏帖 {number}")


def told(one: Watched) -> Iterator[str]:
    """A known post as lines for a person."""
    probe, check = one.probe, one.check
    where = "没有核对" if check is None else f"已采集, 编号 {check.post_id}"
    where = "漏采" if check is not None and one.is_missing else where
    said = f", 发布于 {local(probe.posted_at):%Y-%m-%d %H:%M}" if probe.posted_at else ""
    yield f"{probe.id} [{where}] {probe.source}{said}: {shorten(probe.words, QUOTED)}"
    yield f"    {probe.url}"
    if check is not None and check.readable is not None:
        yield f"    {check.day:%Y-%m-%d} 打开原页: {'能读到' if check.readable else check.note}"
