"""token: the systems that may use the interface."""

from __future__ import annotations

from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import tokens
from huanyu.clock import local
from huanyu.clock import now

app = family()


@app.callback()
def token() -> None:
    """接口令牌: 网格平台、12369、在线监测等系统凭它报送和读取。"""


@app.command("add", cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="名称", help="对方系统的名称")],
    unit: Annotated[str, typer.Option(metavar="单位", help="units.toml 中的键")],
    scope: Annotated[
        list[str],
        typer.Option(
            metavar="权限",
            help="、".join(f"{key} {told}" for key, told in tokens.SCOPES.items()) + "; 可多次",
        ),
    ],
    channel: Annotated[
        list[str] | None,
        typer.Option(metavar="渠道", help="channels.toml 中的键; 报送事项的必填, 可多次"),
    ] = None,
    days: Annotated[int, typer.Option(metavar="天数", help="有效多少天")] = 365,
) -> None:
    """生成一个令牌; 只显示这一次。

    例: huanyu token add 市网格平台 --unit dongchangfu --scope items:write --channel grid
    """
    new = tokens.NewToken(name=name, unit=unit, scopes=tuple(scope), channels=tuple(channel or ()), days=days)
    with desk() as opened:
        issued = tokens.add(opened, None, new, now())
    print(
        f"已生成 {issued.token.name} 的令牌, 有效至 {local(issued.token.expires_at):%Y-%m-%d}, 只显示这一次:"
    )
    print(issued.secret)


@app.command("list", cls=Command)
def list_() -> None:
    """列出令牌: 谁的、有什么权限、上次什么时候用的。"""
    with desk() as opened:
        found, at = opened.store.tokens.listing(), now()
    for one in found:
        used = f"{local(one.used_at):%Y-%m-%d %H:%M}" if one.used_at else "没有用过"
        scopes = "、".join((*one.scopes, *one.channels))
        until = f"{local(one.expires_at):%Y-%m-%d}"
        print(f"{one.name} [{tokens.state(one, at)}] {one.unit} {scopes}; 有效至 {until}, 上次使用 {used}")
    if not found:
        print("还没有令牌, 生成: huanyu token add 名称 --unit 单位 --scope 权限")


@app.command("revoke", cls=Command)
def revoke(name: Annotated[str, typer.Argument(metavar="名称", help="要停用的令牌")]) -> None:
    """停用一个令牌, 立即生效, 不能恢复。"""
    with desk() as opened:
        tokens.revoke(opened, None, tokens.of_name(opened, name).id, now())
    print(f"已停用 {name}")
