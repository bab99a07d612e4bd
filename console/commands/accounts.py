"""accounts: how each official account is, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import accounts
from flow.accounts import Standing
from huanyu.clock import local
from huanyu.clock import now

app = family()


@app.command("accounts", cls=Command)
def show(
    check: Annotated[
        bool, typer.Option("--check", help="先向各平台核对一遍: 授权、限额、自动回复; 不发布任何内容")
    ] = False,
) -> None:
    """列出各官方账号: 状态、上次发布、等待、限额、授权; 有等人处理的, 退出码 1。

    例: huanyu accounts --check    (换了密码、换了人、服务商维护之后)
    """
    with desk() as opened:
        moment = now()
        if check:
            accounts.look(opened, moment, at_once=True)
        found = accounts.standings(opened, moment)
    for one in found:
        print("\n".join(told(one)))
    raise typer.Exit(1 if any(one.needs_person for one in found) else 0)


def told(one: Standing) -> Iterator[str]:
    """An account as lines for a person."""
    kept, traffic = one.kept, one.traffic
    yield f"{one.row.key} [{one.label}] {one.row.name}: {kept.note}"
    said = f"上次发布 {local(kept.last_published):%Y-%m-%d %H:%M}" if kept.last_published else "还没有发布过"
    parts = [said, f"待发 {traffic.waiting} 条", f"结果不明 {traffic.doubtful} 条"]
    parts += [used.told for used in one.used]
    if kept.token_expires_at:
        parts.append(f"授权到 {local(kept.token_expires_at):%Y-%m-%d %H:%M}")
    if kept.held_until:
        parts.append(f"暂停到 {local(kept.held_until):%Y-%m-%d %H:%M}")
    yield "    " + "; ".join(parts)
    if one.advice:
        yield f"    怎么办: {one.advice}"
