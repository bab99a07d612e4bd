"""demo: the whole loop on invented posts, on this machine alone."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from console import logs
from console import sessions
from console import up
from console.usage import Command
from console.usage import family
from demo import listening
from demo import play
from huanyu import shipped

app = family()


@app.command(cls=Command)
def demo(
    once: Annotated[bool, typer.Option("--once", help="跑完即退出, 不打开控制台")] = False,
    folder: Annotated[
        Path, typer.Option(metavar="文件夹", help="演示数据放在哪里, 缺省为 huanyu-demo")
    ] = Path("huanyu-demo"),
    port: Annotated[
        int, typer.Option(metavar="端口", help="控制台端口, 缺省为 8460", min=0, max=65535)
    ] = 8460,
    bureau: Annotated[
        str, typer.Option(metavar="哪一家", help="演哪一家: " + "、".join(shipped.bureaus()))
    ] = "",
) -> None:
    """演示: 在本机用虚构的帖文跑完整个流程, 然后打开控制台。"""
    logs.configure(logging.WARNING)  # the play tells its own story
    opening = not once and sys.stdout.isatty()
    if opening:
        up.listen("127.0.0.1", port).close()  # who cannot open the console afterwards is told before the play
    with play.Show(folder, port, bureau) as show:
        show.run(sessions.hash_password)
        if opening:
            with up.called(show.desk), listening.listening(show.desk):
                up.serve_console(show.desk, "127.0.0.1", port)
