"""Place names without the text around them."""

from __future__ import annotations

import pytest

from classify import place_shapes
from classify.place_names import Finder
from classify.place_names import Form
from classify.place_shapes import Shape
from huanyu.bureau import PlaceRow

FORMS = (Form(PlaceRow(name="莘县", code="371522", level="county", unit="371522"), strict=False),)
NAMES = dict.fromkeys(("莘县", "古云镇", "聊城"), FORMS)


def shape(text: str) -> Shape:
    return place_shapes.shape(text, Finder(NAMES).hits(text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("昨晚路过莘县，很臭", ("莘县",)),
        ("聊城莘县", ("聊城", "", "莘县")),
        ("聊城的莘县和古云镇", ("聊城", "的", "莘县", "和", "古云镇")),
        ("聊城这几天有雾，莘县也有", ("聊城", "。。。", "莘县")),
        ("莘县和　　古云镇", ("莘县", "和　　", "古云镇")),
    ],
)
def test_near_gaps_stay_as_they_are_and_wide_ones_are_alike(text: str, told: Shape) -> None:
    assert shape(text) == told


def test_of_two_wide_gaps_the_wider_one_stays_the_wider() -> None:
    assert shape("聊城这几天莘县从早到晚古云镇") == ("聊城", "。。。", "莘县", "。。。。", "古云镇")
    assert shape("聊城从早到晚莘县这几天古云镇") == ("聊城", "。。。。", "莘县", "。。。", "古云镇")
    assert shape("聊城这几天莘县那几天古云镇") == ("聊城", "。。。", "莘县", "。。。", "古云镇")


def test_put_together_again_the_names_stand_where_they_are_said_to() -> None:
    told = shape("聊城这几天有雾，莘县的古云镇也有")
    hits = place_shapes.hits(told, NAMES)
    assert hits == Finder(NAMES).hits("".join(told))
    assert [hit.words for hit in hits] == ["聊城", "莘县", "古云镇"]
