"""专项行动: which of those under way a matter belongs to."""

from __future__ import annotations

from datetime import date

import pytest

from cases.campaigns import campaign_of
from cases.facts import Facts
from cases.words import unmatchable
from huanyu.config import SHIPPED
from huanyu.config import load_bureau
from huanyu.kinds import FAMILY_LABEL
from huanyu.kinds import LEAVES
from huanyu.rule_rows import CampaignRow

DAY = date(2026, 3, 10)
ROW = CampaignRow(
    name="春季扬尘整治",
    kinds=("air.dust",),
    areas=("371502",),
    words=("扬尘",),
    not_words=("室内",),
    valid_from=date(2026, 3, 1),
    valid_to=date(2026, 4, 30),
)
FACTS = Facts(text="工地扬尘很大", kinds=("air.dust",), area="371502")


def test_a_matter_belongs_where_every_condition_holds():
    assert campaign_of(FACTS, [ROW], DAY) == "春季扬尘整治"


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        (Facts(text="工地扬尘很大", kinds=("noise.construction",), area="371502"), DAY),
        (Facts(text="工地扬尘很大", kinds=("air.dust",), area="371581"), DAY),
        (Facts(text="工地很脏", kinds=("air.dust",), area="371502"), DAY),
        (Facts(text="室内装修扬尘很大", kinds=("air.dust",), area="371502"), DAY),
        (FACTS, date(2026, 5, 1)),
        (FACTS, date(2026, 2, 28)),
    ],
)
def test_and_nowhere_else(facts, day):
    assert campaign_of(facts, [ROW], day) == ""


def test_the_first_that_fits_counts():
    other = ROW.model_copy(update={"name": "另一行动"})
    assert campaign_of(FACTS, [other, ROW], DAY) == "另一行动"


def test_the_shipped_campaigns_can_be_met():
    rows = load_bureau(SHIPPED).campaigns
    assert unmatchable(word for row in rows for word in (*row.words, *row.not_words)) == []
    assert {kind for row in rows for kind in row.kinds} <= {*LEAVES, *FAMILY_LABEL}
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.source for row in rows)
