"""init: a folder with the settings and tables of a new desk."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from console.usage import Command
from console.usage import family
from huanyu import shipped
from huanyu.errors import Conflict

app = family()

TEMPLATE = """# 环舆的设置; 环境变量 HUANYU_<键> (大写) 优先于本文件。每个键的说明见 docs/manual.md。
data_dir = "data"          # 数据库、公开页面、密钥都在这里
config_dir = "config"      # 各表; 缺少的表用程序自带的
# database = "postgresql+psycopg://用户@主机/库"   # 缺省为 data_dir 中的 SQLite
publish_live = false       # true: 官方账号真正发布; false: 演练
notify_live = false        # true: 真正发出转办邮件
console_host = "127.0.0.1"
console_port = 8460
console_url = "http://127.0.0.1:8460"   # 转办邮件里的链接
# public_port = 8470       # 公众页面（随手拍、查进度）的端口; 不写就没有
# public_url = "https://…" # 群众打得开的公众页面网址
idle_minutes = 30          # 登录后多少分钟没有操作就退出
second_factor = "live"     # 动态码: "live" 实发时审核、放行、签发的人必须有; "always" 一直; "never" 不要求
smtp_host = ""
# backup_dir = "/mnt/backup" # 每天的备份放在另一块盘上; 缺省为 data_dir 中的 backups
contact = ""               # 采集时留给对方网站的联系方式, 例如 mailto:xx@bureau.gov.cn
"""


@app.command(cls=Command)
def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="缺省为当前文件夹")] = Path(),
    bureau: Annotated[
        str, typer.Option(metavar="哪一家", help="用哪一家的各表: " + "、".join(shipped.bureaus()))
    ] = "",
) -> None:
    """新建舆情台: 在文件夹中写好 huanyu.toml 和 config/ 各表, 已有的文件一个也不覆盖。"""
    made = write_desk(folder, bureau)
    print(f"已写好 {made}\n各表在 {made.parent / 'config'}, 请先改 bureau.toml 和 units.toml。")
    print("以下命令在这个文件夹中运行: huanyu doctor 检查, huanyu up 启动。")


def write_desk(folder: Path, bureau: str = "") -> Path:
    """Write huanyu.toml and a copy of every table that is not there yet.

    Raises Conflict where a desk is already, ConfigError for a bureau whose tables are not shipped.
    """
    found = shipped.tables(bureau)
    path = folder / "huanyu.toml"
    if path.exists():
        raise Conflict(f"{path} 已存在, 未作改动")
    tables = folder / "config"
    tables.mkdir(parents=True, exist_ok=True)
    for table in found.values():
        if not (tables / table.name).exists():
            shutil.copyfile(table, tables / table.name)
    path.write_text(TEMPLATE, encoding="utf-8")
    (folder / ".gitignore").write_text("# 数据和密钥不进版本库\ndata/\n", encoding="utf-8")
    return path
