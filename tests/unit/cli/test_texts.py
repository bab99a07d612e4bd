"""What `huanyu classify` writes of one text."""

from __future__ import annotations

import json

import numpy as np
import pytest

from classify.decide import Reading
from classify.places import NOTHING
from classify.reader import Glance
from console.commands.texts import classified
from huanyu.types import PostType
from huanyu.types import Sentiment


def glance(complaint: float) -> Glance:
    reading = Reading(
        type=PostType.COMPLAINT,
        types=(1.0,),
        complaint=complaint,
        is_complaint=True,
        unsure=False,
        kinds=("noise.construction",),
        sentiment=Sentiment.NEGATIVE,
        urgent=False,
    )
    return Glance(reading, NOTHING, bytes(range(256)))


def test_a_line_is_json_in_the_published_order() -> None:
    told = classified("甲", glance(0.5), explain=False)
    assert list(json.loads(told)) == [
        "id", "type", "complaint", "kinds", "sentiment", "urgent", "places", "out_of_town", "signature",
    ]  # fmt: skip
    assert (
        b'"type": "complaint", "complaint": 0.5, "kinds": ["noise.construction"], "sentiment": "negative"'
        in told
    )


@pytest.mark.parametrize(
    "complaint", [0.0, 1.0, 1e-9, 0.00004999, 0.00005, 0.00015, 0.1, 0.123, 0.99994999, 0.99995, 0.12345]
)
def test_a_probability_is_written_as_it_is_rounded(complaint: float) -> None:
    assert f'"complaint": {round(complaint, 4)}, '.encode() in classified(1, glance(complaint), explain=False)


def test_any_probability_is_written_as_it_is_rounded() -> None:
    for complaint in np.random.default_rng(5).random(2000).tolist():
        told = json.loads(classified(1, glance(complaint), explain=False))
        assert told["complaint"] == round(complaint, 4)
