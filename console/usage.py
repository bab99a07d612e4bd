"""Help pages and usage mistakes in Chinese, as plain lines that survive a pipe and a narrow terminal.

Knows the shape of a command, not what any command does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import typer
from typer.core import TyperCommand
from typer.core import TyperGroup

HELP = ("--help", "显示这一页")
#: What typer says about a wrong command line -> what we say; the first pattern that fits.
MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), told)
    for pattern, told in (
        (r"No such command '(.*)'\..*", "没有“{}”这个命令"),
        (r"Missing command\.", "没有写命令"),
        (r"No such option: (\S+).*", "没有 {} 这个选项"),
        (r"Missing argument '(.*?)'\..*", "缺少{}"),
        (r"Missing option '(.*?)'\..*", "缺少选项 {}"),
        (r"Option '(.*?)' requires an argument\.", "选项 {} 后面要写上值"),
        (r"Option '(.*?)' does not take a value\.", "选项 {} 后面不写值"),
        (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", "多写了 {}"),
        (r"Invalid value for '(--day|--since|--until)':.*", "{} 应为日期, 例如 2026-03-01"),
        (r"Invalid value for '(.*?)':.*(?:less|greater) than.*", "{} 不在允许的范围内"),
        (r"Invalid value for '(.*?)':.*(?:integer|number).*", "{} 应为整数"),
        (r"Invalid value for '(.*?)': (.*)", "{} 的值不对: {}"),
    )
)


class Command(TyperCommand):
    """A command whose help page is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(page(self, ctx, []))


class Group(TyperGroup):
    """A command of commands; without any argument it shows its help page."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["--help"])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(page(self, ctx, self.lines(ctx)))

    def lines(self, ctx: Any) -> list[tuple[str, str]]:
        """Each command with one line about it."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [(name, first_line(command.help)) for name, command in found if command]


def family() -> typer.Typer:
    """Where the commands of one module are registered."""
    return typer.Typer(cls=Group, add_completion=False)


def page(command: Any, ctx: Any, commands: list[tuple[str, str]]) -> str:
    """The help page of a command: usage, what it does, arguments, options, commands."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = ["用法:", ctx.command_path, "[选项]" if options else "", "命令" if commands else ""]
    parts = [" ".join(filter(None, [*usage, *(placeholder(one) for one in arguments)])), command.help or ""]
    parts += section("参数", ((one.metavar or one.name, one.help or "") for one in arguments))
    parts += section("命令", commands)
    parts += section("选项", [*((spelling(one), one.help or "") for one in options), HELP])
    if commands:
        parts.append(f"每个命令的说明: {ctx.command_path} 命令 --help")
    return "\n\n".join(parts) + "\n"


def placeholder(argument: Any) -> str:
    """An argument as it stands in the usage line."""
    shown = f"{argument.metavar or argument.name}{' …' if argument.nargs == -1 else ''}"
    return shown if argument.required else f"[{shown}]"


def spelling(option: Any) -> str:
    """An option with the name of its value."""
    named = "" if option.is_flag else f" {option.metavar or '值'}"
    return f"{', '.join(option.opts)}{named}{' (必填)' if option.required else ''}"


def section(title: str, lines: Iterable[tuple[str, str]]) -> list[str]:
    """A heading with aligned lines under it; nothing where there are none."""
    told = list(lines)
    room = max((width(name) for name, _ in told), default=0)
    rows = [f"  {name}{' ' * (room - width(name))}  {about}".rstrip() for name, about in told]
    return ["\n".join([f"{title}:", *rows])] if rows else []


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def mistake(message: str) -> str:
    """What is wrong with a command line, in Chinese; an unknown message comes back as it is."""
    for pattern, told in MISTAKES:
        if found := pattern.fullmatch(message.strip()):
            return told.format(*found.groups())
    return message
