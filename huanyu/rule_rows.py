"""Tables that routing and grading read beside their rules: campaigns, who speaks for which press, and the bureau's own rules.

Knows neither cases nor files; `huanyu.bureau` gathers these rows with the others.
"""

from __future__ import annotations

from datetime import date
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


class RegulationRow(Dated):
    """制度文件 (regulations.toml): a plan, measure or notice that people of the desk look up; no rule reads it."""

    name: str = Field(min_length=4)  #: without 《》
    number: str = ""  #: 文号; empty while nobody has checked it
    issuer: str = Field(min_length=2)
    issued_on: date | None = None
    topic: str = Field(min_length=2)  #: 约谈 考核 问责 网格 双随机 联动 …
    gist: str = ""  #: what it asks for, in a sentence or two
    published: tuple[str, ...] = ()  #: where anybody can read it: site, day
