"""crawl: read sources, or try one and show what it would give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from crawler import trial
from crawler.trial import Trial
from flow import crawls
from flow.desk import Desk
from huanyu.clock import SHANGHAI
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.types import RawPost

app = family()

SHOWN = 60  # characters of a text that are enough to know it
MAILBOX = "来源 {key} 是邮箱: huanyu step letters"
IMPORTED = "来源 {key} 靠导入文件: huanyu import 文件 --source {key}"


@app.command(cls=Command)
def crawl(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="来源", help="sources.toml 中的键; 缺省为全部已启用的")
    ] = None,
    try_: Annotated[
        bool, typer.Option("--try", help="试读一个来源: 列出会读到什么, 什么都不保存; 未启用的也可以试")
    ] = False,
    page: Annotated[str, typer.Option(metavar="网址", help="试读时只读这一页")] = "",
    file: Annotated[
        Path | None,
        typer.Option(metavar="文件", help="试读一个存下来的页面, 不访问网站; 它的网址写在 --page"),
    ] = None,
    most: Annotated[int, typer.Option(metavar="个数", min=1, help="试读时最多几个请求")] = trial.MOST,
) -> None:
    """把一个或多个来源读一遍; 有读不到的, 退出码 1。

    改了 sources.toml 中的规则, 先用 --try 看一看。
    """
    if try_:
        raise typer.Exit(0 if tried(sources or [], page, file, most) else 1)
    if page or file:
        raise BadInput("--page 和 --file 只用于试读, 请加上 --try")
    with desk() as opened:
        known = [row.key for row in crawls.readable(opened)]
        for key in sources or known:
            check_source(opened, key, known)
        if not known:
            raise NotFound("没有可以采集的来源: 请在 sources.toml 中填好一个, 并把 enabled 改为 true")
        failed = [key for key in sources or known if not crawled(opened, key)]
    raise typer.Exit(1 if failed else 0)


def check_source(opened: Desk, key: str, known: list[str]) -> None:
    """Raise NotFound or BadInput unless a spider can read this source."""
    choice = f", 可选: {'、'.join(known)}" if known else ""
    row = opened.bureau.source(key)
    if row is None:
        raise NotFound(f"sources.toml 中没有来源 {key}{choice}")
    if row.spider == "import":
        raise BadInput(IMPORTED.format(key=key))
    if row.spider == "mailbox":
        raise BadInput(MAILBOX.format(key=key))
    if not row.enabled:
        raise BadInput(f"来源 {key} 没有启用: 请在 sources.toml 中把它的 enabled 改为 true{choice}")


def crawled(opened: Desk, key: str) -> bool:
    """Read one source and say what came of it; False when it could not be read."""
    report = crawls.read(opened, key)
    told = f"新增 {report.new}, 已有 {report.seen}, 读不懂 {report.rejects}"
    print(f"{key}: {told}; {report.sentence}", flush=True)
    return report.state in {"ok", "silent", "slow"}


# --- trials: the desk's database is not even opened


def tried(keys: list[str], page: str, file: Path | None, most: int) -> bool:
    """Try one source and print what it would give; whether everything was read."""
    if len(keys) != 1:
        raise BadInput("试读一次只试一个来源: huanyu crawl --try 来源")
    config = Config.load()
    row = config.bureau.source(keys[0])
    if row is None:
        raise NotFound(f"sources.toml 中没有来源 {keys[0]}")
    if row.spider == "import":
        raise BadInput(IMPORTED.format(key=row.key))
    if row.spider == "mailbox":
        raise BadInput(MAILBOX.format(key=row.key))
    if file:
        file.open("rb").close()  # a wrong name is told before a child is started
    else:
        print(f"试读 {row.key} ({row.name}): 每 {row.pace:g} 秒一个请求, 最多 {most} 个, 请稍候", flush=True)
    found = trial.run(row.key, config.path, page, file, most)
    print("\n".join(told(found)))
    return bool(found.posts or found.end.further) and not (
        found.rejects or found.end.walls or found.end.problem
    )


def told(found: Trial) -> Iterator[str]:
    """A trial as lines for the person who writes the rules."""
    for number, post in enumerate(found.posts, 1):
        yield from item(number, post)
    yield from part("规则", found.end.notes)
    yield from part("会接着读", found.end.further)
    yield from part("读不懂", [f"{one.where}\n    {one.reason}" for one in found.rejects])
    yield from part("网站的回应", found.end.walls)
    if found.end.forbidden:
        yield f"robots.txt 不允许的页面: {found.end.forbidden} 个, 没有读"
    if found.end.problem:
        yield f"没有完成: {found.end.problem}"
    counts = f"共 {len(found.posts)} 条, 读不懂 {len(found.rejects)}; 请求 {found.end.requests} 次"
    yield f"{counts}, 读到 {found.end.pages} 页。什么都没有保存。"
    if found.end.cut:
        yield "到了请求数的上限, 后面也许还有; 想多试一些, 用 --most 个数"


def item(number: int, post: RawPost) -> Iterator[str]:
    """One post in three lines: when and who, what, where."""
    when = post.posted_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if post.posted_at else "没有时间"
    mark = " (年份推断)" if post.year_inferred else ""
    mark += " (原页打不开: 已被删除或不存在)" if post.deleted else ""
    answers = f", 答复 {post.parent_id}" if post.parent_id else ""
    words = " ".join(post.text.split())
    opening = words[:SHOWN] + ("……" if len(words) > SHOWN else "")
    numbers = ", ".join(f"{name} {value}" for name, value in counters(post) if value is not None)
    yield f"{number}. {when}{mark}  {post.author or '没有署名'}{answers}"
    if post.title:
        yield f"    标题: {post.title}"
    if words and words != post.title:
        yield f"    正文: {opening} ({len(words)} 字)"
    if numbers or post.images:
        yield f"    {numbers}{', ' if numbers and post.images else ''}{f'图片 {len(post.images)}' if post.images else ''}"
    yield f"    {post.url}"


def counters(post: RawPost) -> tuple[tuple[str, int | None], ...]:
    return ("点赞", post.likes), ("转发", post.reposts), ("评论", post.comments), ("阅读", post.views)


def part(title: str, lines: list[str] | tuple[str, ...]) -> Iterator[str]:
    """A heading with indented lines, nothing where there are none."""
    if lines:
        yield f"{title}:"
    yield from (f"  {line}" for line in lines)
