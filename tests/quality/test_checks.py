"""What `huanyu check` finds in texts written for this project, and what it leaves alone.

Thirty parts in the order they were written, but for the 27th, which was written last by somebody who had seen no
rule and no text (420 texts as drafts look: 0.82, clean texts blocked 25 of 140 at first sight); each of
the others was measured before its misses were mended. First measurements, with the rules as they stood: recall 0.93,
0.75, 0.77, 0.78, 0.43, 0.70, 0.74, 0.73, 0.68, 0.80, 0.80, 0.83, 0.87, 0.75, 0.61, 0.71, 0.53, 0.914, 0.76, 0.80,
0.78, 0.76, 0.71, 0.82, 0.74, 0.92, 0.88, 0.85, 0.67; clean texts blocked 1 of 42, 0 of 40,
0 of 20, 0 of 10, 4 of 68, 1 of 45, 0 of 20, none (part 8 has no clean texts), 1 of 12, 0 of 20,
0 of 20, 1 of 20, 0 of 20, 2 of 71, 2 of 40, 0 of 10,
7 of 60, 11 of 140, 2 of 60, 23 of 140, 5 of 79, 6 of 65,
4 of 36, 5 of 62, 9 of 70, 2 of 58, 1 of 62, 4 of 40, 0 of 40.
Part 17 holds names, homes, unfilled gaps and handles only,
part 19 mostly names and slips; part 18 is 420 texts of all kinds, part 20 as many by a writer
who had seen no rule (0.80 of the fifteen kinds, 0.70 of all).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from flow.checks import phones_of
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from publisher.checks import KINDS
from publisher.checks import check

TEXTS = Path(__file__).parent / "checks.jsonl"
NUMBERS = frozenset({"phone", "id_number", "plate", "bank_card"})
RECALL, NUMBERS_RECALL, BLOCKED = 0.93, 0.99, 0.03
#: Parts of which no sentence was learnt from, and what is found of them all the same; of the 30th and 33rd the misses were read.
UNSEEN: Final = {24: 0.91, 25: 0.84, 26: 0.93, 27: 0.86, 30: 0.93, 33: 0.87}
#: Written for slips of the pen alone: right words that few texts have, and wrong ones; other kinds are not counted.
SLIPS: Final = 34
SLIPS_FOUND, SLIPS_BLOCKED = 0.55, 5
#: The blind part, whose clean texts are the liveliest: far above what may be blocked, and counted by itself.
BLIND: Final = 27
BLIND_BLOCKED: Final = 20


@dataclass(frozen=True)
class Told:
    """One text, the kind it was written for ("" for a clean one), and the kinds found in it."""

    part: int
    kind: str
    text: str
    found: frozenset[str]


@cache
def told() -> tuple[Told, ...]:
    bureau = load_bureau(SHIPPED)
    rows = map(json.loads, TEXTS.read_text(encoding="utf-8").splitlines())
    return tuple(
        Told(
            row["part"],
            row["kind"],
            row["text"],
            frozenset(one.kind for one in check(row["text"], bureau.words, phones_of(bureau))),
        )
        for row in rows
    )


def test_the_set_is_large_and_holds_every_kind() -> None:
    assert len(told()) >= 700
    assert {one.kind for one in told()} == {*KINDS, ""}
    assert len({one.text for one in told()}) == len(told())


@pytest.mark.parametrize("part", (*range(1, 24), 28, 29))
def test_what_must_not_go_out_is_found(part: int) -> None:
    wanted = [one for one in told() if one.kind and one.part == part]
    missed = [(one.kind, one.text) for one in wanted if one.kind not in one.found]
    assert len(missed) <= (1 - RECALL) * len(wanted), missed


@pytest.mark.parametrize("part", sorted(UNSEEN))
def test_of_a_part_nothing_learnt_from_most_is_found(part: int) -> None:
    wanted = [one for one in told() if one.kind and one.part == part]
    missed = [(one.kind, one.text) for one in wanted if one.kind not in one.found]
    assert len(missed) <= (1 - UNSEEN[part]) * len(wanted), missed


def test_telephones_identity_numbers_plates_and_cards_are_found() -> None:
    wanted = [one for one in told() if one.kind in NUMBERS]
    missed = [one.text for one in wanted if one.kind not in one.found]
    assert len(missed) <= (1 - NUMBERS_RECALL) * len(wanted), missed


def test_replies_as_offices_write_them_pass() -> None:
    clean = [one for one in told() if not one.kind and one.part not in {BLIND, SLIPS}]
    blocked = [(one.text, sorted(one.found)) for one in clean if one.found]
    assert len(blocked) <= BLOCKED * len(clean), blocked


def test_of_the_blind_part_no_more_is_blocked_than_when_it_was_first_measured() -> None:
    clean = [one for one in told() if not one.kind and one.part == BLIND]
    blocked = [(one.text, sorted(one.found)) for one in clean if one.found]
    assert len(clean) == 140
    assert len(blocked) <= BLIND_BLOCKED, blocked


def test_rare_words_are_no_slips_and_most_slips_are_found() -> None:
    part = [one for one in told() if one.part == SLIPS]
    blocked = [one.text for one in part if not one.kind and "typo" in one.found]
    missed = [one.text for one in part if one.kind and "typo" not in one.found]
    assert len(part) == 172
    assert len(blocked) <= SLIPS_BLOCKED, blocked
    assert len(missed) <= (1 - SLIPS_FOUND) * sum(one.kind == "typo" for one in part), missed
