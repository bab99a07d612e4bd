"""move-store: from SQLite to PostgreSQL, once, when one file has become too small."""

from __future__ import annotations

from typing import Annotated

import typer

from console.usage import Command
from console.usage import family
from flow import relocating
from huanyu.config import Config

app = family()


@app.command("move-store", cls=Command)
def move_store(
    address: Annotated[
        str, typer.Argument(metavar="地址", help="空的 PostgreSQL 数据库, postgresql+psycopg://用户@主机/库")
    ],
) -> None:
    """把舆情台从 SQLite 整个搬到 PostgreSQL: 编号不变, 逐表核对行数和审计链, 不符就什么都不留下。先停止 huanyu up。"""
    carried, old = relocating.relocate(
        Config.load(), address, lambda table, rows: print(f"{table}: {rows}") if rows else None
    )
    print(f"已搬 {carried.tables} 个表、{carried.rows} 行, 行数和审计链都已核对")
    print(f"原来的数据库改名为 {old}")
    print(
        '请把 huanyu.toml 的 database 改成这个地址, 再启动; 要多台机器一起做, 另写 engine = "jobs", 运行 huanyu work'
    )
