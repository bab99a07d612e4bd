"""replay: read again what could not be read."""

from __future__ import annotations

from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import replay as again
from flow.desk import Desk
from flow.replay import Replayed
from huanyu.clock import now
from huanyu.errors import BadInput
from huanyu.errors import NotFound

app = family()

MOST = 100_000  # items of one run


@app.command(cls=Command)
def replay(
    number: Annotated[
        int | None, typer.Argument(metavar="序号", help="只读这一项; 序号在来源页上, 或见不带参数时的列表")
    ] = None,
    source: Annotated[str, typer.Option(metavar="来源", help="这个来源的每一项")] = "",
    all_: Annotated[bool, typer.Option("--all", help="每一项")] = False,
) -> None:
    """重新读取读不懂的内容: 用现在的程序和设置读留存的原样, 不访问网站; 还有读不懂的, 退出码 1。

    不带参数时列出有哪些。
    """
    if (number is not None) + bool(source) + all_ > 1:
        raise BadInput("序号、--source、--all 只写一个")
    with desk() as opened:
        if source and opened.bureau.source(source) is None:
            raise NotFound(f"sources.toml 中没有来源 {source}")
        if number is None and not source and not all_:
            listed(opened)
            raise typer.Exit(0)
        left = read(opened, chosen(opened, number, source))
    raise typer.Exit(1 if left else 0)


def listed(opened: Desk) -> None:
    """Every open item, oldest first."""
    found = opened.store.rejects.heads(limit=MOST)
    for head in reversed(found):
        print(f"{head.id} {head.source} {head.where}: {head.reason}")
    print(f"共 {len(found)} 项")


def chosen(opened: Desk, number: int | None, source: str) -> list[int]:
    """The items that are meant, oldest first; raises NotFound, and Conflict where one was dealt with before."""
    if number is not None:
        return [again.demand(opened, number)]
    return sorted(head.id for head in opened.store.rejects.heads(source or None, limit=MOST))


def read(opened: Desk, wanted: list[int]) -> int:
    """Read them again and say what came of each; returns how many are still unreadable."""
    left = 0
    for done in again.replay_all(opened, wanted, now(), actor="命令行"):
        print(told(done), flush=True)
        left += bool(done.reason)
    print(f"读懂 {len(wanted) - left} 项, 仍读不懂 {left} 项")
    return left


def told(done: Replayed) -> str:
    """One line about one item."""
    place = f"{done.reject_id} {done.source} {done.where}"
    if done.reason:
        return f"{place}: 仍读不懂, {done.reason}"
    more = f"; 另有 {done.more} 页在下次采集时读取" if done.more else ""
    inside = f"; 其中 {done.inside} 项读不懂, 已另列" if done.inside else ""
    return f"{place}: 新增 {done.new}, 已有 {done.seen}{inside}{more}"
