"""Every write of the store has its Chinese word on the page of the audit trail."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import cases.info_requests
import cases.ledger
import cases.rewards
from cases import happened
from console import audit_words
from huanyu.store.circulation import TWICE
from huanyu.types import MessageState
from huanyu.types.cases import CaseAction
from publisher import correction

ROOT = Path(__file__).parents[3]
WRITERS = sorted(
    path
    for folder in ("huanyu/store", "flow")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
#: What an action is put together from where it is no constant: the text before the braces, in the file that does it.
PARTS = {
    ("sending.py", "outbox."): [one.value for one in MessageState],
    ("outbox.py", "outbox."): [one.value for one in MessageState],
    ("circulation.py", "bulletin."): list(TWICE),
    ("corrections.py", "correction."): list(correction.LABEL),
    ("cases.py", "case."): [one.value for one in CaseAction],
    ("duties.py", "case."): list(happened.ACT),
    ("ledger.py", "ledger."): list(cases.ledger.STEPS),
    ("oversight.py", "ledger."): list(cases.ledger.STEPS),
    ("rewards.py", "reward."): list(cases.rewards.STEPS),
    ("info_requests.py", "info."): list(cases.info_requests.STEPS),
}


def lines(path: Path) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Action and noun of each line that a module writes into the trail."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"record", "record_each"}
            and "trail" in ast.unparse(node.func.value)
        ):
            yield node.args[1], node.args[2]


def actions(path: Path, written: ast.expr) -> list[str]:
    """The codes that stand there; where it comes with the call, every constant of the file that looks like one."""
    if isinstance(written, ast.Constant):
        return [str(written.value)]
    if isinstance(written, ast.JoinedStr):
        assert isinstance(written.values[0], ast.Constant)
        start = str(written.values[0].value)
        return [start + part for part in PARTS[path.name, start]]
    found = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    ]
    assert found, f"{path.name}: {ast.unparse(written)}"
    return sorted(set(found))


def test_whatever_is_written_has_a_word() -> None:
    written = [(path, action, noun) for path in WRITERS for action, noun in lines(path)]
    codes = {code for path, action, _ in written for code in actions(path, action)}
    about = {str(noun.value) for _, _, noun in written if isinstance(noun, ast.Constant)}
    assert sorted(codes - audit_words.ACTIONS.keys()) == []
    assert sorted(about - audit_words.NOUNS.keys()) == []


def test_the_walk_finds_the_writers() -> None:
    assert len([one for path in WRITERS for one in lines(path)]) > 150


def test_what_nobody_named_stays_readable() -> None:
    assert audit_words.action("kettle.boil") == "kettle.boil"
    assert audit_words.action("case.new") == "立案"
    assert audit_words.noun("case") == "案件"
