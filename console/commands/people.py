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
    """添加人员。"""


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
    """添加一人; 密码从终端或标准输入读取 (至少 10 位), 不写在命令行上。

    例: huanyu user add lina --role handler --full-name 李娜 --unit zhifa
    """
    with desk() as opened:
        password = getpass.getpass("密码: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        new = staff.NewUser(name=name, full_name=full_name, role=role, unit=unit)
        made = staff.add(opened, None, new, sessions.hash_password(password), now())
    print(f"已添加 {made.name} ({made.full_name}, {permits.ROLES[made.role]})")
