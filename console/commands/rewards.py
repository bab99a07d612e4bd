"""rewards: how they stand, why a case has one or none, a year counted; nothing of any claimant."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import cases.rewards
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import reward_facts
from flow import reward_figures
from huanyu.clock import local
from huanyu.clock import now
from huanyu.errors import BadInput

app = family()


@app.callback()
def rewards() -> None:
    """举报奖励: 各件的状态, 一件为什么有、为什么没有, 一年的统计。"""


@app.command("list", cls=Command)
def list_(
    state: Annotated[str, typer.Option(metavar="状态", help="只列这一状态, 例如 待支付")] = "",
) -> None:
    """列出奖励: 编号、办件、种类、金额、状态, 新的在前。"""
    keys = {name: key for key, name in cases.rewards.LABEL.items()}
    if state and state not in keys:
        raise BadInput(f"没有“{state}”这个状态, 可选: {'、'.join(keys)}")
    with desk() as opened:
        found = opened.store.rewards.listing({keys[state]} if state else ())
        known = opened.store.cases.of_ids({one.case_id for one in found})
        for one in found:
            name = opened.bureau.rewards.name_of(one.scheme)
            money = cases.rewards.masked_amount(one.amount_cents) if one.amount_cents else "-"
            print(one.number, known[one.case_id].number, name, money, cases.rewards.LABEL[one.state])


@app.command("why", cls=Command)
def why(
    number: Annotated[str, typer.Argument(metavar="办件编号", help="哪一件, 例如 HY2026-000123")],
) -> None:
    """一件的举报人能不能奖励, 逐条写明为什么; 哪种都不符合的, 退出码 1。"""
    with desk() as opened:
        case = opened.store.cases.by_number(number)
        found = reward_facts.judgements(opened, case, now())
    for one in found:
        print(f"{one.scheme.name}: {'符合' if one.eligible else '不符合'}")
        for ground in one.grounds:
            print(f"  {'是' if ground.holds else '否'}  {ground.told}")
    raise typer.Exit(0 if any(one.eligible for one in found) else 1)


@app.command("figures", cls=Command)
def figures(
    year: Annotated[int, typer.Option(metavar="年份", help="不写为今年", min=2000, max=2100)] = 0,
) -> None:
    """一年的统计: 按种类和渠道列入几件、支付几人次几元; 合计对不上的写明, 退出码 1。"""
    with desk() as opened:
        found = reward_figures.counted(opened, year or local(now()).year)
    for one in found.lines:
        money = cases.rewards.masked_amount(one.cents)
        print(f"{one.scheme} {one.channel}: 列入 {one.opened} 件, 支付 {one.paid} 人次 {money}")
    money = cases.rewards.masked_amount(found.cents)
    print(f"{found.year} 年合计: 列入 {found.opened} 件, 支付 {found.paid} 人次 {money}")
    for told in found.faults:
        print(told, file=sys.stderr)
    raise typer.Exit(1 if found.faults else 0)
