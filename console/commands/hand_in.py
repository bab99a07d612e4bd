"""import: hand in a file of another system, after a look at how its columns are understood."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from crawler import imports
from crawler.import_columns import ASIDE
from crawler.import_columns import FIELDS
from crawler.import_columns import IDENTITY
from crawler.import_columns import Chosen
from crawler.import_columns import check
from crawler.import_columns import chosen_of
from flow import intake
from flow.desk import Desk
from huanyu.bureau import SourceRow
from huanyu.clock import local
from huanyu.clock import now
from huanyu.errors import BadInput
from huanyu.errors import NotFound
from huanyu.redact import mask
from huanyu.source_words import SOURCE_LABEL
from huanyu.text import shorten
from huanyu.types import RawPost

app = family()

WIDE = 40  # characters of a value in a preview
NAMES = "、".join(f"{key} {label}" for key, label in FIELDS.items())


@app.command("import", cls=Command)
def import_(
    file: Annotated[Path, typer.Argument(metavar="文件", help="CSV、XLSX、XLS、JSONL 或 JSON, 至多 50 MB")],
    source: Annotated[
        str, typer.Option(metavar="来源", help="sources.toml 中的键, 缺省为 import")
    ] = "import",
    preview: Annotated[bool, typer.Option("--preview", help="只看各列怎样理解、会导入什么, 不导入")] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="项=表头", help=f"指定哪一列是什么, 可写多次; 项: {NAMES}"),
    ] = None,
    save: Annotated[bool, typer.Option("--save", help="记住这个来源的列对应关系")] = False,
) -> None:
    """导入 12345、12369、监测平台等导出的文件; 读不懂的行保留原样, 说明原因, 退出码 1。

    同一文件再导入一遍不会重复。某一列不要用, 写 --map =表头。
    """
    with desk() as opened:
        row = opened.bureau.source(source)
        if row is None:
            raise NotFound(f"sources.toml 中没有来源 {source}{among(opened)}")
        chosen = chosen_with(opened, row, file, map_ or [])
        bad = show(opened, file, row, chosen) if preview else store(opened, file, row, chosen)
        if save:
            intake.save_choices(opened, row, chosen, now())
            print(f"已记住来源 {row.key} 的列对应关系")
    raise typer.Exit(1 if bad else 0)


def among(opened: Desk) -> str:
    keys = [row.key for row in opened.bureau.sources if row.spider == "import"]
    return f", 导入可选: {'、'.join(keys)}" if keys else ""


def chosen_with(opened: Desk, source: SourceRow, file: Path, told: Sequence[str]) -> Chosen:
    """What is kept for the source, changed by what stands on the command line; raises BadInput."""
    kept = intake.choices(opened, source)
    if not told:
        return kept
    given: dict[str, tuple[str, ...]] = {}
    headings = [column.heading for column in imports.columns(file)]
    for one in told:
        field, mark, heading = one.partition("=")
        if not mark or not heading.strip():
            raise BadInput(f"--map {one}: 应写成 项=表头, 例如 text=诉求描述")
        more = chosen_of({field.strip(): heading.strip()}, headings)[field.strip()]
        given[field.strip()] = (*given.get(field.strip(), ()), *more)
    check(given, headings)
    taken = {heading for names in given.values() for heading in names}
    left = {field: tuple(name for name in names if name not in taken) for field, names in kept.items()}
    return {field: names for field, names in left.items() if names} | given


def store(opened: Desk, file: Path, source: SourceRow, chosen: Chosen) -> int:
    """Import the file; returns how many rows could not be read."""
    done = intake.import_file(opened, file, source, now(), chosen, progress=progress)
    for reject in done.rejects:
        print(f"{reject.where}: {reject.reason}", file=sys.stderr)
    if done.bad > len(done.rejects):
        print(f"…… 另有 {done.bad - len(done.rejects)} 行读不懂, 见控制台“来源”页", file=sys.stderr)
    same = f" (其中 {done.same} 条本台已有同一链接)" if done.same else ""
    print(f"{file.name}: 新增 {done.new}{same}, 已有 {done.seen}, 读不懂 {done.bad}")
    return done.bad


def progress(rows: int) -> None:
    """A running count for a person who waits; nothing in a log or a pipe."""
    if sys.stderr.isatty():
        print(f"\r已读 {rows} 行", end="\n" if rows % intake.BATCH else "", file=sys.stderr, flush=True)


def show(opened: Desk, file: Path, source: SourceRow, chosen: Chosen) -> int:
    """Print what an import would do; returns how many rows could not be read."""
    found = intake.preview(opened, file, source, chosen, now())
    print(f"{file.name} → {source.name} ({source.key}), 只是预览, 没有导入")
    print("\n列:")
    for column in found.columns:
        print(f"  {column.heading} → {meaning(column.field)}{samples(column)}")
    print("\n将成为:")
    for post in found.posts:
        print("\n".join(lines_of(post)))
    for note in found.notes:
        print(f"注意: {note}")
    for reject in found.rejects:
        print(f"{reject.where}: {reject.reason}", file=sys.stderr)
    same = f" (其中 {found.same} 条本台已有同一链接)" if found.same else ""
    print(f"\n会新增 {found.new}{same}, 已有 {found.seen}, 读不懂 {found.bad}")
    return found.bad


def meaning(field: str) -> str:
    return "不用, 只随原始记录留存" if field == ASIDE else FIELDS[field]


def samples(column: imports.Column) -> str:
    if column.field == IDENTITY:
        return " (已隐去, 只进加密表)"
    shown = " | ".join(shorten(mask(" ".join(value.split())), WIDE) for value in column.samples)
    return f": {shown}" if shown else " (空)"


def lines_of(post: RawPost) -> Iterable[str]:
    at = local(post.posted_at).strftime("%Y-%m-%d %H:%M") if post.posted_at else "没有时间"
    yield f"  [{SOURCE_LABEL[post.kind.value]}] {at} 编号 {post.native_id} {post.author}".rstrip()
    if post.title:
        yield f"    {shorten(mask(post.title), WIDE)}"
    yield f"    {shorten(mask(' '.join(post.text.split())), 2 * WIDE)}"
    if post.url:
        yield f"    {post.url}"
