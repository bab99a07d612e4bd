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
from huanyu.clock import local
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


@app.command("list", cls=Command)
def listing() -> None:
    """列出全部人员: 用户名、姓名、角色、单位、上次登录、动态码、登录着几处。"""
    with desk() as opened:
        comes = opened.store.entrances.attendance(now(), sessions.idle_of(opened))
        for person in opened.store.people.users():
            come = comes[person.id]
            last = f"{local(come.last_login):%Y-%m-%d %H:%M}" if come.last_login else "从未登录"
            marks = ["" if person.active else "停用", "密码待改" if person.must_change else ""]
            marks += ["动态码" if person.second_factor else "", f"登录 {come.open_sessions} 处"]
            told = [person.name, person.full_name, permits.ROLES[person.role], person.unit or "-", last]
            print("  ".join([*told, *(mark for mark in marks if mark)]))


@app.command("role", cls=Command)
def role_(
    name: Annotated[str, typer.Argument(metavar="用户名", help="要调整的人")],
    role: Annotated[str, typer.Option(metavar="角色", help="新的角色, 见 user add --help")],
    unit: Annotated[str, typer.Option(metavar="单位", help="units.toml 中的键; 经办人员必填")] = "",
) -> None:
    """调整一人的角色和单位; 其所有登录随即失效。"""
    with desk() as opened:
        staff.set_role(opened, None, name, role, unit, now())
    print(f"已调整 {name}: {permits.ROLES[role]} {unit}".rstrip())


@app.command("factor", cls=Command)
def factor(
    name: Annotated[str, typer.Argument(metavar="用户名", help="手机和恢复码都丢了的人")],
) -> None:
    """重置一人的动态码; 本人下次登录只需密码, 并会看到此事。"""
    with desk() as opened:
        staff.reset_factor(opened, None, name, now())
    print(f"已重置 {name} 的动态码")


@app.command("out", cls=Command)
def out(name: Annotated[str, typer.Argument(metavar="用户名", help="要退出登录的人")]) -> None:
    """让一人在所有设备上退出; 账号照常可用。"""
    with desk() as opened:
        ended = staff.sign_out(opened, None, name, now())
    print(f"已让 {name} 在 {ended} 处退出")


def asked(prompt: str = "密码: ") -> str:
    """A password or code from the terminal, unseen, or from standard input; never from the command line."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
