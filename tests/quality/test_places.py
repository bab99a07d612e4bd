"""The shipped gazetteer against our own texts: floors per county or zone named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from classify.places import Gazetteer
from huanyu.config import SHIPPED
from huanyu.config import load_bureau

HERE = Path(__file__).parent
PRECISION, RECALL, OUT_OF_TOWN = 0.97, 0.93, 0.93


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def with_units(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"units": [row["area"]] if row["area"] else []}


HARD = rows("places.jsonl")
TEXTS = HARD + [with_units(row) for row in rows("texts.jsonl")]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    bureau = load_bureau(SHIPPED)
    return Gazetteer(bureau.places, enterprises=bureau.enterprises)


def test_the_sets_are_large_enough_to_mean_something() -> None:
    texts = [row["text"] for row in TEXTS]
    assert len(set(texts)) == len(texts) >= 1000
    assert len(HARD) >= 700


@pytest.mark.parametrize("texts", [HARD, TEXTS], ids=["hard", "all"])
def test_units_are_found_and_not_invented(gazetteer: Gazetteer, texts: list[dict[str, Any]]) -> None:
    right = invented = missed = 0
    for row in texts:
        found = {place.unit for place in gazetteer.find(row["text"]) if place.unit}
        right += len(found & set(row["units"]))
        invented += len(found - set(row["units"]))
        missed += len(set(row["units"]) - found)
    assert right / (right + invented) >= PRECISION
    assert right / (right + missed) >= RECALL


@pytest.mark.parametrize("texts", [HARD, TEXTS], ids=["hard", "all"])
def test_other_cities_are_kept_apart(gazetteer: Gazetteer, texts: list[dict[str, Any]]) -> None:
    said = [gazetteer.out_of_town(row["text"]) for row in texts]
    true = [row["out_of_town"] for row in texts]
    both = sum(one and other for one, other in zip(said, true, strict=True))
    assert both / sum(said) >= OUT_OF_TOWN
    assert both / sum(true) >= OUT_OF_TOWN


def test_the_place_named_first_is_one_where_it_happens(gazetteer: Gazetteer) -> None:
    best = [(gazetteer.find(row["text"]), row["units"]) for row in HARD]
    told = [(places[0].unit, units) for places, units in best if places and places[0].unit]
    right = sum(unit in units for unit, units in told)
    assert right / len(told) >= PRECISION
    assert right / sum(bool(units) for _, units in best) >= RECALL
