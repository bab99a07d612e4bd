"""topics: what is spoken of most in a period, as JSONL or as a table."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from datetime import timedelta
from typing import Annotated

import typer

import flow.topics
from cases import heat
from console.commands.work import desk
from console.usage import Command
from console.usage import family
from huanyu.clock import local
from huanyu.clock import now
from huanyu.types import Topic

app = family()

DAYS = ["%Y-%m-%d"]
WEEK = timedelta(days=6)


@app.command("topics", cls=Command)
def topics(
    since: Annotated[
        datetime | None, typer.Option(metavar="日期", formats=DAYS, help="从哪一天起; 不写为结束日期前六天")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(metavar="日期", formats=DAYS, help="到哪一天止, 含当天; 不写为今天")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="排成表给人看, 不输出 JSONL")] = False,
) -> None:
    """一段时间的热点: 标题、热度及其各项、信息和案件的编号, 最热的在前。

    例: huanyu topics --since 2026-03-01 --until 2026-03-07 --table
    """
    last = until.date() if until else local(now()).date()
    first = since.date() if since else last - WEEK
    with desk() as opened:
        found = flow.topics.topics(opened, first, last)
    for topic in found:
        print(line(topic) if table else json.dumps(shown(topic), ensure_ascii=False))
    if table and not found:
        print(f"{first} 至 {last} 没有热点")


def shown(topic: Topic) -> dict[str, object]:
    """A topic as JSON."""
    values = dataclasses.asdict(topic)
    return values | {"first_at": topic.first_at.isoformat(), "last_at": topic.last_at.isoformat()}


def line(topic: Topic) -> str:
    """A topic as a line for a person: heat, how it was before, title, and the terms that make the heat."""
    terms = " + ".join(
        f"{heat.LABEL[term.name]} {term.amount}→{term.value:g}" for term in topic.terms if term.amount
    )
    return f"{topic.heat:>7g} (上期 {topic.before:g})  {topic.title}  [{terms}]"
