"""doctor, crawl, import, step, posts, cases: commands on a desk."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Annotated
from typing import Any

import typer

import cases.route_check
from console.usage import Command
from console.usage import family
from flow import crawls
from flow import cycle
from flow import intake
from flow.desk import Desk
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import BadInput
from huanyu.errors import NotFound

app = family()

#: What each step does, in a word.
STEPS = MappingProxyType(
    {
        "understand": "研判",
        "open": "立案、并件",
        "route": "派单、转办",
        "remind": "催办、亮牌",
        "draft": "拟答复",
        "sweep": "清点中断的发布",
        "read_back": "回读结果不明的",
        "deliver": "发布、发通知",
        "bulletin": "编发简报",
        "expire": "清除过期原始数据",
        "seal": "封存审计",
    }
)
NAMED = tuple(f"{key} {told}" for key, told in STEPS.items())


@contextmanager
def desk() -> Iterator[Desk]:
    """The configured desk, closed afterwards."""
    opened = Desk.open(Config.load())
    try:
        yield opened
    finally:
        opened.close()


@app.command(cls=Command)
def doctor() -> None:
    """检查设置、各表、模型、来源和审计链; 有要注意的, 逐条说明, 退出码 1。"""
    with desk() as opened:
        print("\n".join(summary(opened.config)))
        problems = [
            *cases.route_check.problems(opened.bureau.routes, opened.bureau.units),
            *unequipped(opened.config),
            *opened.store.audit.verify(),
            *(
                f"来源 {state.source}: {state.sentence}"
                for state in opened.store.sources.states()
                if state.state != "ok"
            ),
        ]
        opened.reader.read(["检查模型"])
    for problem in problems:
        print(f"注意: {problem}")
    print(f"有 {len(problems)} 处需要注意" if problems else "一切正常")
    raise typer.Exit(1 if problems else 0)


def summary(config: Config) -> list[str]:
    """Which desk this is and what may leave it."""
    settings = config.settings
    return [
        f"设置: {config.path or '没有 huanyu.toml, 全部用缺省值'}",
        f"数据: {config.data_dir}{' 和 PostgreSQL' if settings.database else ''}",
        f"官方账号: {'实发' if settings.publish_live else '演练'}; "
        f"转办邮件: {'实发' if settings.notify_live else '演练'}",
    ]


def unequipped(config: Config) -> list[str]:
    """Accounts and sources that are switched on and lack what they need."""
    bureau = config.bureau
    wanted = [
        *(
            (f"账号 {row.key}", row.secret)
            for row in bureau.accounts
            if row.enabled and row.channel != "mail"
        ),
        *((f"来源 {row.key}", row.secret) for row in bureau.sources if row.enabled),
    ]
    told = [
        f"{name} 已启用, 但密钥 {secret} 还没有填写 (写在 {config.secrets_path})"
        for name, secret in wanted
        if secret and not config.secret(secret)
    ]
    if config.settings.notify_live and not config.settings.smtp_host:
        told.append("notify_live 已打开, 但没有填写 smtp_host, 转办邮件发不出去")
    return told


@app.command(cls=Command)
def crawl(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="来源", help="sources.toml 中的键; 缺省为全部已启用的")
    ] = None,
) -> None:
    """把一个或多个来源读一遍; 有读不到的, 退出码 1。"""
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
        raise BadInput(f"来源 {key} 靠导入文件: huanyu import 文件 --source {key}")
    if not row.enabled:
        raise BadInput(f"来源 {key} 没有启用: 请在 sources.toml 中把它的 enabled 改为 true{choice}")


def crawled(opened: Desk, key: str) -> bool:
    """Read one source and say what came of it; False when it could not be read."""
    report = crawls.read(opened, key)
    told = f"新增 {report.new}, 已有 {report.seen}, 读不懂 {report.rejects}"
    print(f"{key}: {told}; {report.sentence}", flush=True)
    return report.state in {"ok", "silent", "slow"}


@app.command("import", cls=Command)
def import_(
    file: Annotated[Path, typer.Argument(metavar="文件", help="CSV 或 JSONL, UTF-8 或 GBK")],
    source: Annotated[
        str, typer.Option(metavar="来源", help="sources.toml 中的键, 缺省为 import")
    ] = "import",
) -> None:
    """导入 12345、监控平台等导出的文件; 读不懂的行保留原样, 说明原因, 退出码 1。

    同一文件再导入一遍不会重复。
    """
    with desk() as opened:
        row = opened.bureau.source(source)
        if row is None:
            raise NotFound(f"sources.toml 中没有来源 {source}")
        done = intake.import_file(opened, file, row, now())
    for reject in done.rejects:
        print(f"{reject.where}: {reject.reason}", file=sys.stderr)
    print(f"{file.name}: 新增 {done.new}, 已有 {done.seen}, 读不懂 {len(done.rejects)}")
    raise typer.Exit(1 if done.rejects else 0)


@app.command(cls=Command)
def step(
    name: Annotated[str, typer.Argument(metavar="步骤", help=f"all 全部 (缺省)、{'、'.join(NAMED)}")] = "all",
) -> None:
    """运行流程中的一步, 缺省为全部各一遍; 每行是步骤和处理的件数。可以随时再运行。"""
    if name != "all" and name not in cycle.STEPS:
        raise NotFound(f"没有 {name} 这一步, 可选: all、{'、'.join(cycle.STEPS)}")
    with desk() as opened:
        names = tuple(cycle.STEPS) if name == "all" else (name,)
        for done, count in cycle.turn(opened, now(), names).items():
            print(f"{done} {STEPS[done]}: {count}")


@app.command(cls=Command)
def posts(
    since: Annotated[
        datetime | None, typer.Option(metavar="日期", formats=["%Y-%m-%d"], help="只要这一天起的")
    ] = None,
) -> None:
    """导出帖文和研判, 每行一个 JSON: {"post", "verdict"}。"""
    with desk() as opened:
        for post, verdict in opened.store.posts.iterate(
            since.replace(tzinfo=now().tzinfo) if since else None
        ):
            emit({"post": post, "verdict": verdict})


@app.command("cases", cls=Command)
def cases_() -> None:
    """导出案件, 每行一个 JSON。"""
    with desk() as opened:
        for case in opened.store.cases.iterate():
            emit(case)


def emit(value: object) -> None:
    print(json.dumps(plain(value), ensure_ascii=False))


def plain(value: Any) -> Any:
    """Nouns as JSON values; bytes such as signatures are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        values = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: plain(one) for name, one in values if not isinstance(one, bytes)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
