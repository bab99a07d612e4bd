"""The documents say what the program does: every command, option, setting and table, and links that lead somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from console import cli
from huanyu.config import SHIPPED
from huanyu.config import Settings
from huanyu.table_files import LISTS
from huanyu.table_files import SINGLES

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PACKAGES = ("huanyu", "crawler", "classify", "cases", "publisher", "bulletins", "flow", "console", "demo")
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:|//")


def commands() -> dict[str, Any]:
    """Every command by its full name."""
    found = {}
    for name in cli.COMMANDS:
        found |= leaves(name, cli.load(name))
    return found


def leaves(name: str, command: Any) -> dict[str, Any]:
    """The commands below a command, or itself."""
    if not hasattr(command, "commands"):
        return {name: command}
    return {
        full: one
        for child, below in command.commands.items()
        for full, one in leaves(f"{name} {child}", below).items()
    }


COMMANDS = commands()


def section(title: str) -> str:
    """The part of the manual under one heading."""
    return MANUAL.split(f"## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_manual_has_every_command_with_all_its_options(name: str) -> None:
    rows = [row for row in section("八、命令一览").splitlines() if row.startswith(f"| `huanyu {name}")]
    assert len(rows) == 1
    options = [word for one in COMMANDS[name].params for word in one.opts if word.startswith("--")]
    assert [word for word in options if f"`{word}`" not in rows[0]] == []


def test_the_manual_promises_no_command_or_option_that_does_not_exist() -> None:
    days = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "manual").glob("*.md"))
    named = r"huanyu ((?:user |token |station |rankings |rewards |press |bulletin search |bulletin |probe )?[a-z]+(?:-[a-z]+)*)"
    told = re.findall(named, MANUAL + days)
    assert sorted(set(told) - set(COMMANDS)) == []
    known = {word for command in COMMANDS.values() for one in command.params for word in one.opts} | {
        "--help"
    }
    ours = re.sub(r"```sh\n.*?```", "", MANUAL, flags=re.DOTALL)  # there stand curl and openssl
    assert sorted(set(re.findall(r"--[a-z][a-z-]+", ours)) - known) == []


def test_the_manual_has_every_setting_with_its_default() -> None:
    rows = {row.split("`")[1]: row for row in section("九、设置一览").splitlines() if row.startswith("| `")}
    assert list(rows) == list(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default or "")
        assert (f"`{shown}`" if shown else "空") in rows[name].split("|")[2], name


def test_the_manual_describes_every_table() -> None:
    rows = re.findall(r"^\| `([a-z_]+)\.toml` \| .{6,}", section("十、各表一览"), flags=re.MULTILINE)
    assert sorted(rows) == sorted({**LISTS, **SINGLES})
    assert sorted(rows) == sorted(path.stem for path in SHIPPED.glob("*.toml"))


def names_in_code() -> set[str]:
    """Every class, function, field and name of the program, and every word that is a value in it."""
    found: set[str] = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                found.add(node.value)
    return found


def test_every_identifier_of_the_glossary_exists_in_the_code() -> None:
    cells = [row.split("|")[2] for row in GLOSSARY.splitlines() if row.startswith("| ")]
    told = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert len(told) > 30
    assert sorted(told - names_in_code()) == []


def test_the_manual_uses_the_roles_the_program_knows() -> None:
    told = re.findall(r"^\| (\S+) `([a-z]+)` \|", section("二、管理员"), flags=re.MULTILINE)
    role = next(one for one in COMMANDS["user add"].params if one.name == "role")
    assert "、".join(f"{key} {label}" for label, key in told) == role.help


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for link in LINK.findall(text):
        where, _, anchor = link.partition("#")
        if ELSEWHERE.match(link):
            continue
        target = page.parent / where if where else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
