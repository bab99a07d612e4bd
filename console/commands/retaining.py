"""retain: what the desk may keep no longer, and letting go of it now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from typing import Final

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import retaining
from flow.retaining import Due
from huanyu.clock import now

app = family()

ACTOR: Final = "命令行"  #: in the audit trail: a person ordered it


@app.command(cls=Command)
def retain(
    run: Annotated[bool, typer.Option("--run", help="现在就删, 不等每天的那一次")] = False,
) -> None:
    """列出留存到期的记录; 规则在 retention.toml, 每天自动删一次, 审计记录里留下凭据。"""
    with desk() as opened:
        if run:
            print("\n".join(table(retaining.remove(opened, now(), ACTOR), "已删")))
        else:
            print("\n".join(table(retaining.due(opened, now()), "到期")))


def table(found: Iterable[Due], verb: str) -> list[str]:
    """A line for each rule."""
    return [f"{one.row.name}: 保留 {one.row.days} 天, {_told(one, verb)}" for one in found]


def _told(one: Due, verb: str) -> str:
    if one.row.appraise:
        return f"到期 {one.count} 条, 由档案人员鉴定, 不自动删"
    return f"{verb} {one.count} 条"
