"""Rows of retention.toml: what the desk lets go of, and after how long; what must be appraised by people first.

Knows no table of the store; which rows are due is `huanyu.store.retaining`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from huanyu.dated import Dated

#: What a row may be about; a row's own words say it in Chinese.
What = Literal[
    "reporters_without_case",
    "reporters_of_cases",
    "reward_claims",
    "info_applicants",
    "press_contacts",
    "unread_items",
    "sessions",
    "visits",
    "chat_messages",
    "chat_updates",
    "cases",
]


class RetentionRow(Dated):
    """How long one sort of record is kept; a sort without a row is kept for good."""

    what: What
    name: str = Field(min_length=2)  #: in words, for people
    days: int = Field(ge=1, le=36_500)  #: from the day its use was over
    #: people decide about it: it is counted and told, and nothing is removed (档案鉴定)
    appraise: bool = False
