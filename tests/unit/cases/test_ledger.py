"""台账: the arrows, the cards by the limit, the lots that anybody can draw again."""

from __future__ import annotations

from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

import cases.ledger
from cases.ledger import ALLOWED
from cases.ledger import LABEL
from huanyu.clock import SHANGHAI
from huanyu.errors import IllegalMove

DUE = date(2026, 5, 31)
EXPECTED = ("ZG2026-003", "ZG2026-002", "ZG2026-001")
NUMBERS = [f"ZG2026-{number:03d}" for number in range(1, 24)]


def test_every_arrow_leads_somewhere_and_names_its_rule() -> None:
    assert set(ALLOWED) == set(LABEL)
    for arrows in ALLOWED.values():
        assert set(arrows) <= set(LABEL)
        assert all(len(source) > 5 for source in arrows.values())


def test_from_each_stage_after_the_first_there_is_a_way_back_to_work() -> None:
    back = {state for state, arrows in ALLOWED.items() if "working" in arrows}
    assert back == set(LABEL) - {"working"}


@pytest.mark.parametrize("state", sorted(set(LABEL) - {"signing"}))
def test_only_what_waits_for_signatures_is_taken_off(state: str) -> None:
    with pytest.raises(IllegalMove, match="已销号"):
        cases.ledger.check(state, "cancelled")


def test_the_document_is_what_the_table_says() -> None:
    printed = Path(__file__).parents[3] / "docs" / "ledger.md"
    assert printed.read_text(encoding="utf-8") == cases.ledger.document()


@pytest.mark.parametrize(
    ("today", "done", "expected"),
    [
        (date(2026, 5, 20), None, ""),
        (date(2026, 5, 21), None, "yellow"),
        (date(2026, 5, 31), None, "yellow"),
        (date(2026, 6, 1), None, "red"),
        (date(2026, 6, 9), date(2026, 5, 31), ""),
        (date(2026, 6, 9), date(2026, 6, 1), "red"),
    ],
)
def test_yellow_before_the_limit_red_after_it(today: date, done: date | None, expected: str) -> None:
    assert cases.ledger.card("working", DUE, done, today, 10) == expected
    assert cases.ledger.card("cancelled", DUE, done, today, 10) == ""


def test_a_unit_at_work_is_asked_how_it_goes_others_are_not() -> None:
    told = datetime(2026, 5, 1, 9, 0, tzinfo=SHANGHAI)
    late = told + timedelta(days=7, seconds=1)
    assert not cases.ledger.silent("working", told, told + timedelta(days=7), 7)
    assert cases.ledger.silent("working", told, late, 7)
    assert not cases.ledger.silent("noticed", told, late, 7)


def test_the_same_seed_draws_the_same_lots_whatever_the_order() -> None:
    lots = cases.ledger.draw(NUMBERS, "第3次公开抽取", 20, 1)
    assert lots == cases.ledger.draw(reversed(NUMBERS), "第3次公开抽取", 20, 1)
    assert len(lots) == 5, "a fifth of 23, rounded up"
    assert set(lots) < set(NUMBERS)
    assert lots != cases.ledger.draw(NUMBERS, "第4次公开抽取", 20, 1)


def test_lots_as_sha256_of_seed_and_number_gives_them() -> None:
    """Worked out apart: printf '%s' s:ZG2026-001 | sha256sum, and so on; the smallest is drawn first."""
    assert cases.ledger.draw(NUMBERS[:3], "s", 100, 1) == EXPECTED


def test_at_least_so_many_are_drawn_but_no_more_than_there_are() -> None:
    assert len(cases.ledger.draw(NUMBERS[:4], "s", 1, 3)) == 3
    assert len(cases.ledger.draw(NUMBERS[:2], "s", 1, 3)) == 2
    assert cases.ledger.draw([], "s", 20, 1) == ()


def test_whose_signature_is_missing() -> None:
    both = ("党委主要负责人", "政府主要负责人")
    assert cases.ledger.unsigned(both, {"政府主要负责人": "甲"}) == ("党委主要负责人",)
    assert cases.ledger.unsigned(both, {"政府主要负责人": "甲", "党委主要负责人": "乙"}) == ()
