"""The rules of the house that a machine can check: imports one way, sizes, the clock, the environment."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slowest import SLOWEST

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("huanyu", "crawler", "classify", "cases", "publisher", "bulletins", "flow", "console", "demo")
FILES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
MIGRATIONS = ROOT / "huanyu" / "store" / "migrations"
LONGEST_FUNCTION = 50
LONGEST_MODULE = 400
VAGUE = {"utils", "helpers", "manager", "common", "misc"}


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def calls(path: Path, *wanted: str) -> list[str]:
    """Places where an attribute chain such as datetime.now is used."""
    return [
        f"{shown(path)}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in wanted
    ]


def test_every_import_contract_holds() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 50


def test_the_files_that_are_begun_first_exist() -> None:
    assert [name for name in SLOWEST if not (ROOT / "tests" / name).is_file()] == []


def test_no_import_stands_inside_a_function() -> None:
    found = [
        f"{shown(path)}:{inner.lineno} in {function.name}"
        for path in FILES
        for function in functions(path)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_no_function_is_longer_than_fifty_lines() -> None:
    found = [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in FILES
        if MIGRATIONS not in path.parents
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert found == []


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    found = [
        shown(path)
        for path in FILES
        if MIGRATIONS not in path.parents and path.read_text(encoding="utf-8").count("\n") > LONGEST_MODULE
    ]
    assert found == []


def test_only_the_clock_knows_what_time_it_is() -> None:
    wanted = ("datetime.now", "datetime.utcnow", "date.today", "datetime.datetime.now", "time.time")
    found = [
        place
        for path in FILES
        if shown(path) not in {"huanyu/clock.py"} and "demo/" not in shown(path)
        for place in calls(path, *wanted)
    ]
    assert found == []


def test_only_the_configuration_reads_the_environment() -> None:
    found = [
        place
        for path in FILES
        if path.name != "config.py"
        for place in calls(path, "os.environ", "os.getenv")
    ]
    assert found == []


def test_no_module_has_a_vague_name() -> None:
    assert [shown(path) for path in FILES if path.stem in VAGUE] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_says_what_it_is_for(package: str) -> None:
    silent = [
        shown(path)
        for path in (ROOT / package).rglob("*.py")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_no_handler_passes_in_silence() -> None:
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(line, ast.Pass) for line in node.body))
    ]
    assert found == []
