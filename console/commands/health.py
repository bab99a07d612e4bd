"""health: whether the desk at work on this machine is well, for whatever watches over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection
from http.client import HTTPException
from time import monotonic
from time import sleep
from types import MappingProxyType
from typing import Annotated
from typing import Any

import typer

from console.usage import Command
from console.usage import family
from huanyu.config import Config
from huanyu.errors import HuanyuError

app = family()

PAUSE = 1.0  # seconds between two tries
PATIENCE = 8  # seconds: less than what the container's check is given
#: Of a desk that listens everywhere, where it is asked.
HERE = MappingProxyType({"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"})  # noqa: S104 nobody listens there
PARTS = MappingProxyType({"database": "数据库", "clockwork": "定时任务", "disk": "磁盘空间"})


@app.command(cls=Command)
def health(
    port: Annotated[
        int | None,
        typer.Option(metavar="端口", help="控制台的端口, 缺省为设置中的 console_port", min=1, max=65535),
    ] = None,
    wait: Annotated[
        int, typer.Option(metavar="秒", help="还不正常的, 再等多少秒, 例如刚刚启动以后", min=0, max=3600)
    ] = 0,
) -> None:
    """问本机正在运行的舆情台是否正常 (/healthz), 供容器和守护程序用; 不正常的, 写明哪里, 退出码 1。"""
    settings = Config.load().settings
    host, at = HERE.get(settings.console_host, settings.console_host), port or settings.console_port
    until = monotonic() + wait
    while True:
        try:
            demand_well(asked(host, at))
            break
        except HuanyuError:
            if monotonic() >= until:
                raise
        sleep(PAUSE)
    print("正常")


def demand_well(parts: Mapping[str, Any]) -> None:
    """Raises HuanyuError naming each part that is not well, as the clockwork of a desk just started may not be yet."""
    if failing := [PARTS.get(name, name) for name, well in parts.items() if name != "ready" and not well]:
        raise HuanyuError(f"不正常: {'、'.join(failing)}")


def asked(host: str, port: int) -> dict[str, Any]:
    """What the desk says of its parts, asked without a proxy: that one does not reach it. Raises HuanyuError."""
    connection = HTTPConnection(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        found = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError) as problem:
        raise HuanyuError(f"{host}:{port} 没有舆情台应答 ({type(problem).__name__})") from problem
    finally:
        connection.close()
    if not isinstance(found, dict) or "ready" not in found:
        raise HuanyuError(f"{host}:{port} 应答的不是舆情台")
    return found
