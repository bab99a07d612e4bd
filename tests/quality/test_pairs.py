"""Pairs of complaints, invented: the same matter in other words, and neighbours' matters in nearly the same words.

Each pair is judged both ways round by the shipped reader and intake; whether a post is a complaint is not on trial.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from cases.intake import plan
from classify.places import Gazetteer
from classify.predict import Classifier
from classify.reader import Reader
from classify.similar import likeness
from huanyu.clock import SHANGHAI
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.types import CaseAction
from huanyu.types import OpenMatter
from huanyu.types import Post
from huanyu.types import SourceKind
from huanyu.types import Verdict

PAIRS = Path(__file__).parent / "pairs.jsonl"
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=SHANGHAI)
# Measured: 108 of 108 joins right, 58 of 78 suggestions right, 166 of 178 pairs of one matter brought together.
JOINED_RIGHT, SUGGESTED_RIGHT, BROUGHT, JOINED = 0.97, 0.7, 0.9, 0.4


@dataclass(frozen=True)
class Judged:
    """One pair, one way round."""

    same: bool
    action: CaseAction
    words: str


def shipped_places() -> Gazetteer:
    bureau = load_bureau(SHIPPED)
    return Gazetteer(bureau.places, enterprises=bureau.enterprises)


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    reader = Reader(Classifier.load(), shipped_places())
    found = []
    for one, other in (("one", "other"), ("other", "one")):
        texts = [(row[one], row[other]) for row in rows]
        read = [reader.read([pair[at] for pair in texts], [SourceKind.WEIBO] * len(rows)) for at in (0, 1)]
        found += [
            Judged(row["same"], action(pair, verdicts, row["days"]), "｜".join(pair))
            for row, pair, verdicts in zip(rows, texts, zip(*read, strict=True), strict=True)
        ]
    return found


def action(texts: tuple[str, str], verdicts: Sequence[Verdict], days: int) -> CaseAction:
    """What becomes of the second text while the first one's case is known."""
    earlier, later = (replace(one, is_complaint=True, out_of_town=False) for one in verdicts)
    opened = plan(post_of(texts[0], NOW), earlier, (), likeness, NOW)
    matter = OpenMatter(
        case_id=1,
        number="HY2026-000001",
        kinds=earlier.kinds,
        unit_area=opened.area,
        place=opened.place,
        signature=earlier.signature,
        text=texts[0],
        last_post_at=NOW - timedelta(days=days),
        closed=False,
        places=earlier.places,
        enterprises=earlier.named.enterprises,
    )
    return plan(post_of(texts[1], NOW), later, (matter,), likeness, NOW).action


def post_of(text: str, at: datetime) -> Post:
    return Post(
        id=2,
        source="weibo",
        kind=SourceKind.WEIBO,
        native_id="2",
        url="",
        title="",
        text=text,
        author="",
        posted_at=at,
        fetched_at=at,
    )


def test_there_are_enough_pairs_of_both_sorts(judged: list[Judged]) -> None:
    assert sum(one.same for one in judged) >= 120
    assert sum(not one.same for one in judged) >= 120


def test_what_joins_by_itself_is_one_matter(judged: list[Judged]) -> None:
    joined = [one for one in judged if one.action is CaseAction.APPEND]
    wrong = [one.words for one in joined if not one.same]
    assert len(wrong) <= (1 - JOINED_RIGHT) * len(joined), wrong


def test_most_of_what_a_person_is_asked_is_one_matter(judged: list[Judged]) -> None:
    asked = [one for one in judged if one.action is CaseAction.SUGGEST]
    assert sum(one.same for one in asked) >= SUGGESTED_RIGHT * len(asked)


def test_one_matter_in_other_words_is_found(judged: list[Judged]) -> None:
    same = [one for one in judged if one.same]
    missed = [one.words for one in same if one.action is CaseAction.NEW]
    assert len(missed) <= (1 - BROUGHT) * len(same), missed
    assert sum(one.action is CaseAction.APPEND for one in same) >= JOINED * len(same)
