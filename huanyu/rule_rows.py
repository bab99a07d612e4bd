"""Tables that routing and grading read beside their rules: campaigns, and who speaks for which press.

Knows neither cases nor files; `huanyu.bureau` gathers these rows with the others.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from huanyu.dated import Dated
from huanyu.dated import Table


class CampaignRow(Dated):
    """专项行动 (campaigns.toml): a matter learned of while it lasts belongs to it where every condition holds."""

    name: str = Field(min_length=2)  #: as routes.toml and clocks.toml write it
    words: tuple[str, ...] = ()  #: any of them stands in the text
    not_words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  #: any of them; a family covers its leaves
    areas: tuple[str, ...] = ()


class MediaRow(Table):
    """A press house by the name of its account or site (media.toml)."""

    name: str = Field(min_length=2)  #: stands in the name of the author or of the source
    tier: Literal["central", "province", "city"]
