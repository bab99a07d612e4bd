"""The `huanyu` command: which module holds which command, and what becomes of a mistake.

A module is loaded when its command is asked for, so that `classify` does not wait for the web server's libraries.
"""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typer
from typer.main import get_command

from console import usage
from huanyu.belonging import stranger
from huanyu.errors import ConfigError
from huanyu.errors import HuanyuError

INTERRUPTED = 128 + signal.SIGINT
MISSET = 78  # EX_CONFIG of sysexits.h: a person has to mend it, so a supervisor need not try again
#: Command -> its module and the line about it on the first page of help, in the order of a desk's life.
COMMANDS = MappingProxyType(
    {
        "init": ("found", "新建舆情台: 写好设置和各表"),
        "up": ("serve", "启动舆情台: 定时采集、研判、转办、发布、编报, 并打开控制台"),
        "move-store": ("moving", "从 SQLite 搬到 PostgreSQL"),
        "work": ("working", "在多台机器上做舆情台的活 (PostgreSQL)"),
        "demo": ("show", "演示: 在本机用虚构的帖文跑完整个流程"),
        "doctor": ("work", "检查设置、各表、模型、来源和审计链"),
        "health": ("health", "问正在运行的舆情台是否正常, 供容器和守护程序用"),
        "user": ("people", "添加人员"),
        "token": ("tokens", "接口令牌: 其他系统凭它报送和读取"),
        "station": ("stations", "监测站点: 报警用的密钥"),
        "crawl": ("collect", "把来源读一遍, 或试读一个"),
        "import": ("hand_in", "导入 12345、12369、监测平台等导出的文件"),
        "grid": ("grid", "导入网格: 四级网格和值守人员"),
        "rewards": ("rewards", "举报奖励: 状态, 为什么, 一年的统计"),
        "press": ("press", "新闻宣传: 报道和活动统计, 导入台账"),
        "accounts": ("accounts", "各官方账号: 状态、等待、限额、授权"),
        "probe": ("watch", "查漏: 核对确知存在的帖子采集到没有"),
        "replay": ("again", "重新读取读不懂的内容"),
        "step": ("work", "运行流程中的一步, 或全部各一遍"),
        "posts": ("work", "导出帖文和研判 (JSONL)"),
        "cases": ("work", "导出案件 (JSONL)"),
        "sample": ("sample", "抽查: 没有判为投诉的里漏了多少"),
        "reclassify": ("reclassify", "用现在的模型重新研判旧帖文"),
        "topics": ("topics", "一段时间的热点 (JSONL 或表)"),
        "bulletin": ("papers", "编发、签发、更正、撤回、核对舆情简报"),
        "units": ("units", "承办单位: 退单、按时、用时、满意"),
        "rankings": ("rankings", "排名: 打印一个时段的, 或导入数据表"),
        "backup": ("keeping", "备份, 或检查一份备份"),
        "retain": ("retaining", "留存到期的记录"),
        "restore": ("keeping", "把空的舆情台恢复到一份备份"),
        "publishing": ("publishing", "发布统计: 期和条、用时、更正"),
        "opendata": ("open_data", "公开数据: 一个月的匿名统计 (CSV 和 JSON)"),
        "classify": ("texts", "研判文字 (JSONL 进, JSONL 出)"),
        "route": ("texts", "派单 (JSONL 进, JSONL 出)"),
        "check": ("outgoing", "核查拟发布的文字 (JSONL 进, JSONL 出)"),
        "train": ("learning", "训练研判模型"),
        "spelling": ("spelling", "统计用字, 用来核查错别字"),
        "manner": ("manner", "学习语气不当、泄密和空话的句子, 用来核查"),
        "evaluate": ("evaluating", "用带标签的文字评估研判模型"),
        "bench": ("bench", "性能对比"),
    }
)
#: They write no log, and need not wait for what others write theirs with.
SILENT = frozenset({"classify", "route", "health"})
#: What the operating system's refusals mean to the person at the keyboard.
REFUSALS: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "没有这个文件或文件夹"),
    (IsADirectoryError, "这是文件夹, 不是文件"),
    (NotADirectoryError, "这是文件, 不是文件夹"),
    (FileExistsError, "这里已有同名的文件"),
    (PermissionError, "没有读写权限"),
)


class Root(usage.Group):
    """All commands; only the one that was asked for is loaded."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        return load(cmd_name) if cmd_name in COMMANDS else None

    def lines(self, _ctx: Any) -> list[tuple[str, str]]:
        return [(name, line) for name, (_, line) in COMMANDS.items()]


def load(name: str) -> Any:
    """A command or group from its module under console.commands."""
    found = get_command(import_module(f"console.commands.{COMMANDS[name][0]}").app)
    return found.commands.get(name, found) if isinstance(found, usage.Group) else found


def main() -> None:
    """Run a command and leave with its exit code: 0 done, 1 told a problem, 2 wrong command line, 78 wrongly set."""
    if os.getpid() == 1:  # of a container: the kernel ends that one by no signal it has not asked for
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    if SILENT.isdisjoint(sys.argv[1:2]):
        import_module("console.logs").configure()
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = deaf()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run a command; a mistake of the person is one Chinese line, not a traceback."""
    root = Root(name="huanyu", help="环舆: 生态环境局的舆情台。")
    try:
        code = root.main(arguments, prog_name="huanyu", standalone_mode=False)
    except typer.TyperException as problem:
        print(
            f"错误: {usage.mistake(problem.format_message())}。用法见 {asked(problem)} --help",
            file=sys.stderr,
        )
        return problem.exit_code
    except HuanyuError as problem:
        print(f"错误: {problem.args[0]}", file=sys.stderr)
        return MISSET if isinstance(problem, ConfigError) else 1
    except BrokenPipeError:
        return deaf()
    except OSError as problem:
        print(f"错误: {refusal(problem)}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def asked(problem: typer.TyperException) -> str:
    """The command whose line was wrong."""
    context = getattr(problem, "ctx", None)
    return context.command_path if context else "huanyu"


def refusal(problem: OSError) -> str:
    """An operating-system error with the file it is about."""
    what = next(
        (told for kind, told in REFUSALS if isinstance(problem, kind)), problem.strerror or str(problem)
    )
    if (
        isinstance(problem, PermissionError)
        and problem.filename
        and (owner := stranger(Path(problem.filename)))
    ):
        what = f"{what}, 它属于用户 {owner}, 用 chown 交给运行舆情台的用户"
    return f"{problem.filename}: {what}" if problem.filename else what


def deaf() -> int:
    """Nobody reads our output any more (`| head`): stop without a word, and let the interpreter close in peace."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


if __name__ == "__main__":
    main()
