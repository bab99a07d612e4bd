"""Help pages and usage mistakes are Chinese, complete and aligned."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from console import cli
from console import usage
from console.commands import work
from flow import cycle


def pages() -> dict[str, tuple[Any, str]]:
    """Every command by its full name, with its help page."""
    found = {}
    for name in cli.COMMANDS:
        command = cli.load(name)
        children = getattr(command, "commands", {})
        for path, one in [(name, command), *((f"{name} {child}", made) for child, made in children.items())]:
            lines = one.lines(None) if children and one is command else []
            found[path] = (one, usage.page(one, SimpleNamespace(command_path=f"huanyu {path}"), lines))
    return found


PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_every_help_page_is_chinese(name: str) -> None:
    _, page = PAGES[name]
    assert page.startswith(f"用法: huanyu {name}")
    for english in ("Usage", "Options", "Arguments", "Show this", "required", "default"):
        assert english not in page


@pytest.mark.parametrize("name", PAGES)
def test_every_option_and_argument_says_what_it_is_for(name: str) -> None:
    command, _ = PAGES[name]
    silent = [
        one.name for one in command.params if not re.search(r"[\u4e00-\u9fff]|units\.toml", one.help or "")
    ]
    assert silent == []
    assert re.search(r"[\u4e00-\u9fff]", command.help or "")


@pytest.mark.parametrize("name", PAGES)
def test_every_value_has_a_chinese_name(name: str) -> None:
    command, _ = PAGES[name]
    values = [one for one in command.params if not getattr(one, "is_flag", False)]
    assert [one.name for one in values if not re.search(r"[\u4e00-\u9fff]", one.metavar or "")] == []


def test_every_step_of_the_flow_has_a_chinese_name() -> None:
    assert list(work.STEPS) == [*cycle.STEPS, *cycle.SLOW]


def test_columns_align_although_chinese_characters_are_wide() -> None:
    (block,) = usage.section("参数", [("来源", "甲"), ("file", "乙")])
    assert block.splitlines() == ["参数:", "  来源  甲", "  file  乙"]
    (block,) = usage.section("选项", [("--day 日期", "甲"), ("--out", "乙")])
    assert block.splitlines()[2] == "  --out       乙"


def run(*arguments: str) -> int:
    return cli.run(list(arguments))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nonsense",), "没有“nonsense”这个命令。用法见 huanyu --help"),
        (("import",), "缺少文件。用法见 huanyu import --help"),
        (("step", "-x"), "没有 -x 这个选项"),
        (("user", "add", "lina"), "缺少选项 --role。用法见 huanyu user add --help"),
        (("doctor", "x"), "多写了 x"),
        (("bulletin", "daily", "--day", "昨天"), "--day 应为日期, 例如 2026-03-01"),
        (("bulletin", "verify", "x"), "序号 应为整数"),
        (("up", "--port"), "选项 --port 后面要写上值"),
        (("up", "--port", "99999"), "--port 不在允许的范围内"),
        (("classify", "--why=3"), "选项 --why 后面不写值"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("错误: ")
    assert told in shown.err
    assert shown.err.count("\n") == 1


def test_an_unknown_complaint_of_the_parser_is_not_swallowed() -> None:
    assert usage.mistake("Something new.") == "Something new."


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (FileNotFoundError(2, "No such file or directory", "甲.csv"), "甲.csv: 没有这个文件或文件夹"),
        (IsADirectoryError(21, "Is a directory", "甲"), "甲: 这是文件夹, 不是文件"),
        (PermissionError(13, "Permission denied", "甲"), "甲: 没有读写权限"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_a_refusal_of_the_system_names_the_file(problem: OSError, told: str) -> None:
    assert cli.refusal(problem) == told
