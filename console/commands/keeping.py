"""backup, restore: how a desk outlives its machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.commands.work import desk
from console.usage import Command
from console.usage import family
from flow import backing_up
from flow import backup_check
from flow import restoring
from huanyu.clock import local
from huanyu.clock import now
from huanyu.config import Config
from huanyu.errors import BadInput

app = family()

KeyFile = Annotated[
    Path | None,
    typer.Option("--key-file", metavar="文件", help="备份密钥的文件, 缺省为本机的备份密钥"),
]
Head = Annotated[
    str, typer.Option("--head", metavar="链头", help="简报上所印的审计链头, 用来发现被截断的审计链")
]


@app.command(cls=Command)
def backup(
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="文件夹", help="备份到哪里, 缺省为 huanyu.toml 的 backup_dir"),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="文件", help="不备份, 只检查这一份")
    ] = None,
    key_file: KeyFile = None,
    head: Head = "",
) -> None:
    """在运行中备份整个舆情台 (加密), 并立即试恢复一遍; 没有通过检查的, 退出码 1。"""
    if check is not None:
        inspect(check, key_file, head)
        return
    with desk() as opened:
        made = backing_up.make(opened, now(), to=to and to.resolve())
        if made is None:
            raise BadInput("另一个进程正在做同一份备份")
        print(f"{made.path}  {size(made.size)}, {made.rows} 行")
        print(f"备份密钥: {kept(opened.config)}, 请另存一份到别处: 没有它, 备份打不开")
        if made.note:
            raise BadInput(made.note)
        print("已试恢复, 审计链完整")


@app.command(cls=Command)
def restore(
    file: Annotated[Path, typer.Argument(metavar="文件", help="备份文件 (.hyb)")],
    key_file: KeyFile = None,
    head: Head = "",
) -> None:
    """把空的舆情台恢复到一份备份: 先检查后写入; 备份以后可能已发出的, 一律等人核实。"""
    config = Config.load()
    done = restoring.restore(config, file, key(config, key_file), now(), head.strip())
    print(f"已恢复到 {local(done.taken_at):%Y-%m-%d %H:%M} 的备份, 共 {done.rows} 行")
    for path in done.settings:
        print(f"备份中的设置放在 {path}, 请与现在的对照")
    print(f"有 {done.held} 条在备份时待发或正在发, 已列为“结果不明”")
    print("所有账号已停止发布; 登录、接口令牌、一次性链接全部失效。接下来请人核实待核实的消息, 再恢复发布")


def inspect(path: Path, key_file: Path | None, head: str) -> None:
    """Say what a backup holds; raises BadInput for one that cannot be restored."""
    config = Config.load()
    found = backup_check.check(config, path, key(config, key_file), head.strip())
    outline = found.about.outline
    print(f"{local(found.about.taken_at):%Y-%m-%d %H:%M} 的备份, {found.rows} 行, {len(found.files)} 个文件")
    print(f"数据库结构 {outline.revision}, 审计链头 {outline.head or '无'}")
    if found.problems:
        raise BadInput("; ".join(found.problems))
    print("已试恢复, 审计链完整")


def key(config: Config, key_file: Path | None) -> str:
    """The key of backups: of the file named, else this desk's own; raises BadInput where there is none."""
    if key_file is not None:
        return key_file.read_text(encoding="utf-8").strip()
    if not config.secret("backup_key") and not config.backup_key_path.is_file():
        raise BadInput("本机没有备份密钥, 请用 --key-file 指明")
    return config.backup_key


def kept(config: Config) -> str:
    """Where the key of backups stands."""
    return str(config.secrets_path) if config.secret("backup_key") else str(config.backup_key_path)


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} KB"
