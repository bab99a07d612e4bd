"""user: the people who work at the desk."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from console import sessions
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import permits
from flow import staff
from huanyu.clock import now

app = family()


@app.callback()
def user() -> None:
    """管理人员。"""


@app.command("add", cls=Command)
def add(
    name: Annotated[str, typer.Argument(metavar="用户名", help="小写字母开头, 可有数字、点、横线")],
    role: Annotated[
        str,
        typer.Option(
            metavar="角色", help="、".join(f"{key} {label}" for key, label in permits.ROLES.items())
        ),
    ],
    full_name: Annotated[str, typer.Option(metavar="姓名", help="缺省为用户名")] = "",
    unit: Annotated[str, typer.Option(metavar="单位", help="units.toml 中的键; 经办人员必填")] = "",
) -> None:
    """添加一人; 初始密码从终端或标准输入读取 (至少 10 位), 本人首次登录时须修改。

    例: huanyu user add lina --role handler --full-name 李娜 --unit zhifa
    """
    with desk() as opened:
        new = staff.NewUser(name=name, full_name=full_name, role=role, unit=unit, temporary=True)
        made = staff.add(opened, None, new, sessions.hash_password(asked()), now())
    print(f"已添加 {made.name} ({made.full_name}, {permits.ROLES[made.role]})")


@app.command("password", cls=Command)
def password(name: Annotated[str, typer.Argument(metavar="用户名", help="要重设密码的人")]) -> None:
    """重设一人的密码; 其所有登录随即失效, 下次登录时须修改。"""
    with desk() as opened:
        staff.set_password(opened, None, name, sessions.hash_password(asked()), now())
    print(f"已重设 {name} 的密码")


@app.command("off", cls=Command)
def off(name: Annotated[str, typer.Argument(metavar="用户名", help="要停用的人")]) -> None:
    """停用一人; 其所有登录随即失效。"""
    with desk() as opened:
        staff.set_active(opened, None, name, active=False, now=now())
    print(f"已停用 {name}")


@app.command("on", cls=Command)
def on(name: Annotated[str, typer.Argument(metavar="用户名", help="要启用的人")]) -> None:
    """重新启用一人。"""
    with desk() as opened:
        staff.set_active(opened, None, name, active=True, now=now())
    print(f"已启用 {name}")


def asked() -> str:
    """A password from the terminal, unseen, or from standard input; never from the command line."""
    return getpass.getpass("密码: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
