"""up: the desk at work, until it is told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from console import up
from console.usage import Command
from console.usage import family
from huanyu.config import Config

app = family()


@app.command("up", cls=Command)
def up_(
    host: Annotated[str, typer.Option(metavar="地址", help="监听地址, 缺省为设置中的 console_host")] = "",
    port: Annotated[
        int | None,
        typer.Option(
            metavar="端口", help="监听端口, 缺省为设置中的 console_port; 0 = 任一空闲的", min=0, max=65535
        ),
    ] = None,
) -> None:
    """启动舆情台: 定时采集、研判、转办、发布、编报, 并打开网页控制台。按 Ctrl-C 停止。"""
    config = Config.load()
    wanted = config.settings.console_port if port is None else port
    up.serve(config, host or config.settings.console_host, wanted)
