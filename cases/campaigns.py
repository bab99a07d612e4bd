"""专项行动: which of those under way a matter belongs to.

Rows of campaigns.toml in, a name out; never asks the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cases.facts import Facts
from cases.words import first
from huanyu.kinds import covers
from huanyu.rule_rows import CampaignRow
from huanyu.text import fold


def campaign_of(facts: Facts, rows: Iterable[CampaignRow], day: date) -> str:
    """The first campaign under way on `day` that the matter fits; "" for none."""
    text = fold(facts.text)
    return next((row.name for row in rows if row.valid_on(day) and _fits(row, facts, text)), "")


def _fits(row: CampaignRow, facts: Facts, text: str) -> bool:
    return (
        (not row.words or first(row.words, text) is not None)
        and first(row.not_words, text) is None
        and (not row.kinds or any(covers(pattern, kind) for pattern in row.kinds for kind in facts.kinds))
        and (not row.areas or facts.area in row.areas)
    )
