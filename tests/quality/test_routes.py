"""`huanyu route` on our own texts: an acceptable department for each, and why."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from console.commands.texts import Router
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "routes.jsonl").read_text(encoding="utf-8").splitlines()
]
FLOOR = 0.99  # measured 1.0 on 383 texts, after the rules had learned what they missed
NOW = datetime(2026, 3, 10, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    router = Router(load_bureau(SHIPPED), NOW)
    return [dict(one) for one in router.work([router.read(row) for row in ROWS])]


def test_the_set_is_large_enough_to_mean_something() -> None:
    assert len({row["text"] for row in ROWS}) >= 300
    assert len({department for row in ROWS for department in row["departments"]}) >= 15


def test_the_department_is_an_acceptable_one(answers: list[dict[str, Any]]) -> None:
    wrong = [
        f"{row['text']} → {answer['department']} ({answer['rule']})"
        for row, answer in zip(ROWS, answers, strict=True)
        if answer["department"] not in row["departments"]
    ]
    assert 1 - len(wrong) / len(ROWS) >= FLOOR, "\n".join(wrong)


def test_where_one_unit_must_have_it_that_unit_gets_it(answers: list[dict[str, Any]]) -> None:
    named = [
        (row["unit"], answer["unit"]) for row, answer in zip(ROWS, answers, strict=True) if "unit" in row
    ]
    assert len(named) >= 8
    assert [wanted for wanted, _ in named] == [found for _, found in named]


def test_every_answer_says_which_rule_and_which_law(answers: list[dict[str, Any]]) -> None:
    sources = {row.id: row.source for row in load_bureau(SHIPPED).routes}
    assert all(sources[answer["rule"]] in answer["why"] for answer in answers)
