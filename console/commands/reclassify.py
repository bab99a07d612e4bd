"""reclassify: old verdicts made anew with the present model."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from console.view import TYPES
from flow import rejudge
from flow.known import MEMORY
from flow.rejudge import Asked
from flow.rejudge import Range
from huanyu.clock import SHANGHAI
from huanyu.clock import now
from huanyu.errors import BadInput

app = family()

LISTED = 30  # numbers named one by one


@dataclass
class Sum:
    """All ranges together."""

    read: int = 0
    written: int = 0
    by_person: int = 0
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubted: list[tuple[int, int | None]] = field(default_factory=list)
    opening: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)

    def add(self, one: Range) -> None:
        self.read += one.read
        self.written += one.written
        self.by_person += one.by_person
        self.changed.update({(before, after): count for before, after, count in one.changed})
        self.doubted += one.doubted
        self.opening += one.opening
        self.late += one.late


@app.command(cls=Command)
def reclassify(
    since: Annotated[
        datetime | None, typer.Option(metavar="日期", formats=["%Y-%m-%d"], help="只要这一天起发布的")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(metavar="日期", formats=["%Y-%m-%d"], help="只要到这一天为止发布的")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会有哪些变化, 不写入")] = False,
    open_days: Annotated[
        int, typer.Option("--open-days", metavar="天数", min=0, help="发布不超过这么多天的才自动立案")
    ] = MEMORY.days,
) -> None:
    """用现在的模型重新研判旧帖文; 每 2000 条一段, 中断后再运行就接着做。

    有人更正过的, 人的判定不变; 已由现在的模型判过的, 跳过。
    已有案件而模型不再认为是投诉的, 不动案件, 列出来并放进“拿不准”由人判定。
    新判为投诉的走平常的流程立案; 发布太久的只列出来, 不自动立案。
    """
    if since and until and until < since:
        raise BadInput("--until 早于 --since")
    asked = Asked(
        since=since.replace(tzinfo=SHANGHAI) if since else None,
        until=until.replace(tzinfo=SHANGHAI) + timedelta(days=1) if until else None,
        youngest=timedelta(days=open_days),
        dry_run=dry_run,
    )
    with desk() as opened:
        version, total = opened.reader.classifier.version, rejudge.waiting(opened, asked)
        print(f"模型 {version}: 要重判 {total} 条")
        found = run(rejudge.rejudge(opened, asked, now()), total)
    print("\n".join(table(found, dry_run)))


def run(ranges: Iterable[Range], total: int) -> Sum:
    """Work through all ranges, telling after each how far it is."""
    found, begun = Sum(), time.monotonic()
    for one in ranges:
        found.add(one)
        rate = found.read / max(time.monotonic() - begun, 1e-6)
        print(
            f"  {found.read}/{total} 条, 到编号 {one.last}, 每秒 {rate:.0f} 条", file=sys.stderr, flush=True
        )
    return found


def table(found: Sum, dry_run: bool) -> list[str]:
    """What came of it, or would."""
    verb = "会改写" if dry_run else "已改写"
    lines = [
        f"读 {found.read} 条, {verb} {found.written} 条, 其中人工更正过而保留人的判定的 {found.by_person} 条"
    ]
    skipped = found.read - found.written
    if skipped:
        lines.append(f"  {skipped} 条在重判期间被别人处理, 没有改动; 再运行一次即可")
    lines += [
        f"  {TYPES[before]} → {TYPES[after]}: {count} 条"
        for (before, after), count in found.changed.most_common()
    ]
    cased = [f"{post}(案件 {case})" if case else str(post) for post, case in found.doubted]
    lines += _listed("已在办而模型不再认为是投诉, 交人判定", cased)
    lines += _listed("新判为投诉, 将按平常的流程立案", found.opening)
    lines += _listed("新判为投诉, 但发布太久, 不自动立案; 要立案的, 在帖文页更正为投诉举报", found.late)
    return lines


def _listed(title: str, ids: Sequence[object]) -> list[str]:
    if not ids:
        return []
    more = f" …… 等 {len(ids)} 条" if len(ids) > LISTED else ""
    return [f"{title}: {len(ids)} 条", f"  帖文 {'、'.join(map(str, ids[:LISTED]))}{more}"]
