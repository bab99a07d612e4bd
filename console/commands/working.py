"""work: one of the processes that do the desk's work, on this machine or another."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from console import engine_log
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import work
from huanyu.clock import now
from huanyu.errors import ConfigError

app = family()


@app.command("work", cls=Command)
def work_(
    queues: Annotated[
        str, typer.Option(metavar="队列,…", help=f"只做这些队列, 缺省为全部: {','.join(work.QUEUES)}")
    ] = ",".join(work.QUEUES),
    at_once: Annotated[int, typer.Option(metavar="个数", help="同时做几件", min=1, max=64)] = work.AT_ONCE,
) -> None:
    """做舆情台的活: 数据库是 PostgreSQL、engine = "jobs" 时, 可在多台机器上同时运行任意多个。按 Ctrl-C 停止。"""
    with desk() as opened:
        if opened.config.settings.engine != "jobs":
            raise ConfigError(
                'work 用于多机运行: 请先在 huanyu.toml 写 engine = "jobs" 和 PostgreSQL 的 database'
            )
        engine_log.configure()
        worker = work.begin(opened, now, [name.strip() for name in queues.split(",") if name.strip()])
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_told: worker.stop())
        print(f"开始工作: {queues}", flush=True)
        worker.run(at_once)
        print("已停止, 手上的活都做完了", flush=True)
